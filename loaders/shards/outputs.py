"""Outputs of shards on disk: one compressed file of JSON lines for each, by the shard's name.

A file is written beside its place, brought to disk and moved there in one step. One that is damaged all the
same counts as absent: the checksum of its compression and its first line tell.
"""

import gzip
import json
import os
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from kb.errors import SetupError
from loaders.sources.found import Problem, Read

FORM: Final = 1
"""The form of the lines."""

Entry = Read | Problem
"""What became of one document of a shard."""


def encoded(name: str, entries: Sequence[Entry]) -> bytes:
    """The file of a shard; the same entries give the same bytes."""
    head = json.dumps({"shard": name, "form": FORM, "documents": len(entries)}).encode()
    lines = (_entries().dump_json(entry, exclude_none=True) for entry in entries)
    return gzip.compress(b"\n".join((head, *lines)), compresslevel=6, mtime=0)


def decoded(content: bytes) -> Iterator[Entry]:
    """What a whole file of a shard holds, document by document."""
    for line in gzip.decompress(content).split(b"\n")[1:]:
        yield _entries().validate_json(line)


def is_whole(name: str, content: bytes) -> bool:
    """Whether these bytes are all of the file of the shard of this name."""
    try:
        head, *lines = gzip.decompress(content).split(b"\n")
        return json.loads(head) == {"shard": name, "form": FORM, "documents": len(lines)}
    except (OSError, EOFError, zlib.error, ValueError):
        return False


@cache
def _entries() -> TypeAdapter[Entry]:
    return TypeAdapter(Entry)


class Outputs:
    """A folder of outputs, readable by its owner alone: they hold the documents' texts."""

    def __init__(self, folder: Path) -> None:
        """Use this folder; it is made at the first output."""
        self._folder: Final = folder

    def get(self, name: str) -> bytes | None:
        """The file of the shard of this name; None where it is lacking or damaged."""
        try:
            content = self._place(name).read_bytes()
        except OSError:
            return None
        return content if is_whole(name, content) else None

    def put(self, name: str, content: bytes) -> None:
        """Keep the output of a shard.

        Raises:
            SetupError: when the folder cannot be written to.
        """
        place = self._place(name)
        try:
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write(place, content)
        except OSError as error:
            raise SetupError(
                f"The outputs of shards cannot be kept in {self._folder} ({error.strerror}): free some "
                "space, or name another folder with --shards."
            ) from error

    def _place(self, name: str) -> Path:
        return self._folder / name[:2] / f"{name}.jsonl.gz"


def _write(place: Path, content: bytes) -> None:
    descriptor, beside = tempfile.mkstemp(dir=place.parent, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(place)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
