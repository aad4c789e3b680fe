"""All that a process has open on a server, to be closed and opened again in the middle of a test."""

import asyncio
import os
import signal
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any, LiteralString

from kb import embedded
from kb.embedded import Address, EmbeddedServer
from kb.graph.connection import Graph, open_driver
from kb.graph.export import export_statements
from kb.graph.migrate import migrate
from kb.graph.reader import AsyncReader
from schema import Context, build_schema

PATIENCE = 120.0
"""In seconds: a server that has just started plans every query anew."""

SCHEMA = build_schema()

EDGES = """
MATCH (a:Entity)-[e]->(b) WHERE e.id IS NOT NULL
RETURN type(e) AS type, a.id AS one, CASE WHEN b:Entity THEN b.id END AS other,
       sum(coalesce(e.statements, 1)) AS statements
"""
COPIES = """
MATCH (d:Document) WHERE d.superseded_by IS NULL AND d.withdrawn_at IS NULL
RETURN d.source_key AS source, d.cluster AS cluster
"""
LIVING = "MATCH (e:Entity) RETURN e.id AS id ORDER BY id"
MERGED = "MATCH (m:MergedEntity)-[:MERGED_INTO]->(e:Entity) RETURN m.id AS id, e.id AS stands"
NAMED = "MATCH (a:Alias)-[:NAMES]->(e:Entity) RETURN a.key AS key, e.id AS id"


@contextmanager
def served(home: Path) -> Generator[Address]:
    """The embedded server of a home, with the schema applied."""
    with EmbeddedServer(home, linger=0) as server:
        with open_driver(server.address) as driver:
            migrate(driver, server.address.database)
        yield server.address


def stop(home: Path, *, killed: bool) -> None:
    """End the home's server, in good order or by kill -9."""
    pid = embedded.status(home).pid
    if killed and pid is not None:
        os.kill(pid, signal.SIGKILL)
    else:
        embedded.down(home)


class Site:
    """A graph with a driver, and a reader for GraphQL."""

    graph: Graph

    def __init__(self, serve: Callable[[], AbstractContextManager[Address]]) -> None:
        self._serve = serve
        self._server = ExitStack()
        self._connections = ExitStack()

    def open(self) -> None:
        """Reach the server, which starts where it does not run."""
        self._connect(self._server.enter_context(self._serve()))

    def close(self) -> None:
        """Leave nothing open."""
        self._connections.close()
        self._server.close()

    def reopen(self) -> None:
        """Close all connections, and open others."""
        self._connections.close()
        self._connect(self.graph.address)

    def _connect(self, address: Address) -> None:
        driver = self._connections.enter_context(open_driver(address))
        self.graph = Graph(driver, address)
        self._runner = self._connections.enter_context(asyncio.Runner())
        self._reader = AsyncReader(address, timeout=PATIENCE)
        self._connections.callback(lambda: self._runner.run(self._reader.close()))

    def ask(self, query: str, **variables: object) -> Any:
        """What GraphQL answers."""
        asked = SCHEMA.execute(query, variables, context_value=Context(self._reader))
        answer = self._runner.run(asked)
        assert not answer.errors, answer.errors
        return answer.data

    def rows(self, query: LiteralString) -> list[Any]:
        """The records of a query in Cypher."""
        found = self.graph.driver.execute_query(query, database_=self.graph.database)
        return [record.data() for record in found.records]

    def lines(self) -> list[Mapping[str, Any]]:
        """The export of what stands, with ranks."""
        return list(export_statements(self.graph.driver, self.graph.database))

    def edges(self) -> Counter[tuple[str, str, str | None]]:
        """The plain edges, with how many statements make each."""
        told: Counter[tuple[str, str, str | None]] = Counter()
        for row in self.rows(EDGES):
            told[row["type"], row["one"], row["other"]] += row["statements"]
        return told

    def copies(self) -> set[frozenset[str]]:
        """The sources that stand, put together by their clusters."""
        together: dict[str, set[str]] = defaultdict(set)
        for row in self.rows(COPIES):
            together[row["cluster"]].add(row["source"])
        return {frozenset(some) for some in together.values()}

    def entities(self) -> list[str]:
        """Those that stand for themselves."""
        return [row["id"] for row in self.rows(LIVING)]

    def redirects(self) -> dict[str, str]:
        """Where the ids lead that stand for nobody."""
        return {row["id"]: row["stands"] for row in self.rows(MERGED)}

    def names(self) -> set[tuple[str, str]]:
        """The names by key, with whom they lead to."""
        return {(row["key"], row["id"]) for row in self.rows(NAMED)}
