"""Rebuilding everything that is derived from the statements: plain edges, ranks, and what entities repeat."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final, LiteralString, cast

import neo4j

from kb.graph import fact_counts
from kb.graph import write_queries as cypher
from kb.graph.transactions import take_turn
from kb.ontology import Kind, RelationType

PAGE: Final = 2000


def rebuild_edges(driver: neo4j.Driver, database: str) -> int:
    """Delete all derived edges and make them again from the statements; gives the number made.

    Statements and their evidence are not touched, so an export before equals an export after. When it
    is interrupted, run it again: it begins from the statements.
    """
    with driver.session(database=database) as session:
        session.execute_write(take_turn)
        for query in cypher.DROP_EDGES.values():
            session.run(cast("LiteralString", query)).consume()
        # what was answered while edges went away is of no version that stays
        session.execute_write(take_turn)
        made = sum(_relations(session, predicate) for predicate in RelationType)
        for kind in Kind:
            for rows in _pages(session, cypher.STATEMENT_PAGE, "id", {"kind": kind.value}):
                _write(session, fact_counts.MARK, _ids(rows))
                if kind in cypher.VALUE_EDGES:
                    made += _write(session, cypher.VALUE_EDGES[kind], {"rows": rows})
                    _rank(session, sorted({row["slot"] for row in rows}))
        # when all statements are marked, so that who writes in between counts rightly
        for rows in _pages(session, cypher.ENTITY_PAGE, "id", {}):
            _write(session, cypher.COUNTRIES, _ids(rows))
            _write(session, fact_counts.RECOUNT, _ids(rows))
    return made


def _ids(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"ids": [row["id"] for row in rows]}


def _relations(session: neo4j.Session, predicate: RelationType) -> int:
    made = 0
    for rows in _pages(session, cypher.RELATION_SLOTS, "slot", {"predicate": predicate.value}):
        made += _write(session, cypher.RELATION_EDGES[predicate], {"rows": rows})
        _rank(session, [row["slot"] for row in rows])
    return made


def _rank(session: neo4j.Session, slots: list[str]) -> None:
    _write(session, cypher.BEST, {"slots": slots, "today": datetime.now(UTC).date().isoformat()})


def _write(session: neo4j.Session, query: str, parameters: dict[str, Any]) -> int:
    def work(tx: neo4j.ManagedTransaction) -> int:
        take_turn(tx)
        return tx.run(cast("LiteralString", query), parameters).consume().counters.relationships_created

    return session.execute_write(work)


def _pages(
    session: neo4j.Session, query: str, key: str, parameters: dict[str, Any]
) -> Iterator[list[dict[str, Any]]]:
    def page(tx: neo4j.ManagedTransaction, after: str) -> list[dict[str, Any]]:
        text = cast("LiteralString", query)
        return tx.run(text, {**parameters, "after": after, "limit": PAGE}).data()

    after = ""
    while rows := session.execute_read(page, after):
        yield rows
        after = rows[-1][key]
