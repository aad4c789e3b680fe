"""What the graph holds already: sources by key, statements by id; nothing is written."""

from collections.abc import Sequence
from typing import Final

import neo4j

from kb.documents import Document
from kb.facts import Extraction
from kb.graph.transactions import batches, fetch
from kb.statement_ids import statement_id

_SOURCES: Final = "UNWIND $ids AS id MATCH (s:Source {key: id}) RETURN s.key AS id"
_STATEMENTS: Final = "UNWIND $ids AS id MATCH (s:Statement {id: id}) RETURN s.id AS id"


class Lookup:
    """Looks up what would be new."""

    def __init__(self, driver: neo4j.Driver, database: str) -> None:
        """Look in one database of a server."""
        self._driver = driver
        self._database = database

    def has_source(self, document: Document) -> bool:
        """Whether the document's source is known, with this or another text."""
        return bool(self._there(_SOURCES, [document.source_key]))

    def new_facts(self, extraction: Extraction) -> int:
        """How many of the facts are in the graph in no form that was written from this document before."""
        ids = sorted({statement_id(fact) for fact in extraction.facts})
        return len(ids) - len(self._there(_STATEMENTS, ids))

    def _there(self, query: str, ids: Sequence[str]) -> frozenset[str]:
        with self._driver.session(database=self._database) as session:
            found = [session.execute_read(fetch, query, {"ids": batch}) for batch in batches(ids)]
        return frozenset(row["id"] for rows in found for row in rows)
