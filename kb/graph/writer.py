"""The write path: one document is one managed transaction, and its commit is the acknowledgement.

Rows are free of duplicates and sorted by key. Ids are deterministic, so a transaction whose commit was
lost on the way is simply run again: what is there already stays as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import neo4j
from neo4j.exceptions import AuthError, ClientError, DatabaseError, Forbidden, Neo4jError

from kb.documents import Document, sha256
from kb.errors import InputError
from kb.facts import Extraction
from kb.graph import write_queries as cypher
from kb.graph.derivation import derive
from kb.graph.rows import DocumentRows, Row, alias_row, document_rows, entity_row
from kb.graph.transactions import NOTHING, Work, Written, batches, fetch, in_turn, run, run_batches, total
from kb.ontology import EntityType, Kind
from kb.registry import Registry
from kb.registry_facts import EXTRACTOR as REGISTRY
from kb.resolution import Resolver, known

_EXECUTION_FAILED: Final = "Neo.DatabaseError.Statement.ExecutionFailed"
"""What the server answers, among others, to a value that is too long for an index."""
_TIES: Final = (("object", cypher.OBJECTS), ("speaker", cypher.SPEAKERS), ("offered_by", cypher.SELLERS))


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
            for ids in batches(sorted(set(documents))):
                rows = session.execute_read(fetch, cypher.KNOWN, {"ids": ids, "extractor": extractor})
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
            there = session.execute_read(fetch, cypher.REGISTRY_DIGEST, {"extractor": REGISTRY})
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
        try:
            return self.write_together([(document, extraction)], ingest)
        except (AuthError, Forbidden):
            raise
        except (ClientError, DatabaseError, ValueError, OverflowError) as error:
            if isinstance(error, DatabaseError) and error.code != _EXECUTION_FAILED:
                raise
            raise InputError(f"The database cannot hold this document ({_short(error)}).") from error

    def write_together(self, found: Sequence[tuple[Document, Extraction]], ingest: str) -> Written:
        """Write several small documents of one extractor in one transaction, all or none.

        For records such as the registry's, whose own transactions would cost more than their writing.
        """
        rows = document_rows(found, self._resolver)
        base = {"extractor": found[0][1].extractor, "ingest": ingest}
        return self._transaction(partial(_write_documents, rows, base))

    def refresh_origins(self, documents: Sequence[Document]) -> Written:
        """Bring up to date where documents that are already in the graph were found."""
        rows = sorted(({"id": d.id, "origin": d.origin} for d in documents), key=itemgetter("id"))
        return self._transaction(lambda tx, _now: run(tx, cypher.ORIGIN, {"rows": rows}))

    def finish(self, ingest: str, failed: Sequence[str]) -> None:
        """Close the record of a load; `failed` names the documents that were left out."""
        base = {"ingest": ingest, "failed": list(failed)}
        self._transaction(lambda tx, now: run(tx, cypher.FINISH, {**base, "now": now}))

    def _session(self) -> neo4j.Session:
        return self._driver.session(database=self._database)

    def _transaction(self, work: Work[Written]) -> Written:
        return in_turn(self._driver, self._database, work)


def _short(error: Exception) -> str:
    message = error.message if isinstance(error, Neo4jError) else str(error)
    return (message or type(error).__name__)[:160]


def _write_documents(
    rows: DocumentRows, told: Mapping[str, Any], tx: neo4j.ManagedTransaction, now: datetime
) -> Written:
    base = {**told, "now": now}
    parts = [
        run_batches(tx, cypher.DOCUMENTS, rows.documents, base),
        _write_entities(rows.entities, rows.aliases, tx),
    ]
    parts += [run_batches(tx, cypher.STATEMENTS[kind], rows.of_kind(kind), base) for kind in Kind]
    for end, query in _TIES:
        tied = [row for row in rows.statements if row[end] is not None]
        parts.append(run_batches(tx, query, tied, {}))
    parts.append(derive(tx, {row["id"]: row["slot"] for row in rows.statements}, now.date()))
    return total(parts)


def _write_registry(
    entities: Sequence[Row],
    aliases: Sequence[Row],
    note: Mapping[str, Any],
    tx: neo4j.ManagedTransaction,
    _now: datetime,
) -> Written:
    return total([_write_entities(entities, aliases, tx), run(tx, cypher.NOTE_REGISTRY, note)])


def _write_entities(entities: Iterable[Row], aliases: Sequence[Row], tx: neo4j.ManagedTransaction) -> Written:
    by_label = sorted(entities, key=itemgetter("label", "id"))
    parts = [
        run_batches(tx, cypher.ENTITIES[EntityType(label)], list(group), {})
        for label, group in groupby(by_label, key=itemgetter("label"))
    ]
    parts.append(run_batches(tx, cypher.ALIASES, aliases, {}))
    return total(parts)
