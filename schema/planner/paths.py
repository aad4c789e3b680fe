"""`paths`: how two entities are connected, each hop with the fact that tells of it.

Paths of today run over the plain edges, which are made of asserted facts; paths of another time over the
statements that were known and told then.
"""

from collections.abc import Sequence
from typing import Any, Final, cast

from kb.errors import UsageError
from kb.graph.rank_order import rank_order
from kb.ontology import RelationType
from kb.statement_ids import SEPARATOR
from schema.planner import entities, facts
from schema.planner.compiled import ChildReader, Part, RowPart, at
from schema.planner.existence import refuse_unknown, unknown
from schema.planner.query import Query
from schema.planner.selection import Field, Selection
from schema.rows import Child, Row, Scalar, Shape, Values

MAX_HOPS: Final = 6
MAX_PATHS: Final = 10
CANDIDATES: Final = 50
"""How many shortest paths are looked at; those through the same entities are one."""

HUBS: Final = frozenset({RelationType.BASED_IN, RelationType.RELEASED_UNDER})
"""Relations that half of all entities share, which connect nobody unless they are asked for."""


def paths(query: Query, field: Field) -> Part:
    """The shortest paths between two entities."""
    start, end, hops = (field.arguments[name] for name in ("from", "to", "maxHops"))
    if start == end:
        raise UsageError("`from` and `to` are the same entity: give two.")
    if not 1 <= hops <= MAX_HOPS:
        raise UsageError(f"`maxHops` is a number from 1 to {MAX_HOPS}.")
    first: int = field.arguments["first"]
    if not 0 <= first <= MAX_PATHS:
        raise UsageError(f"`first` is a number from 0 to {MAX_PATHS}.")
    types: Sequence[RelationType] = field.arguments.get("types") or sorted(set(RelationType) - HUBS)
    rows = _Rows(query, field.selection)
    ids = query.entity_id(start), query.entity_id(end)
    ends = f"(a:Entity {{id: {ids[0]}}}), (b:Entity {{id: {ids[1]}}})"
    known = query.parameter([kind.value for kind in types])
    found = _over_edges(hops, known) if query.scope.now else _over_statements(query, hops, known)
    facts_of = _edge_facts(query, rows.facts) if query.scope.now else _statement_facts(rows.facts)
    nodes = ", ".join(part.expression for part in rows.nodes)
    expression = (
        f"COLLECT {{ MATCH {ends} {found} WITH size(hops) AS length, [x IN route | x.id] AS ids, route, hops "
        f"ORDER BY length, ids LIMIT {query.parameter(first)} "
        f"RETURN [length, COLLECT {{ UNWIND route AS x RETURN [{nodes}] }}, {facts_of}] }}"
    )

    def read(value: object, _parent: Row) -> list[Row]:
        missing, routes = cast("Sequence[Sequence[Any]]", value)
        refuse_unknown(missing)
        return [Row(rows.shape, one) for one in routes]

    return Part(f"[{unknown(ids)}, {expression}]", read)


def _over_edges(hops: int, types: str) -> str:
    """Binds route and hops, these being edges; parallel edges between the same entities count once."""
    edges = "|".join(kind.value for kind in RelationType)
    return (
        f"MATCH p = SHORTEST {CANDIDATES} (a)-[r:{edges} WHERE type(r) IN {types}]-{{1,{hops}}}(b) "
        "WITH nodes(p) AS route, relationships(p) AS hops "
        f"WHERE {_SIMPLE} WITH route, collect(hops) AS same WITH route, same[0] AS hops"
    )


def _over_statements(query: Query, hops: int, types: str) -> str:
    """Binds route and hops, these being statements."""
    told = [f"s.predicate IN {types}", "s.modality = 'ASSERTED'", *query.scope.visible("s")]
    hop = f"((x)<-[:SUBJECT|OBJECT]-(s:Relation WHERE {' AND '.join(told)})-[:SUBJECT|OBJECT]->(y:Entity))"
    return (
        f"MATCH SHORTEST {CANDIDATES} (a) {hop}{{1,{hops}}} (b) "
        "WITH [head(x)] + y AS route, s AS hops "
        f"WHERE {_SIMPLE} WITH route, collect(hops) AS same WITH route, same[0] AS hops"
    )


_SIMPLE: Final = "all(n IN route WHERE single(m IN route WHERE m = n))"


def _edge_facts(query: Query, parts: Sequence[RowPart]) -> str:
    """For each edge the asserted fact that the ranking rule shows first."""
    told = " AND ".join(["f.modality = 'ASSERTED'", *query.scope.visible("f")])
    slot = f"startNode(e).id + '{SEPARATOR}' + type(e) + '{SEPARATOR}' + endNode(e).id"
    rows = ", ".join(["f.confidence", *(part.expression for part in parts)])
    best = (
        f"COLLECT {{ MATCH (f:Statement {{slot: {slot}}}) WHERE {told} "
        f"WITH f ORDER BY {rank_order('f', query.scope.moment)} LIMIT 1 RETURN [{rows}] }}"
    )
    return f"COLLECT {{ UNWIND hops AS e RETURN head({best}) }}"


def _statement_facts(parts: Sequence[RowPart]) -> str:
    rows = ", ".join(["f.confidence", *(part.expression for part in parts)])
    return f"COLLECT {{ UNWIND hops AS f RETURN [{rows}] }}"


class _Rows:
    """The rows selected of the entities and of the facts on a path, and how a path is read."""

    def __init__(self, query: Query, selection: Selection) -> None:
        """Compile what is selected."""
        self._fields = selection.distinct()
        self.nodes = [entities.entity_row(query, "x", f.selection) for f in self._of("nodes")]
        self.facts = [facts.fact_row(query, "f", "Relation", f.selection) for f in self._of("relations")]
        children: dict[tuple[str, str], Child] = {}
        for key, field in selection.fields.items():
            if field.name not in ("nodes", "relations"):
                continue
            index = next(i for i, f in enumerate(self._of(field.name)) if f.signature == field.signature)
            nodes = field.name == "nodes"
            part = (self.nodes if nodes else self.facts)[index]
            children[key] = Child(1 if nodes else 2, _read(part, index if nodes else index + 1))
        self.shape = Shape(lambda _values: "Path", _SCALARS, children)

    def _of(self, name: str) -> list[Field]:
        return [field for field in self._fields if field.name == name]


def _read(part: RowPart, position: int) -> ChildReader:
    return lambda values, _parent: [part.read(one[position]) for one in cast("Sequence[Values]", values)]


def _least(values: Values) -> float:
    return min(cast("float", fact[0]) for fact in cast("Sequence[Values]", values[2]))


_SCALARS: Final[dict[str, Scalar]] = {"length": at(0), "min_confidence": _least}
