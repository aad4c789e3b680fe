"""PDF: the words of its pages, and what the file tells of itself, by pypdf."""

import logging
import re
from io import BytesIO
from typing import Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from kb.documents import Metadata
from loaders.cleaning.xmp import licence_of
from loaders.refusals import Code, ReadError

_HYPHENATED: Final = re.compile(r"(?<=[a-z])[-\u00ad\u2010]\n(?=[a-z])")
_PAGE_NUMBER: Final = re.compile(r"(?:page )?\d{1,4}(?: (?:of|/) \d{1,4})?", re.I)
_TITLE: Final = re.compile(
    r"(?=.{4,300}$)(?!untitled|microsoft word|slide \d|.{0,80}\.(?:docx?|tex|dvi|indd)$)", re.I
)
_DAMAGED: Final = (
    PyPdfError,
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    OSError,
    RecursionError,
)
"""What pypdf raises for files that break the format, beside its own errors."""


def pdf_text(data: bytes) -> tuple[str, Metadata]:
    """The pages' text without the numbers of pages, words that a line's end divides joined again.

    Raises:
        ReadError: when it is damaged, locked, or holds pictures of text alone.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of every flaw that it mends
    try:
        reader = PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadError(Code.LOCKED, "The PDF asks for a password; save it without one.")
        text = "\n\n".join(_lines(page.extract_text()) for page in reader.pages)
        known = _metadata(reader)
    except ReadError:
        raise
    except _DAMAGED as error:
        told = " ".join(str(error).split())[:120] or type(error).__name__
        raise ReadError(Code.DAMAGED, f"The PDF cannot be read ({told}).") from error
    if not text.strip():
        raise ReadError(
            Code.NOT_READ, "The PDF holds no text, perhaps only scanned pages; recognise its text first."
        )
    return _HYPHENATED.sub("", text), known


def _lines(page: str) -> str:
    lines = page.strip().split("\n")
    for end in (0, -1):
        if lines and _PAGE_NUMBER.fullmatch(lines[end].strip()):
            lines.pop(end)
    return "\n".join(lines)


def _metadata(reader: PdfReader) -> Metadata:
    """Title, author and licence; the date is left out, since it tells when the file was made."""
    licence = _licence(reader)
    found = reader.metadata
    if found is None:
        return Metadata(licence=licence)
    title, author = (str(value or "").strip() for value in (found.title, found.author))
    return Metadata(
        title=title if _TITLE.match(title) else None,
        authors=tuple(name.strip() for name in re.split(r"[;,]| and ", author) if name.strip()),
        licence=licence,
    )


def _licence(reader: PdfReader) -> str | None:
    """What the file's XMP tells; damaged XMP tells nothing, and the text is there all the same."""
    try:
        told = reader.xmp_metadata
        return None if told is None else licence_of(told.rdf_root)
    except _DAMAGED:
        return None
