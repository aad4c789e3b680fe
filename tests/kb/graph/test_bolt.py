"""Reading over Bolt: the official driver's answers, and connections that survive what happens to them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from neo4j.exceptions import AuthError, ClientError, ServiceUnavailable

from kb.embedded import Address
from kb.graph.bolt import BoltPool
from kb.graph.bolt.messages import Reassembly
from kb.graph.connection import Graph
from kb.graph.reader import DriverPool

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary(max_size=300)
    | st.dates(date(1, 1, 1))
    | st.datetimes(timezones=st.just(UTC))
    | st.times()
    | st.timedeltas(timedelta(-9999), timedelta(9999))
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(), inner, max_size=20),
    max_leaves=40,
)


@pytest.fixture
def both(neo4j: Address) -> Iterator[Callable[[str, Any], tuple[Any, Any]]]:
    """Asks one query twice: our way, and by the official driver."""
    with asyncio.Runner() as runner:

        async def opened() -> tuple[BoltPool, DriverPool]:
            return BoltPool(neo4j), DriverPool(neo4j)

        ours, theirs = runner.run(opened())
        yield lambda text, parameters: (
            runner.run(ours.fetch(text, parameters, 10)),
            runner.run(theirs.fetch(text, parameters, 10)),
        )
        runner.run(ours.close())
        runner.run(theirs.close())


def with_pool(address: Address, work: Callable[[BoltPool], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        pool = BoltPool(address)
        try:
            return await work(pool)
        finally:
            await pool.close()

    return asyncio.run(run())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(VALUES, max_size=5))
def test_every_value_comes_back_as_the_official_driver_gives_it(
    both: Callable[[str, Any], tuple[Any, Any]], values: list[Any]
):
    ours, theirs = both("UNWIND $values AS value RETURN value, [value, 1] AS pair", {"values": values})
    assert repr(ours) == repr(theirs)


def test_nodes_and_relationships_come_back_as_the_official_driver_gives_them(
    graph: Graph, both: Callable[[str, Any], tuple[Any, Any]]
):
    graph.driver.execute_query("CREATE (:Entity {id: 'a'})-[:KNOWS {since: 1}]->(:Entity {id: 'b'})")
    ours, theirs = both("MATCH p = (a:Entity)-[r:KNOWS]->(b) RETURN a, r, p", {})
    assert len(ours) == 1
    assert [[str(value) for value in row.values()] for row in ours] == [
        [str(value) for value in row.values()] for row in theirs
    ]


@given(messages=st.lists(st.binary(min_size=1, max_size=300), max_size=8), data=st.data())
def test_messages_are_the_same_however_they_are_cut(messages: list[bytes], data: st.DataObject):
    stream = bytearray()
    for message in messages:
        at = data.draw(st.integers(1, len(message)))
        for part in filter(None, (message[:at], message[at:])):
            stream += len(part).to_bytes(2) + part
        stream += bytes(2 * data.draw(st.integers(1, 3)))  # what is too many keeps a connection alive
    reading = Reassembly()
    found: list[bytearray] = []
    while stream:
        at = data.draw(st.integers(1, len(stream)))
        found += reading.messages(bytes(stream[:at]))
        del stream[:at]
    assert found == messages


def test_a_large_answer_to_a_large_question_is_whole(neo4j: Address):
    many = ["x" * 1000] * 2000

    async def work(pool: BoltPool) -> Any:
        return await pool.fetch("UNWIND range(1, 3) AS n RETURN n, $many AS many", {"many": many}, 10)

    rows = with_pool(neo4j, work)
    assert [(row["n"], row["many"] == many) for row in rows] == [(1, True), (2, True), (3, True)]


def test_queries_beyond_the_number_of_connections_take_turns(neo4j: Address):
    async def work(pool: BoltPool) -> Any:
        return await asyncio.gather(*(pool.fetch("RETURN $n AS n", {"n": n}, 10) for n in range(300)))

    assert [rows[0]["n"] for rows in with_pool(neo4j, work)] == list(range(300))


def test_one_connection_serves_queries_one_after_the_other(neo4j: Address):
    async def work(pool: BoltPool) -> int:
        for _ in range(5):
            await pool.fetch("RETURN 1 AS one", {}, 10)
        rows = await pool.fetch(
            "SHOW TRANSACTIONS YIELD connectionId, currentQuery WHERE currentQuery STARTS WITH 'SHOW' "
            "RETURN connectionId",
            {},
            10,
        )
        again = await pool.fetch(
            "SHOW TRANSACTIONS YIELD connectionId, currentQuery WHERE currentQuery STARTS WITH 'SHOW' "
            "RETURN connectionId",
            {},
            10,
        )
        return len({row["connectionId"] for row in (*rows, *again)})

    assert with_pool(neo4j, work) == 1


def test_a_refused_query_does_not_spoil_the_next_one(neo4j: Address):
    async def work(pool: BoltPool) -> Any:
        with pytest.raises(ClientError, match="Invalid input"):
            await pool.fetch("NO CYPHER", {}, 10)
        return await pool.fetch("RETURN 1 AS one", {}, 10)

    assert with_pool(neo4j, work) == [{"one": 1}]


def test_a_parameter_that_is_no_value_is_refused_before_it_is_sent(neo4j: Address):
    async def work(pool: BoltPool) -> Any:
        with pytest.raises((TypeError, ValueError)):
            await pool.fetch("RETURN $it AS it", {"it": object()}, 10)
        with pytest.raises(OverflowError):
            await pool.fetch("RETURN $it AS it", {"it": 2**63}, 10)
        return await pool.fetch("RETURN 1 AS one", {}, 10)

    assert with_pool(neo4j, work) == [{"one": 1}]


def test_a_wrong_password_is_told_as_that(neo4j: Address):
    wrong = Address(neo4j.uri, neo4j.user, "wrong", neo4j.database)
    with pytest.raises(AuthError):
        with_pool(wrong, lambda pool: pool.fetch("RETURN 1 AS one", {}, 10))


def test_no_server_is_told_as_that():
    with pytest.raises(ServiceUnavailable):
        with_pool(Address("bolt://127.0.0.1:1", "neo4j", "x"), lambda pool: pool.fetch("RETURN 1", {}, 10))


def test_a_server_that_speaks_something_else_is_told_as_that():
    async def run() -> None:
        async def http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(1)
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            writer.close()

        async with await asyncio.start_server(http, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            pool = BoltPool(Address(f"bolt://127.0.0.1:{port}", "neo4j", "x"))
            await pool.fetch("RETURN 1", {}, 10)

    with pytest.raises(ServiceUnavailable, match="none of Bolt"):
        asyncio.run(run())


async def relay(address: Address, cut: asyncio.Event) -> asyncio.Server:
    """A server that hands on to the database, and hangs up everywhere once when told to."""
    host, port = address.uri.removeprefix("bolt://").split(":")

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(host, int(port))
        tasks: list[asyncio.Task[Any]] = [
            asyncio.create_task(pump(reader, back)),
            asyncio.create_task(pump(there, writer)),
        ]
        if not cut.is_set():
            tasks.append(asyncio.create_task(cut.wait()))
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        writer.close()
        back.close()

    return await asyncio.start_server(serve, "127.0.0.1", 0)


def test_connections_that_were_cut_while_nobody_used_them_are_opened_again(neo4j: Address):
    async def run() -> Any:
        cut = asyncio.Event()
        async with await relay(neo4j, cut) as server:
            port = server.sockets[0].getsockname()[1]
            pool = BoltPool(Address(f"bolt://127.0.0.1:{port}", neo4j.user, neo4j.password))
            await asyncio.gather(*(pool.fetch("RETURN 1 AS one", {}, 10) for _ in range(4)))
            cut.set()
            rows = await asyncio.gather(*(pool.fetch("RETURN $n AS n", {"n": n}, 10) for n in range(8)))
            await pool.close()
            return [row[0]["n"] for row in rows]

    assert asyncio.run(run()) == list(range(8))


def test_a_connection_that_is_cut_in_the_middle_of_an_answer_is_an_error(neo4j: Address):
    async def run() -> None:
        cut = asyncio.Event()
        async with await relay(neo4j, cut) as server:
            port = server.sockets[0].getsockname()[1]
            pool = BoltPool(Address(f"bolt://127.0.0.1:{port}", neo4j.user, neo4j.password))
            endless = "UNWIND range(1, 10000000) AS a UNWIND range(1, 10000000) AS b RETURN count(a + b) AS n"
            asked = asyncio.create_task(pool.fetch(endless, {}, 10))
            await asyncio.sleep(0.5)
            cut.set()
            try:
                await asked
            finally:
                await pool.close()

    with pytest.raises(ServiceUnavailable):
        asyncio.run(run())
