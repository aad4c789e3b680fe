"""Entities: their facts, their neighbours, and lists of them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from kb.ontology import RelationType
from schema.enums import Direction, EntityOrder
from schema.planner import documents, facts
from schema.planner.blocks import ENTITY
from schema.planner.compiled import Compiler, Part, Pattern, RowPart, row, rows_list
from schema.planner.connections import (
    Listing,
    SortKey,
    connection,
    first_of,
    number_key,
    orders_of,
    text_key,
)
from schema.planner.filters import document_conditions, figure_conditions, relation_conditions
from schema.planner.query import Query
from schema.planner.selection import Field, Selection

ENDS: Final = {Direction.OUT: "SUBJECT", Direction.IN: "OBJECT", Direction.BOTH: "SUBJECT|OBJECT"}


def entity_row(query: Query, variable: str, selection: Selection) -> RowPart:
    """The row of an entity."""
    return row(query, variable, ENTITY, _COMPILERS, selection)


def entity_connection(query: Query, field: Field, pattern: Pattern) -> Part:
    """A page of entities."""
    listing = Listing(
        pattern=pattern,
        order=_orders(query, pattern.variable, field.arguments),
        node=lambda selection: entity_row(query, pattern.variable, selection),
    )
    return connection(query, field, listing)


def _orders(query: Query, variable: str, arguments: Mapping[str, Any]) -> tuple[SortKey, ...]:
    orders = orders_of(arguments)
    if not orders:
        return (text_key(f"{variable}.name", descending=False),)
    return tuple(_order(query, variable, order) for order in orders)


def _order(query: Query, variable: str, order: Mapping[str, Any]) -> SortKey:
    descending = bool(order["descending"])
    if order["by"] is EntityOrder.NAME:
        return text_key(f"{variable}.name", descending=descending)
    fact = f"{variable}c"
    seen = " AND ".join(query.scope.visible(fact))
    counted = f"COUNT {{ ({variable})<-[:SUBJECT|OBJECT]-({fact}:Statement) WHERE {seen} }}"
    return number_key(counted, descending=descending)


def _figures(query: Query, variable: str, field: Field) -> Part:
    query = query.at(field.arguments.get("at"))
    fact = query.name("f")
    conditions = figure_conditions(query, fact, field.arguments.get("where"))
    pattern = Pattern(fact, f"({variable})<-[:SUBJECT]-({fact}:Figure)", tuple(conditions))
    return facts.fact_connection(query, field, "Figure", pattern)


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


def _neighbours(relation: RelationType, label: str, direction: Direction) -> Compiler:
    """Entities at the other end: over the plain edge, or over the statements of another time."""

    def compile_neighbours(query: Query, variable: str, field: Field) -> Part:
        query = query.at(field.arguments.get("at"))
        other = query.name("n")
        limit = query.parameter(first_of(field.arguments))
        order = f"{other}.name, {other}.id LIMIT {limit}"
        return rows_list(to_other(query, variable, other), order, entity_row(query, other, field.selection))

    def to_other(query: Query, variable: str, other: str) -> Pattern:
        outgoing = direction is Direction.OUT
        if query.scope.now:
            edge = f"-[:{relation.value}]->" if outgoing else f"<-[:{relation.value}]-"
            return Pattern(other, f"({variable}){edge}({other}:{label})", distinct=True)
        fact = query.name("r")
        near, far = ("SUBJECT", "OBJECT") if outgoing else ("OBJECT", "SUBJECT")
        match = f"({variable})<-[:{near}]-({fact}:Relation)-[:{far}]->({other}:{label})"
        told = (f"{fact}.predicate = '{relation.value}'", f"{fact}.modality = 'ASSERTED'")
        return Pattern(other, match, (*told, *query.scope.visible(fact)), distinct=True)

    return compile_neighbours


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

_COMPILERS: Final[Mapping[str, Compiler]] = {
    "Entity.figures": _figures,
    "Entity.relations": _relations,
    "Entity.dates": _fact_list("DateFact", "DateFact"),
    "Entity.documents": _documents,
    "Company.models": _neighbours(_R.DEVELOPS, "Model", _OUT),
    "Company.products": _neighbours(_R.OFFERS, "Product", _OUT),
    "Company.people": _known_relations(_R.WORKS_FOR, _IN),
    "Company.investors": _known_relations(_R.INVESTED_IN, _IN),
    "Company.founders": _neighbours(_R.FOUNDED, "Person", _IN),
    "Company.parents": _neighbours(_R.SUBSIDIARY_OF, "Company", _OUT),
    "Company.subsidiaries": _neighbours(_R.SUBSIDIARY_OF, "Company", _IN),
    "Company.countries": _neighbours(_R.BASED_IN, "Country", _OUT),
    "Model.families": _neighbours(_R.RELEASE_OF, "Model", _OUT),
    "Model.releases": _neighbours(_R.RELEASE_OF, "Model", _IN),
    "Model.developers": _neighbours(_R.DEVELOPS, "Company", _IN),
    "Model.licences": _neighbours(_R.RELEASED_UNDER, "Licence", _OUT),
    "Model.products": _neighbours(_R.POWERED_BY, "Product", _IN),
    "Model.derivedFrom": _known_relations(_R.DERIVED_FROM, _OUT),
    "Model.terms": _fact_list("Term", "LicenceTerm"),
    "Product.companies": _neighbours(_R.OFFERS, "Company", _IN),
    "Product.models": _neighbours(_R.POWERED_BY, "Model", _OUT),
    "Person.roles": _known_relations(_R.WORKS_FOR, _OUT),
    "Person.founded": _neighbours(_R.FOUNDED, "Company", _OUT),
    "Licence.models": _neighbours(_R.RELEASED_UNDER, "Model", _IN),
    "Licence.terms": _fact_list("Term", "LicenceTerm"),
    "Country.companies": _neighbours(_R.BASED_IN, "Company", _IN),
}
