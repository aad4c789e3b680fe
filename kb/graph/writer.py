"""The write path: one document is one managed transaction, and its commit is the acknowledgement.

Rows are free of duplicates and sorted by key. Ids are deterministic, so a transaction whose commit was
lost on the way is simply run again: what is there already stays as it is.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import neo4j
import neo4j.time
from neo4j.exceptions import (
    AuthError,
    ClientError,
    DatabaseError,
    Forbidden,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from kb.documents import Document, sha256
from kb.errors import InputError
from kb.facts import Extraction
from kb.graph import write_queries as cypher
from kb.graph.rows import DocumentRows, Row, alias_row, document_rows, entity_row
from kb.ontology import EntityType, Kind, RelationType
from kb.registry import Registry
from kb.registry_facts import EXTRACTOR as REGISTRY
from kb.resolution import Resolver, known

BATCH: Final = 1000
_REPLAYS: Final = 5
_EXECUTION_FAILED: Final = "Neo.DatabaseError.Statement.ExecutionFailed"
"""What the server answers, among others, to a value that is too long for an index."""
_TIES: Final = (("object", cypher.OBJECTS), ("speaker", cypher.SPEAKERS), ("offered_by", cypher.SELLERS))


@dataclass(frozen=True, slots=True)
class Written:
    """What a transaction changed in the database."""

    nodes: int
    relationships: int
    properties: int

    @property
    def nothing(self) -> bool:
        """Whether the graph is as it was."""
        return not (self.nodes or self.relationships or self.properties)


NOTHING: Final = Written(0, 0, 0)

Work = Callable[[neo4j.ManagedTransaction, datetime], Written]
"""What a transaction does in its turn, and the moment at which it is recorded."""


class Writer:
    """Writes documents with their facts; resolves every mention through one registry."""

    def __init__(self, driver: neo4j.Driver, database: str, registry: Registry) -> None:
        """Write to one database of a server, resolving against one registry."""
        self._driver = driver
        self._database = database
        self._registry = registry
        self._resolver = Resolver(registry)

    def acknowledged(self, documents: Iterable[str], extractor: str) -> frozenset[str]:
        """Those of the document ids that this extractor has read and whose facts are all in the graph."""
        known_ids: set[str] = set()
        with self._session() as session:
            for ids in _batches(sorted(set(documents)), BATCH):
                rows = session.execute_read(_fetch, cypher.KNOWN, {"ids": ids, "extractor": extractor})
                known_ids.update(row["id"] for row in rows)
        return frozenset(known_ids)

    def write_registry(self) -> Written:
        """Make a node of every registry entry, and bring names and aliases up to date.

        Nothing that a record claims is written here: claims are facts of the record's own documents. A
        registry whose names are all in the graph already costs one small query.
        """
        entries = self._registry.entries.values()
        entities = [entity_row(known(entry)) for entry in entries]
        aliases = {
            (row["key"], row["entity"]): row
            for entry in entries
            for row in (alias_row(entry.type, form, entry.id) for form in entry.forms)
        }
        digest = sha256(repr((entities, sorted(aliases))).encode())
        note = {"extractor": REGISTRY, "digest": digest}
        with self._session() as session:
            there = session.execute_read(_fetch, cypher.REGISTRY_DIGEST, {"extractor": REGISTRY})
        if any(row["digest"] == digest for row in there):
            return NOTHING
        rows = [aliases[key] for key in sorted(aliases)]
        return self._transaction(partial(_write_registry, entities, rows, note))

    def write(self, document: Document, extraction: Extraction, ingest: str) -> Written:
        """Write one document and everything found in it, whole or not at all.

        Returns when the server has acknowledged the commit.

        Raises:
            InputError: when the database cannot hold what the document says; the fault is the document's.
            neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError: when the server stays away or
                refuses all work; nothing of the document is in the graph then, or all of it is.
        """
        return self.write_together([(document, extraction)], ingest)

    def write_together(self, found: Sequence[tuple[Document, Extraction]], ingest: str) -> Written:
        """Write several small documents of one extractor in one transaction, all or none.

        For records such as the registry's, whose own transactions would cost more than their writing.

        Raises:
            InputError: when the database cannot hold what one of them says.
        """
        try:
            rows = document_rows(found, self._resolver)
            base = {"extractor": found[0][1].extractor, "ingest": ingest}
            return self._transaction(partial(_write_documents, rows, base))
        except (AuthError, Forbidden):
            raise
        except (ClientError, DatabaseError, ValueError, OverflowError) as error:
            if isinstance(error, DatabaseError) and error.code != _EXECUTION_FAILED:
                raise
            raise InputError(f"The database cannot hold this document ({_short(error)}).") from error

    def refresh_origins(self, documents: Sequence[Document]) -> Written:
        """Bring up to date where documents that are already in the graph were found."""
        rows = sorted(({"id": d.id, "origin": d.origin} for d in documents), key=itemgetter("id"))
        return self._transaction(lambda tx, _now: _run(tx, cypher.ORIGIN, {"rows": rows}))

    def finish(self, ingest: str, failed: Sequence[str]) -> None:
        """Close the record of a load; `failed` names the documents that were left out."""
        base = {"ingest": ingest, "failed": list(failed)}
        self._transaction(lambda tx, now: _run(tx, cypher.FINISH, {**base, "now": now}))

    def _session(self) -> neo4j.Session:
        return self._driver.session(database=self._database)

    def _transaction(self, work: Work) -> Written:
        """Run managed work in its turn, and once more when the answer to its commit was lost."""
        for replay in range(_REPLAYS):
            try:
                with self._session() as session:
                    return session.execute_write(partial(_in_turn, work))
            except (ServiceUnavailable, SessionExpired):  # a commit whose answer was lost is one of them
                if replay == _REPLAYS - 1:
                    raise
                time.sleep(0.5 * 2**replay)
        raise AssertionError("unreachable: the last replay returns or raises")


def _short(error: Exception) -> str:
    message = error.message if isinstance(error, Neo4jError) else str(error)
    return (message or type(error).__name__)[:160]


def take_turn(tx: neo4j.ManagedTransaction) -> datetime:
    """Wait for the writer before, lock out others until this transaction ends, and give its moment."""
    at: neo4j.time.DateTime = tx.run(cypher.TAKE_TURN).single(strict=True)["at"]
    return at.to_native()


def _in_turn(work: Work, tx: neo4j.ManagedTransaction) -> Written:
    """Take turns first; what the lock itself writes is not counted."""
    return work(tx, take_turn(tx))


def _write_documents(
    rows: DocumentRows, told: Mapping[str, Any], tx: neo4j.ManagedTransaction, now: datetime
) -> Written:
    base = {**told, "now": now}
    total = [
        _run_batches(tx, cypher.DOCUMENTS, rows.documents, base),
        _write_entities(rows.entities, rows.aliases, tx),
    ]
    total += [_run_batches(tx, cypher.STATEMENTS[kind], rows.of_kind(kind), base) for kind in Kind]
    for end, query in _TIES:
        tied = [row for row in rows.statements if row[end] is not None]
        total.append(_run_batches(tx, query, tied, {}))
    total.append(_derive(rows, tx))
    slots = sorted({row["slot"] for row in rows.statements})
    today = now.date().isoformat()
    total += [_run(tx, cypher.BEST, {"slots": batch, "today": today}) for batch in _batches(slots, BATCH)]
    return _sum(total)


def _derive(rows: DocumentRows, tx: neo4j.ManagedTransaction) -> Written:
    total = [_run_batches(tx, cypher.VALUE_EDGES[kind], rows.of_kind(kind), {}) for kind in cypher.HOLDERS]
    relations = sorted(rows.of_kind(Kind.RELATION), key=itemgetter("predicate", "slot"))
    for predicate, group in groupby(relations, key=itemgetter("predicate")):
        slots = {row["slot"]: _relation_slot(row) for row in group}
        query = cypher.RELATION_EDGES[RelationType(predicate)]
        total.append(_run_batches(tx, query, list(slots.values()), {}))
    return _sum(total)


def _relation_slot(row: Row) -> Row:
    """What the query of derived edges needs of a relation."""
    return {"slot": row["slot"], "subject": row["subject"], "object": row["object"]}


def _write_registry(
    entities: Sequence[Row],
    aliases: Sequence[Row],
    note: Mapping[str, Any],
    tx: neo4j.ManagedTransaction,
    _now: datetime,
) -> Written:
    return _sum([_write_entities(entities, aliases, tx), _run(tx, cypher.NOTE_REGISTRY, note)])


def _write_entities(entities: Iterable[Row], aliases: Sequence[Row], tx: neo4j.ManagedTransaction) -> Written:
    by_label = sorted(entities, key=itemgetter("label", "id"))
    total = [
        _run_batches(tx, cypher.ENTITIES[EntityType(label)], list(group), {})
        for label, group in groupby(by_label, key=itemgetter("label"))
    ]
    total.append(_run_batches(tx, cypher.ALIASES, aliases, {}))
    return _sum(total)


def _run_batches(
    tx: neo4j.ManagedTransaction, query: str, rows: Sequence[Row], base: Mapping[str, Any]
) -> Written:
    return _sum([_run(tx, query, {**base, "rows": batch}) for batch in _batches(rows, BATCH)])


def _run(tx: neo4j.ManagedTransaction, query: str, parameters: Mapping[str, Any]) -> Written:
    counters = tx.run(query, dict(parameters)).consume().counters  # pyright: ignore[reportArgumentType] - named constants
    return Written(
        nodes=counters.nodes_created + counters.nodes_deleted,
        relationships=counters.relationships_created + counters.relationships_deleted,
        properties=counters.properties_set,
    )


def _fetch(tx: neo4j.ManagedTransaction, query: str, parameters: Mapping[str, Any]) -> Sequence[Row]:
    return tx.run(query, dict(parameters)).data()  # pyright: ignore[reportArgumentType] - named constants


def _sum(parts: Sequence[Written]) -> Written:
    return Written(
        nodes=sum(part.nodes for part in parts),
        relationships=sum(part.relationships for part in parts),
        properties=sum(part.properties for part in parts),
    )


def _batches(items: Sequence[Any], size: int) -> Iterable[list[Any]]:
    return (list(items[i : i + size]) for i in range(0, len(items), size))
