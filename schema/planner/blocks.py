"""What every row of a type holds: the properties read, and the fields they become."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from decimal import Decimal
from typing import Final, cast

from kb.documents import GONE
from kb.ontology import EntityType, Kind
from kb.partial_date import PartialDate
from schema.planner.compiled import Block, at
from schema.rows import Scalar, Values

Convert = Callable[[object], object]


def same(value: object) -> object:
    """The value as it is."""
    return value


def partial_date(value: object) -> PartialDate | None:
    """A partial date of its text."""
    return None if value is None else PartialDate.parse(cast("str", value))


def moment(value: object) -> datetime | None:
    """A moment of its ISO 8601 text; the name of a zone behind it adds nothing to the offset."""
    return None if value is None else datetime.fromisoformat(cast("str", value).partition("[")[0])


def number(value: object) -> float | None:
    """A number as charts take it."""
    return None if value is None else float(cast("float", value))


def digits(value: object) -> str | None:
    """A number in plain decimal digits."""
    return None if value is None else format(Decimal(str(value)), "f")


def listed(value: object) -> list[object]:
    """A list, empty where there is none."""
    return list(cast("Iterable[object]", value or ()))


def truth(value: object) -> bool:
    """A truth value, false where there is none."""
    return bool(value)


def block(
    fields: Sequence[tuple[str, str, Convert]],
    type_name: Callable[[Values], str],
    lean: AbstractSet[str] = frozenset(),
) -> Block:
    """A block of (GraphQL field in Python's spelling, expression with `@` for the variable, conversion).

    `lean` are the fields that most ask for.
    """
    few = [one for one in fields if one[0] in lean]
    leaner = block(few, type_name) if few else None
    expressions: list[str] = []
    scalars: dict[str, Scalar] = {}
    for name, expression, convert in fields:
        if expression not in expressions:
            expressions.append(expression)
        scalars[name] = _read(expressions.index(expression), convert)
    return Block(tuple(expressions), scalars, type_name, leaner)


def _read(index: int, convert: Convert) -> Scalar:
    return at(index) if convert is same else lambda values: convert(values[index])


_TYPES: Final = frozenset(kind.value for kind in EntityType)


def entity_type(labels: object) -> str:
    """The one label of an entity's node that names its type."""
    for label in cast("Iterable[str]", labels):
        if label in _TYPES:
            return label
    raise LookupError("A node of the graph has the label Entity and none of a type.")


ENTITY: Final = block(
    [
        ("type", "labels(@)", entity_type),
        ("id", "@.id", same),
        ("name", "@.name", same),
        ("aliases", "@.aliases", listed),
        ("qid", "@.qid", same),
        ("level", "@.level", same),
        ("provisional", "@.provisional", truth),
    ],
    lambda values: entity_type(values[0]),
    lean={"type", "id", "name"},
)

DOCUMENT: Final = block(
    [
        ("id", "@.id", same),
        ("source_key", "@.source_key", same),
        ("title", "coalesce(@.title, @.source_key)", same),
        ("url", "@.url", same),
        ("publisher", "@.publisher", same),
        ("authors", "@.authors", listed),
        ("published", "@.published", partial_date),
        ("retrieved", "@.retrieved", partial_date),
        ("recorded_at", "toString(@.recorded_at)", moment),
        ("media_type", "@.media_type", same),
        ("sha256", "@.text_hash", same),
        ("cleaner", "@.cleaner", same),
        ("superseded_by", f"CASE WHEN @.superseded_by <> '{GONE}' THEN @.superseded_by END", same),
        ("superseded_at", "toString(@.superseded_at)", moment),
        ("withdrawn_at", "toString(@.withdrawn_at)", moment),
        ("withdrawn_why", "@.withdrawn_why", same),
    ],
    lambda _values: "Document",
    lean={"id", "title", "url", "publisher", "published"},
)

FACT_TYPES: Final = {
    Kind.FIGURE.value: "Figure",
    Kind.RELATION.value: "Relation",
    Kind.DATE.value: "DateFact",
    Kind.TERM.value: "LicenceTerm",
}

_FACT: Final[list[tuple[str, str, Convert]]] = [
    ("kind", "@.kind", same),
    ("id", "@.id", same),
    ("slot", "@.slot", same),
    ("predicate", "@.predicate", same),
    ("modality", "@.modality", same),
    ("speaker", "@.speaker", same),
    ("confidence", "@.confidence", number),
    ("extractor", "@.extractor", same),
    ("as_of", "@.as_of", partial_date),
    ("valid_from", "@.valid_from", partial_date),
    ("valid_to", "@.valid_to", partial_date),
    ("recorded_at", "toString(@.recorded_at)", moment),
    ("retracted_at", "toString(@.retracted_at)", moment),
    ("retracted_why", "@.retracted_why", same),
]
_NUMBER: Final[list[tuple[str, str, Convert]]] = [
    ("value", "@.value", number),
    ("exact", "@.value", digits),
    ("plain_value", "@.value", same),
    ("unit", "coalesce(@.unit, @.amount_unit)", same),
    ("comparator", "coalesce(@.comparator, @.amount_comparator)", same),
    ("period", "@.period", same),
]
_FIGURE: Final[list[tuple[str, str, Convert]]] = [
    *_NUMBER,
    ("metric", "@.predicate", same),
    ("low", "@.low", number),
    ("high", "@.high", number),
    ("basis", "@.basis", same),
    ("scope", "@.scope", same),
    ("active", "@.active", same),
    ("benchmark", "@.benchmark", same),
]
_RELATION: Final[list[tuple[str, str, Convert]]] = [
    ("type", "@.predicate", same),
    ("role", "@.role", same),
    ("role_code", "@.role_code", same),
    ("status", "@.status", same),
    ("how", "@.how", same),
    ("amount", "@.amount", number),
    ("unit", "coalesce(@.unit, @.amount_unit)", same),
    ("comparator", "coalesce(@.comparator, @.amount_comparator)", same),
    ("lead", "@.lead", same),
    ("share", "@.share", number),
    ("city", "@.city", same),
]
_DATE: Final[list[tuple[str, str, Convert]]] = [
    ("event", "@.predicate", same),
    ("date", "@.date", partial_date),
]
_TERM: Final[list[tuple[str, str, Convert]]] = [
    *_NUMBER,
    ("term", "@.predicate", same),
    ("consequence", "@.consequence", same),
    ("access", "@.access", same),
]


def _fact_type(values: Values) -> str:
    return FACT_TYPES[cast("str", values[0])]


_CLAIM: Final = frozenset(("kind", "id", "predicate", "modality", "as_of"))
_AMOUNT: Final = frozenset(("value", "exact", "plain_value", "unit"))

FACTS: Final[Mapping[str, Block]] = {
    "Figure": block([*_FACT, *_FIGURE], _fact_type, lean=_CLAIM | _AMOUNT | {"metric"}),
    "Relation": block([*_FACT, *_RELATION], _fact_type, lean=_CLAIM | {"type", "role", "status"}),
    "DateFact": block([*_FACT, *_DATE], _fact_type, lean=_CLAIM | {"event", "date"}),
    "LicenceTerm": block([*_FACT, *_TERM], _fact_type, lean=_CLAIM | _AMOUNT | {"term"}),
    "Fact": block([*_FACT, *_FIGURE, *_RELATION, *_DATE, *_TERM], _fact_type, lean=_CLAIM),
}
"""The block of each type of fact, and of a fact whose type only its row tells."""
