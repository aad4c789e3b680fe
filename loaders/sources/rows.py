"""Rows of a table or lines of JSON: each becomes a document or a fact, as the mapping says."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from itertools import chain, islice
from typing import Any, Final

from kb.documents import Metadata, RawDocument
from kb.errors import ContractError
from kb.facts import DateFact, EntityRef, Figure, Number, Relation, Term
from kb.ontology import (
    Access,
    Basis,
    Comparator,
    Consequence,
    DateEvent,
    Derivation,
    EmploymentStatus,
    EntityType,
    Kind,
    Metric,
    Modality,
    Period,
    RelationType,
    Scope,
    TermType,
    kind_of,
)
from kb.partial_date import PartialDate
from kb.surrogates import is_text
from loaders.cleaning.dates import partial_date
from loaders.refusals import Code, ReadError
from loaders.sources.found import LARGEST, Found, Given, Problem
from loaders.sources.mapping import ABOUT, TEXTS, by_names
from loaders.sources.mapping import Mapping as Columns
from loaders.sources.rendering import Keys, Line, Make, content_key, plain, stated

EXTRACTOR: Final = "fact-table/1"
_UNKNOWN: Final = (
    "Its fields are none that are known; say with --map which of them means what (docs/sources.md)."
)
_LOOK: Final = 5
"""Rows that are looked at together."""

Cells = Mapping[str, Any]
Row = tuple[str, Cells] | Problem
"""A row's place and its cells by column, or why it cannot be read."""

_NEEDED: Final[Mapping[Kind | None, tuple[str, ...]]] = {Kind.FIGURE: ("unit",), Kind.DATE: ("date",)}


def number(text: str) -> Number:
    """The number that a cell holds; thousands may be set apart by commas.

    Raises:
        ContractError: when it is none.
    """
    try:
        value = Decimal(re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text.strip()))
        return int(value) if value == value.to_integral_value() else float(value)
    except (InvalidOperation, OverflowError, ValueError) as error:
        raise ContractError(f"'{text[:40]}' is no number.") from error


def _truth(text: str) -> bool:
    if text.casefold() not in {"true", "false", "yes", "no", "1", "0"}:
        raise ContractError(f"'{text[:40]}' is neither true nor false.")
    return text.casefold() in {"true", "yes", "1"}


_DECODE: Final[Mapping[str, Callable[[str], object]]] = {
    **dict.fromkeys(("value", "low", "high", "share"), number),
    **dict.fromkeys(("as_of", "valid_from", "valid_to", "date"), PartialDate.parse),
    **dict.fromkeys(("active", "lead"), _truth),
    "comparator": Comparator,
    "period": Period,
    "basis": Basis,
    "scope": Scope,
    "status": EmploymentStatus,
    "how": Derivation,
    "access": Access,
    "consequence": Consequence,
    "modality": Modality,
}


def items(rows: Iterable[Row], given: Given, columns: Columns | None) -> Iterator[Found]:
    """A document or a fact for each row, and a problem with its place for each that gives none.

    Without columns each row's own names say what it holds.

    Raises:
        ReadError: when they say it of none of the first rows.
    """
    keys = Keys()
    for row in rows if columns is not None else _known(iter(rows)):
        if isinstance(row, Problem):
            yield row
            continue
        place, cells = row
        origin = f"{given.origin}, {place}"
        means = columns or by_names(cells)
        if means is None:
            yield Problem(origin, _UNKNOWN, Code.UNKNOWN_FORM)
        elif means.documents:
            yield _document(cells, origin, given, means.documents, keys)
        else:
            yield from _fact(cells, origin, given, means.facts, keys)


def _known(rows: Iterator[Row]) -> Iterator[Row]:
    """The rows, where at least one of the first has fields that are known."""
    first = list(islice(rows, _LOOK))
    cells = [row[1] for row in first if not isinstance(row, Problem)]
    if cells and all(by_names(one) is None for one in cells):
        raise ReadError(Code.UNKNOWN_FORM, _UNKNOWN)
    yield from chain(first, rows)


def _key(given: Given, fields: Mapping[str, str], cells: Cells, keys: Keys) -> str:
    """The key of a row's source: its id, else its content, so that a row which is there twice is one."""
    own = fields.get("id")
    return keys.unique(f"{given.key}#{own}") if own else f"{given.key}#{content_key(cells)}"


def _document(
    cells: Cells, origin: str, given: Given, columns: Mapping[str, str], keys: Keys
) -> RawDocument | Problem:
    fields = _fields(cells, columns)
    name = next((name for name in TEXTS if fields.get(name)), None)
    if name is None:
        return Problem(origin, "There is no text in this row.", Code.BAD_ROW)
    data = fields[name].encode("utf-8", errors="replace")
    if len(data) > LARGEST:
        return Problem(origin, f"Its text is longer than {LARGEST // 2**20} MB.", Code.TOO_LARGE)
    key = _key(given, fields, {"text": fields[name]}, keys)
    return RawDocument(key, data, TEXTS[name], given.known.or_else(_metadata(fields)), origin)


def _fact(cells: Cells, origin: str, given: Given, columns: Mapping[str, str], keys: Keys) -> Iterator[Found]:
    fields = _fields(cells, columns)
    if given.known.published is not None:
        fields.setdefault("published", str(given.known.published))
    try:
        make = _make(_whole(fields))
    except (ContractError, ValueError, KeyError) as error:
        yield Problem(origin, f"This row states no fact: {_told(error)}", Code.BAD_ROW)
        return
    told = {column: cells.get(column) for field, column in columns.items() if field not in ABOUT}
    words = "; ".join(f"{column}: {plain(value)}" for column, value in told.items() if plain(value).strip())
    constants = "; ".join(
        f"{field}: {c[1:]}" for field, c in columns.items() if c.startswith("=") and field not in ABOUT
    )
    known = given.known.or_else(_metadata(fields))
    line = Line("; ".join(part for part in (words, constants) if part), [make])
    yield from stated(
        _key(given, fields, told, keys),
        origin,
        [line],
        extractor=EXTRACTOR,
        media_type="text/csv",
        metadata=known,
    )


def _fields(cells: Cells, columns: Mapping[str, str]) -> dict[str, str]:
    """The fields' values in words; those without one are left out."""
    told = {f: c[1:] if c.startswith("=") else plain(_dated(cells.get(c))) for f, c in columns.items()}
    return {field: value.strip() for field, value in told.items() if value.strip()}


def _whole(fields: Mapping[str, str]) -> Mapping[str, str]:
    if not all(map(is_text, fields.values())):
        raise ContractError("it holds half of a character (a lone surrogate); write whole ones.")
    return fields


def _dated(value: object) -> object:
    if isinstance(value, list | tuple):
        return "; ".join(str(one) for one in value)
    return (
        value.date().isoformat()
        if isinstance(value, datetime)
        else value.isoformat()
        if isinstance(value, date)
        else value
    )


def _metadata(fields: Mapping[str, str]) -> Metadata:
    published = fields.get("published")
    return Metadata(
        title=fields.get("title"),
        publisher=fields.get("publisher"),
        authors=tuple(name.strip() for name in fields.get("authors", "").split(";") if name.strip()),
        published=None if published is None else partial_date(published),
        url=fields.get("url"),
        licence=fields.get("licence"),
    )


def _make(fields: Mapping[str, str]) -> Make:
    said = {name: value for name, value in fields.items() if name not in ABOUT}
    subject = EntityRef(EntityType(said.pop("subject_type")), said.pop("subject"))
    predicate = said.pop("predicate")
    target = said.pop("object", None)
    target_type = said.pop("object_type", None)
    seller = said.pop("offered_by", None)
    more: dict[str, Any] = {name: _DECODE.get(name, str)(value) for name, value in said.items()}
    if seller is not None:
        more["offered_by"] = EntityRef(EntityType.COMPANY, seller)
    kind = kind_of.get(predicate)
    missing = [name for name in _NEEDED.get(kind, ()) if name not in more]
    if missing:
        raise ContractError(f"{missing[0]} is missing.")
    if kind is Kind.FIGURE:
        more.setdefault("as_of", _metadata(fields).published)
    match kind:
        case Kind.RELATION:
            if target is None or target_type is None:
                raise ContractError(f"{predicate} needs object and object_type.")
            end = EntityRef(EntityType(target_type), target)
            return partial(Relation, subject=subject, predicate=RelationType(predicate), object=end, **more)
        case Kind.FIGURE:
            return partial(Figure, subject=subject, predicate=Metric(predicate), **more)
        case Kind.DATE:
            return partial(DateFact, subject=subject, predicate=DateEvent(predicate), **more)
        case Kind.TERM:
            return partial(Term, subject=subject, predicate=TermType(predicate), **more)
        case None:
            raise ContractError(f"there is no predicate {predicate[:40]}; docs/predicates.md lists them.")


def _told(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"{error.args[0]} is missing."
    return str(error) if str(error).endswith(".") else f"{error}."
