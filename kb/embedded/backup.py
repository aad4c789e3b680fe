"""Backups of the embedded server's graph: one file with the store and its transaction logs, as it lies there.

The server is stopped while the files are read or replaced, since the Community edition copies no running
one. The password stays where it is: a backup has none, and can be restored in any home.
"""

import gzip
import io
import json
import shutil
import tarfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kb.embedded.errors import StorageError
from kb.embedded.home import GRAPH, Home, write_private
from kb.embedded.jars import locked_jars
from kb.embedded.launch import end
from kb.embedded.lease import Lock
from kb.embedded.state import state_file
from kb.errors import InputError, UsageError

_FORM: Final = 1
_MANIFEST: Final = "backup.json"
_STOP_TIME: Final = 120.0
_QUICK: Final = 1
"""Stores compress well at any level, and the server waits."""


def back_up(home: Path, file: Path) -> None:
    """Write the graph of a home into a file; a server that runs is stopped, and nothing starts meanwhile.

    Raises:
        UsageError: when the home has no graph.
        StorageError: when the file cannot be written; no half of it stays.
    """
    place = Home(home.expanduser().absolute())
    if not all((place.data / part).is_dir() for part in GRAPH):
        raise UsageError(f"{place.path} has no graph yet: there is nothing to back up.")
    part = file.with_name(file.name + ".part")
    try:
        write_private(part, "")
        with stopped(place), tarfile.open(part, "w:gz", compresslevel=_QUICK) as archive:
            _add_manifest(archive)
            for name in GRAPH:
                archive.add(place.data / name, arcname=name)
        part.replace(file)
    except OSError as error:
        raise StorageError(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def restore(home: Path, file: Path) -> None:
    """Put the graph of a backup in place of a home's; a home that never ran has to run once before.

    The graph that was there goes away when the other is whole on the disk.

    Raises:
        InputError: when the file is no backup, is damaged, or one of another version of Neo4j.
        StorageError: when the graph cannot be written; the one before is as it was.
    """
    place = Home(home.expanduser().absolute())
    new, old = place.path / "restored.part", place.path / "replaced.part"
    shutil.rmtree(new, ignore_errors=True)
    try:
        _unpack(file, new)
        with stopped(place):
            _swap(place.data, new, old)
    except OSError as error:
        raise StorageError(f"{place.path} cannot take the graph: {error.strerror}.") from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def stopped(home: Home) -> Generator[None]:
    """The home's server stopped, and kept from starting until the end of the block.

    The port is kept, so that drivers find the next server where the one before was.
    """
    start = Lock.open(home.run / "start")
    try:
        start.take()
        state = state_file(home)
        told = state.read_text(encoding="utf-8") if state.exists() else None
        for name in ("supervisor", "jvm"):
            end(home, name, _STOP_TIME)
        yield
        if told is not None:
            write_private(state, told)
    finally:
        start.close()


def _add_manifest(archive: tarfile.TarFile) -> None:
    text = json.dumps({"form": _FORM, "neo4j": _neo4j()}).encode()
    member = tarfile.TarInfo(_MANIFEST)
    member.size = len(text)
    archive.addfile(member, io.BytesIO(text))


def _unpack(file: Path, folder: Path) -> None:
    try:
        with tarfile.open(file, "r:gz") as archive:
            first = archive.next()
            told = None if first is None or first.name != _MANIFEST else archive.extractfile(first)
            _refuse_strangers(file, {} if told is None else json.loads(told.read(4096)))
            # `data` refuses what would lie outside of the folder, links and devices
            archive.extractall(folder, filter="data")
    except FileNotFoundError as error:
        raise UsageError(f"There is no {file}: check the spelling.") from error
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error, ValueError) as error:
        raise InputError(f"{file} is no backup, or is damaged: give another file.") from error
    if not all((folder / part).is_dir() for part in GRAPH):
        raise InputError(f"{file} is a backup without a graph: give another file.")


def _refuse_strangers(file: Path, manifest: dict[str, object]) -> None:
    if manifest.get("form") != _FORM:
        raise InputError(f"{file} is no backup that this program knows: give another file.")
    made = str(manifest.get("neo4j")).split(".")[:2]
    if made != _neo4j().split(".")[:2]:
        raise InputError(
            f"{file} was made by Neo4j {'.'.join(made)}, and this is {_neo4j()}: restore it with the version "
            "of this program that made it, and carry it over with `kb export --whole` and `kb import`."
        )


def _neo4j() -> str:
    """The version of the embedded server."""
    return next(jar.version for jar in locked_jars() if jar.artifact == "neo4j-kernel")


def _swap(data: Path, new: Path, old: Path) -> None:
    """Put new parts in place; when that fails, the old ones are there again."""
    done: list[str] = []
    try:
        for part in GRAPH:
            (old / part).parent.mkdir(parents=True, exist_ok=True)
            if (data / part).exists():
                (data / part).rename(old / part)
            done.append(part)
            (data / part).parent.mkdir(parents=True, exist_ok=True)
            (new / part).rename(data / part)
    except OSError:
        for part in done:
            shutil.rmtree(data / part, ignore_errors=True)
            if (old / part).exists():
                (old / part).rename(data / part)
        raise
