"""Reading for the GraphQL layer: parameters, read mode, and a limit of time."""

import asyncio

import pytest
from neo4j.exceptions import ClientError

from kb.embedded import Address
from kb.errors import UsageError
from kb.graph.connection import Graph
from kb.graph.reader import AsyncReader

RUNNING = (
    "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery STARTS WITH 'UNWIND range' RETURN count(*) AS n"
)
ENDLESS = "UNWIND range(1, 10000000) AS a UNWIND range(1, 10000000) AS b RETURN count(a + b) AS n"


@pytest.fixture(params=[False, True], ids=["our own Bolt", "the official driver"])
def official(request: pytest.FixtureRequest) -> bool:
    return request.param


def fetch(
    address: Address, query: str, timeout: float = 10, *, official: bool, **parameters: object
) -> object:
    async def run() -> object:
        reader = AsyncReader(address, timeout=timeout, official=official)
        try:
            return await reader.fetch(query, parameters)
        finally:
            await reader.close()

    return asyncio.run(run())


def test_parameters_come_back_as_they_went_in(neo4j: Address, official: bool):
    assert fetch(neo4j, "RETURN $it AS it", official=official, it=["🚀", 1, None]) == [
        {"it": ["🚀", 1, None]}
    ]


def test_a_write_is_refused_by_the_server(neo4j: Address, official: bool):
    with pytest.raises(ClientError, match=r"[Ww]rit"):
        fetch(neo4j, "CREATE (n:Entity {id: 'company/x'}) RETURN n", official=official)


def test_a_query_beyond_its_time_is_told_in_a_sentence(neo4j: Address, official: bool):
    with pytest.raises(UsageError, match="longer than 1 s"):
        fetch(neo4j, ENDLESS, timeout=1, official=official)


def test_a_query_whose_task_is_cancelled_ends_in_the_database(graph: Graph, official: bool):
    def running() -> int:
        return graph.driver.execute_query(RUNNING, database_=graph.database).records[0]["n"]

    async def eventually(number: int) -> bool:
        for _ in range(100):
            if await asyncio.to_thread(running) == number:
                return True
            await asyncio.sleep(0.05)
        return False

    async def cancel() -> None:
        reader = AsyncReader(graph.address, official=official)
        task = asyncio.create_task(reader.fetch(ENDLESS, {}))
        assert await eventually(1)
        task.cancel()
        assert await eventually(0)
        await reader.close()

    asyncio.run(cancel())
