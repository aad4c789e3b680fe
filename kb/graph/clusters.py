"""Clusters in the graph: who stands for whom, and what a change of that moves.

All of it works within the transaction of whoever changes something, in its turn. Nothing is destroyed: a
merged entity keeps its node and its names, and each edge that was moved says whose it is.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import neo4j

from kb.graph import cluster_queries as cypher
from kb.graph.derivation import derive
from kb.graph.ends import EDGES, End, Ends
from kb.graph.fact_counts import take_back
from kb.graph.rows import Row, names_in_small
from kb.graph.transactions import NOTHING, Written, batches, fetch, run, run_batches
from kb.judgements import Member, canonical
from kb.ontology import EntityType

_NAME_OF_EDGE = {edge: name for name, edge in EDGES.items()}


@dataclass(frozen=True, slots=True)
class EntityNode:
    """An entity as it is in the graph, merged or not: `stands` is who stands for it."""

    id: str
    stands: str
    type: EntityType
    name: str
    provisional: bool
    aliases: tuple[str, ...]
    own_aliases: tuple[str, ...]
    folded: str | None
    clustered: bool


def entity_nodes(tx: neo4j.ManagedTransaction, ids: Iterable[str]) -> dict[str, EntityNode]:
    """The entities that have these ids, those that were merged included."""
    found = (row for some in batches(sorted(set(ids))) for row in fetch(tx, cypher.MEMBERS, {"ids": some}))
    return {row["id"]: _node(row) for row in found}


def _node(row: Mapping[str, Any]) -> EntityNode:
    return EntityNode(
        id=row["id"],
        stands=row["stands"],
        type=EntityType(row["type"]),
        name=row["name"],
        provisional=bool(row["provisional"]),
        aliases=tuple(row["aliases"] or ()),
        own_aliases=tuple(row["own_aliases"]),
        folded=row["folded"],
        clustered=row["clustered"],
    )


def joined(
    tx: neo4j.ManagedTransaction, entities: Sequence[Row], stands: Mapping[str, str], today: date
) -> Mapping[str, str]:
    """Who stands for those of the entities that are one with others, by their ids.

    What the rows say of them by the registry is written first: who stands for a cluster depends on it, and
    `stands` says who does before.
    """
    known = [row for row in entities if row["id"] in stands and not row["provisional"]]
    changed = {
        stands[found["id"]] for some in batches(known) for found in fetch(tx, cypher.OWN, {"rows": some})
    }
    if not changed:
        return stands
    settle(tx, [row["ids"] for row in fetch(tx, cypher.COMPANIONS, {"ids": sorted(changed)})], today)
    return stands_for(tx, entities)


def stands_for(tx: neo4j.ManagedTransaction, entities: Sequence[Row]) -> dict[str, str]:
    """Who stands now for those of the entities that are one with others, by their ids."""
    ids = sorted({row["id"] for row in entities})
    found = (row for some in batches(ids) for row in fetch(tx, cypher.CLUSTERED, {"ids": some}))
    return {row["id"]: row["stands"] for row in found}


def write_aliases(tx: neo4j.ManagedTransaction, rows: Iterable[Row], stands: Mapping[str, str]) -> Written:
    """Names of members lead to who stands for them."""
    moved = [{**row, "of": row["entity"], "entity": stands[row["entity"]]} for row in rows]
    return run_batches(tx, cypher.ALIASES, moved, {}) if moved else NOTHING


def settle(tx: neo4j.ManagedTransaction, clusters: Iterable[Collection[str]], today: date) -> int:
    """Make one entity of each cluster stand for it; gives the number of statements that moved.

    The clusters are disjoint, and hold all that were or are one with any of their members.
    """
    members = [entity_nodes(tx, cluster) for cluster in clusters]
    stands = {
        id_: canonical(Member(node.id, node.provisional) for node in cluster.values())
        for cluster in members
        for id_ in cluster
    }
    nodes = [node for cluster in members for node in cluster.values()]
    moves = [
        {"id": node.id, "old": node.stands, "new": stands[node.id]}
        for node in nodes
        if node.stands != stands[node.id]
    ]
    statements = _statements(tx, moves)
    _relabel(tx, cypher.REVIVE, [n for n in nodes if n.stands != n.id and stands[n.id] == n.id])
    _move(tx, statements, {move["id"]: move["new"] for move in moves}, today)
    run_batches(tx, cypher.NAMES, moves, {})
    _relabel(tx, cypher.RETIRE, [n for n in nodes if n.stands == n.id and stands[n.id] != n.id])
    run_batches(tx, cypher.LEAVE, moves, {})
    run_batches(tx, cypher.LEAD, [move for move in moves if move["id"] != move["new"]], {})
    for cluster in members:
        _call(tx, list(cluster.values()), stands)
    return len(statements)


def _statements(tx: neo4j.ManagedTransaction, moves: Sequence[Row]) -> dict[str, Ends]:
    found = (row for some in batches(moves) for row in fetch(tx, cypher.STATEMENTS, {"rows": some}))
    return {
        row["id"]: Ends(
            row["predicate"],
            row["slot"],
            {_NAME_OF_EDGE[edge]: End(end, of) for edge, end, of in row["ends"]},
        )
        for row in found
    }


def _move(
    tx: neo4j.ManagedTransaction, statements: Mapping[str, Ends], stands: Mapping[str, str], today: date
) -> None:
    """Tie the statements to those who stand for their entities now, and derive what follows."""
    slots: dict[str, str] = {}
    ties: dict[str, list[Row]] = defaultdict(list)
    for statement, before in statements.items():
        after = before.under(stands)
        slots[statement] = after.slot
        for name, end in after.ends.items():
            if end != before.ends[name]:
                ties[name].append({"id": statement, "end": end.id, "of": end.of})
    moved = [{"id": id_, "slot": slot} for id_, slot in slots.items()]
    take_back(tx, moved)
    run_batches(tx, cypher.SLOTS, moved, {})
    for name, rows in sorted(ties.items()):
        run_batches(tx, cypher.TIES[name], rows, {})
    derive(tx, slots, today, {before.slot for before in statements.values()})


def _relabel(
    tx: neo4j.ManagedTransaction, queries: Mapping[EntityType, str], nodes: Iterable[EntityNode]
) -> None:
    by_type: dict[EntityType, list[str]] = defaultdict(list)
    for node in nodes:
        by_type[node.type].append(node.id)
    for kind, ids in sorted(by_type.items()):
        for some in batches(ids):
            run(tx, queries[kind], {"ids": some})


def _call(tx: neo4j.ManagedTransaction, cluster: Sequence[EntityNode], stands: Mapping[str, str]) -> None:
    """Let whoever stands for the cluster answer to all its names."""
    rows: list[Row] = []
    for node in cluster:
        aliases, own = list(node.own_aliases), list(node.own_aliases) if len(cluster) > 1 else None
        if stands[node.id] == node.id:
            others = [name for one in cluster if one is not node for name in (one.name, *one.own_aliases)]
            aliases = [name for name in dict.fromkeys((*aliases, *others)) if name != node.name]
        names = names_in_small(node.name, aliases)
        if (tuple(aliases), names["folded"], own is not None) != (node.aliases, node.folded, node.clustered):
            rows.append({"id": node.id, "aliases": aliases, "own_aliases": own, **names})
    run_batches(tx, cypher.ALSO_CALLED, rows, {})
