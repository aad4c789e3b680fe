"""The JSON schema of an answer, made from the ontology: what it does not allow cannot be said.

Predicates that take the same ends, units and qualifiers share one variant. `predicate` is the first key of
every variant and no two variants share a value of it: servers that compile the schema into a grammar tell
variants apart by their first key, and some refuse others.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Any, Final

from kb.ontology import (
    CURRENCY,
    DATES,
    METRICS,
    RELATIONS,
    TERM_SUBJECTS,
    TERMS,
    Access,
    Basis,
    Comparator,
    Consequence,
    Derivation,
    EmploymentStatus,
    EntityType,
    Modality,
    Period,
    Scope,
)

Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": "string"}
_NUMBER: Final[Schema] = {"type": "number"}
_MAYBE_TEXT: Final[Schema] = {"type": ["string", "null"]}
_MAYBE_NUMBER: Final[Schema] = {"type": ["number", "null"]}
_MAYBE_FLAG: Final[Schema] = {"type": ["boolean", "null"]}


def _enum(values: Iterable[str]) -> Schema:
    return {"type": "string", "enum": sorted(values)}


def _maybe(values: Iterable[str]) -> Schema:
    return {"type": ["string", "null"], "enum": [*sorted(values), None]}


def _record(**properties: Schema) -> Schema:
    """An object in the strict form: every key is there and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _either(types: Iterable[str]) -> str:
    return "Or".join(sorted(types))


def _ends() -> list[frozenset[EntityType]]:
    """The sets of types that some end of a fact may have."""
    relations = {types for spec in RELATIONS.values() for types in (spec.subjects, spec.objects)}
    others = {spec.subjects for specs in (METRICS, DATES) for spec in specs.values()}
    return sorted(relations | others | {TERM_SUBJECTS}, key=_either)


def _units() -> list[frozenset[str]]:
    """The sets of units that some number may be in."""
    figures = {spec.units for spec in METRICS.values()}
    return sorted(figures | {spec.units for spec in TERMS.values() if spec.units}, key=_measure)


def _measure(units: Iterable[str]) -> str:
    return "in_" + "_or_".join(sorted(units)).replace("%", "percent").replace("-", "_")


def _measured(units: frozenset[str]) -> Schema:
    """A number or a range. Codes of ISO 4217 are checked afterwards: not every server takes a pattern."""
    return _record(
        value=_MAYBE_NUMBER,
        low=_MAYBE_NUMBER,
        high=_MAYBE_NUMBER,
        unit=_TEXT if CURRENCY in units else _enum(units),
        comparator=_enum(Comparator),
    )


_SHARED: Final[Mapping[str, Schema]] = {
    "text": _MAYBE_TEXT,
    "flag": _MAYBE_FLAG,
    "period": _maybe(Period),
    "amount": {"anyOf": [_record(value=_NUMBER, unit=_TEXT, comparator=_enum(Comparator)), {"type": "null"}]},
    "told": _record(modality=_enum(Modality), speaker=_MAYBE_TEXT, as_of=_MAYBE_TEXT),
    **{_either(types): _record(type=_enum(types), name=_TEXT) for types in _ends()},
    **{_measure(units): _measured(units) for units in _units()},
}
_QUALIFIERS: Final[Mapping[str, Schema]] = {
    "role": _ref("text"),
    "status": _maybe(EmploymentStatus),
    "how": _maybe(Derivation),
    "amount": _ref("amount"),
    "lead": _ref("flag"),
    "share": _MAYBE_NUMBER,
    "city": _ref("text"),
    "basis": _maybe(Basis),
    "scope": _maybe(Scope),
    "active": _ref("flag"),
    "benchmark": _ref("text"),
    "offered_by": _ref("text"),
    "valid_from": _ref("text"),
    "valid_to": _ref("text"),
    "consequence": _maybe(Consequence),
    "access": _enum(Access),
    "period": _ref("period"),
}


@cache
def answer_schema() -> Schema:
    """The schema of `{"facts": [...]}`."""
    variants = {"anyOf": list(_variants())}
    return {**_record(facts={"type": "array", "items": variants}), "$defs": dict(_SHARED)}


def _variants() -> Iterator[Schema]:
    yield from _grouped({p: (s.subjects, s.objects, s.qualifiers) for p, s in RELATIONS.items()}, _relation)
    figures = {p: (s.subjects, s.units, s.qualifiers, s.periods) for p, s in METRICS.items()}
    yield from _grouped(figures, _figure)
    yield from _grouped({p: (s.subjects,) for p, s in DATES.items()}, _date)
    yield from _grouped({p: (s.fields, s.units) for p, s in TERMS.items()}, _term)


def _grouped(specs: Mapping[Any, tuple[Hashable, ...]], variant: Callable[..., Schema]) -> Iterator[Schema]:
    groups: defaultdict[tuple[Hashable, ...], list[StrEnum]] = defaultdict(list)
    for predicate, spec in specs.items():
        groups[spec].append(predicate)
    for spec, predicates in groups.items():
        yield variant(predicates, *spec)


def _relation(
    predicates: list[StrEnum],
    subjects: frozenset[EntityType],
    objects: frozenset[EntityType],
    qualifiers: frozenset[str],
) -> Schema:
    return _statement(predicates, subjects, object=_ref(_either(objects)), **_qualified(qualifiers))


def _figure(
    predicates: list[StrEnum],
    subjects: frozenset[EntityType],
    units: frozenset[str],
    qualifiers: frozenset[str],
    periods: frozenset[Period],
) -> Schema:
    per = {"period"} if periods else set[str]()
    return _statement(predicates, subjects, measure=_ref(_measure(units)), **_qualified(qualifiers | per))


def _date(predicates: list[StrEnum], subjects: frozenset[EntityType]) -> Schema:
    return _statement(predicates, subjects, date=_TEXT)


def _term(predicates: list[StrEnum], fields: frozenset[str], units: frozenset[str]) -> Schema:
    own = {"measure": _ref(_measure(units))} if "value" in fields else {}
    return _statement(predicates, TERM_SUBJECTS, **own, **_qualified(fields & set(_QUALIFIERS)))


def _statement(predicates: list[StrEnum], subjects: frozenset[EntityType], **own: Schema) -> Schema:
    return _record(
        predicate=_enum(predicates),
        quote=_TEXT,
        subject=_ref(_either(subjects)),
        **own,
        told=_ref("told"),
    )


def _qualified(qualifiers: Iterable[str]) -> Schema:
    return {name: _QUALIFIERS[name] for name in sorted(qualifiers)}
