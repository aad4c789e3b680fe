"""Licences as SPDX publishes them: the text, and whether the Open Source Initiative approves of it."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from kb.documents import Metadata, RawDocument
from kb.facts import EntityRef, Term
from kb.ontology import Access, EntityType, TermType
from loaders.refusals import Code
from loaders.sources.found import Found, Given, Problem
from loaders.sources.rendering import Line, stated

EXTRACTOR: Final = "spdx-list/1"


def is_licence(value: object) -> bool:
    """Whether this is one licence with its text."""
    return isinstance(value, Mapping) and "licenseId" in value and "licenseText" in value


def is_list(value: object) -> bool:
    """Whether this is the list of all licences, without their texts."""
    return (
        isinstance(value, Mapping)
        and "licenseListVersion" in value
        and isinstance(value.get("licenses"), list)
    )


def licence(value: Mapping[str, Any], given: Given) -> Iterator[Found]:
    """The licence's record, and its text as a document of its own."""
    yield from _record(value, f"{given.origin}", given)
    name, text = value.get("name"), value.get("licenseText")
    if isinstance(name, str) and isinstance(text, str) and text.strip():
        known = given.known.or_else(Metadata(title=name))
        yield RawDocument(
            f"{given.key}#text", text.encode("utf-8", errors="replace"), "text/plain", known, given.origin
        )


def licences(value: Mapping[str, Any], given: Given) -> Iterator[Found]:
    """A record for each licence of the list."""
    for number, one in enumerate(value["licenses"], start=1):
        yield from _record(one, f"{given.origin}, licence {number}", given)


def _record(value: object, origin: str, given: Given) -> Iterator[Found]:
    fields: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
    key, name = fields.get("licenseId"), fields.get("name")
    if not isinstance(key, str) or not isinstance(name, str) or not name.strip():
        yield Problem(origin, "There is no licence with an id and a name there.", Code.BAD_ROW)
        return
    lines = [Line(f"{name} ({key})")]
    if fields.get("isOsiApproved") is True:
        ref = EntityRef(EntityType.LICENCE, key)
        made = partial(Term, subject=ref, predicate=TermType.OPENNESS, access=Access.OPEN_SOURCE)
        lines.append(Line(f"{name} ({key}) is approved by the Open Source Initiative", [made]))
    known = given.known.or_else(Metadata(title=name))
    yield from stated(
        f"{given.key}#{key}",
        origin,
        lines,
        extractor=EXTRACTOR,
        media_type="application/json",
        metadata=known,
    )
