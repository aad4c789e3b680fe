"""Subscriptions: jobs and new facts, over WebSockets and as server-sent events; what is hostile is closed."""

import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from app.tokens import Scope
from kb.graph.connection import Graph
from kb.graph.writer import Writer
from kb.ontology import Metric
from kb.registry import Registry
from schema.http import MAX_BODY
from schema.websocket import INIT_TIMEOUT, MOST_AT_ONCE
from tests import facts as make
from tests.app.serving import access, bearer, served
from tests.app.taking_in import PROGRESS, Slow, taking_in, text

FACTS = "subscription ($where: FactFilter) { factsAdded(where: $where) { %s } }"
SHOWN = FACTS % "__typename subject { name } evidence { text } ... on Figure { exact }"
PROTOCOL = "graphql-transport-ws"


@contextmanager
def socket_to(
    port: int,
    token: str | None = None,
    *,
    init: Any = "acknowledged",
    protocol: str = PROTOCOL,
    host: str | None = None,
    **headers: str,
) -> Iterator[ClientConnection]:
    """A WebSocket, `acknowledged` unless the test sends its own first message."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    raw = socket.create_connection(("127.0.0.1", port))
    url = f"ws://{host or f'127.0.0.1:{port}'}/graphql"
    with connect(url, sock=raw, subprotocols=[protocol], additional_headers=sent) as opened:  # type: ignore[list-item]
        if init == "acknowledged":
            payload = {} if token is None else {"authorization": token}
            send(opened, type="connection_init", payload=payload)
            assert got(opened)["type"] == "connection_ack"
        yield opened


def send(opened: ClientConnection, **message: Any) -> None:
    opened.send(json.dumps(message))


def got(opened: ClientConnection) -> Any:
    return json.loads(opened.recv(timeout=20))


def subscribe(opened: ClientConnection, query: str, number: str = "1", **variables: Any) -> None:
    send(opened, type="subscribe", id=number, payload={"query": query, "variables": variables})


def closed(opened: ClientConnection) -> int:
    """The code that the server closes with."""
    try:
        while True:
            opened.recv(timeout=20)
    except ConnectionClosed as end:
        return -1 if end.rcvd is None else end.rcvd.code


def refusal(port: int, **headers: str) -> int:
    """The status with which the handshake is refused."""
    try:
        with socket_to(port, init=None, **headers):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def write(graph: Graph, key: str, *facts: tuple[str, float]) -> None:
    """What another process writes."""
    words = [f"{who} is valued at ${value:g}." for who, value in facts]
    source = make.document("\n".join(words), key)
    found = [
        make.valuation(source, said, value, who) for said, (who, value) in zip(words, facts, strict=True)
    ]
    writer = Writer(graph.driver, graph.database, Registry({}, {}))
    writer.write(source, make.extraction(source, *found), "elsewhere")


def listening(port: int, count: int = 1, headers: Mapping[str, str] | None = None) -> None:
    """Wait until so many subscriptions are open."""
    deadline = time.monotonic() + 20
    url = f"http://127.0.0.1:{port}/metrics"
    while f"kb_subscriptions_open {count}.0" not in httpx.get(url, headers=headers).text:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def told(event: Any) -> tuple[str, str]:
    fact = event["payload"]["data"]["factsAdded"]
    return fact["subject"]["name"], fact["exact"]


def test_a_job_is_followed_over_a_websocket_to_its_end(graph: Graph, tmp_path: Path):
    reader = Slow(gate=threading.Semaphore(0))
    with taking_in(graph.address, tmp_path, reader) as client:
        job = client.ingest(text("1"), text("2", "Beta is valued at $1 billion."))["id"]
        with socket_to(client.port, client.headers["authorization"]) as opened:
            subscribe(opened, PROGRESS, id=job)
            states = [got(opened)["payload"]["data"]["ingestProgress"]]
            reader.gate.release(2)  # type: ignore[union-attr]
            while (message := got(opened))["type"] == "next":
                states.append(message["payload"]["data"]["ingestProgress"])
    assert message == {"type": "complete", "id": "1"}
    assert states[0]["done"] == 0
    assert (states[-1]["state"], states[-1]["done"], states[-1]["factsAdded"]) == ("DONE", 2, 2)
    done = [state["done"] for state in states]
    assert done == sorted(done)


def test_facts_of_this_server_and_of_other_processes_arrive_once_and_in_order(graph: Graph, tmp_path: Path):
    write(graph, "before", ("Old", 1))
    with taking_in(graph.address, tmp_path) as client, socket_to(client.port) as opened:
        subscribe(opened, SHOWN)
        listening(client.port)
        write(graph, "a", ("Alpha", 1), ("Beta", 2))
        first = {told(got(opened)) for _ in range(2)}
        client.ended(client.ingest(text("k", "Gamma is valued at $3 billion."))["id"])
        second = told(got(opened))
        write(graph, "b", ("Delta", 4))
        third = told(got(opened))
    assert first == {("Alpha", "1"), ("Beta", "2")}
    assert (second, third) == (("Gamma", "3000000000"), ("Delta", "4"))


def test_facts_are_chosen_by_the_filter_of_figures(graph: Graph, tmp_path: Path):
    wanted = {"metric": [Metric.VALUATION.value], "value": {"gte": 5}}
    with taking_in(graph.address, tmp_path) as client, socket_to(client.port) as opened:
        subscribe(opened, SHOWN, where=wanted)
        listening(client.port)
        write(graph, "a", ("Alpha", 1), ("Beta", 7))
        write(graph, "b", ("Gamma", 2), ("Delta", 9))
        assert [told(got(opened)) for _ in range(2)] == [("Beta", "7"), ("Delta", "9")]


def test_who_reads_slowly_misses_nothing(graph: Graph, tmp_path: Path):
    with taking_in(graph.address, tmp_path) as client, socket_to(client.port) as opened:
        subscribe(opened, FACTS % "id subject { name }")
        listening(client.port)
        for n in range(4):
            write(graph, str(n), *((f"Firm {n} {m}", m + 1) for m in range(120)))
        time.sleep(2)
        seen = [got(opened)["payload"]["data"]["factsAdded"]["id"] for _ in range(480)]
    assert len(set(seen)) == 480


def test_server_sent_events_tell_the_same(graph: Graph, tmp_path: Path):
    with taking_in(graph.address, tmp_path) as client:
        events = client.events(SHOWN, {})
        later = threading.Thread(target=lambda: (listening(client.port), write(graph, "a", ("Alpha", 1))))
        later.start()
        event = next(events)
        later.join()
        events.close()  # type: ignore[attr-defined]
        listening(client.port, 0)
    assert event["data"]["factsAdded"]["subject"] == {"name": "Alpha"}


def test_nothing_is_asked_of_the_database_while_nobody_listens(graph: Graph, tmp_path: Path):
    def queries(port: int) -> str:
        page = httpx.get(f"http://127.0.0.1:{port}/metrics").text
        return next(
            line for line in page.splitlines() if line.startswith('kb_cypher_seconds_count{outcome="ok"')
        )

    with served(graph.address, access(tmp_path)) as port:
        with socket_to(port) as opened:
            subscribe(opened, SHOWN)
            listening(port)
            time.sleep(1.5)
        listening(port, 0)
        before = queries(port)
        time.sleep(2.5)
        assert queries(port) == before


def test_all_listeners_share_one_look_a_tick(graph: Graph, tmp_path: Path):
    def looks(port: int) -> float:
        page = httpx.get(f"http://127.0.0.1:{port}/metrics").text
        line = next(x for x in page.splitlines() if x.startswith('kb_cypher_seconds_count{outcome="ok"'))
        return float(line.split()[-1])

    with served(graph.address, access(tmp_path)) as port, socket_to(port) as opened:
        for number in range(MOST_AT_ONCE):
            subscribe(opened, SHOWN, str(number))
        listening(port, MOST_AT_ONCE)
        time.sleep(4)  # each listener first asks where it begins
        before = looks(port)
        time.sleep(2)
        assert looks(port) - before <= 3


def test_a_connection_has_ten_operations_at_a_time(graph: Graph, tmp_path: Path):
    with served(graph.address, access(tmp_path)) as port, socket_to(port) as opened:
        for number in range(1000):
            subscribe(opened, SHOWN, str(number))
        refused = [got(opened) for _ in range(1000 - MOST_AT_ONCE)]
        listening(port, MOST_AT_ONCE)
    assert {message["type"] for message in refused} == {"error"}


@pytest.mark.parametrize("where", [{"and": [{}] * 101}, {"metric": ["NOPE"]}])
def test_a_subscription_that_cannot_be_given_is_an_error_and_the_connection_stays(
    graph: Graph, tmp_path: Path, where: dict[str, Any]
):
    with served(graph.address, access(tmp_path)) as port, socket_to(port) as opened:
        subscribe(opened, SHOWN, where=where)
        message = got(opened)
        errors = message["payload"] if message["type"] == "error" else message["payload"]["errors"]
        assert errors[0]["message"]
        subscribe(opened, "{ __typename }", "2")
        while message["id"] != "2":
            message = got(opened)
        assert message["payload"]["data"] == {"__typename": "Query"}


def test_errors_of_ours_are_masked_on_the_stream(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: Any) -> None:
        raise RuntimeError("the password is secret")

    monkeypatch.setattr("schema.types.ingest.feed", broken)
    with served(graph.address, access(tmp_path)) as port, socket_to(port) as opened:
        subscribe(opened, SHOWN)
        answer = json.dumps(got(opened))
    assert "secret" not in answer
    assert "INTERNAL" in answer


def test_a_large_operation_is_refused_over_a_websocket_too(graph: Graph, tmp_path: Path):
    with served(graph.address, access(tmp_path)) as port, socket_to(port) as opened:
        subscribe(opened, "{ " + " ".join(f"a{n}: __typename" for n in range(60)) + " }")
        message = got(opened)
    assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "TOO_LARGE")


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ("query a { __typename }", "b", "BAD_INPUT"),
        ("query a { __typename }", "\ud800", "BAD_INPUT"),
        (f"{{ figures(first: {'9' * 4500}) {{ nodes {{ id }} }} }}", None, "TOO_LARGE"),
    ],
)
def test_a_mistake_in_an_operation_is_the_clients_and_no_incident(
    graph: Graph, tmp_path: Path, query: str, name: str | None, code: str
):
    payload = {"query": query, "operationName": name}
    with served(graph.address, access(tmp_path)) as port:
        with socket_to(port) as opened:
            send(opened, type="subscribe", id="1", payload=payload)
            told = got(opened)["payload"]
        headers = {"accept": "text/event-stream", "content-type": "application/json"}
        found = httpx.post(f"http://127.0.0.1:{port}/graphql", content=json.dumps(payload), headers=headers)
    errors = told if isinstance(told, list) else told["errors"]
    assert errors[0]["extensions"]["code"] == code
    assert code in found.text


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_page_of_another_origin_opens_no_websocket(graph: Graph, tmp_path: Path, origin: str):
    with served(graph.address, access(tmp_path)) as port:
        assert refusal(port, origin=origin) == 403


def test_pages_of_this_server_and_of_named_origins_open_websockets(graph: Graph, tmp_path: Path):
    with served(graph.address, access(tmp_path), origins=["https://charts.example"]) as port:
        for origin in (f"http://127.0.0.1:{port}", "https://charts.example"):
            with socket_to(port, origin=origin):
                pass


def test_a_name_that_leads_to_this_machine_reads_nothing_without_a_token(graph: Graph, tmp_path: Path):
    rebound = {"host": "evil.example", "origin": "http://evil.example"}
    with served(graph.address, access(tmp_path)) as port, socket_to(port, init=None, **rebound) as opened:
        send(opened, type="connection_init")
        assert closed(opened) == 4403


@pytest.mark.parametrize("protocol", ["graphql-ws", "chat"])
def test_other_protocols_are_closed(graph: Graph, tmp_path: Path, protocol: str):
    with served(graph.address, access(tmp_path)) as port:
        raw = socket.create_connection(("127.0.0.1", port))
        sent = {"sec-websocket-protocol": protocol}
        with connect(f"ws://127.0.0.1:{port}/graphql", sock=raw, additional_headers=sent) as opened:
            assert opened.subprotocol is None
            assert closed(opened) == 4406


def test_operations_before_the_first_message_are_closed(graph: Graph, tmp_path: Path):
    with served(graph.address, access(tmp_path)) as port, socket_to(port, init=None) as opened:
        subscribe(opened, SHOWN)
        assert closed(opened) == 4401


def test_one_connection_too_many_is_told_to_come_again(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("schema.http.MOST_CONNECTIONS", 1)
    with served(graph.address, access(tmp_path)) as port:
        with socket_to(port), socket_to(port, init=None) as second:
            assert closed(second) == 1013
        time.sleep(0.2)
        with socket_to(port):
            pass


def test_who_never_begins_is_closed(graph: Graph, tmp_path: Path):
    with served(graph.address, access(tmp_path)) as port, socket_to(port, init=None) as opened:
        begun = time.monotonic()
        assert closed(opened) == 4408
    assert time.monotonic() - begun < INIT_TIMEOUT.total_seconds() + 5


@pytest.mark.parametrize(
    "message",
    [
        *("3", "[]", "null", '"x"', "{", "[" * 10_000, "{}", '{"type": 3}', '{"type": "start"}'),
        *('{"type": "subscribe"}', '{"type": "subscribe", "id": "", "payload": {"query": "{a}"}}'),
        *('{"type": "subscribe", "id": "1"}', '{"type": "subscribe", "id": "1", "payload": {"query": 3}}'),
        '{"type": "subscribe", "id": "1", "payload": {"query": "{a}", "variables": []}}',
        '{"type": "subscribe", "id": {}, "payload": {"query": "{a}"}}',
        '{"type": "complete", "id": []}',
        r'{"type": "subscribe", "id": "\ud800", "payload": {"query": "{a}"}}',
        b"\x00\xff",
    ],
)
def test_what_is_no_message_closes_the_connection_and_no_more(
    graph: Graph, tmp_path: Path, message: str | bytes
):
    with served(graph.address, access(tmp_path)) as port:
        with socket_to(port) as opened:
            opened.send(message)
            assert closed(opened) == 4400
        with socket_to(port):
            pass


def test_a_huge_message_closes_the_connection(graph: Graph, tmp_path: Path):
    with served(graph.address, access(tmp_path)) as port, socket_to(port) as opened:
        opened.send(json.dumps({"type": "ping", "payload": {"x": "x" * MAX_BODY}}))
        assert closed(opened) == 1009


@contextmanager
def public(graph: Graph, folder: Path) -> Iterator[int]:
    """A server that others reach."""
    with served(graph.address, access(folder, loopback=False)) as port:
        yield port


class TestWhereReadingNeedsAToken:
    """On other addresses than loopback."""

    def test_the_first_message_brings_it(self, graph: Graph, tmp_path: Path):
        headers = bearer(tmp_path, Scope.READ)
        with public(graph, tmp_path) as port, socket_to(port, headers["authorization"]) as opened:
            subscribe(opened, "{ __typename }")
            assert got(opened)["payload"]["data"] == {"__typename": "Query"}

    def test_or_the_handshake(self, graph: Graph, tmp_path: Path):
        headers = bearer(tmp_path, Scope.READ)
        with public(graph, tmp_path) as port, socket_to(port, **headers):
            pass

    @pytest.mark.parametrize("told", [{}, {"authorization": "Bearer nonsense"}, {"authorization": 3}])
    def test_without_one_nobody_is_let_in(self, graph: Graph, tmp_path: Path, told: dict[str, Any]):
        with public(graph, tmp_path) as port, socket_to(port, init=None) as opened:
            send(opened, type="connection_init", payload=told)
            assert closed(opened) == 4403

    def test_a_token_without_the_scope_is_no_key(self, graph: Graph, tmp_path: Path):
        headers = bearer(tmp_path, Scope.INGEST)
        with public(graph, tmp_path) as port:
            with socket_to(port, init=None) as opened:
                send(opened, type="connection_init", payload=headers)
                assert closed(opened) == 4403
            assert refusal(port, **headers) == 403

    def test_a_token_that_is_revoked_ends_what_it_opened(self, graph: Graph, tmp_path: Path):
        headers = bearer(tmp_path, Scope.READ, per_minute=1000)
        watching = bearer(tmp_path, Scope.READ, Scope.CYPHER)
        with public(graph, tmp_path) as port, socket_to(port, headers["authorization"]) as opened:
            subscribe(opened, SHOWN)
            listening(port, headers=watching)
            access(tmp_path).tokens.revoke("read")
            write(graph, "a", ("Alpha", 1))
            (error,) = got(opened)["payload"]["errors"]
            assert error["extensions"]["code"] == "FORBIDDEN"
            subscribe(opened, SHOWN, "2")
            assert closed(opened) == 4403

    def test_operations_count_for_the_tokens_rate(self, graph: Graph, tmp_path: Path):
        headers = bearer(tmp_path, Scope.READ, per_minute=3)
        kinds: list[str] = []
        with public(graph, tmp_path) as port, socket_to(port, headers["authorization"]) as opened:
            for number in range(3):
                subscribe(opened, "{ __typename }", str(number))
                kinds.append(got(opened)["type"])
                if kinds[-1] == "next":
                    got(opened)
        assert kinds == ["next", "next", "error"]


def test_subscriptions_do_not_come_by_get(graph: Graph, tmp_path: Path):
    asked = {"query": "subscription { factsAdded { id } }"}
    with served(graph.address, access(tmp_path)) as port:
        url = f"http://127.0.0.1:{port}/graphql"
        stream = httpx.get(url, params=asked, headers={"accept": "text/event-stream"})
        plain = httpx.get(url, params=asked)
    assert (stream.status_code, plain.status_code) == (405, 400)


def test_a_client_that_goes_frees_its_seat(graph: Graph, tmp_path: Path):
    with taking_in(graph.address, tmp_path) as client:
        with socket_to(client.port) as opened:
            subscribe(opened, SHOWN)
            subscribe(opened, SHOWN, "2")
            listening(client.port, 2)
            send(opened, type="complete", id="2")
            listening(client.port, 1)
        listening(client.port, 0)
