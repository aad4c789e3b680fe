"""Documents that are ZIP archives inside: opened only where what is in them is of a sound size."""

import zipfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from io import BytesIO
from typing import Final

from loaders.refusals import Code, ReadError

_MOST_BYTES: Final = 100 * 2**20
_MOST_FILES: Final = 10_000


@contextmanager
def opened(data: bytes, what: str) -> Generator[zipfile.ZipFile]:
    """The archive; what its reading raises for broken ones becomes an error for people.

    The sizes that the archive states are looked at before anything is unpacked; no file gives more than
    its stated size.

    Raises:
        ReadError: when it is damaged, locked, or would unpack to more than a document has.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            files = archive.infolist()
            if len(files) > _MOST_FILES or sum(file.file_size for file in files) > _MOST_BYTES:
                most = _MOST_BYTES // 2**20
                raise ReadError(
                    Code.TOO_LARGE, f"The {what} unpacks to more than {most} MB or {_MOST_FILES:,} files."
                )
            if any(file.flag_bits & 1 for file in files):
                raise ReadError(Code.LOCKED, f"The {what} asks for a password; save it without one.")
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise ReadError(Code.DAMAGED, f"The {what} cannot be read ({error}).") from error
