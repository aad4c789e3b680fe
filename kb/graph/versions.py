"""Documents' lives: the version that stands at a place, and which facts stand with it.

A place (a file, a URL, a record's id) holds one version of a source at a time. The version that is read
there takes the place; one that is held nowhere any more is superseded, and its facts are retracted. Whether
a fact stands follows from its document, its readings and its rejection alone, so that each of them can be
undone without a look at the others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import neo4j

from kb.graph import version_queries as cypher
from kb.graph.fact_counts import take_back
from kb.graph.rows import DocumentRows, Row
from kb.graph.transactions import Written, batches, change, fetch, run, run_batches, total

Slots = Mapping[str, str]
"""The slots of statements, by their ids."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the graph had of documents that are being written: themselves, and versions in their places."""

    same: frozenset[str]
    others: frozenset[str]

    @property
    def nothing(self) -> bool:
        """Whether all of them are new."""
        return not (self.same or self.others)


NEW: Final = Earlier(frozenset(), frozenset())


def earlier(tx: neo4j.ManagedTransaction, documents: Sequence[Row]) -> Earlier:
    """What the graph has of these documents now."""
    return earlier_of(
        row for batch in batches(keys_of(documents)) for row in fetch(tx, cypher.EARLIER, {"rows": batch})
    )


def keys_of(documents: Sequence[Row]) -> list[Row]:
    """What the queries take to find documents and the versions in their places."""
    return [{key: row[key] for key in ("id", "source_key", "places")} for row in documents]


def earlier_of(told: Iterable[Row]) -> Earlier:
    """What was answered about documents."""
    rows = list(told)
    return Earlier(
        same=frozenset(row["id"] for row in rows if row["there"]),
        others=frozenset(other for row in rows for other in row["others"]),
    )


def take_places(
    tx: neo4j.ManagedTransaction, documents: Sequence[Row], before: Earlier, now: datetime
) -> Written:
    """Put documents in their places, and supersede what is held nowhere any more."""
    if before.nothing:
        return total(())
    rows = keys_of(documents)
    again = [row for row in rows if row["id"] in before.same]
    return total(
        [
            run_batches(tx, cypher.TAKE_PLACE, again, {}),
            run_batches(tx, cypher.GIVE_PLACE, rows, {"now": now}),
        ]
    )


def read_again(
    tx: neo4j.ManagedTransaction, rows: DocumentRows, before: Earlier, told: Mapping[str, Any]
) -> tuple[set[str], Written]:
    """Bring documents that were there up to date with a new reading; gives the slots that facts have left.

    Run before the statements are written, of which some are there: they may lead to other entities now.
    """
    documents = [row for row in rows.documents if row["id"] in before.same]
    if not documents:
        return set(), total(())
    known = [row for row in rows.statements if row["document"] in before.same]
    counted = take_back(tx, known)
    moved = [change(tx, cypher.MOVE, {"rows": batch}) for batch in batches(known)]
    described = [{key: row.get(key) for key in ("id", *cypher.DESCRIBED)} for row in documents]
    parts = [
        run_batches(tx, cypher.DESCRIBE, described, {}),
        run_batches(tx, cypher.READ, documents, told),
        run_batches(tx, cypher.UNTIE, known, {}),
        run_batches(tx, cypher.REFINE, known, told),
        counted,
        *(part for _, part in moved),
    ]
    return {row["before"] for some, _ in moved for row in some}, total(parts)


def lose(
    tx: neo4j.ManagedTransaction, rows: DocumentRows, before: Earlier, told: Mapping[str, Any]
) -> Written:
    """Note which facts of documents that were there before the new reading finds no more."""
    if not before.same:
        return total(())
    found = [row["id"] for row in rows.statements if row["document"] in before.same]
    return run(tx, cypher.FOUND, {**told, "documents": sorted(before.same), "found": found})


def settle_documents(
    tx: neo4j.ManagedTransaction, documents: Iterable[str], now: datetime
) -> tuple[Slots, Written]:
    """Retract, or bring back, the facts of documents whose lives changed; gives what changed."""
    named = sorted(set(documents))
    ids = fetch(tx, cypher.STATEMENTS_OF, {"documents": named}) if named else []
    return settle(tx, (row["id"] for row in ids), now)


def settle(tx: neo4j.ManagedTransaction, statements: Iterable[str], now: datetime) -> tuple[Slots, Written]:
    """Retract the statements that stand no more, and bring back those that do again."""
    settled = [
        change(tx, cypher.SETTLE, {"rows": batch, "now": now}) for batch in batches(sorted(set(statements)))
    ]
    slots = {row["id"]: row["slot"] for rows, _ in settled for row in rows}
    return slots, total(part for _, part in settled)
