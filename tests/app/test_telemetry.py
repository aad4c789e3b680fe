"""What operators see: counters by route, time in the database, one JSON line per request."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.telemetry import log_as_json
from app.tokens import Scope
from app.web import create_app
from kb.embedded import Address
from tests.app.serving import access, bearer


@pytest.fixture
def client(neo4j: Address, tmp_path: Path) -> Iterator[TestClient]:
    headers = bearer(tmp_path, Scope.READ, Scope.CYPHER)
    with TestClient(create_app(neo4j, access(tmp_path)), "http://127.0.0.1", headers=headers) as client:
        yield client


def counters(client: TestClient) -> dict[str, float]:
    lines = (line for line in client.get("/metrics").text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_requests_are_counted_by_route_and_status(client: TestClient):
    client.get("/health/live")
    client.get("/nowhere/1")
    client.get("/nowhere/2")
    found = counters(client)
    assert found['kb_http_requests_total{method="GET",route="/health/live",status="200"}'] == 1
    assert found['kb_http_requests_total{method="GET",route="other",status="404"}'] == 2
    assert found['kb_http_request_seconds_count{route="/health/live"}'] == 1


def test_each_query_is_timed_with_its_outcome(client: TestClient):
    client.post("/graphql", json={"query": '{ entity(id: "x") { id } }'})
    client.post("/cypher", json={"query": "RETURN 1 AS x"})
    client.post("/cypher", json={"query": "CREATE (n)"})
    found = counters(client)
    assert found['kb_cypher_seconds_count{outcome="ok"}'] == 2
    assert found['kb_cypher_seconds_count{outcome="error"}'] == 1


def test_each_query_has_a_cost_and_is_known_the_second_time(client: TestClient):
    for _ in range(3):
        client.post(
            "/graphql", json={"query": '{ entity(id: "x") { id figures(first: 7) { nodes { id } } } }'}
        )
    client.post("/graphql", json={"query": "{ __typename }"})
    client.post("/graphql", json={"query": "{ no such field }"})
    found = counters(client)
    assert found["kb_graphql_operation_cost_count"] == 4
    assert found["kb_graphql_operation_cost_sum"] == 3 * (2 + 1 + 7 * 2) + 1
    assert found['kb_graphql_cache_requests_total{cache="texts",outcome="hit"}'] == 2
    assert found['kb_graphql_cache_requests_total{cache="texts",outcome="miss"}'] == 3


def test_refused_requests_are_counted_too(neo4j: Address, tmp_path: Path):
    with TestClient(create_app(neo4j, access(tmp_path, loopback=False)), "http://127.0.0.1") as stranger:
        assert stranger.get("/metrics").status_code == 401
        assert stranger.get("/health/live").status_code == 200


def test_each_request_is_one_line_of_json(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [*root.handlers])
    monkeypatch.setattr(root, "level", root.level)
    log_as_json(logging.INFO)
    client.get("/health/live")
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (line,) = [one for one in told if one["message"] == "request"]
    assert (line["path"], line["status"], line["who"], line["levelname"]) == (
        "/health/live",
        200,
        "anonymous",
        "INFO",
    )


def test_ready_says_whether_the_database_answers(client: TestClient, tmp_path: Path):
    assert client.get("/health/ready").status_code == 200
    away = create_app(Address("bolt://127.0.0.1:1", "neo4j", "hunter2"), access(tmp_path))
    with TestClient(away, "http://127.0.0.1") as there:
        found = there.get("/health/ready")
    assert (found.status_code, found.json()) == (503, {"status": "the database does not answer"})
    with TestClient(away, "http://127.0.0.1") as there:
        assert there.get("/health/live").status_code == 200
