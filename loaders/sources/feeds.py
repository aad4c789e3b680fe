"""RSS and Atom: each entry is a document, from the feed where that holds its text, else to be fetched."""

import re
from collections.abc import Iterator, Mapping
from time import struct_time
from typing import Any, Final, cast

from kb.documents import Metadata, RawDocument
from kb.errors import ContractError
from kb.partial_date import PartialDate
from loaders.refusals import Code, ReadError
from loaders.sources.found import Form, Found, Given, Glance, Linked, Problem

_ENTITIES: Final = re.compile(rb"<!ENTITY|<!DOCTYPE[^<>]{0,1000}\[", re.I)
_ROOT: Final = re.compile(
    r"(?:<\?[^>]{0,300}\?>|<!--.{0,2000}?-->|<!DOCTYPE[^<>\[]{0,1000}>|\s)*<(?:[\w.-]{1,20}:)?(rss|feed|RDF)[\s>]",
    re.S,
)
_WHOLE: Final = 1000
"""Letters from which the text in a feed is the whole article and no teaser."""


def _read(given: Given) -> Iterator[Found | Linked]:
    import feedparser  # noqa: PLC0415 - needed for this form alone

    data = given.path.read_bytes()
    if _ENTITIES.search(data):
        raise ReadError(Code.DAMAGED, "The feed declares entities of its own, which no sound feed does.")
    feed = feedparser.parse(data, resolve_relative_uris=False, sanitize_html=False)
    if not feed.version:
        raise ReadError(Code.DAMAGED, "It is no RSS or Atom that can be read.")
    publisher = _text(feed.feed, "title")
    for number, entry in enumerate(feed.entries, start=1):
        yield _item(entry, f"{given.origin}, entry {number}", publisher, given)


def _item(entry: Mapping[str, Any], origin: str, publisher: str | None, given: Given) -> Found | Linked:
    link = _text(entry, "link")
    url = link if link is not None and re.match(r"https?://", link) else None
    known = given.known.or_else(
        Metadata(
            title=_text(entry, "title"),
            publisher=publisher,
            authors=tuple(
                name for one in entry.get("authors", ()) if (name := _text(one, "name")) is not None
            ),
            published=_date(entry),
            url=url,
        )
    )
    content = max((str(one.get("value") or "") for one in entry.get("content", ())), key=len, default="")
    words = content or str(entry.get("summary") or "")
    if len(re.sub(r"<[^<>]{0,2000}>", "", words)) >= _WHOLE or url is None:
        key = url or _text(entry, "id")
        if key is None or not words.strip():
            return Problem(origin, "The entry has neither a link nor a text.", Code.BAD_ROW)
        page = f"<html><body><article>{words}</article></body></html>"
        return RawDocument(key, page.encode("utf-8", errors="replace"), "text/html", known, origin)
    return Linked(url, known)


def _text(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return " ".join(value.split())[:1000] or None if isinstance(value, str) else None


def _date(entry: Mapping[str, Any]) -> PartialDate | None:
    moment = cast("struct_time | None", entry.get("published_parsed") or entry.get("updated_parsed"))
    if moment is None:
        return None
    try:
        return PartialDate(moment.tm_year, moment.tm_mon, moment.tm_mday)
    except ContractError:
        return None


def _is_feed(glance: Glance) -> bool:
    return _ROOT.match(glance.text) is not None


FORM: Final = Form("RSS or Atom", _is_feed, _read)
