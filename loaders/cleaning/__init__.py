"""Cleaning: from the bytes of a source to the article's text, in the form that all offsets count in."""

from dataclasses import dataclass, replace

from kb.documents import Document, Metadata, RawDocument, sha256
from kb.errors import InputError
from loaders.cleaning.cuts import Cut, Why
from loaders.cleaning.decoding import decode, normalise, with_joined_digits
from loaders.cleaning.lines import article, is_menu
from loaders.cleaning.markdown import markdown_article
from loaders.cleaning.urls import canonical_url

__all__ = ["LONGEST_TITLE", "MEDIA_TYPES", "Cleaned", "clean", "clean_with_cuts"]

MEDIA_TYPES = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".epub": "application/epub+zip",
}
"""What `clean` reads, by the suffix of a file's name."""
LONGEST_TITLE = 300
"""In letters; what is longer is no title, whatever a page calls it."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A document, and the lines of its source that are no part of it."""

    document: Document
    cuts: tuple[Cut, ...]


def clean(raw: RawDocument) -> Document:
    """The document with its article's text and what the source tells of itself.

    What `raw.metadata` knows comes before what is found inside. A source whose address is known is
    keyed by that address. A page that holds nothing but menus and links gives an empty text.

    Raises:
        InputError: when the bytes are no text, damaged, or of a media type that is not read.
    """
    return _cleaned(raw).document


def clean_with_cuts(raw: RawDocument) -> Cleaned:
    """What `clean` gives, with every line that was left out.

    Raises:
        InputError: as `clean` does.
    """
    cleaned = _cleaned(raw)
    if raw.media_type != "text/html":
        return cleaned
    left_out = "\n".join(cut.line for cut in cleaned.cuts)
    from loaders.cleaning.html import outside  # noqa: PLC0415 - trafilatura takes long to import

    outer = outside(_decoded(raw), f"{cleaned.document.text}\n{left_out}")
    return replace(cleaned, cuts=(*cleaned.cuts, *outer))


def _cleaned(raw: RawDocument) -> Cleaned:
    readers = {
        "text/plain": ("text/2", _plain),
        "text/markdown": ("markdown/2", _markdown),
        "text/html": ("html/2", _html),
        MEDIA_TYPES[".pdf"]: ("pdf/1", _pdf),
        MEDIA_TYPES[".docx"]: ("docx/1", _docx),
        MEDIA_TYPES[".epub"]: ("epub/1", _epub),
    }
    if raw.media_type not in readers:
        raise InputError(
            f"Files of the type '{raw.media_type}' are not read; "
            "give plain text, Markdown, HTML, PDF, DOCX or EPUB."
        )
    cleaner, read = readers[raw.media_type]
    text, found, cuts = read(raw)
    metadata = raw.metadata.or_else(replace(found, title=_bounded(found.title)))
    url = canonical_url(metadata.url) if metadata.url else None
    document = Document(
        source_key=url or raw.source_key,
        text=normalise(text),
        media_type=raw.media_type,
        raw_hash=sha256(raw.data),
        cleaner=cleaner,
        metadata=replace(metadata, url=url or metadata.url),
        origin=raw.origin,
        place=raw.place,
    )
    return Cleaned(document, cuts)


def _bounded(title: str | None) -> str | None:
    """A title that people can read, where a page calls half of its text one."""
    if title is None or len(title) <= LONGEST_TITLE:
        return title
    return f"{title[: LONGEST_TITLE - 1].rstrip()}…"


Read = tuple[str, Metadata, tuple[Cut, ...]]
"""A source's text, what it tells of itself, and the lines that were left out."""


def _plain(raw: RawDocument) -> Read:
    return _article(normalise(decode(raw.data)))


def _markdown(raw: RawDocument) -> Read:
    text = normalise(decode(raw.data))
    body, found, cuts = markdown_article(text)
    kept, menus = _without_menus(text, body)
    return kept, found, (*cuts, *menus)


def _html(raw: RawDocument) -> Read:
    from loaders.cleaning.html import html_article  # noqa: PLC0415 - trafilatura takes long to import

    body, page, links = html_article(_decoded(raw), raw.metadata.url)
    text, found, cuts = _article(normalise(body))
    return text, page.or_else(found), (*links, *cuts)


def _pdf(raw: RawDocument) -> Read:
    from loaders.cleaning.pdf import pdf_text  # noqa: PLC0415 - needed for this type alone

    body, known = pdf_text(raw.data)
    text, found, cuts = _article(normalise(body))
    return text, known.or_else(found), cuts


def _docx(raw: RawDocument) -> Read:
    from loaders.cleaning.docx import docx_text  # noqa: PLC0415 - needed for this type alone

    return *docx_text(raw.data), ()


def _epub(raw: RawDocument) -> Read:
    from loaders.cleaning.epub import epub_text  # noqa: PLC0415 - needed for this type alone

    return *epub_text(raw.data), ()


def _decoded(raw: RawDocument) -> str:
    return with_joined_digits(decode(raw.data, html=True), html=True)


def _article(text: str) -> Read:
    found = article(text)
    kept, menus = _without_menus(text, found.text)
    known = Metadata(title=found.title, authors=found.authors, published=found.published)
    return kept, known, (*found.cuts, *menus)


def _without_menus(text: str, kept: str) -> tuple[str, tuple[Cut, ...]]:
    """What is kept of a text, or nothing where that is only menus."""
    if not is_menu(text, kept):
        return kept, ()
    return "", tuple(Cut(line.strip(), Why.ONLY_MENUS) for line in kept.split("\n") if line.strip())
