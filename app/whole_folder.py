"""Folders that are written: there whole or not at all."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from kb.errors import UsageError


@contextmanager
def whole_folder(folder: Path, mode: int = 0o777) -> Generator[Path]:
    """A folder to write into, with these rights, which is put in place at the end of the block.

    Raises:
        UsageError: when the folder is there already, or cannot be written.
    """
    if folder.exists():
        raise UsageError(f"{folder} is there already: name a folder that is not.")
    part = folder.with_name(f"{folder.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=mode)
        yield part
        part.rename(folder)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
