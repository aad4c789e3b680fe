"""What is in the graph, counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import neo4j

COUNTS: Final = """
CALL () { MATCH (e:Entity) RETURN 'entities' AS what, count(e) AS n
  UNION ALL MATCH (s:Statement) WHERE s.retracted_at IS NULL RETURN 'statements' AS what, count(s) AS n
  UNION ALL MATCH (d:Document) WHERE d.withdrawn_at IS NULL AND d.superseded_by IS NULL
    RETURN 'documents' AS what, count(d) AS n }
RETURN what, n
"""
ENTITY_TYPES: Final = """
MATCH (e:Entity) UNWIND [l IN labels(e) WHERE l <> 'Entity'] AS type
RETURN type AS what, count(*) AS n ORDER BY what
"""
PREDICATES: Final = """
MATCH (s:Statement) WHERE s.retracted_at IS NULL RETURN s.predicate AS what, count(*) AS n ORDER BY what
"""
LAST_INGEST: Final = """
MATCH (i:Ingest) WITH i ORDER BY i.started_at DESC LIMIT 1
OPTIONAL MATCH (i)<-[:LOADED_IN]-(d:Document)
RETURN i.id AS id, i.state AS state, toString(i.started_at) AS started,
  toString(i.finished_at) AS finished, count(d) AS documents, toString(max(d.recorded_at)) AS latest,
  coalesce(i.failed, []) AS failed
"""
SCHEMA: Final = "MATCH (m:Migration) RETURN max(m.version) AS n"


@dataclass(frozen=True, slots=True)
class LastIngest:
    """The newest load that wrote something; RUNNING when it was cut off or still runs."""

    id: str
    state: str
    started: str
    finished: str | None
    documents: int
    latest: str | None
    """When its newest document was acknowledged; one that it found elsewhere again keeps its older moment."""
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GraphStatus:
    """Counts of what is in the graph."""

    schema_version: int
    totals: Mapping[str, int]
    entities: Mapping[str, int]
    statements: Mapping[str, int]
    last_ingest: LastIngest | None


def graph_status(driver: neo4j.Driver, database: str) -> GraphStatus:
    """Count entities by type, statements by predicate, and documents."""
    with driver.session(database=database, default_access_mode=neo4j.READ_ACCESS) as session:
        return session.execute_read(_read)


def _read(tx: neo4j.ManagedTransaction) -> GraphStatus:
    version = tx.run(SCHEMA).single(strict=True)["n"]
    totals = {row["what"]: row["n"] for row in tx.run(COUNTS)}
    entities = {row["what"]: row["n"] for row in tx.run(ENTITY_TYPES)}
    statements = {row["what"]: row["n"] for row in tx.run(PREDICATES)}
    last = tx.run(LAST_INGEST).single()
    return GraphStatus(
        schema_version=version or 0,
        totals=totals,
        entities=entities,
        statements=statements,
        last_ingest=None if last is None else _last_ingest(last),
    )


def _last_ingest(row: neo4j.Record) -> LastIngest:
    return LastIngest(
        id=row["id"],
        state=row["state"],
        started=row["started"],
        finished=row["finished"],
        documents=row["documents"],
        latest=row["latest"],
        failed=tuple(row["failed"]),
    )
