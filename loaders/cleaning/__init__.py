"""Cleaning: from the bytes of a source to the article's text, in the form that all offsets count in."""

from dataclasses import replace

from kb.documents import Document, Metadata, RawDocument, sha256
from kb.errors import InputError
from loaders.cleaning.decoding import decode, normalise, with_joined_digits
from loaders.cleaning.lines import article, is_menu
from loaders.cleaning.markdown import markdown_article
from loaders.cleaning.urls import canonical_url

__all__ = ["MEDIA_TYPES", "clean"]

MEDIA_TYPES = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
}
"""What `clean` reads, by the suffix of a file's name."""


def clean(raw: RawDocument) -> Document:
    """The document with its article's text and what the source tells of itself.

    What `raw.metadata` knows comes before what is found inside. A source whose address is known is
    keyed by that address. A page that holds nothing but menus and links gives an empty text.

    Raises:
        InputError: when the bytes are no text, or of a media type that is not read.
    """
    readers = {
        "text/plain": ("text/2", _plain),
        "text/markdown": ("markdown/2", _markdown),
        "text/html": ("html/2", _html),
    }
    if raw.media_type not in readers:
        raise InputError(
            f"Files of the type '{raw.media_type}' are not read; give plain text, Markdown or HTML."
        )
    cleaner, read = readers[raw.media_type]
    text, found = read(raw)
    metadata = raw.metadata.or_else(found)
    url = canonical_url(metadata.url) if metadata.url else None
    return Document(
        source_key=url or raw.source_key,
        text=normalise(text),
        media_type=raw.media_type,
        raw_hash=sha256(raw.data),
        cleaner=cleaner,
        metadata=replace(metadata, url=url or metadata.url),
        origin=raw.origin,
    )


def _plain(raw: RawDocument) -> tuple[str, Metadata]:
    return _article(normalise(decode(raw.data)))


def _markdown(raw: RawDocument) -> tuple[str, Metadata]:
    text = normalise(decode(raw.data))
    body, found = markdown_article(text)
    return ("" if is_menu(text, body) else body), found


def _html(raw: RawDocument) -> tuple[str, Metadata]:
    from loaders.cleaning.html import html_article  # noqa: PLC0415 - trafilatura takes long to import

    page_text = with_joined_digits(decode(raw.data, html=True), html=True)
    body, page = html_article(page_text, raw.metadata.url)
    text, found = _article(normalise(body))
    return text, page.or_else(found)


def _article(text: str) -> tuple[str, Metadata]:
    found = article(text)
    kept = "" if is_menu(text, found.text) else found.text
    return kept, Metadata(title=found.title, authors=found.authors, published=found.published)
