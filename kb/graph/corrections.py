"""Corrections that a person makes: a document is withdrawn, a fact rejected; each is kept and can be undone.

A withdrawal holds for the document's place: what is found there later is not read until it is undone. A
rejection holds for what a source claims: it hides the same claim in the source's later versions and later
readings, and leaves other sources that claim it alone.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

import neo4j

from kb.documents import GONE
from kb.errors import InputError, UsageError
from kb.graph import versions
from kb.graph.copies import regroup
from kb.graph.derivation import derive
from kb.graph.lookup import Lookup
from kb.graph.transactions import Work, batches, fetch, in_turn, run
from kb.statement_ids import SEPARATOR

_FOUND: Final = """
RETURN d.id AS id, d.source_key AS source, d.title AS title, d.places AS places, d.url AS url,
  d.superseded_by AS superseded_by, d.withdrawn_at IS NOT NULL AS withdrawn
ORDER BY id
"""

FIND: Final = f"""
CALL () {{
  UNWIND $names AS name
  CALL (name) {{
    MATCH (d:Document {{id: name}}) RETURN d
    UNION MATCH (d:Document {{source_key: name}}) WHERE d.superseded_by IS NULL RETURN d
    UNION MATCH (d:Document {{url: name}}) WHERE d.superseded_by IS NULL RETURN d
  }}
  RETURN DISTINCT d
}}
{_FOUND}"""

FIND_PLACE: Final = f"""
MATCH (d:Document) WHERE $place IN d.places AND d.superseded_by IS NULL
{_FOUND}"""

WITHDRAW: Final = """
UNWIND $ids AS id
MATCH (d:Document {id: id}) WHERE d.withdrawn_at IS NULL
SET d.withdrawn_at = $now, d.withdrawn_by = $by, d.withdrawn_why = $why
"""

LEAVE: Final = f"""
UNWIND $ids AS id
MATCH (d:Document {{id: id}}) WHERE d.superseded_by IS NULL
SET d.places = [], d.superseded_by = '{GONE}', d.superseded_at = $now
"""
"""The record is found nowhere; where it is found again, it takes its place as an older version does."""

RESTORE: Final = """
UNWIND $ids AS id
MATCH (d:Document {id: id}) WHERE d.withdrawn_at IS NOT NULL
WITH collect([d.source_key, d.withdrawn_at]) AS undone
UNWIND undone AS one
MATCH (d:Document {source_key: one[0]}) WHERE d.withdrawn_at = one[1]
REMOVE d.withdrawn_at, d.withdrawn_by, d.withdrawn_why
"""
"""With earlier versions that were withdrawn at the same time."""

CLAIMS: Final = """
UNWIND $ids AS id
MATCH (s:Statement {id: id})-[:EVIDENCED_BY]->(d:Document)
RETURN s.id AS id, s.claim_id AS claim, d.source_key AS source,
  COUNT { MATCH (o:Statement {claim_id: s.claim_id})-[:EVIDENCED_BY]->(e:Document)
          WHERE o.retracted_at IS NULL AND e.source_key <> d.source_key } AS others
"""

REJECT: Final = """
UNWIND $rows AS row
MERGE (r:Rejection {key: row.key})
ON CREATE SET r.claim_id = row.claim, r.source_key = row.source
WITH r WHERE r.at IS NULL OR r.undone_at IS NOT NULL
SET r.at = $now, r.by = $by, r.why = $why
REMOVE r.undone_at
"""

ACCEPT: Final = """
UNWIND $rows AS row
MATCH (r:Rejection {key: row.key}) WHERE r.undone_at IS NULL
SET r.undone_at = $now
"""

OF_CLAIM: Final = """
UNWIND $rows AS row
MATCH (s:Statement {claim_id: row.claim})-[:EVIDENCED_BY]->(d:Document {source_key: row.source})
RETURN DISTINCT s.id AS id
"""


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document that a person named."""

    id: str
    name: str
    places: tuple[str, ...]
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction did: how many facts changed, and how many facts of others claim the same."""

    facts: int
    elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class Left:
    """How many records their file has no more, and how many facts were retracted with them."""

    records: int
    facts: int


class Corrections:
    """Corrections of one database; each call is one transaction."""

    def __init__(self, driver: neo4j.Driver, database: str, by: str) -> None:
        """Correct in the name of somebody."""
        self._driver = driver
        self._database = database
        self._by = by

    def find(self, name: str, others: Sequence[str] = (), place: str | None = None) -> list[FoundDocument]:
        """The present documents of a document's id, a source's key or a URL; else those at a place.

        `others` are further ways to write the name. A URL names all that is held of its source.

        Raises:
            UsageError: when nothing or no single document goes by it, or a newer version took its place.
        """
        rows = self._read(FIND, {"names": [name, *others]})
        if not rows and place is not None:
            rows = self._read(FIND_PLACE, {"place": place})
        for row in rows:
            if row["superseded_by"] == GONE:
                raise UsageError(
                    f"{row['id']}: its source has this record no more, so its facts are retracted."
                )
            if row["superseded_by"] is not None:
                newer = row["superseded_by"]
                raise UsageError(f"Version {newer} took the place of this document: name that one.")
        by_url = bool(rows) and all(name in (row["url"], row["source"]) for row in rows) and "://" in name
        if len(rows) > 1 and not by_url:
            held = "; ".join(f"{row['id']} at {', '.join(row['places'] or ['?'])}" for row in rows)
            raise UsageError(f"{name} names {len(rows)} documents, give the id of one: {held}.")
        if not rows:
            raise UsageError(f"There is no document {name}: give its id, its URL or its path.")
        return [
            FoundDocument(
                row["id"], row["title"] or row["source"], tuple(row["places"] or ()), row["withdrawn"]
            )
            for row in rows
        ]

    def withdraw(self, documents: Sequence[str], why: str | None) -> Corrected:
        """Retract all that documents say, and what follows from them alone, until it is undone."""
        return self._turn(partial(_live, WITHDRAW, list(documents), {"by": self._by, "why": why}))

    def restore(self, documents: Sequence[str]) -> Corrected:
        """Undo a withdrawal: the facts that stood before stand again."""
        return self._turn(partial(_live, RESTORE, list(documents), {}))

    def leave(self, file: str, kept: Set[str]) -> Left:
        """Retract what the records of a file said that it has no more, until it has them again.

        `file` is the key of the file, `kept` are the keys of all of its records. A thousand records are
        retracted at a time; what was cut off is done by doing it again.
        """
        gone = [record.id for record in Lookup(self._driver, self._database).gone(file, kept)]
        done = [self._turn(partial(_live, LEAVE, batch, {})) for batch in batches(gone)]
        return Left(len(gone), sum(one.facts for one in done))

    def reject(self, facts: Sequence[str], why: str) -> Corrected:
        """Hide what the sources of these facts claim, until it is undone.

        Raises:
            InputError: when there is no such fact; nothing is changed then.
        """
        return self._turn(partial(_judge, REJECT, list(facts), {"by": self._by, "why": why}))

    def accept(self, facts: Sequence[str]) -> Corrected:
        """Undo a rejection.

        Raises:
            InputError: when there is no such fact; nothing is changed then.
        """
        return self._turn(partial(_judge, ACCEPT, list(facts), {}))

    def _turn(self, work: Work[Corrected]) -> Corrected:
        return in_turn(self._driver, self._database, work)

    def _read(self, query: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        with self._driver.session(database=self._database) as session:
            return session.execute_read(fetch, query, parameters)


def _live(
    query: str, documents: list[str], told: dict[str, Any], tx: neo4j.ManagedTransaction, now: datetime
) -> Corrected:
    run(tx, query, {**told, "ids": documents, "now": now})
    slots, _ = versions.settle_documents(tx, documents, now)
    regroup(tx, documents)
    derive(tx, slots, now.date())
    return Corrected(len(slots))


def _judge(
    query: str, facts: list[str], told: dict[str, Any], tx: neo4j.ManagedTransaction, now: datetime
) -> Corrected:
    claims = fetch(tx, CLAIMS, {"ids": facts})
    missing = sorted(set(facts) - {row["id"] for row in claims})
    if missing:
        raise InputError(
            f"There is no fact {', '.join(missing)}: give the id that a query or an export shows."
        )
    rows = [{**row, "key": f"{row['claim']}{SEPARATOR}{row['source']}"} for row in claims]
    run(tx, query, {**told, "rows": rows, "now": now})
    touched = [row["id"] for row in fetch(tx, OF_CLAIM, {"rows": rows})]
    slots, _ = versions.settle(tx, touched, now)
    derive(tx, slots, now.date())
    return Corrected(len(slots), max((row["others"] for row in claims), default=0))
