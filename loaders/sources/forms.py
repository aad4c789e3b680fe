"""The forms that files of records come in, in the order in which a file is compared with them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from loaders.cleaning import MEDIA_TYPES
from loaders.sources import data_files, feeds, json_lines, tables, warc
from loaders.sources.found import Form, Found, Given, Glance, Linked

FORMS: Final = (
    warc.FORM,
    tables.PARQUET,
    feeds.FORM,
    json_lines.FORM,
    tables.CSV,
    data_files.JSON,
    data_files.YAML,
)
NAMES: Final = ", ".join(form.name for form in FORMS)

_BEGINNING: Final = 4096
_BY_CONTENT: Final = (
    (b"%PDF-", MEDIA_TYPES[".pdf"]),
    (b"<!doctype html", MEDIA_TYPES[".html"]),
    (b"<html", MEDIA_TYPES[".html"]),
)
_BY_ZIP: Final = (
    (b"application/epub+zip", MEDIA_TYPES[".epub"]),
    (b"[Content_Types].xml", MEDIA_TYPES[".docx"]),
    (b"word/", MEDIA_TYPES[".docx"]),
)


def glance(file: Path) -> Glance:
    """What the file is recognised by.

    Raises:
        OSError: when it cannot be read.
    """
    with file.open("rb") as opened:
        return Glance(file.suffix.lower(), opened.read(_BEGINNING))


def recognised(seen: Glance) -> str | Form | None:
    """The media type of a document, else the form of a file of records; None where it is neither.

    The name's ending tells documents apart; a file without a known one is told by its content.
    """
    if seen.suffix in MEDIA_TYPES:
        return MEDIA_TYPES[seen.suffix]
    for form in FORMS:
        if form.recognises(seen):
            return form
    begins = seen.beginning.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    for mark, media_type in _BY_CONTENT:
        if begins.startswith(mark.lower()):
            return media_type
    if seen.beginning.startswith(b"PK\x03\x04"):
        return next((media_type for mark, media_type in _BY_ZIP if mark in seen.beginning), None)
    return None


def records(work: tuple[str, Given]) -> Iterator[Found | Linked]:
    """The records of a file of the form with this name; runs in a process apart."""
    name, given = work
    form = next(form for form in FORMS if form.name == name)
    return form.read(given)
