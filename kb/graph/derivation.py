"""What is derived from statements: plain edges, ranks, numbers of facts, countries; as they say now.

Derive in the transaction that writes, retracts or moves statements, after it has done so.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

import neo4j

from kb.graph import write_queries as cypher
from kb.graph.fact_counts import count
from kb.graph.transactions import Written, batches, run, run_batches, total
from kb.ontology import Kind, RelationType, kind_of
from kb.statement_ids import SEPARATOR


def derive(
    tx: neo4j.ManagedTransaction,
    slots: Mapping[str, str],
    today: date,
    left: Iterable[str] = (),
    *,
    grown: bool = False,
) -> Written:
    """Bring the edges and ranks of changed statements up to date, and what is written on their entities.

    `slots` has the slot of each statement that was written, retracted or moved, by the statement's id;
    `left` names the slots that moved statements were in before. Edges that no statement makes any more
    vanish; none does where statements were only added (`grown`). The ranks are those of all statements of
    the slots.
    """
    touched = sorted({*slots.values(), *left})
    return total(
        [
            _value_edges(tx, slots, grown=grown),
            _relation_edges(tx, [s for s in touched if _kind(s) is Kind.RELATION], grown=grown),
            count(tx, slots),
            *(run(tx, cypher.BEST, {"slots": some, "today": today.isoformat()}) for some in batches(touched)),
        ]
    )


def relation_ends(slot: str) -> dict[str, str]:
    """The row that the queries of derived edges take for a slot of relations."""
    subject, _, target = slot.split(SEPARATOR)[:3]
    return {"slot": slot, "subject": subject, "object": target}


def _value_edges(tx: neo4j.ManagedTransaction, slots: Mapping[str, str], *, grown: bool) -> Written:
    by_kind: dict[Kind, list[dict[str, str]]] = defaultdict(list)
    for statement, slot in sorted(slots.items()):
        by_kind[_kind(slot)].append({"id": statement})
    return total(
        run_batches(tx, query[kind], by_kind[kind], {})
        for query in (*(() if grown else (cypher.DROP_VALUE_EDGES,)), cypher.VALUE_EDGES)
        for kind in cypher.HOLDERS
    )


def _relation_edges(tx: neo4j.ManagedTransaction, slots: Iterable[str], *, grown: bool) -> Written:
    by_predicate: dict[RelationType, list[dict[str, str]]] = defaultdict(list)
    for slot in slots:
        by_predicate[RelationType(_predicate(slot))].append(relation_ends(slot))
    edges = total(
        run_batches(tx, query[predicate], rows, {})
        for predicate, rows in sorted(by_predicate.items())
        for query in (*(() if grown else (cypher.DROP_RELATION_EDGES,)), cypher.RELATION_EDGES)
    )
    seated = (row["subject"] for row in by_predicate[RelationType.BASED_IN])
    return total([edges, derive_countries(tx, seated)])


def derive_countries(tx: neo4j.ManagedTransaction, companies: Iterable[str]) -> Written:
    """Write on companies where their edges lead now."""
    return total(run(tx, cypher.COUNTRIES, {"ids": some}) for some in batches(sorted(set(companies))))


def _kind(slot: str) -> Kind:
    return kind_of[_predicate(slot)]


def _predicate(slot: str) -> str:
    return slot.split(SEPARATOR, 2)[1]
