"""A file that is there whole or not at all."""

from collections.abc import Iterable
from pathlib import Path

from kb.errors import UsageError


def write_whole(path: Path, lines: Iterable[str]) -> None:
    """Write beside the file and put it in place at the end.

    Raises:
        UsageError: when it cannot be written; what was there before stays.
    """
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8") as file:
            file.writelines(lines)
        part.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
