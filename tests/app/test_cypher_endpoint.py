"""`POST /cypher`: who may ask, what is answered, what is refused, and when the database is let go."""

import json
import logging
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.cypher import MAX_BODY
from app.tokens import Scope
from app.web import create_app
from kb.embedded import Address
from kb.graph.adhoc import Bounds
from kb.graph.connection import Graph
from tests.app.serving import access, bearer, served
from tests.kb.graph.test_adhoc import BEYOND_THE_GRAPH, OTHER_MODES, WRITES
from tests.kb.graph.test_cypher_work import ENDLESS, HANGING

NEVER_ENDING = "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN count(*) AS n"
RUNNING = (
    "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery STARTS WITH 'UNWIND range' RETURN count(*) AS n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tokens")


@pytest.fixture(scope="module")
def client(neo4j: Address, folder: Path) -> Iterator[TestClient]:
    app = create_app(neo4j, access(folder), Bounds(seconds=1.0, size=10_000))
    headers = bearer(folder, Scope.CYPHER)
    with TestClient(app, "http://127.0.0.1", raise_server_exceptions=False, headers=headers) as client:
        yield client


def post(client: TestClient, query: str, **more: Any) -> Any:
    return client.post("/cypher", json={"query": query, **more})


def test_a_query_is_answered_in_columns_and_rows(client: TestClient):
    found = post(client, "UNWIND $xs AS x RETURN x, x * 2 AS y", parameters={"xs": [1, 2]})
    answer = found.json()
    assert (found.status_code, answer["columns"], answer["rows"]) == (200, ["x", "y"], [[1, 2], [2, 4]])
    assert answer["truncated"] is False
    assert answer["operators"] == ["ProduceResults", "Projection", "Unwind"]
    assert found.headers["cache-control"] == "no-store"


def test_rows_beyond_max_rows_are_cut_and_that_is_said(client: TestClient):
    answer = post(client, "UNWIND range(1, 9) AS x RETURN x", maxRows=2).json()
    assert (answer["rows"], answer["truncated"]) == ([[1], [2]], True)


def test_bytes_beyond_the_bound_are_cut_and_that_is_said(client: TestClient):
    answer = post(client, "UNWIND range(1, 999) AS x RETURN 'a hundred times a hundred bytes' AS x").json()
    assert 0 < len(answer["rows"]) < 999
    assert answer["truncated"] is True


@pytest.mark.parametrize(
    "query", [*WRITES, *BEYOND_THE_GRAPH, *OTHER_MODES, *ENDLESS.values(), *HANGING.values()]
)
def test_every_attack_is_refused_with_a_sentence(client: TestClient, query: str):
    found = post(client, query)
    assert found.status_code == 400
    assert found.json()["error"]["code"] == "BAD_INPUT"


def test_a_query_that_never_ends_is_stopped_in_its_time(client: TestClient):
    assert post(client, NEVER_ENDING).json()["error"]["message"].startswith("The query was stopped after 1 s")


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"null", "application/json", 400),
        (b"3", "application/json", 400),
        (b'"x"', "application/json", 400),
        (b"[" * 50_000, "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"\x00", "application/json", 400),
        (b"{}", "application/json", 400),
        (b'{"query": 3}', "application/json", 400),
        (b'{"query": "RETURN 1", "maxRows": 0}', "application/json", 400),
        (b'{"query": "RETURN 1", "maxRows": 1000000000}', "application/json", 400),
        (b'{"query": "RETURN 1", "write": true}', "application/json", 400),
        (b" " * (MAX_BODY + 1), "application/json", 413),
        (b'{"query": "RETURN 1"}', "text/plain", 415),
        (b"query=RETURN+1", "application/x-www-form-urlencoded", 415),
        (b'{"query": "RETURN 1"}', "multipart/form-data", 415),
    ],
)
def test_a_body_that_holds_no_query_is_the_clients_error(
    client: TestClient, body: bytes, kind: str, status: int
):
    found = client.post("/cypher", content=body, headers={"content-type": kind})
    assert (found.status_code, found.json()["error"]["code"]) == (status, "BAD_REQUEST")


@pytest.mark.parametrize(("opened", "closed"), [("[", "]"), ('{"a": ', "}")])
@pytest.mark.parametrize("levels", [31, 300, 900])
def test_a_parameter_nests_to_a_bound(client: TestClient, opened: str, closed: str, levels: int):
    nested = opened * levels + "1" + closed * levels
    body = f'{{"query": "RETURN $x AS x", "parameters": {{"x": {nested}}}}}'
    found = client.post("/cypher", content=body, headers={"content-type": "application/json"})
    assert (found.status_code, found.json()["error"]["code"]) == (400, "BAD_INPUT")
    assert "A parameter nests more than 30" in found.json()["error"]["message"]


def test_who_asked_what_is_in_the_log(client: TestClient, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO, "app.cypher"):
        post(client, "RETURN 1 AS x")
    (record,) = [one for one in caplog.records if one.message == "cypher"]
    assert (record.who, record.query, record.rows) == ("cypher", "RETURN 1 AS x", 1)


def test_a_database_that_is_away_is_an_incident_that_tells_nothing(folder: Path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = Address(f"bolt://127.0.0.1:{probe.getsockname()[1]}", "neo4j", "hunter2")
        headers = {"authorization": f"Bearer {access(folder).tokens.create('away', [Scope.CYPHER], 10)}"}
        with TestClient(create_app(address, access(folder)), "http://127.0.0.1", headers=headers) as client:
            found = post(client, "RETURN 1 AS x")
    assert (found.status_code, found.json()["error"]["code"]) == (503, "INTERNAL")
    assert "127.0.0.1" not in found.text
    assert found.json()["error"]["incident"] in found.json()["error"]["message"]


def running(graph: Graph) -> int:
    return graph.driver.execute_query(RUNNING, database_=graph.database).records[0]["n"]


def test_a_query_ends_in_the_database_when_its_client_hangs_up(graph: Graph, tmp_path: Path):
    token = bearer(tmp_path, Scope.CYPHER)["authorization"]
    body = json.dumps({"query": NEVER_ENDING}).encode()
    head = f"POST /cypher HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {token}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with served(graph.address, access(tmp_path)) as port:
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(head.encode() + body)
            assert eventually(lambda: running(graph) == 1, 8)
        hung_up = time.monotonic()
        assert eventually(lambda: running(graph) == 0, 8)
        assert time.monotonic() - hung_up < 8  # the query's own time is 10 s


def eventually(so: Any, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not so():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
