"""What the graph holds already: sources by key, facts of the versions in a place; nothing is written."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Final

import neo4j

from kb.documents import Difference, Document
from kb.facts import Extraction
from kb.graph.rows import document_row
from kb.graph.transactions import batches, fetch
from kb.graph.version_queries import REPLACED, STANDS
from kb.graph.versions import keys_of
from kb.statement_ids import claim_id, statement_id

_SOURCES: Final = "UNWIND $ids AS id MATCH (s:Source {key: id}) RETURN s.key AS id"
_STATEMENTS: Final = "UNWIND $ids AS id MATCH (s:Statement {id: id}) RETURN s.id AS id"

_RECORDS: Final = f"""
MATCH (d:Document) WHERE d.source_key STARTS WITH $file AND {STANDS}
RETURN d.id AS id, d.source_key AS key, d.title AS title, COUNT {{
  MATCH (d)<-[:EVIDENCED_BY]-(s:Statement) WHERE s.retracted_at IS NULL
}} AS facts
ORDER BY key, id
"""


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A record that stands: its document's id, its key and title, and how many facts stand with it."""

    id: str
    key: str
    title: str | None
    facts: int


class Lookup:
    """Looks up what would be new."""

    def __init__(self, driver: neo4j.Driver, database: str) -> None:
        """Look in one database of a server."""
        self._driver = driver
        self._database = database

    def has_source(self, document: Document) -> bool:
        """Whether the document's source is known, with this or another text."""
        return bool(self._there(_SOURCES, [document.source_key]))

    def difference(self, document: Document, extraction: Extraction) -> Difference:
        """What a load would change, beside the version in the document's place and an earlier reading."""
        claims = {statement_id(fact): claim_id(fact) for fact in extraction.facts}
        told = self._replaced(document, extraction.extractor.partition("/")[0])
        there = self._there(_STATEMENTS, sorted(claims))
        new = sum(1 for id_, claim in claims.items() if id_ not in there and claim not in told)
        return Difference(new, len(told.difference(claims.values())))

    def gone(self, file: str, kept: Set[str]) -> list[HeldRecord]:
        """The records of a file that it has no more; `kept` are the keys of all that it has."""
        with self._driver.session(database=self._database) as session:
            rows = session.execute_read(fetch, _RECORDS, {"file": f"{file}#"})
        return [HeldRecord(**row) for row in rows if row["key"] not in kept]

    def _replaced(self, document: Document, family: str) -> frozenset[str]:
        """The claims that stand now and rest on what the document would take the place of."""
        (row,) = keys_of([document_row(document)])
        with self._driver.session(database=self._database) as session:
            found = session.execute_read(fetch, REPLACED, {"row": row, "family": family})
        return frozenset(one["claim"] for one in found)

    def _there(self, query: str, ids: Sequence[str]) -> frozenset[str]:
        with self._driver.session(database=self._database) as session:
            found = [session.execute_read(fetch, query, {"ids": batch}) for batch in batches(ids)]
        return frozenset(row["id"] for rows in found for row in rows)
