"""Root fields: each is compiled to exactly one query that returns exactly one record."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from graphql import FieldNode, GraphQLObjectType

from kb.errors import UsageError
from kb.ontology import EntityType
from schema.cursors import Cursors
from schema.planner import documents, entities, facts
from schema.planner.compare import compare
from schema.planner.compiled import Part, Pattern, RowPart, first_row, where
from schema.planner.conditions import of_predicate
from schema.planner.entity_pages import entity_page
from schema.planner.filters import (
    alias_keys,
    document_conditions,
    entity_conditions,
    figure_conditions,
    relation_conditions,
)
from schema.planner.paths import paths
from schema.planner.query import Query
from schema.planner.search import search
from schema.planner.selection import Field, Operation, Reader
from schema.planner.series import time_series
from schema.planner.stats import stats
from schema.planner.thresholds import thresholds
from schema.planner.variables import Variables, apply, settled
from schema.rows import Row, Shape


@dataclass(frozen=True, slots=True)
class Plan:
    """A query text without any of the user's words in it, its parameters, and how its value is read.

    A plan that is `kept` also gives the version of the data, and no record where that is the one that the
    parameter `HELD` names: the value is then the same as before. One that looks one thing up does so by the
    parameters that are its `own`; other values may stand for them, as they are part of no LIMIT.
    """

    text: str
    parameters: Mapping[str, object]
    read: Callable[[object], object]
    kept: bool = False
    own: tuple[str, ...] = ()

    def bound(self, variables: Variables) -> dict[str, object]:
        """The parameters, those that the variables decide included.

        Raises:
            UsageError: when a variable asks for what cannot be given.
        """
        return {name: settled(value, variables) for name, value in self.parameters.items()}


def plan(
    operation: Operation,
    parent: GraphQLObjectType,
    nodes: Iterable[FieldNode],
    cursors: Cursors,
    today: date,
) -> Plan:
    """The plan of the root field that these nodes of an operation ask for.

    Raises:
        UsageError: when the arguments ask for what cannot be given.
        ValueNeeded: when the plan depends on a value that is unknown.
    """
    field = Reader(operation).root(parent, nodes)
    query = Query(cursors, today).begin(field.arguments.get("at"))
    part = _ROOTS[field.name](query, field)

    def read(value: object) -> object:
        return part.read(value, _NO_PARENT)

    # an outer variable is returned too: the database takes it for a grouping key beside totals otherwise
    value = ", ".join(filter(None, (f"{part.expression} AS value", query.outer)))
    if part.costly:
        text = f"{query.opening}{_CHANGED} RETURN changed.version AS version, {value}"
        return Plan(text, {**query.parameters, HELD: ""}, read, kept=True)
    return Plan(f"{query.opening}RETURN {value}", query.parameters, read, own=query.own)


HELD: Final = "held"
_CHANGED: Final = f"MATCH (changed:Lease {{id: 'writer'}}) WHERE coalesce(changed.version, '-') <> ${HELD}"
_NO_PARENT: Final = Row(Shape(lambda _values: "Query", {}, {}), ())


def _figures(query: Query, field: Field) -> Part:
    subject, conditions = _ends(query, field, "subject", "SUBJECT")
    conditions += figure_conditions(query, "f", field.arguments.get("where"))
    pattern = Pattern("f", f"(f:Figure){subject}", tuple(conditions))
    return facts.fact_connection(query, field, "Figure", pattern, of_all=True)


def _relations(query: Query, field: Field) -> Part:
    types = field.arguments.get("type")
    conditions = [] if types is None else [of_predicate(query, "f", types)]
    conditions += relation_conditions(query, "f", field.arguments.get("where"))
    match = "(f:Relation)"
    for argument, edge in (("subject", "SUBJECT"), ("object", "OBJECT")):
        end, more = _ends(query, field, argument, edge)
        match += f", (f){end}" if end else ""
        conditions += more
    pattern = Pattern("f", match, tuple(conditions))
    return facts.fact_connection(query, field, "Relation", pattern, of_all=True)


def _ends(query: Query, field: Field, argument: str, edge: str) -> tuple[str, list[str]]:
    given = field.arguments.get(argument)
    if given is None:
        return "", []
    end = query.name("e")
    return f"-[:{edge}]->({end}:Entity)", entity_conditions(query, end, given)


def _documents(query: Query, field: Field) -> Part:
    conditions = (*STANDING, *document_conditions(query, "d", field.arguments.get("where")))
    pattern = Pattern("d", "(d:Document)", conditions)
    return documents.document_connection(query, field, pattern, of_all=True)


def _entity(query: Query, field: Field) -> Part:
    given = {k: field.arguments[k] for k in ("id", "name", "qid") if field.arguments.get(k) is not None}
    if len(given) != 1:
        raise UsageError("`entity` takes one of id, name and qid.")
    kind: EntityType | None = field.arguments.get("type")
    match, conditions = _looked_up(query, given, kind)
    if kind is not None:
        conditions.append(f"n:{kind.value}")
    found = f"MATCH {match}{where(conditions)}"
    element = entities.entity_row(query, "n", field.selection)
    if "id" in given:
        return first_row(found, element)
    facts_of = "COUNT { (n)<-[:SUBJECT|OBJECT]-(:Statement) }"
    return first_row(
        f"{found} WITH DISTINCT n ORDER BY n.provisional, {facts_of} DESC, n.id LIMIT 1", element
    )


def _looked_up(query: Query, given: Mapping[str, Any], kind: EntityType | None) -> tuple[str, list[str]]:
    if "name" in given:
        keys = query.looked_up(apply(alias_keys, given["name"], None if kind is None else (kind,)))
        return "(a:Alias)-[:NAMES]->(n:Entity)", [f"a.key IN {keys}"]
    if "id" in given:
        return "(n:Entity)", [f"n.id = {query.answering(query.looked_up(given['id']))}"]
    # what was merged is found by its own id, too
    holder = query.name("m")
    return f"({holder}:Entity|MergedEntity)-[:MERGED_INTO*0..1]->(n:Entity)", [
        f"{holder}.qid = {query.looked_up(given['qid'])}"
    ]


def _node(query: Query, field: Field) -> Part:
    """An entity, a fact or a document: whichever has the id, at its place of a list of three."""
    bound = query.looked_up(field.arguments["id"])
    entity = query.answering(bound)
    rows: list[tuple[str, str, RowPart]] = [
        ("Entity", entity, entities.entity_row(query, "n", field.selection)),
        ("Statement", bound, facts.fact_row(query, "n", "Fact", field.selection)),
        ("Document", bound, documents.document_row(query, "n", field.selection)),
    ]
    parts = [first_row(f"MATCH (n:{label} {{id: {id_}}})", row) for label, id_, row in rows]
    expression = f"[{', '.join(part.expression for part in parts)}]"

    def read(value: object, parent: Row) -> object:
        found = (part.read(raw, parent) for part, raw in zip(parts, cast("list[object]", value), strict=True))
        return next((one for one in found if one is not None), None)

    return Part(expression, read)


STANDING: Final = ("d.withdrawn_at IS NULL", "d.superseded_by IS NULL")
"""Documents that were withdrawn, or of which there is a newer version, are reached by their ids alone."""

_ROOTS: Final[Mapping[str, Callable[[Query, Field], Part]]] = {
    "node": _node,
    "entity": _entity,
    "entities": entity_page,
    "figures": _figures,
    "relations": _relations,
    "documents": _documents,
    "licenceThresholds": thresholds,
    "search": search,
    "paths": paths,
    "stats": stats,
    "timeSeries": time_series,
    "compare": compare,
}
