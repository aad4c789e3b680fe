"""Tables are read page by page: when a page is wanted, by one query, whatever is written meanwhile."""

import asyncio
from datetime import date

import pytest

from kb.graph.connection import Graph
from kb.graph.reader import AsyncReader
from kb.graph.writer import Writer
from kb.registry import Registry
from schema import build_schema
from schema.table_requests import arguments_of
from schema.tables import TABLES, Pages, pages
from tests.schema import world
from tests.schema.conftest import Counting

SCHEMA = build_schema()
TODAY = date(2025, 6, 1)
DOCUMENTS = list(world.documents())


@pytest.fixture
def writer(graph: Graph) -> Writer:
    """Writes into a graph that holds the first document of the world."""
    writer = Writer(graph.driver, graph.database, Registry({}, {}))
    writer.write(*DOCUMENTS[0], "tests")
    return writer


def planned(size: int, **parameters: str) -> Pages:
    return pages(TABLES["figures"], arguments_of(SCHEMA, "figures", parameters.items()), TODAY, size)


def test_pages_are_read_when_they_are_wanted_one_query_each(graph: Graph, writer: Writer):

    async def read() -> None:
        counting = Counting(AsyncReader(graph.address))
        plan = planned(2, pick="ALL")
        found: list[str] = []
        async for page in plan.read(counting):
            found += [str(row[0]) for row in page]
            assert len(page) <= 2
            assert len(counting.queries) == -(-len(found) // 2)
        assert len(set(counting.queries)) == 1
        assert found == sorted(set(found))
        await counting.reader.close()

    asyncio.run(read())


def test_what_is_written_between_two_pages_moves_nothing(graph: Graph, writer: Writer):
    async def read() -> tuple[list[str], list[str]]:
        reader = AsyncReader(graph.address)
        before = [str(row[0]) async for page in planned(100, pick="ALL").read(reader) for row in page]
        found: list[str] = []
        async for page in planned(2, pick="ALL").read(reader):
            found += [str(row[0]) for row in page]
            writer.write(*DOCUMENTS[1], "tests")
        await reader.close()
        return before, found

    before, found = asyncio.run(read())
    assert found == sorted(set(found))
    assert set(before) <= set(found)
