"""A small world in a real Neo4j, and a way to ask it that counts the queries."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from kb.documents import Document
from kb.embedded import Address
from kb.facts import Extraction
from kb.graph.connection import open_driver
from kb.graph.reader import AsyncReader
from kb.graph.writer import Writer
from kb.registry import Registry
from schema import Context, build_schema
from schema.cursors import Cursors
from schema.planner import entity_pages, indexed
from tests import doors
from tests.schema import industry, world

SCHEMA = build_schema()
TODAY = date(2025, 6, 1)
PATIENCE = 120.0
"""In seconds: a busy machine plans a query that it has not seen for longer than users would wait."""
CURSORS = Cursors(b"a secret of tests")


@dataclass
class Asked:
    """One answer: its data, its errors, and the queries that it took."""

    data: Any
    errors: list[str]
    queries: list[str] = field(default_factory=list)
    parameters: list[Mapping[str, object]] = field(default_factory=list)


@dataclass
class Counting:
    """Passes queries on to a reader and notes them."""

    reader: AsyncReader
    queries: list[str] = field(default_factory=list)
    parameters: list[Mapping[str, object]] = field(default_factory=list)

    async def fetch(self, query: str, parameters: Mapping[str, object]) -> list[Mapping[str, Any]]:
        self.queries.append(query)
        self.parameters.append(parameters)
        return await self.reader.fetch(query, parameters)


Ask = Callable[..., Asked]


@pytest.fixture(scope="module")
def ask(neo4j: Address) -> Iterator[Ask]:
    """Asks the world of `tests.schema.world`; the day is 1 June 2025."""
    with asking(neo4j, world.documents()) as put:
        yield put


@pytest.fixture(scope="module")
def ask_industry(neo4j: Address) -> Iterator[Ask]:
    """Asks the world of `tests.schema.industry`; the day is 1 June 2025."""
    with asking(neo4j, industry.documents()) as put:
        yield put


@pytest.fixture(params=[(1, 800), (1000, 800), (1000, 1)], ids=["dense", "few", "many"])
def each_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the first names many pass; or few, and few at all; or few, and too many at all to be sorted."""
    dense, many = request.param
    monkeypatch.setattr(indexed, "DENSE", dense)
    monkeypatch.setattr(entity_pages, "MANY", dict.fromkeys(entity_pages.MANY, many))


@contextmanager
def asking(neo4j: Address, documents: Iterable[tuple[Document, Extraction]]) -> Iterator[Ask]:
    """Fills an empty graph with the documents, and gives what asks it."""
    with open_driver(neo4j) as driver:
        driver.execute_query(doors.WIPE, database_=neo4j.database)
        writer = Writer(driver, neo4j.database, Registry({}, {}))
        writer.write_together(list(documents), "tests")
    with asyncio.Runner() as runner:
        reader = AsyncReader(neo4j, timeout=PATIENCE)

        def put(query: str, **variables: object) -> Asked:
            counting = Counting(reader)
            context = Context(counting, cursors=CURSORS, today=lambda: TODAY)
            result = runner.run(SCHEMA.execute(query, variables, context_value=context))
            errors = [error.message for error in result.errors or ()]
            return Asked(result.data, errors, counting.queries, counting.parameters)

        yield put
        runner.run(reader.close())


def joined_pages(read: Callable[..., Any], length: int) -> tuple[list[str], list[str]]:
    """The names of a list of that length, read in pages of two from its beginning, and from its end."""
    forward: list[str] = []
    backward: list[str] = []
    cursor = None
    while len(forward) < length:
        found = read(first=2, after=cursor)
        forward += [node["name"] for node in found["nodes"]]
        cursor = found["pageInfo"]["endCursor"]
    assert not found["pageInfo"]["hasNextPage"]
    cursor = None
    while len(backward) < length:
        found = read(last=2, before=cursor)
        backward = [node["name"] for node in found["nodes"]] + backward
        cursor = found["pageInfo"]["startCursor"]
    return forward, backward
