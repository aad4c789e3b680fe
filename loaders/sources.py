"""Finding documents: files and folders to raw documents, with a reason for each that cannot be read."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kb.documents import RawDocument
from loaders.cleaning import MEDIA_TYPES

LARGEST: Final = 20 * 1024 * 1024
"""In bytes. A larger file is no document that a person wrote."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that cannot be loaded; `reason` is one sentence for people."""

    origin: str
    reason: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file in a folder that is of no type that is read."""

    origin: str


Found = RawDocument | Problem | Skipped


def discover(paths: Iterable[Path]) -> Iterator[Found]:
    """The documents of files and folders, in the order of the paths and sorted within each folder.

    A folder is searched to its depth for text, Markdown and HTML; hidden files are passed over without
    a word, others are `Skipped`. A file named outright that is not read is a `Problem`, as is one
    that cannot be opened or is too large; the others go on. The key of a source is its path relative
    to the folder, or the file's name.
    """
    for path in paths:
        if path.is_dir():
            yield from _in_folder(path)
        else:
            yield _named(path)


def _in_folder(folder: Path) -> Iterator[Found]:
    refused: list[OSError] = []
    for here, folders, files in os.walk(folder, onerror=refused.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for error in refused:
            yield Problem(str(error.filename), _refusal(error, "folder"))
        refused.clear()
        for name in sorted(files):
            file = Path(here, name)
            if name.startswith("."):
                continue
            if file.suffix.lower() in MEDIA_TYPES:
                yield _read(file, file.relative_to(folder).as_posix())
            else:
                yield Skipped(str(file))
    for error in refused:
        yield Problem(str(error.filename), _refusal(error, "folder"))


def _named(path: Path) -> Found:
    if not path.exists():
        return Problem(str(path), "There is no such file or folder; check the path.")
    if path.suffix.lower() not in MEDIA_TYPES:
        known = ", ".join(sorted(MEDIA_TYPES))
        return Problem(str(path), f"Files like this are not read; give one of {known}.")
    return _read(path, path.name)


def _read(file: Path, key: str) -> RawDocument | Problem:
    try:
        found = file.stat()
        if not stat.S_ISREG(found.st_mode):
            return Problem(str(file), "This is no regular file, so it is not read.")
        if found.st_size > LARGEST:
            size = found.st_size / 1024 / 1024
            return Problem(str(file), f"The file has {size:.0f} MB; split what is over 20 MB.")
        data = file.read_bytes()
    except OSError as error:
        return Problem(str(file), _refusal(error, "file"))
    return RawDocument(
        source_key=key,
        data=data,
        media_type=MEDIA_TYPES[file.suffix.lower()],
        origin=str(file),
        retrieved=datetime.fromtimestamp(found.st_mtime, tz=UTC),
        place=file.resolve().as_uri(),
    )


def _refusal(error: OSError, what: str) -> str:
    if isinstance(error, PermissionError):
        return f"The {what} may not be read by you; change its permissions."
    return f"The {what} cannot be read: {error.strerror or error}."
