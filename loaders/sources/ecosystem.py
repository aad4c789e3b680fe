"""Ecosystem Graphs of Stanford: models and applications with their makers, dates, sizes and licences."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any, Final

from kb.documents import Metadata
from kb.facts import DateFact, EntityRef, Figure, Relation, Term
from kb.ontology import Access, DateEvent, EntityType, Metric, RelationType, TermType
from loaders.cleaning.dates import partial_date
from loaders.refusals import Code
from loaders.sources.found import Found, Given, Problem
from loaders.sources.rendering import Keys, Line, Make, plain, stated

EXTRACTOR: Final = "ecosystem-graphs/1"
_TYPES: Final = {"model": EntityType.MODEL, "application": EntityType.PRODUCT}
_KNOWN: Final = frozenset({"model", "application", "dataset"})
_SIZE: Final = re.compile(r"([\d.]+)\s?([KMBT]) parameters", re.I)
_TIMES: Final = {"k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
_ACCESS: Final = {"open": Access.OPEN_WEIGHTS, "closed": Access.CLOSED}
_UNTOLD: Final = frozenset({"", "unknown", "none", "n/a", "custom"})


def is_ecosystem(value: object) -> bool:
    """Whether this is a list of such assets."""
    first = value[0] if isinstance(value, list) and value else None
    return isinstance(first, Mapping) and _type(first) in _KNOWN and {"name", "organization"} <= first.keys()


def assets(value: list[Any], given: Given) -> Iterator[Found]:
    """A document with its facts for each model and application; data sets give none."""
    keys = Keys()
    models = frozenset(
        str(one.get("name")) for one in value if isinstance(one, Mapping) and _type(one) == "model"
    )
    for number, one in enumerate(value, start=1):
        origin = f"{given.origin}, asset {number}"
        if not isinstance(one, Mapping) or _type(one) not in _KNOWN or not _words(one, "name"):
            yield Problem(origin, "There is no asset with a type and a name there.", Code.BAD_ROW)
            continue
        if one["type"] not in _TYPES:
            continue
        name = _words(one, "name")
        known = Metadata(title=f"{name} ({given.path.name})", url=_url(_words(one, "url")))
        yield from stated(
            keys.unique(f"{given.key}#{one['type']}/{name}"),
            origin,
            list(_lines(name, one, models)),
            extractor=EXTRACTOR,
            media_type="application/yaml",
            metadata=given.known.or_else(known),
        )


def _type(fields: Mapping[str, Any]) -> str:
    told = fields.get("type")
    return told if isinstance(told, str) else ""


def _lines(name: str, fields: Mapping[str, Any], models: frozenset[str]) -> Iterator[Line]:
    ref = EntityRef(_TYPES[fields["type"]], name)
    for field in ("organization", "created_date", "size", "license", "access", "dependencies"):
        told = _list(fields.get(field)) if field == "dependencies" else [_words(fields, field)]
        for words in told:
            if words.casefold() in _UNTOLD:
                continue
            makes = list(_makes(ref, field, words, models))
            if makes:
                yield Line(f"{name}, {field}: {words}", makes)


def _makes(ref: EntityRef, field: str, words: str, models: frozenset[str]) -> Iterator[Make]:
    match field:
        case "organization":
            predicate = RelationType.DEVELOPS if ref.type is EntityType.MODEL else RelationType.OFFERS
            for firm in words.split(","):
                if firm.strip():
                    maker = EntityRef(EntityType.COMPANY, firm.strip())
                    yield partial(Relation, subject=maker, predicate=predicate, object=ref)
        case "created_date":
            when = partial_date(words)
            if when is not None:
                yield partial(DateFact, subject=ref, predicate=DateEvent.RELEASED_ON, date=when)
        case "dependencies":
            if words in models:
                base = EntityRef(EntityType.MODEL, words)
                used = RelationType.DERIVED_FROM if ref.type is EntityType.MODEL else RelationType.POWERED_BY
                yield partial(Relation, subject=ref, predicate=used, object=base)
        case _:
            if ref.type is EntityType.MODEL:
                yield from _of_models(ref, field, words)


def _of_models(ref: EntityRef, field: str, words: str) -> Iterator[Make]:
    if field == "size":
        found = _SIZE.search(words)
        if found is not None:
            count = round(float(found[1]) * _TIMES[found[2].casefold()])
            yield partial(Figure, subject=ref, predicate=Metric.PARAMETERS, value=count, unit="parameter")
    elif field == "license":
        terms = EntityRef(EntityType.LICENCE, words)
        yield partial(Relation, subject=ref, predicate=RelationType.RELEASED_UNDER, object=terms)
    elif (access := _ACCESS.get(words.casefold())) is not None:
        yield partial(Term, subject=ref, predicate=TermType.OPENNESS, access=access)


def _words(fields: Mapping[str, Any], name: str) -> str:
    """A field's value, which may stand beside an explanation."""
    value = fields.get(name)
    if isinstance(value, Mapping):
        value = value.get("value")
    if isinstance(value, date):
        return value.isoformat()[:10]
    return plain(value).strip() if isinstance(value, str | int | float) else ""


def _list(value: object) -> list[str]:
    return [one.strip() for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _url(text: str) -> str | None:
    return text if re.match(r"https?://\S+$", text) else None
