"""`stats`: figures counted and summed by group, never across metrics, units, currencies or periods."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

from schema.enums import Dimension, StatOrder
from schema.planner import facts
from schema.planner.blocks import number
from schema.planner.compiled import Part, Pattern, at, where
from schema.planner.conditions import comparison
from schema.planner.connections import first_of
from schema.planner.filters import entity_conditions, figure_conditions
from schema.planner.query import Query
from schema.planner.selection import Field
from schema.rows import Child, Row, Scalar, Shape, Values

APART: Final = ("predicate", "unit", "period", "scope", "basis", "active", "benchmark")
"""Properties that always tell groups apart: numbers that differ in one of them measure different things."""

_DIMENSIONS: Final[Mapping[Dimension, tuple[str, str]]] = {
    Dimension.SUBJECT: ("e.id", "e.name"),
    Dimension.SUBJECT_TYPE: ("head([l IN labels(e) WHERE l <> 'Entity'])", ""),
    Dimension.MODALITY: ("f.modality", ""),
    Dimension.YEAR: ("substring(f.as_of, 0, 4)", ""),
    Dimension.MONTH: ("CASE WHEN size(f.as_of) >= 7 THEN substring(f.as_of, 0, 7) END", ""),
    Dimension.PUBLISHER: ("d.publisher", ""),
    Dimension.COUNTRY: ("land.id", "land.name"),
}
"""What each dimension groups by, and what it is called where that is another thing."""

_JOINS: Final[Mapping[Dimension, str]] = {
    Dimension.PUBLISHER: "MATCH (f)-[:EVIDENCED_BY]->(d:Document)",
    Dimension.COUNTRY: "OPTIONAL MATCH (e)-[:BASED_IN]->(land:Country)",
}
_OF_SUBJECTS: Final = frozenset((Dimension.SUBJECT, Dimension.SUBJECT_TYPE, Dimension.COUNTRY))
_NUMBERS: Final = ("count", "values", "min", "max", "avg", "sum")
_AGGREGATES: Final = (
    "count(f) AS count, count(f.value) AS values, min(f.value) AS min, max(f.value) AS max, "
    "avg(f.value) AS avg, CASE count(f.value) WHEN 0 THEN null ELSE sum(f.value) END AS sum"
)


def stats(query: Query, field: Field) -> Part:
    """The groups, the largest first."""
    arguments = field.arguments
    by: Sequence[Dimension] = sorted(set(arguments["by"]))
    conditions = facts.listed_conditions(query, "f", arguments, relation=False)
    conditions += figure_conditions(query, "f", arguments.get("where"))
    conditions += entity_conditions(query, "e", arguments.get("subject"))
    whose = arguments.get("subject") is not None or not _OF_SUBJECTS.isdisjoint(by)
    pattern = Pattern("f", f"(f:Figure){'-[:SUBJECT]->(e:Entity)' if whose else ''}", tuple(conditions))
    joins = "".join(f" {_JOINS[one]}" for one in by if one in _JOINS)
    once = "DISTINCT " if joins else ""
    keys = [f"f.{name} AS k{index}" for index, name in enumerate(APART)]
    names = [f"k{index}" for index in range(len(APART))]
    for index, one in enumerate(by):
        keys += [f"{_DIMENSIONS[one][0]} AS d{index}", f"{_DIMENSIONS[one][1] or 'null'} AS n{index}"]
        names += [f"d{index}", f"n{index}"]
    pairs = ", ".join(f"[d{index}, n{index}]" for index in range(len(by)))
    apart = ", ".join(names[: len(APART)])
    order = _order(arguments, [*names[len(APART) :], *names[: len(APART)]])
    return Part(
        f"COLLECT {{ {pattern.text}{joins} WITH {once}f, {', '.join(keys)} "
        f"WITH {', '.join(names)}, {_AGGREGATES}{_having(query, arguments.get('having'))} "
        f"ORDER BY {order} LIMIT {query.parameter(first_of(arguments))} "
        f"RETURN [[{apart}], [{pairs}], {', '.join(_NUMBERS)}] }}",
        _reader(field, by),
        costly=True,
    )


def _having(query: Query, having: Mapping[str, Any] | None) -> str:
    conditions = [
        comparison(query, name, having[name])
        for name in _NUMBERS
        if having is not None and having.get(name) is not None
    ]
    return where(conditions)


def _order(arguments: Mapping[str, Any], keys: Sequence[str]) -> str:
    """By the asked number, then by the keys, so that the order is always the same."""
    given: Mapping[str, Any] = arguments.get("orderBy") or {}
    by: StatOrder = given.get("by", StatOrder.COUNT)
    direction = "DESC" if given.get("descending", True) else "ASC"
    rest = ", ".join(f"coalesce(toString({key}), '')" for key in keys)
    if by is StatOrder.KEY:
        return ", ".join(f"coalesce(toString({key}), '') {direction}" for key in keys)
    return f"{by.value.lower()} IS NULL, {by.value.lower()} {direction}, {rest}"


def _apart(index: int) -> Scalar:
    return lambda values: cast("Values", values[0])[index]


_SCALARS: Final[Mapping[str, Scalar]] = {
    **{("metric" if name == "predicate" else name): _apart(i) for i, name in enumerate(APART)},
    "count": at(2),
    **{name: (lambda values, i=i: number(values[i])) for i, name in enumerate(_NUMBERS, 2) if i > 3},
}
_KEY: Final = Shape(lambda _values: "StatKey", {"dimension": at(0), "value": at(1), "name": at(2)}, {})


def _reader(field: Field, by: Sequence[Dimension]) -> Callable[[object, Row], object]:
    def keys(value: object, _parent: Row) -> list[Row]:
        return [
            Row(_KEY, (one, *pair)) for one, pair in zip(by, cast("Sequence[Values]", value), strict=True)
        ]

    children = {key: Child(1, keys) for key, found in field.selection.fields.items() if found.name == "keys"}
    shape = Shape(lambda _values: "StatRow", _SCALARS, children)
    return lambda value, _parent: [Row(shape, values) for values in cast("Sequence[Values]", value)]
