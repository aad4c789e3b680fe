"""The write path: documents are written whole in one transaction, whose commit is the acknowledgement.

Rows are free of duplicates and sorted by key. Ids are deterministic, so a transaction whose commit was
lost on the way is simply run again: what is there already stays as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from operator import itemgetter
from typing import Any, Final

import neo4j

from kb.documents import FILE, Document, Standing, keys_of_file, sha256
from kb.facts import Extraction
from kb.graph import additions, version_queries, versions
from kb.graph import write_queries as cypher
from kb.graph.clusters import joined, stands_for, write_aliases
from kb.graph.copies import group_new, regroup
from kb.graph.derivation import derive
from kb.graph.known import Known, known_of
from kb.graph.refused import fault_of_documents
from kb.graph.rows import DocumentRows, Row, alias_row, document_row, document_rows, entity_row
from kb.graph.transactions import NOTHING, Work, Written, batches, fetch, in_turn, run, run_batches, total
from kb.ontology import Kind
from kb.registry import Registry
from kb.registry_facts import EXTRACTOR as REGISTRY
from kb.resolution import Resolver, known

_OTHERS: Final = {"speaker": cypher.SPEAKERS, "offered_by": cypher.SELLERS}
_ENDS: Final = {"object": cypher.OBJECTS, **_OTHERS}

_FOUND: Final = ("id", "source_key", "places", *version_queries.TOLD)


class Writer:
    """Writes documents with their facts; resolves every mention through one registry."""

    def __init__(self, driver: neo4j.Driver, database: str, registry: Registry) -> None:
        """Write to one database of a server, resolving against one registry."""
        self._driver = driver
        self._database = database
        self._registry = registry
        self._resolver = Resolver(registry)

    def standing(
        self, documents: Iterable[Document], extractor: str, *, noted: bool = True
    ) -> Mapping[str, Standing]:
        """What the graph has of documents that were found: those that it lacks are not in the answer.

        A document that is there and was found at another place is `noted` as held there too.
        """
        found = {document.id: document for document in documents}
        answer: dict[str, Standing] = {}
        elsewhere: list[Row] = []
        for batch in batches([document_row(found[id_]) for id_ in sorted(found)]):
            rows = [{key: row.get(key) for key in _FOUND} for row in batch]
            by_id = {row["id"]: row for row in rows}
            with self._session() as session:
                told = session.execute_read(
                    fetch, version_queries.STANDING, {"rows": rows, "extractor": extractor}
                )
            for row in told:
                if row["withdrawn"]:
                    answer[row["id"]] = Standing.WITHDRAWN
                elif row["read"]:
                    answer[row["id"]] = Standing.READ
                    elsewhere += [] if row["placed"] else [by_id[row["id"]]]
        if elsewhere and noted:
            self._transaction(partial(_hold, elsewhere))
        return answer

    def held_as(self, documents: Iterable[Document]) -> Mapping[str, str]:
        """The keys of the sources that files are held as, by their places, where those are not their own.

        A file's key is its path within what was loaded: with its folder it had another one than alone.
        """
        own = {one.place: one.source_key for one in documents if one.place.startswith(FILE)}
        rows = [{"place": place, "keys": keys_of_file(place)} for place in sorted(own)]
        with self._session() as session:
            found = [
                row
                for batch in batches(rows)
                for row in session.execute_read(fetch, version_queries.HELD_AS, {"rows": batch})
            ]
        return {row["place"]: row["key"] for row in found if own[row["place"]] not in row["keys"]}

    @cached_property
    def registry_digest(self) -> str:
        """Which state of the registry's names documents are resolved against."""
        entities, aliases = self._names
        return sha256(repr((entities, aliases)).encode())

    @cached_property
    def _names(self) -> tuple[list[Row], list[Row]]:
        """The registry's entities, and their names by key."""
        entries = self._registry.entries.values()
        aliases = {
            (row["key"], row["entity"]): row
            for entry in entries
            for row in (alias_row(entry.type, form, entry.id) for form in entry.forms)
        }
        return [entity_row(known(entry)) for entry in entries], [aliases[key] for key in sorted(aliases)]

    def write_registry(self) -> Written:
        """Make a node of every registry entry, and bring names and aliases up to date.

        Nothing that a record claims is written here: claims are facts of the record's own documents. A
        registry whose names are all in the graph already costs one small query.
        """
        entities, aliases = self._names
        digest = self.registry_digest
        note = {"extractor": REGISTRY, "digest": digest}
        with self._session() as session:
            there = session.execute_read(fetch, cypher.REGISTRY_DIGEST, {"extractor": REGISTRY})
        if any(row["digest"] == digest for row in there):
            return NOTHING
        return self._transaction(partial(_write_registry, entities, aliases, note))

    def write(
        self, document: Document, extraction: Extraction, ingest: str, *, placed: bool = True
    ) -> Written:
        """Write one document and everything found in it, whole or not at all.

        The version that was at the document's place before is superseded, and facts of the document that an
        earlier version of the extractor found and this one does not are retracted. A document that was not
        found now but is read again is not `placed`. Returns when the server has acknowledged the commit.

        Raises:
            InputError: when the database cannot hold what the document says; the fault is the document's.
            neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError: when the server stays away or
                refuses all work; nothing of the document is in the graph then, or all of it is.
        """
        return self.write_together([(document, extraction)], ingest, placed=placed)

    def write_together(
        self, found: Sequence[tuple[Document, Extraction]], ingest: str, *, placed: bool = True
    ) -> Written:
        """Write several documents of one extractor in one transaction, all or none.

        Of one source there is one document among them: versions of it take turns.

        Raises:
            InputError: when the database cannot hold what one of them says, or all of it at once.
        """
        with fault_of_documents(sum(len(extraction.facts) for _, extraction in found)):
            rows = document_rows(found, self._resolver)
            extractor = found[0][1].extractor
            told = {
                "extractor": extractor,
                "family": extractor.partition("/")[0],
                "registry": self.registry_digest,
                "ingest": ingest,
            }
            return self._transaction(partial(_write_documents, rows, told, placed))

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


def _hold(rows: Sequence[Row], tx: neo4j.ManagedTransaction, now: datetime) -> Written:
    """Note that documents that stand are held at another place too, whose version before they supersede."""
    before = versions.earlier(tx, rows)
    placed = versions.take_places(tx, rows, before, now)
    slots, settled = versions.settle_documents(tx, [*before.same, *before.others], now)
    grouped = regroup(tx, [*before.same, *before.others])
    return total([placed, settled, grouped, derive(tx, slots, now.date())])


def _write_documents(
    rows: DocumentRows,
    told: Mapping[str, Any],
    placed: bool,  # noqa: FBT001 - a part of the work, given once
    tx: neo4j.ManagedTransaction,
    now: datetime,
) -> Written:
    base = {**told, "now": now}
    there = known_of(tx, rows)
    before = there.earlier
    stands = joined(tx, rows.entities, there.stands_for, now.date())
    rows = rows.under(stands).lacking(there.named)
    parts = [
        run_batches(tx, cypher.DOCUMENTS, rows.documents, base),
        versions.take_places(tx, rows.documents, before if placed else versions.NEW, now),
        write_entities(rows.entities, rows.aliases, stands, tx),
    ]
    # who stands for others may have changed just now, and slots with that
    free = there.free if stands == there.stands_for else frozenset[str]()
    slots, left, added = _write_statements(tx, rows, before, free, base)
    settled, retracted = _settle(tx, rows, there, now)
    grown = before.nothing and not settled
    parts += [
        added,
        retracted,
        _regroup(tx, rows, there),
        derive(tx, {**slots, **settled}, now.date(), left, grown=grown),
    ]
    return total(parts)


def _write_statements(
    tx: neo4j.ManagedTransaction,
    rows: DocumentRows,
    before: versions.Earlier,
    free: frozenset[str],
    base: Mapping[str, Any],
) -> tuple[versions.Slots, set[str], Written]:
    """Write the statements; gives their slots, and others, of which something has to be derived."""
    if before.nothing:
        left, added = additions.add(tx, rows, free, base)
        return {}, left, total([added, _tie(tx, rows, _OTHERS)])
    left, updated = _update(tx, rows, before, base)
    slots = {row["id"]: row["slot"] for row in rows.statements}
    return slots, left, total([updated, _tie(tx, rows, _ENDS)])


def _update(
    tx: neo4j.ManagedTransaction, rows: DocumentRows, before: versions.Earlier, base: Mapping[str, Any]
) -> tuple[set[str], Written]:
    """Write statements of which some are there; gives the slots that those have left."""
    left, again = versions.read_again(tx, rows, before, base)
    parts = [again]
    parts += [run_batches(tx, cypher.STATEMENTS[kind], rows.of_kind(kind), base) for kind in Kind]
    parts.append(versions.lose(tx, rows, before, base))
    return left, total(parts)


def _tie(tx: neo4j.ManagedTransaction, rows: DocumentRows, ends: Mapping[str, str]) -> Written:
    """Tie the statements to their ends beside the subject."""
    return total(
        run_batches(tx, query, [row for row in rows.statements if row[end] is not None], {})
        for end, query in ends.items()
    )


def _settle(
    tx: neo4j.ManagedTransaction, rows: DocumentRows, there: Known, now: datetime
) -> tuple[versions.Slots, Written]:
    """Settle what the new versions and readings touch; of new documents, only facts that may be rejected."""
    same, others = there.earlier.same, there.earlier.others
    lives, parts = versions.settle_documents(tx, [*same, *others], now)
    if not there.rejections:
        return lives, parts
    new = [row["id"] for row in rows.statements if row["document"] not in same]
    rejected, more = versions.settle(tx, new, now)
    return {**lives, **rejected}, total([parts, more])


def _regroup(tx: neo4j.ManagedTransaction, rows: DocumentRows, there: Known) -> Written:
    """Find copies of the documents; what the registry says is made here and has none."""
    papers = rows.papers
    if there.earlier.nothing:
        return group_new(tx, papers, there.near)
    return regroup(tx, [*(row["id"] for row in papers), *there.earlier.others])


def _write_registry(
    entities: Sequence[Row],
    aliases: Sequence[Row],
    note: Mapping[str, Any],
    tx: neo4j.ManagedTransaction,
    now: datetime,
) -> Written:
    stands = joined(tx, entities, stands_for(tx, entities), now.date())
    return total([write_entities(entities, aliases, stands, tx), run(tx, cypher.NOTE_REGISTRY, note)])


def write_entities(
    entities: Iterable[Row],
    aliases: Sequence[Row],
    stands: Mapping[str, str],
    tx: neo4j.ManagedTransaction,
) -> Written:
    """Make the entities and lead their names to them; those of clusters are there already."""
    own = sorted((row for row in entities if row["id"] not in stands), key=itemgetter("id"))
    parts = [run_batches(tx, cypher.ENTITIES, own, {})]
    free = [row for row in aliases if row["entity"] not in stands]
    parts.append(run_batches(tx, cypher.ALIASES, free, {}))
    parts.append(write_aliases(tx, (row for row in aliases if row["entity"] in stands), stands))
    return total(parts)
