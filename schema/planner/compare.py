"""`compare`: the same figures of several entities side by side.

A row is one thing that is measured: metric, unit, period, scope, basis, whether active, benchmark. A cell
is the figure of one entity that the ranking rule shows first, or nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from kb.errors import UsageError
from schema.planner import entities, facts
from schema.planner.compiled import ChildReader, Part, Pattern, RowPart, at
from schema.planner.conditions import among_values
from schema.planner.query import MOVED, Query
from schema.planner.selection import Field, Selection
from schema.planner.stats import APART
from schema.rows import Child, Row, Shape, Values

MAX_ENTITIES: Final = 20
MAX_FIGURES: Final = 1000


def compare(query: Query, field: Field) -> Part:
    """The rows, in the order of the metrics that were asked for."""
    arguments = field.arguments
    ids: list[str] = list(dict.fromkeys(arguments["ids"]))
    if not ids or len(ids) > MAX_ENTITIES:
        raise UsageError(f"`ids` names from 1 to {MAX_ENTITIES} entities.")
    metrics = list(dict.fromkeys(metric.value for metric in arguments["metrics"]))
    wanted = query.entity_ids(among_values(query, ids))
    conditions = facts.listed_conditions(query, "f", arguments, relation=False)
    conditions += [f"e.id IN {wanted}", f"f.predicate IN {among_values(query, metrics)}"]
    pattern = Pattern("f", "(f:Figure)-[:SUBJECT]->(e:Entity)", tuple(conditions))
    cells = _Cells(query, field.selection)
    apart = ", ".join(f"f.{name}" for name in APART)
    figures = "".join(f", {part.expression}" for part in cells.figures.values())
    subjects = "".join(f", {part.expression}" for part in cells.entities.values())
    expression = (
        f"[COLLECT {{ MATCH (e:Entity) WHERE e.id IN {wanted} RETURN [e.id{subjects}] }}, "
        f"COLLECT {{ {pattern.text} WITH f, e ORDER BY f.id LIMIT {MAX_FIGURES + 1} "
        f"RETURN [e.id, [{apart}]{figures}] }}, {MOVED}]"
    )
    return Part(expression, lambda value, _parent: _rows(cells, ids, metrics, cast("Any", value)))


class _Cells:
    """What is selected of the entities and figures of the cells, and how a row is read."""

    def __init__(self, query: Query, selection: Selection) -> None:
        """Compile what is selected."""
        fields = [
            inner
            for cells in selection.distinct()
            if cells.name == "cells"
            for inner in cells.selection.distinct()
        ]
        self.entities: Mapping[str, RowPart] = {
            f.signature: entities.entity_row(query, "e", f.selection) for f in fields if f.name == "entity"
        }
        self.figures: Mapping[str, RowPart] = {
            f.signature: facts.fact_row(query, "f", "Figure", f.selection)
            for f in fields
            if f.name == "figure"
        }
        children = {
            key: Child(len(APART), self._read_cells(found.selection))
            for key, found in selection.fields.items()
            if found.name == "cells"
        }
        names = ("metric", *APART[1:])
        self.shape = Shape(
            lambda _values: "ComparisonRow", {name: at(i) for i, name in enumerate(names)}, children
        )

    def _read_cells(self, selection: Selection) -> ChildReader:
        children = {key: self._child(found) for key, found in selection.fields.items()}
        shape = Shape(lambda _values: "ComparisonCell", {}, children)
        return lambda cells, _parent: [Row(shape, cell) for cell in cast("Sequence[Values]", cells)]

    def _child(self, field: Field) -> Child:
        if field.name == "entity":
            place = list(self.entities).index(field.signature) + 1
            part = self.entities[field.signature]
            return Child(0, _read(part, place))
        place = list(self.figures).index(field.signature) + 2
        part = self.figures[field.signature]
        return Child(1, _read(part, place))


def _read(part: RowPart, place: int) -> ChildReader:
    return lambda values, _parent: None if values is None else part.read(cast("Values", values)[place])


def _rows(
    cells: _Cells,
    ids: Sequence[str],
    metrics: Sequence[str],
    value: tuple[Sequence[Values], Sequence[Values], Sequence[tuple[str, str]]],
) -> list[Row]:
    found, figures, moved = value
    if len(figures) > MAX_FIGURES:
        raise UsageError(f"There are more than {MAX_FIGURES} figures: name fewer entities or metrics.")
    known = {cast("str", entity[0]): entity for entity in found}
    table: dict[tuple[object, ...], dict[str, Values]] = {}
    for figure in figures:
        measured = tuple(cast("Sequence[object]", figure[1]))
        table.setdefault(measured, {}).setdefault(cast("str", figure[0]), figure)
    keys = sorted(
        table, key=lambda key: (metrics.index(cast("str", key[0])), [str(one or "") for one in key])
    )
    stands_for = dict(moved)
    columns = [stands_for.get(one, one) for one in ids]
    return [
        Row(cells.shape, (*key, [(known.get(one), table[key].get(one)) for one in columns])) for key in keys
    ]
