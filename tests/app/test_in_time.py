"""A request that begins and does not arrive is ended; one that arrives slowly in its time is answered."""

import socket
import time
from pathlib import Path

import pytest

from app.in_time import BodyInTime, HeadInTime
from app.tokens import Scope
from kb.embedded import Address
from tests.app.serving import access, bearer, served

BODY = b'{"query": "{ __typename }"}'


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HeadInTime, "seconds", 1.0)
    monkeypatch.setattr(BodyInTime.__init__, "__defaults__", (1.0,))


def head(path: str, *lines: str) -> bytes:
    sent = ("Host: 127.0.0.1", "Content-Type: application/json", f"Content-Length: {len(BODY)}", *lines)
    return "\r\n".join((f"POST {path} HTTP/1.1", *sent, "", "")).encode()


def answer(port: int, *parts: bytes, pause: float = 0.3) -> bytes:
    """All that comes until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.settimeout(10)
        for part in parts:
            client.sendall(part)
            time.sleep(pause)
        got = b""
        while chunk := client.recv(4096):
            got += chunk
    return got


@pytest.mark.parametrize("path", ["/graphql", "/cypher"])
@pytest.mark.parametrize("sent", [b"", BODY[:9]])
def test_a_body_that_stops_half_way_is_a_408(neo4j: Address, tmp_path: Path, path: str, sent: bytes):
    token = f"Authorization: {bearer(tmp_path, Scope.READ, Scope.CYPHER)['authorization']}"
    with served(neo4j, access(tmp_path)) as port:
        got = answer(port, head(path, token), sent)
    assert got.startswith(b"HTTP/1.1 408 ")
    assert b"The body did not arrive within 1 s" in got


@pytest.mark.parametrize("sent", [b"", b"P", head("/graphql")[:-9]])
def test_a_head_that_stops_half_way_closes_the_connection(neo4j: Address, tmp_path: Path, sent: bytes):
    with served(neo4j, access(tmp_path)) as port:
        assert answer(port, sent) == b""


def test_a_second_head_that_stops_half_way_closes_the_connection(neo4j: Address, tmp_path: Path):
    with served(neo4j, access(tmp_path)) as port:
        got = answer(port, head("/graphql") + BODY, b"POST /gra")
    assert got.count(b"HTTP/1.1 200 ") == 1


def test_a_request_that_comes_in_parts_within_its_time_is_answered(neo4j: Address, tmp_path: Path):
    whole = head("/graphql", "Connection: close")
    with served(neo4j, access(tmp_path)) as port:
        got = answer(port, whole[:20], whole[20:], BODY[:5], BODY[5:], pause=0.2)
    assert b'{"data":{"__typename":"Query"}}' in got
