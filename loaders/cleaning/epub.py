"""EPUB: the chapters in the order of reading, each cleaned as the page that it is.

The archive's index is read here, by defusedxml: the libraries that read EPUB are under copyleft licences.
"""

import posixpath
import zipfile
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from kb.documents import Metadata
from loaders.cleaning.archives import opened
from loaders.cleaning.dates import partial_date
from loaders.cleaning.decoding import decode
from loaders.cleaning.html import html_article, plain_words
from loaders.refusals import Code, ReadError

_CONTAINER: Final = "META-INF/container.xml"
_RIGHTS: Final = 200
"""Characters of what a book says of its rights."""
_PAGES: Final = frozenset({"application/xhtml+xml", "text/html"})


def epub_text(data: bytes) -> tuple[str, Metadata]:
    """The text of all chapters, and what the book tells of itself.

    Raises:
        ReadError: when it is damaged, locked, or unpacks to more than a document has.
    """
    with opened(data, "EPUB") as archive:
        try:
            rootfile = _parsed(archive, _CONTAINER).find(".//{*}rootfile")
            index = "" if rootfile is None else rootfile.get("full-path", "")
            package = _parsed(archive, index)
            chapters = [_chapter(archive.read(name)) for name in _spine(package, index, archive)]
        except (ParseError, DefusedXmlException, KeyError, ValueError) as error:
            told = " ".join(str(error).split())[:120] or type(error).__name__
            raise ReadError(Code.DAMAGED, f"The EPUB cannot be read ({told}).") from error
    return "\n\n".join(text for text in chapters if text.strip()), _metadata(package)


def _parsed(archive: zipfile.ZipFile, name: str) -> Element:
    return ElementTree.fromstring(archive.read(name), forbid_dtd=False)


def _spine(package: Element, index: str, archive: zipfile.ZipFile) -> Iterator[str]:
    """The names of the pages, in the order of reading; those that are missing are passed over."""
    there = frozenset(archive.namelist())
    items = {item.get("id"): item for item in package.iterfind("./{*}manifest/{*}item")}
    for place in package.iterfind("./{*}spine/{*}itemref"):
        item = items.get(place.get("idref"))
        if item is None or item.get("media-type") not in _PAGES:
            continue
        name = posixpath.normpath(posixpath.join(posixpath.dirname(index), unquote(item.get("href", ""))))
        if name in there:
            yield name


def _chapter(data: bytes) -> str:
    if not data.strip():
        return ""
    page = decode(data, html=True)
    text, _, _ = html_article(page, None)
    whole = plain_words(page)
    # a chapter is all text: where the search for a main text finds little of it, it found wrongly
    return text if len(text) > 0.7 * len(whole) else whole


def _metadata(package: Element) -> Metadata:
    published = next(iter(_texts(package, "date")), None)
    rights = next(iter(_texts(package, "rights")), None)
    return Metadata(
        title=next(iter(_texts(package, "title")), None),
        publisher=next(iter(_texts(package, "publisher")), None),
        authors=tuple(_texts(package, "creator")),
        published=None if published is None else partial_date(published),
        licence=None if rights is None else rights[:_RIGHTS],
    )


def _texts(package: Element, name: str) -> Sequence[str]:
    found = package.iterfind(f"./{{*}}metadata/{{http://purl.org/dc/elements/1.1/}}{name}")
    return [text for element in found if (text := " ".join((element.text or "").split()))]
