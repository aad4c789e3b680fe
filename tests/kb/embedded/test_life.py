"""One server per home, whatever happens to its clients, its supervisor and its JVM.

The tests share one home and follow each other: each begins with what the one before has left, as in life.
"""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Final, LiteralString

import neo4j
import pytest
from neo4j.exceptions import DriverError, Neo4jError

from kb.embedded import Address, EmbeddedServer, down, status
from kb.embedded.lease import holder
from tests.kb.embedded.conftest import Client, eventually, is_gone

StartClient = Callable[[Path, float], Client]
CLEAN_STOP = 30.0  # seconds that a stop may take on a busy machine
BOMB: Final = (
    "WITH range(1, 1000) AS a UNWIND range(1, 9) AS i WITH a + a + a + a + a + a + a + a + a + a AS a "
    "WITH a + a + a + a + a + a + a + a + a + a AS a WITH a + a + a + a + a + a + a + a + a + a AS a "
    "WITH a + a + a + a + a + a + a + a + a + a AS a WITH a + a + a + a + a + a + a + a + a + a AS a "
    "RETURN size([x IN a | x + 0.5]) AS n"
)


def write(address: Address, number: int) -> None:
    with neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        driver.execute_query("MERGE (:Kept {number: $number})", number=number, database_=address.database)


def run(address: Address, query: LiteralString) -> None:
    with neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        driver.session().run(query).consume()


def kept(address: Address) -> list[int]:
    with neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        rows = driver.execute_query(
            "MATCH (n:Kept) RETURN n.number AS n ORDER BY n", database_=address.database
        )
    return [row["n"] for row in rows.records]


def jvm_of(home: Path) -> int:
    pid = status(home).pid
    assert pid is not None
    return pid


def stopped(home: Path) -> bool:
    return eventually(lambda: not status(home).running and holder(home / "run" / "jvm") is None, CLEAN_STOP)


def test_two_clients_that_start_at_once_share_one_server(home: Path, client: StartClient) -> None:
    first, second = client(home, 600), client(home, 600)
    assert first.uri() == second.uri() != ""


def test_clients_killed_with_9_leave_no_server_behind(home: Path, client: StartClient) -> None:
    one, other = client(home, 0), client(home, 0)
    jvm = (one.uri(), other.uri(), jvm_of(home))[2]
    one.kill()
    assert status(home).running
    other.kill()
    assert stopped(home)
    assert is_gone(jvm)


def test_a_jvm_killed_with_9_comes_back_under_its_clients_with_all_that_was_acknowledged(home: Path) -> None:
    with EmbeddedServer(home, linger=600) as server:
        write(server.address, 1)
        killed = jvm_of(home)
        os.kill(killed, signal.SIGKILL)
        assert eventually(lambda: status(home).pid not in (None, killed), CLEAN_STOP)
        with EmbeddedServer(home, linger=600) as again:
            assert again.address == server.address
            assert kept(again.address) == [1]


def test_a_server_whose_heap_runs_out_comes_back(home: Path) -> None:
    with EmbeddedServer(home, linger=600) as server:
        write(server.address, 1)
        ended = jvm_of(home)
        with pytest.raises((DriverError, Neo4jError)):
            run(server.address, BOMB)
        assert eventually(lambda: status(home).pid not in (None, ended), CLEAN_STOP)
        with EmbeddedServer(home, linger=600) as again:
            assert 1 in kept(again.address)


def test_a_server_lingers_and_then_stops_cleanly(home: Path) -> None:
    with EmbeddedServer(home, linger=2):
        assert status(home).running
    assert status(home).running
    assert stopped(home)
    assert (home / "log" / "server.log").read_text().rstrip().endswith("Stopped.")


def test_a_supervisor_killed_with_9_takes_the_jvm_with_it_and_the_next_start_answers(home: Path) -> None:
    with EmbeddedServer(home, linger=600) as server:
        write(server.address, 2)
        jvm, supervisor = jvm_of(home), holder(home / "run" / "supervisor")
        assert supervisor is not None
        os.kill(supervisor, signal.SIGKILL)
        assert eventually(lambda: is_gone(jvm), CLEAN_STOP)
        assert not status(home).running
    with EmbeddedServer(home, linger=600) as again:
        assert kept(again.address) == [1, 2]


def test_another_home_is_another_server(home: Path, shared: EmbeddedServer, shared_home: Path) -> None:
    with EmbeddedServer(home, linger=600) as server:
        assert server.address.uri != shared.address.uri
        assert server.address.password != shared.address.password
        assert jvm_of(home) != jvm_of(shared_home)
    assert status(shared_home).running


def test_down_stops_a_server_at_once_though_it_is_used(home: Path) -> None:
    with EmbeddedServer(home, linger=600):
        assert down(home)
        assert not status(home).running
    assert not down(home)
