"""The choice among the facts of one slot, explained."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from kb.graph.rank_order import rank_order
from kb.ontology import Modality
from kb.ranking import Ranked, best, rank_key, why_first
from schema.planner import facts
from schema.planner.compiled import ChildReader, Compiler, Part, RowPart, at
from schema.planner.current import same_role
from schema.planner.query import Query
from schema.planner.selection import Field, Selection
from schema.rows import Child, Row, Shape, Values

RANKED: Final = 100


@dataclass(frozen=True, slots=True)
class _Competitor:
    """A fact of the slot: what the rule looks at, and the rows that are selected of it."""

    ranked: Ranked
    rows: Values


def choice(kind: str) -> Compiler:
    """Compiles the explanation of a fact of this GraphQL type."""

    def compile_choice(query: Query, variable: str, field: Field) -> Part:
        other = query.name("y")
        base = facts.fact_row(query, other, kind, Selection({}), whole=True)
        wanted = _selected(field.selection)
        parts = [facts.fact_row(query, other, kind, found.selection) for found in wanted.values()]
        places = dict(zip(wanted, range(1, len(parts) + 1), strict=True))
        values = ", ".join(part.expression for part in (base, *parts))
        same = [*query.scope.visible(other), *same_role(variable, other)]
        order = (
            f"CASE {other}.modality WHEN 'DENIED' THEN 1 ELSE 0 END, {rank_order(other, query.scope.moment)}"
        )
        expression = (
            f"COLLECT {{ MATCH ({other}:Statement {{slot: {variable}.slot}}) WHERE {' AND '.join(same)} "
            f"WITH {other} ORDER BY {order} LIMIT {RANKED} RETURN [{values}] }}"
        )
        shape = _shape(field.selection, places, parts)
        moment = query.moment
        return Part(expression, lambda value, parent: _explained(shape, base, value, parent, moment))

    return compile_choice


def _selected(selection: Selection) -> Mapping[str, Field]:
    """The selections of facts within the choice, by signature."""
    found: dict[str, Field] = {}
    for field in selection.distinct():
        for fact in field.selection.distinct() if field.name == "passedOver" else [field]:
            if fact.name in ("first", "fact"):
                found[fact.signature] = fact
    return found


def _explained(shape: Shape, base: RowPart, value: object, parent: Row, moment: date) -> Row:
    rivals = [
        _Competitor(facts.ranked(cast("Row", base.read(rows[0]))), rows)
        for rows in cast("Sequence[Values]", value)
    ]
    mine = facts.ranked(parent)
    shown = best((rival.ranked for rival in rivals), moment)
    first = next((rival for rival in rivals if shown is not None and rival.ranked.id == shown.id), None)
    others = [rival for rival in rivals if rival is not first]
    others.sort(key=lambda rival: (rival.ranked.modality is Modality.DENIED, rank_key(rival.ranked, moment)))
    passed = [(o.rows, "" if first is None else why_first(first.ranked, o.ranked, moment)) for o in others]
    is_current = first is not None and first.ranked.id == mine.id
    reason = _reason(mine, first, others, moment)
    return Row(shape, (is_current, reason, None if first is None else first.rows, passed))


def _reason(mine: Ranked, first: _Competitor | None, others: Sequence[_Competitor], moment: date) -> str:
    if mine.modality is Modality.DENIED:
        return "A denial is never shown as the value."
    if first is None or not others:
        return "No other fact speaks of the same."
    if first.ranked.id == mine.id:
        against = f"the first of {len(others)} others" if len(others) > 1 else "the other one"
        return f"Compared with {against}, {why_first(mine, others[0].ranked, moment)}."
    return f"Another one is shown first: {why_first(first.ranked, mine, moment)}."


def _shape(selection: Selection, places: Mapping[str, int], parts: Sequence[RowPart]) -> Shape:
    def fact(field: Field) -> ChildReader:
        place = places[field.signature]
        part = parts[place - 1]
        return lambda rows, _parent: None if rows is None else part.read(cast("Values", rows)[place])

    children: dict[tuple[str, str], Child] = {}
    for key, field in selection.fields.items():
        if field.name == "first":
            children[key] = Child(2, fact(field))
        elif field.name == "passedOver":
            children[key] = Child(3, _passed_over(field.selection, fact))
    return Shape(lambda _values: "Choice", {"is_current": at(0), "reason": at(1)}, children)


def _passed_over(selection: Selection, fact: Callable[[Field], ChildReader]) -> ChildReader:
    children = {key: Child(0, fact(field)) for key, field in selection.fields.items() if field.name == "fact"}
    shape = Shape(lambda _values: "PassedOver", {"reason": at(1)}, children)
    return lambda passed, _parent: [Row(shape, one) for one in cast("Sequence[Values]", passed)]
