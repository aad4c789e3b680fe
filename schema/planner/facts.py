"""Facts: their ends, their evidence, what disagrees with them, and lists of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, cast

from kb.facts import Number
from kb.ontology import Comparator, Metric, Modality
from kb.partial_date import PartialDate
from kb.ranking import Ranked, disagree
from schema.enums import FactOrder, Pick
from schema.planner import choice, documents, entities
from schema.planner.blocks import FACTS
from schema.planner.compiled import Compiler, Part, Pattern, RowPart, first_row, row, rows_list
from schema.planner.connections import (
    Listing,
    SortKey,
    connection,
    first_of,
    indexed_by_text,
    number_key,
    orders_of,
    text_key,
)
from schema.planner.current import is_current
from schema.planner.indexed import Branch, Few, Indexed
from schema.planner.query import Query
from schema.planner.seeks import bounds, lower, valued
from schema.planner.selection import Field, Selection
from schema.rows import Row

_RANKING: Final = ("disagrees", "choice")
"""Fields of a fact that are found by ranking it."""
COMPARED: Final = 100
"""How many facts of a slot are looked at for disagreement."""

_SHOWN: Final = frozenset({"metric", "unit", "value"})
"""What a filter may ask for that the index of figures that are shown first answers."""
_SHOWN_BY_DATE: Final = "Figure(predicate, unit, as_of_last, id, shown)"
MANY: Final = 1_000
"""How many figures with the asked value are sorted by date, rather than looked for among the newest."""
MANY_SHOWN: Final = 150
"""The same where an index has values beside dates: to look for them among the newest costs less."""


def newest(variable: str) -> str:
    """The newest fact first, one without a date last."""
    return f"coalesce({variable}.as_of_last, '') DESC"


def fact_row(query: Query, variable: str, kind: str, selection: Selection, *, whole: bool = False) -> RowPart:
    """The row of a fact; `kind` is its GraphQL type, `Fact` when only the row tells.

    It is `whole` for who looks at it with `ranked` or for what is not selected.
    """
    whole = whole or any(selection.has(name) for name in _RANKING)
    return row(query, variable, FACTS[kind], _COMPILERS[kind], selection, whole=whole)


def listed_conditions(
    query: Query, variable: str, arguments: Mapping[str, Any], *, relation: bool
) -> list[str]:
    """What `at` and `pick` leave in a list."""
    conditions = query.scope.visible(variable)
    if arguments.get("pick") is Pick.CURRENT:
        conditions.append(is_current(query, variable, relation=relation))
    return conditions


def fact_orders(variable: str, arguments: Mapping[str, Any]) -> tuple[SortKey, ...]:
    """The sort keys of a list of facts; the newest first when none are given."""
    orders = orders_of(arguments)
    if not orders:
        return (text_key(f"{variable}.as_of_last", descending=True),)
    return tuple(_order(variable, order["by"], bool(order["descending"])) for order in orders)


def _order(variable: str, by: FactOrder, descending: bool) -> SortKey:  # noqa: FBT001  # as the input has it
    match by:
        case FactOrder.AS_OF:
            return text_key(f"{variable}.as_of_last", descending=descending)
        case FactOrder.VALUE:
            value = f"{variable}.value, {variable}.high, {variable}.amount"
            return number_key(value, descending=descending)
        case FactOrder.CONFIDENCE:
            return number_key(f"{variable}.confidence", descending=descending)
        case FactOrder.RECORDED_AT:
            return number_key(f"{variable}.recorded_at.epochMillis", descending=descending)
        case FactOrder.SUBJECT:
            subject = f"head([({variable})-[:SUBJECT]->({variable}s) | {variable}s.name])"
            return text_key(subject, descending=descending)


def fact_connection(query: Query, field: Field, kind: str, pattern: Pattern, *, of_all: bool = False) -> Part:
    """A page of facts; `of_all` that there are of their kind, of which indexes give some orders."""
    fact = pattern.variable
    relation = kind == "Relation"
    listed = pattern.where(*listed_conditions(query, fact, field.arguments, relation=relation))
    listing = Listing(
        pattern=listed,
        order=fact_orders(fact, field.arguments),
        node=lambda selection: fact_row(query, fact, kind, selection),
        # Of another day, what is shown first is a subquery, which takes the database long to plan twice.
        indexed=_indexed(query, listed, field.arguments) if of_all and query.scope.now else None,
        of_all=of_all,
    )
    return connection(query, field, listing)


def _indexed(query: Query, pattern: Pattern, arguments: Mapping[str, Any]) -> Indexed | None:
    """Facts by date, and the figures of one metric by value: the indexes hold what they tell first."""
    orders = orders_of(arguments)
    if len(orders) > 1:
        return None
    by = orders[0]["by"] if orders else FactOrder.AS_OF
    where: Mapping[str, Any] = arguments.get("where") or {}
    metrics: Sequence[Metric] = where.get("metric") or ()
    if by is FactOrder.AS_OF:
        key = fact_orders(pattern.variable, arguments)[0]
        told = arguments.get("type") or metrics
        # who asks for the figures of some begins with those, not with the values
        of_any = arguments.get("subject") is None
        if len(metrics) == 1 and _shown_unit(arguments) is not None and of_any:
            return _shown_by_date(query, pattern, arguments, key)
        by_date = _by_date(query, pattern, [str(one) for one in told], descending=key.descending)
        return replace(by_date, few=_few(query, pattern, arguments, key)) if of_any else by_date
    if by is FactOrder.VALUE and len(metrics) == 1:
        return _by_value(query, pattern, arguments)
    return None


def _few(query: Query, pattern: Pattern, arguments: Mapping[str, Any], key: SortKey) -> Few | None:
    """The figures of one metric with the asked value."""
    where: Mapping[str, Any] = arguments.get("where") or {}
    metrics, value, fact = where.get("metric") or (), where.get("value"), pattern.variable
    if len(metrics) != 1 or not value:
        return None
    found = valued(query, fact, metrics[0], value)
    return Few(found, MANY, pattern, key.expression) if found else None


def _shown_by_date(query: Query, pattern: Pattern, arguments: Mapping[str, Any], key: SortKey) -> Indexed:
    """The figures of one metric and unit that are shown first, by date: an index has all that is asked."""
    fact, where = pattern.variable, arguments["where"]
    value = where.get("value") or {}
    if all(asked is None or name in _SHOWN for name, asked in where.items()):
        pattern = replace(pattern, conditions=tuple(lower(query, fact, value)))
    leading = (f"{fact}.predicate", f"{fact}.unit")
    asked = (str(where["metric"][0]), _shown_unit(arguments))
    of_unit = [f"{name} = {query.parameter(one)}" for name, one in zip(leading, asked, strict=True)]
    # computed, and told which index it is, so that this gives the order
    dated = pattern.where(*of_unit, f"{fact}.shown IS NOT NULL", *bounds(query, f"({fact}.shown + 0)", value))
    dated = replace(dated, match=f"{pattern.match} USING INDEX {fact}:{_SHOWN_BY_DATE}")
    branch = Branch(dated, f"{fact}.as_of_last", leading, tied=True, looked_at=(f"{fact}.shown",))
    found = [*of_unit, *(bounds(query, f"{fact}.shown", value) or [f"{fact}.shown IS NOT NULL"])]
    listed = indexed_by_text(branch, pattern.where(*found), descending=key.descending)
    if not value:
        return listed
    left = Pattern(fact, "*", pattern.conditions, source="WITH")
    seek = f"MATCH ({fact}:Figure) WHERE {' AND '.join(found)}"
    return replace(listed, few=Few((seek,), MANY_SHOWN, left, key.expression))


def _by_date(query: Query, pattern: Pattern, predicates: Sequence[str], *, descending: bool) -> Indexed:
    """Facts by date: those of each predicate by itself, where some are named, since an index has it first."""
    fact = pattern.variable
    key, predicate = f"{fact}.as_of_last", f"{fact}.predicate"
    match list(dict.fromkeys(predicates)):
        case []:
            branch = Branch(pattern, key, tied=True)
        case [_]:
            branch = Branch(pattern, key, (predicate,), tied=True)
        case several:
            each = query.name("t")
            of_each = pattern.where(f"{predicate} = {each}")
            branch = Branch(of_each, key, (predicate,), tied=True, each=(each, query.parameter(several)))
    return indexed_by_text(branch, pattern, descending=descending)


def _by_value(query: Query, pattern: Pattern, arguments: Mapping[str, Any]) -> Indexed:
    """The figures of one metric by value; of those that are shown first, one unit has an index too."""
    fact, where = pattern.variable, arguments["where"]
    metric, shown_unit = f"{fact}.predicate", _shown_unit(arguments)
    if shown_unit is not None:
        unit = f"{fact}.unit"
        of_unit = pattern.where(f"{unit} = {query.parameter(shown_unit)}")
        return Indexed((_bounded(query, Branch(of_unit, f"{fact}.shown", (metric, unit)), where),))
    range_only = pattern.where(f"{fact}.value IS NULL")
    branches = (Branch(pattern, f"{fact}.value", (metric,)), Branch(range_only, f"{fact}.high", (metric,)))
    return Indexed(tuple(_bounded(query, branch, where) for branch in branches))


def _shown_unit(arguments: Mapping[str, Any]) -> str | None:
    """The unit of a list of figures that are shown first and have no other; an index has those."""
    units = (arguments.get("where") or {}).get("unit") or ()
    return units[0] if arguments.get("pick") is Pick.CURRENT and len(units) == 1 else None


def _bounded(query: Query, branch: Branch, where: Mapping[str, Any]) -> Branch:
    """The branch with its index read from where the filter's values begin."""
    return replace(branch, pattern=branch.pattern.where(*bounds(query, branch.key, where.get("value"))))


def fact_list(query: Query, field: Field, kind: str, pattern: Pattern) -> Part:
    """A plain list of facts, the newest first."""
    fact = pattern.variable
    element = fact_row(query, fact, kind, field.selection)
    tail = f"{newest(fact)}, {fact}.id LIMIT {query.parameter(first_of(field.arguments))}"
    listed = pattern.where(*listed_conditions(query, fact, field.arguments, relation=False))
    return rows_list(listed, tail, element)


def _end(edge: str) -> Compiler:
    def compile_end(query: Query, variable: str, field: Field) -> Part:
        end = query.name("e")
        element = entities.entity_row(query, end, field.selection)
        return first_row(f"MATCH ({variable})-[:{edge}]->({end}:Entity)", element)

    return compile_end


def _evidence(query: Query, variable: str, field: Field) -> Part:
    return documents.evidence_list(query, variable, field.selection)


def _document_count(query: Query, variable: str, _field: Field) -> Part:
    """Documents that state the claim; those of one cluster are versions of a source or copies of a text."""
    other, document = query.name("w"), query.name("d")
    match = f"({other}:Statement {{claim_id: {variable}.claim_id}})-[:EVIDENCED_BY]->({document}:Document)"
    seen = " AND ".join(query.scope.visible(other))
    cluster = f"coalesce({document}.cluster, {document}.source_key)"
    counted = f"COUNT {{ MATCH {match} WHERE {seen} RETURN DISTINCT {cluster} }}"
    return Part(counted, lambda value, _parent: value)


def _disagrees(kind: str) -> Compiler:
    def compile_disagrees(query: Query, variable: str, field: Field) -> Part:
        other = query.name("g")
        element = fact_row(query, other, kind, field.selection, whole=True)
        pattern = Pattern(
            other,
            f"({other}:Statement {{slot: {variable}.slot}})",
            (f"{other}.id <> {variable}.id", *query.scope.visible(other)),
        )
        order = f"{newest(other)}, {other}.id LIMIT {COMPARED}"
        part = rows_list(pattern, order, element)

        def read(value: object, parent: Row) -> object:
            one = ranked(parent)
            return [
                found for found in cast("list[Row]", part.read(value, parent)) if disagree(one, ranked(found))
            ]

        return Part(part.expression, read)

    return compile_disagrees


def ranked(fact: Row) -> Ranked:
    """What the rules of `kb.ranking` look at."""
    known = fact.shape.scalars

    def get(name: str) -> object:
        return known[name](fact.values) if name in known else None

    day = get("date")
    value = get("plain_value") if day is None else str(day)
    comparator = get("comparator")
    return Ranked(
        id=cast("str", get("id")),
        slot=cast("str", get("slot")),
        modality=Modality(cast("str", get("modality"))),
        as_of=cast("PartialDate | None", get("as_of")),
        confidence=cast("float", get("confidence")),
        value=cast("Number | str | None", get("access") if value is None else value),
        low=cast("Number | None", get("low")),
        high=cast("Number | None", get("high")),
        comparator=Comparator.EQ if comparator is None else Comparator(cast("str", comparator)),
    )


_COMPILERS: Final[Mapping[str, Mapping[str, Compiler]]] = {
    kind: {
        "Fact.subject": _end("SUBJECT"),
        "Relation.object": _end("OBJECT"),
        "Fact.speakerEntity": _end("ATTRIBUTED_TO"),
        "Figure.offeredBy": _end("OFFERED_BY"),
        "Fact.evidence": _evidence,
        "Fact.disagrees": _disagrees(kind),
        "Fact.documentCount": _document_count,
        "Fact.choice": choice.choice(kind),
    }
    for kind in FACTS
}
