"""Entities: their facts, their neighbours, and the orders of their lists."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from kb.errors import UsageError
from kb.ontology import CURRENCY, METRICS, Metric, Period, RelationType
from schema.enums import Direction, EntityOrder
from schema.planner import documents, facts, neighbours
from schema.planner.blocks import ENTITY
from schema.planner.compiled import Compiler, Part, Pattern, RowPart, first_row, row
from schema.planner.connections import SortKey, number_key, orders_of, text_key
from schema.planner.current import is_current
from schema.planner.filters import (
    document_conditions,
    figure_conditions,
    relation_conditions,
)
from schema.planner.query import Query
from schema.planner.selection import Field, Selection

ENDS: Final = {Direction.OUT: "SUBJECT", Direction.IN: "OBJECT", Direction.BOTH: "SUBJECT|OBJECT"}


def entity_row(query: Query, variable: str, selection: Selection) -> RowPart:
    """The row of an entity."""
    return row(query, variable, ENTITY, _COMPILERS, selection)


def entity_orders(query: Query, variable: str, arguments: Mapping[str, Any]) -> tuple[SortKey, ...]:
    orders = orders_of(arguments)
    if not orders:
        return (text_key(f"{variable}.name", descending=False),)
    return tuple(_order(query, variable, order) for order in orders)


def _order(query: Query, variable: str, order: Mapping[str, Any]) -> SortKey:
    descending = bool(order["descending"])
    if order["by"] is EntityOrder.NAME:
        return text_key(f"{variable}.name", descending=descending)
    if order["by"] is EntityOrder.FACT_COUNT and query.scope.now:
        return number_key(f"{variable}.facts", descending=descending)
    fact = query.name("c")
    if order["by"] is EntityOrder.VALUE:
        return number_key(_value(query, variable, fact, order), descending=descending)
    seen = " AND ".join(query.scope.visible(fact))
    facts_of = f"({variable})<-[:SUBJECT|OBJECT]-({fact}:Statement) WHERE {seen}"
    match order["by"]:
        case EntityOrder.AS_OF:
            newest = f"MATCH {facts_of} RETURN {fact}.as_of_last ORDER BY {facts.newest(fact)} LIMIT 1"
            return text_key(f"head(COLLECT {{ {newest} }})", descending=descending)
        case EntityOrder.CONFIDENCE:
            surest = (
                f"head(COLLECT {{ MATCH {facts_of} RETURN {fact}.confidence AS x ORDER BY x DESC LIMIT 1 }})"
            )
            return number_key(surest, descending=descending)
        case _:
            return number_key(f"COUNT {{ {facts_of} }}", descending=descending)


def _value(query: Query, variable: str, fact: str, order: Mapping[str, Any]) -> str:
    """The newest figure's number; of a range the lower end."""
    if order.get("metric") is None:
        raise UsageError("An order by VALUE names a `metric`, such as VALUATION.")
    pattern = measured(query, variable, fact, order)
    return (
        f"head(COLLECT {{ {pattern.text} WITH {fact} ORDER BY {facts.newest(fact)}, {fact}.id LIMIT 1 "
        f"RETURN coalesce({fact}.value, {fact}.low) }})"
    )


def _figures(query: Query, variable: str, field: Field) -> Part:
    return _figure_page(query, variable, field, None)


def _users(query: Query, variable: str, field: Field) -> Part:
    return _figure_page(query, variable, field, Metric.USERS)


def _figure_page(query: Query, variable: str, field: Field, metric: Metric | None) -> Part:
    query = query.at(field.arguments.get("at"))
    fact = query.name("f")
    conditions = figure_conditions(query, fact, field.arguments.get("where"))
    if metric is not None:
        conditions.insert(0, f"{fact}.predicate = '{metric.value}'")
    pattern = Pattern(fact, f"({variable})<-[:SUBJECT]-({fact}:Figure)", tuple(conditions))
    return facts.fact_connection(query, field, "Figure", pattern)


def _figure(query: Query, variable: str, field: Field) -> Part:
    """The newest of the figures that are shown first."""
    query = query.at(field.arguments.get("at"))
    fact = query.name("f")
    pattern = measured(query, variable, fact, field.arguments)
    element = facts.fact_row(query, fact, "Figure", field.selection)
    order = f"{facts.newest(fact)}, {fact}.id LIMIT 1"
    return first_row(f"{pattern.text} WITH {fact} ORDER BY {order}", element)


def measured(query: Query, variable: str, fact: str, asked: Mapping[str, Any]) -> Pattern:
    """The figures of one metric in one unit that are shown first; `asked` has metric, unit and period.

    Raises:
        UsageError: when no unit is given for a metric that is told in several.
    """
    metric: Metric = asked["metric"]
    conditions = [f"{fact}.predicate = {query.parameter(metric.value)}"]
    conditions.append(f"{fact}.unit = {query.parameter(unit_of(metric, asked.get('unit')))}")
    period: Period | None = asked.get("period")
    if period is not None:
        conditions.append(f"{fact}.period = {query.parameter(period.value)}")
    conditions += [*query.scope.visible(fact), is_current(query, fact, relation=False)]
    return Pattern(fact, f"({variable})<-[:SUBJECT]-({fact}:Figure)", tuple(conditions))


def unit_of(metric: Metric, unit: str | None) -> str:
    """The unit in which figures of the metric are compared: never across units or currencies.

    Raises:
        UsageError: when none is given and the metric is told in several.
    """
    if unit is not None:
        return unit
    units = METRICS[metric].units
    if len(units) > 1 or CURRENCY in units:
        known = "a currency such as USD" if CURRENCY in units else " or ".join(sorted(units))
        raise UsageError(f"Figures of {metric.value} have several units: give `unit`, {known}.")
    return next(iter(units))


def _relations(query: Query, variable: str, field: Field) -> Part:
    direction: Direction = field.arguments["direction"]
    return _relation_page(query, variable, field, direction, field.arguments.get("type"))


def _relation_page(
    query: Query,
    variable: str,
    field: Field,
    direction: Direction,
    types: list[RelationType] | None,
) -> Part:
    query = query.at(field.arguments.get("at"))
    fact = query.name("r")
    conditions = relation_conditions(query, fact, field.arguments.get("where"))
    if types is not None:
        conditions.insert(0, f"{fact}.predicate IN {query.parameter([t.value for t in types])}")
    match = f"({variable})<-[:{ENDS[direction]}]-({fact}:Relation)"
    pattern = Pattern(fact, match, tuple(conditions), distinct=direction is Direction.BOTH)
    return facts.fact_connection(query, field, "Relation", pattern)


def _known_relations(relation: RelationType, direction: Direction) -> Compiler:
    def compile_relations(query: Query, variable: str, field: Field) -> Part:
        return _relation_page(query, variable, field, direction, [relation])

    return compile_relations


def _fact_list(label: str, kind: str) -> Compiler:
    def compile_list(query: Query, variable: str, field: Field) -> Part:
        query = query.at(field.arguments.get("at"))
        fact = query.name("s")
        match = f"({variable})<-[:SUBJECT]-({fact}:{label})"
        types: list[StrEnum] | None = field.arguments.get("type")
        of_type = (
            () if types is None else (f"{fact}.predicate IN {query.parameter([str(t) for t in types])}",)
        )
        return facts.fact_list(query, field, kind, Pattern(fact, match, of_type))

    return compile_list


def _documents(query: Query, variable: str, field: Field) -> Part:
    document, fact = query.name("d"), query.name("s")
    match = f"({variable})<-[:SUBJECT|OBJECT]-({fact}:Statement)-[:EVIDENCED_BY]->({document}:Document)"
    conditions = document_conditions(query, document, field.arguments.get("where"))
    pattern = Pattern(document, match, (*query.scope.visible(fact), *conditions), distinct=True)
    return documents.document_connection(query, field, pattern)


_R, _OUT, _IN = RelationType, Direction.OUT, Direction.IN
_to, _one = neighbours.neighbours, neighbours.most_told

_COMPILERS: Final[Mapping[str, Compiler]] = {
    "Entity.figures": _figures,
    "Entity.figure": _figure,
    "Entity.relations": _relations,
    "Entity.dates": _fact_list("DateFact", "DateFact"),
    "Entity.documents": _documents,
    "Company.models": _to(_R.DEVELOPS, _OUT),
    "Company.products": _to(_R.OFFERS, _OUT),
    "Company.people": _to(_R.WORKS_FOR, _IN),
    "Company.founders": _to(_R.FOUNDED, _IN),
    "Company.investors": _to(_R.INVESTED_IN, _IN),
    "Company.investments": _to(_R.INVESTED_IN, _OUT),
    "Company.acquisitions": _to(_R.ACQUIRED, _OUT),
    "Company.acquirers": _to(_R.ACQUIRED, _IN),
    "Company.partners": _to(_R.PARTNER_OF, _OUT),
    "Company.competitors": _to(_R.COMPETES_WITH, _OUT),
    "Company.parent": _one(_R.SUBSIDIARY_OF, _OUT, "Company"),
    "Company.parents": _to(_R.SUBSIDIARY_OF, _OUT),
    "Company.subsidiaries": _to(_R.SUBSIDIARY_OF, _IN),
    "Company.country": _one(_R.BASED_IN, _OUT, "Country"),
    "Company.countries": _to(_R.BASED_IN, _OUT),
    "Model.family": _one(_R.RELEASE_OF, _OUT, "Model"),
    "Model.families": _to(_R.RELEASE_OF, _OUT),
    "Model.releases": _to(_R.RELEASE_OF, _IN),
    "Model.developer": _one(_R.DEVELOPS, _IN, "Company"),
    "Model.developers": _to(_R.DEVELOPS, _IN),
    "Model.licence": _one(_R.RELEASED_UNDER, _OUT, "Licence"),
    "Model.licences": _to(_R.RELEASED_UNDER, _OUT),
    "Model.products": _to(_R.POWERED_BY, _IN),
    "Model.derivedFrom": _to(_R.DERIVED_FROM, _OUT),
    "Model.derivatives": _to(_R.DERIVED_FROM, _IN),
    "Model.terms": _fact_list("Term", "LicenceTerm"),
    "Product.company": _one(_R.OFFERS, _IN, "Company"),
    "Product.companies": _to(_R.OFFERS, _IN),
    "Product.models": _to(_R.POWERED_BY, _OUT),
    "Product.users": _users,
    "Product.acquirers": _to(_R.ACQUIRED, _IN),
    "Product.competitors": _to(_R.COMPETES_WITH, _OUT),
    "Person.roles": _known_relations(_R.WORKS_FOR, _OUT),
    "Person.founded": _to(_R.FOUNDED, _OUT),
    "Person.investments": _to(_R.INVESTED_IN, _OUT),
    "Licence.models": _to(_R.RELEASED_UNDER, _IN),
    "Licence.terms": _fact_list("Term", "LicenceTerm"),
    "Country.companies": _to(_R.BASED_IN, _IN),
}
