"""The connection is cut while a commit is on its way: the document is there once, whatever became of it."""

import os
import random
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import replace

import neo4j
import pytest
from neo4j.exceptions import ClientError, ResultFailedError, ServiceUnavailable, TransientError

from kb.documents import Document
from kb.facts import Extraction
from kb.graph.checks import run_checks
from kb.graph.connection import Graph, open_driver
from kb.graph.export import export_statements
from kb.graph.transactions import in_turn, patiently, transaction
from kb.graph.writer import Writer
from kb.registry import Registry
from tests import doors
from tests import facts as make

CUTS = int(os.environ.get("KB_TEST_CUTS", "10"))
COMMIT = b"\x00\x02\xb0\x12\x00\x00"
"""Bolt's message of that name, in its one chunk and with the end of the message."""
NO_REGISTRY = Registry({}, {})


class Relay:
    """A way to the database that cuts the connection at the next commits that it was told to."""

    def __init__(self, host: str, port: int) -> None:
        self._there = (host, port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._chance = random.Random(20250401)
        self.left = 0
        self.handed_on = 0
        self.kept_back = 0

    @property
    def port(self) -> int:
        return self._listening.getsockname()[1]

    def serve(self) -> None:
        with suppress(OSError):  # the end of it
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(self._there)
                for work in (self._up, self._down):
                    threading.Thread(target=work, args=(client, server), daemon=True).start()

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _up(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                if data.endswith(COMMIT) and self.left:
                    self._cut(client, server, data)
                    return
                server.sendall(data)
        _hang_up(client, server)

    def _down(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                client.sendall(data)
        _hang_up(client, server)

    def _cut(self, client: socket.socket, server: socket.socket, data: bytes) -> None:
        """The client never hears of its commit, which the database did or did not hear of."""
        self.left -= 1
        client.shutdown(socket.SHUT_RDWR)
        if self._chance.random() < 0.5:
            server.sendall(data)
            self.handed_on += 1
        else:
            self.kept_back += 1
        server.shutdown(socket.SHUT_RDWR)


def _hang_up(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def relayed(graph: Graph) -> Generator[tuple[Graph, Relay]]:
    host, port = graph.address.uri.rpartition("//")[2].split(":")
    relay = Relay(host, int(port))
    threading.Thread(target=relay.serve, daemon=True).start()
    try:
        address = replace(graph.address, uri=f"bolt://127.0.0.1:{relay.port}")
        with open_driver(address) as driver:
            yield Graph(driver, address), relay
    finally:
        relay.close()


def telling(number: int) -> tuple[Document, Extraction]:
    """A document with two facts that is no copy of another."""
    words = " ".join(f"{word}{number}" for word in "one two three four five six seven eight nine".split())
    source = make.document(f"Acme is valued at $5 billion. Ann Lee is CEO of Acme. {words}", f"{number}.txt")
    return source, make.extraction(
        source,
        make.valuation(source, "valued at $5 billion", 5_000_000_000),
        make.works_for(source, "Ann Lee is CEO of Acme", "Ann Lee", "Acme", role="CEO"),
    )


def test_documents_whose_commit_was_cut_are_there_once_and_whole(graph: Graph):
    found = [telling(number) for number in range(CUTS)]
    plain = Writer(graph.driver, graph.database, NO_REGISTRY)
    for document, extraction in found:
        plain.write(document, extraction, "run")
    export = list(export_statements(graph.driver, graph.database, canonical=True))
    graph.driver.execute_query(doors.WIPE, database_=graph.database)
    with relayed(graph) as (cut, relay):
        writer = Writer(cut.driver, cut.database, NO_REGISTRY)
        for document, extraction in found:
            relay.left = 1
            writer.write(document, extraction, "run")
    assert relay.handed_on + relay.kept_back == CUTS
    assert min(relay.handed_on, relay.kept_back) > 0
    assert list(export_statements(graph.driver, graph.database, canonical=True)) == export
    findings = run_checks(graph.driver, graph.database)
    assert [finding.check for finding in findings if finding.count] == []


def test_a_server_that_stays_away_is_waited_for_once_and_not_again_for_every_replay():
    listening = socket.create_server(("127.0.0.1", 0))
    asked: list[int] = []

    def hang_up() -> None:
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                asked.append(1)
                client.close()

    threading.Thread(target=hang_up, daemon=True).start()
    uri = f"bolt://127.0.0.1:{listening.getsockname()[1]}"
    with (
        neo4j.GraphDatabase.driver(uri) as driver,
        pytest.raises(ServiceUnavailable),
    ):
        in_turn(driver, "neo4j", lambda _tx, now: now, patience=0)
    listening.close()
    assert len(asked) == 1


def test_what_passes_is_tried_again():
    tries = iter([TransientError("A deadlock."), None])

    def work() -> str:
        if (error := next(tries)) is not None:
            raise error
        return "done"

    assert patiently(work) == "done"


def test_what_does_not_pass_is_not_tried_again():
    tries: list[None] = []

    def work() -> None:
        tries.append(None)
        raise ClientError("No such function.")

    with pytest.raises(ClientError):
        patiently(work)
    assert len(tries) == 1


def test_what_ended_the_work_is_told_where_the_driver_tells_that_another_result_failed_with_it(graph: Graph):
    def work() -> None:
        with transaction(graph.driver, graph.database) as tx:
            being_read = tx.run("UNWIND range(1, 5000) AS x RETURN x")
            with suppress(ClientError):
                tx.run("RETURN 1 / 0")
            with pytest.raises(ResultFailedError):
                being_read.consume()
            being_read.consume()

    with pytest.raises(ClientError, match="/ by zero"):
        work()
