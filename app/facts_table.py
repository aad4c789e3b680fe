"""Statements as flat rows, one table a predicate, for tools that take columns."""

from collections.abc import Mapping
from typing import Any, Final

from kb.ontology import Kind
from schema.tables import Column, Value, Values
from schema.tables import Kind as Cell

_TEXT: Final = Cell.TEXT
_NUMBER: Final = Cell.NUMBER
_QUALIFIERS: Final[Mapping[Kind, Mapping[str, Cell]]] = {
    Kind.RELATION: {
        "object.id": _TEXT,
        "object.name": _TEXT,
        "object.as_written": _TEXT,
        "role": _TEXT,
        "role_code": _TEXT,
        "status": _TEXT,
        "how": _TEXT,
        "lead": Cell.TRUTH,
        "share": _NUMBER,
        "city": _TEXT,
        "amount.value": _NUMBER,
        "amount.unit": _TEXT,
        "amount.comparator": _TEXT,
    },
    Kind.FIGURE: {
        "value": _NUMBER,
        "low": _NUMBER,
        "high": _NUMBER,
        "unit": _TEXT,
        "comparator": _TEXT,
        "period": _TEXT,
        "basis": _TEXT,
        "scope": _TEXT,
        "active": Cell.TRUTH,
        "benchmark": _TEXT,
        "offered_by.id": _TEXT,
        "offered_by.name": _TEXT,
    },
    Kind.DATE: {"date": _TEXT},
    Kind.TERM: {
        "value": _NUMBER,
        "unit": _TEXT,
        "comparator": _TEXT,
        "period": _TEXT,
        "consequence": _TEXT,
        "access": _TEXT,
    },
}
_BEFORE: Final[Mapping[str, Cell]] = dict.fromkeys(
    ("id", "claim_id", "subject.id", "subject.name", "subject.as_written"), _TEXT
)
_AFTER: Final[Mapping[str, Cell]] = {
    **dict.fromkeys(("as_of", "valid_from", "valid_to", "modality", "speaker.id", "speaker.name"), _TEXT),
    "evidence.document": _TEXT,
    "evidence.start": Cell.WHOLE,
    "evidence.end": Cell.WHOLE,
    "evidence.text": _TEXT,
    **dict.fromkeys((f"source.{name}" for name in ("title", "publisher", "published", "url")), _TEXT),
    "extractor": _TEXT,
    "confidence": _NUMBER,
    **dict.fromkeys(("recorded_at", "retracted_at", "retracted_why", "rank"), _TEXT),
}


def columns(kind: Kind) -> tuple[Column, ...]:
    """The columns of a predicate of this kind; a name with a point is in a map of the exported line."""
    told = {**_BEFORE, **_QUALIFIERS[kind], **_AFTER}
    return tuple(Column(path.replace(".", "_"), path, cell) for path, cell in told.items())


def values(line: Mapping[str, Any], cells: tuple[Column, ...]) -> Values:
    """An exported statement as the cells of its table."""
    return [_value(line, column.expression) for column in cells]


def _value(line: Mapping[str, Any], path: str) -> Value:
    found: Any = line
    for name in path.split("."):
        found = None if found is None else found.get(name)
    return found
