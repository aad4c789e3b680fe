"""Totals are counted once for each state of the data."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.embedded import Address
from kb.graph.connection import open_driver
from kb.graph.reader import AsyncReader
from kb.graph.writer import Writer
from kb.registry import Registry
from schema import Context
from schema.enums import Dimension, EntityFacet
from schema.execution.executor import Executor
from schema.execution.totals import LARGEST, _is_small
from tests import facts as make
from tests.schema.conftest import PATIENCE, SCHEMA, Ask, asking

TOTALS = (
    "query($by: [Dimension!]!) { stats(by: $by, where: {metric: VALUATION}) { sum unit keys { value } } }"
)
SOURCE = make.document("Acme: 1 dollar. Bolt: 2 dollars. Acme: 4 dollars.")


@dataclass
class Watching:
    """Passes queries on to a reader, and notes how many records each gave."""

    reader: AsyncReader
    records: list[int] = field(default_factory=list)

    async def fetch(self, query: str, parameters: Mapping[str, object]) -> list[Mapping[str, Any]]:
        found = await self.reader.fetch(query, parameters)
        self.records.append(len(found))
        return found


def counted(neo4j: Address, *asked: list[str], write: bool = False) -> tuple[list[Any], list[int]]:
    """The sums that an application gives one after another, and the records that each query gave."""

    async def answers() -> tuple[list[Any], list[int]]:
        reader = Watching(AsyncReader(neo4j, timeout=PATIENCE))
        executor = Executor(SCHEMA._schema)
        given = []
        for number, by in enumerate(asked):
            if number and write:
                await asyncio.to_thread(add, neo4j)
            answer = await executor.answer(TOTALS, None, {"by": by}, Context(reader))
            assert answer is not None
            assert answer.errors == ()
            given.append(sorted(row["sum"] for row in answer.data["stats"]))
        await reader.reader.close()
        return given, reader.records

    return asyncio.run(answers())


LISTS = [
    "{ entities(orderBy: [{by: AS_OF, descending: true}]) { nodes { name } } }",
    "{ figures(first: 1) { total { value } } }",
    "{ documents(orderBy: [{by: TITLE}]) { nodes { id } } }",
]


@pytest.mark.parametrize("text", LISTS)
def test_a_page_for_which_all_is_looked_at_is_kept_while_the_data_stays(neo4j: Address, text: str) -> None:
    async def answers() -> list[int]:
        reader = Watching(AsyncReader(neo4j, timeout=PATIENCE))
        executor = Executor(SCHEMA._schema)
        given = []
        for number in range(3):
            if number == 2:
                await asyncio.to_thread(add, neo4j)
            answer = await executor.answer(text, None, {}, Context(reader))
            assert answer is not None
            assert answer.errors == ()
            given.append(answer.data)
        await reader.reader.close()
        assert given[0] == given[1] != given[2]
        return reader.records

    with world(neo4j):
        assert asyncio.run(answers()) == [1, 0, 1]


@given(st.integers(0, 2 * LARGEST), st.integers(1, 40))
def test_a_value_is_kept_where_it_has_few_enough_scalars(number: int, together: int) -> None:
    scalars = [float(n) for n in range(number)]
    value = [scalars[n : n + together] for n in range(0, number, together)]
    assert _is_small(value) is (number <= LARGEST)


def test_long_texts_are_not_kept() -> None:
    assert not _is_small([["x" * 50 * LARGEST]])


def add(neo4j: Address) -> None:
    fact = make.valuation(SOURCE, "2 dollars", 2, who="Bolt")
    with open_driver(neo4j) as driver:
        Writer(driver, neo4j.database, Registry({}, {})).write(SOURCE, make.extraction(SOURCE, fact), "more")


def world(neo4j: Address) -> Any:
    first = make.document("Acme: 1 dollar.", "first.txt")
    return asking(neo4j, [(first, make.extraction(first, make.valuation(first, "1 dollar", 1)))])


def test_the_same_totals_are_not_counted_again_while_the_data_stays(neo4j: Address) -> None:
    with world(neo4j):
        assert counted(neo4j, [], [], []) == ([[1.0], [1.0], [1.0]], [1, 0, 0])


def test_totals_are_counted_again_once_something_was_written(neo4j: Address) -> None:
    with world(neo4j):
        assert counted(neo4j, [], [], write=True) == ([[1.0], [3.0]], [1, 1])


def test_other_totals_are_counted_by_themselves(neo4j: Address) -> None:
    with world(neo4j):
        add(neo4j)
        assert counted(neo4j, [], ["SUBJECT"], ["SUBJECT"]) == ([[3.0], [1.0, 2.0], [1.0, 2.0]], [1, 1, 0])


EVERY = [
    *(f"{{ entities(first: 1) {{ facets(by: {facet}) {{ value count }} }} }}" for facet in EntityFacet),
    *(f"{{ stats(by: [{dimension}]) {{ count keys {{ value }} }} }}" for dimension in Dimension),
]


@pytest.mark.parametrize("text", EVERY)
def test_every_total_that_is_kept_is_the_one_that_graphql_core_counts(neo4j: Address, text: str) -> None:
    async def answer() -> Any:
        reader = AsyncReader(neo4j, timeout=PATIENCE)
        given = await Executor(SCHEMA._schema).answer(text, None, {}, Context(reader))
        await reader.close()
        assert given is not None
        return given

    with world(neo4j) as ask:
        kept, counted_anew = asyncio.run(answer()), ask(text)
    assert (kept.errors, counted_anew.errors) == ((), [])
    assert kept.data == counted_anew.data


def test_graphql_core_counts_them_too(neo4j: Address) -> None:
    ask: Ask
    with world(neo4j) as ask:
        for _ in range(2):
            assert ask(TOTALS, by=[]).data["stats"][0]["sum"] == 1.0
