"""WARC: the pages of a crawl, one document for each response that was one, by warcio."""

import gzip
import zlib
from collections.abc import Iterator
from io import BufferedIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kb.documents import Metadata, RawDocument
from loaders.cleaning import MEDIA_TYPES
from loaders.cleaning.dates import partial_date
from loaders.refusals import Code, ReadError
from loaders.sources.found import LARGEST, Form, Found, Given, Glance, Problem, is_url

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

_READ: Final = frozenset(MEDIA_TYPES.values())
_HTML: Final = "application/xhtml+xml"
_BLOCK: Final = 2**16
_PACKED: Final = b"\x1f\x8b"
_MARK: Final = b"WARC/1."
_BROKEN: Final = (EOFError, OSError, ValueError, LookupError, AttributeError, TypeError, zlib.error)
"""What warcio raises, beside its own error, for files that break the format."""


def _read(given: Given) -> Iterator[Found]:
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - needed for this form alone
    from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415

    with _opened(given.path) as file:
        number = 0
        try:
            for record in ArchiveIterator(file):
                number += 1
                if record.rec_type in {"response", "resource"}:
                    yield from _page(record, f"{given.origin}, record {number}", given)
        except (ArchiveLoadFailed, *_BROKEN) as error:
            told = " ".join(str(error).split())[:120] or type(error).__name__
            raise ReadError(
                Code.DAMAGED, f"It cannot be read as WARC after record {number} ({told})."
            ) from error


class _Unpacked(gzip.GzipFile):
    """A packed file that gives what it holds up to where it is cut off, and fails there.

    warcio's own unpacking takes a file that ends within a member for whole, as it does with an EOFError.
    """

    def read(self, size: int | None = -1) -> bytes:
        try:
            return self.read1(-1 if size is None else size)
        except EOFError as error:
            raise OSError(*error.args) from error


def _opened(path: Path) -> BufferedIOBase:
    with path.open("rb") as file:
        packed = file.read(len(_PACKED)) == _PACKED
    return _Unpacked(path) if packed else path.open("rb")


def _page(record: "ArcWarcRecord", origin: str, given: Given) -> Iterator[Found]:
    """The page of a record; answers that are none, such as redirects and pictures, give nothing."""
    url = record.rec_headers.get_header("WARC-Target-URI")
    headers = record.http_headers
    if headers is not None and headers.get_statuscode() != "200":
        return
    kind = (headers or record.rec_headers).get_header("Content-Type") or ""
    media_type = kind.partition(";")[0].strip().lower().replace(_HTML, "text/html")
    if url is None or not is_url(url) or media_type not in _READ:
        return
    data = record.content_stream().read(LARGEST + 1)
    if len(data) > LARGEST:
        yield Problem(origin, f"{url[:200]} has more than {LARGEST // 2**20} MB.", Code.TOO_LARGE)
        return
    if _is_cut_off(record):
        raise ReadError(Code.DAMAGED, f"It ends within the record of {url[:200]}, which is not read.")
    seen = record.rec_headers.get_header("WARC-Date")
    found = Metadata(url=url, retrieved=None if seen is None else partial_date(seen))
    yield RawDocument(url, data, media_type, given.known.or_else(found), origin)


def _is_cut_off(record: "ArcWarcRecord") -> bool:
    """Whether the file ends before the record does, as its length tells."""
    while record.raw_stream.read(_BLOCK):
        continue
    return getattr(record.raw_stream, "limit", 0) > 0


def _is_warc(glance: Glance) -> bool:
    if not glance.beginning.startswith(_PACKED):
        return glance.beginning.startswith(_MARK)
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        return unpacking.decompress(glance.beginning, len(_MARK)) == _MARK
    except zlib.error:
        return False


FORM: Final = Form("WARC", _is_warc, _read)
