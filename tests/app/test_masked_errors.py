"""What clients learn when the database is away, refuses, or fails (row 16): an incident's id, nothing else.

And what they learn of what is hidden (row 17): without a token nothing, so that there is nothing to compare.
"""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from app.tokens import Scope
from app.web import create_app
from kb.embedded import Address
from schema.direct import RESPONSE_TYPE
from tests.app.serving import access, bearer

QUERY = '{ entity(id: "company/x") { name } }'
ROUTES = ["modern", "legacy", "GET", "/cypher", "/export/figures.csv", "/health/ready"]


@pytest.fixture(params=["away", "wrong password", "no such database"])
def broken(request: pytest.FixtureRequest, neo4j: Address) -> Address:
    """A database that cannot be asked: a closed port, or the real one with wrong credentials or name."""
    return {
        "away": Address("bolt://127.0.0.1:1", "secret-user", "hunter2"),
        "wrong password": replace(neo4j, user="secret-user", password="hunter2"),
        "no such database": replace(neo4j, database="hunter2"),
    }[request.param]


@pytest.fixture
def client(broken: Address, tmp_path: Path) -> Iterator[TestClient]:
    headers = bearer(tmp_path, Scope.READ, Scope.CYPHER)
    app = create_app(broken, access(tmp_path))
    with TestClient(app, "http://127.0.0.1", headers=headers, raise_server_exceptions=False) as client:
        yield client


def asked(client: TestClient, route: str) -> httpx.Response:
    if route == "modern":
        return client.post("/graphql", json={"query": QUERY}, headers={"accept": RESPONSE_TYPE})
    if route == "legacy":
        return client.post("/graphql", json={"query": QUERY}, headers={"accept": "application/json"})
    if route == "GET":
        return client.get("/graphql", params={"query": QUERY}, headers={"accept": RESPONSE_TYPE})
    if route == "/cypher":
        return client.post(route, json={"query": "RETURN 1 AS x"})
    return client.get(route)


@pytest.mark.parametrize("route", ROUTES)
def test_an_error_of_the_database_is_masked(
    client: TestClient, broken: Address, route: str, caplog: pytest.LogCaptureFixture
):
    found = asked(client, route)
    said = found.text + str(dict(found.headers))
    for secret in ("hunter2", "secret-user", broken.uri, "neo4j.", "Traceback"):
        assert secret not in said
    if route == "/health/ready":
        return
    told: Any = found.json()
    error = told["error"] if "error" in told else {**told["errors"][0], **told["errors"][0]["extensions"]}
    assert found.status_code == (503 if "error" in told else 200)
    assert error["code"] == "INTERNAL"
    assert error["incident"] in error["message"]
    assert error["incident"] in caplog.text


def test_what_fails_while_an_answer_is_written_is_an_incident_too(
    neo4j: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(*_: object) -> bytes:
        raise TypeError("the password is hunter2")

    monkeypatch.setattr("schema.direct.orjson.dumps", broken)
    app = create_app(neo4j, access(tmp_path))
    with TestClient(app, "http://127.0.0.1", raise_server_exceptions=False) as client:
        found = client.post("/graphql", json={"query": "{ __typename }"})
    error = found.json()["error"]
    assert (found.status_code, error["code"]) == (500, "INTERNAL")
    assert "hunter2" not in found.text
    assert error["incident"] in caplog.text


@pytest.mark.parametrize("entity", ["company/orbit", "company/nobody", ""])
def test_without_a_token_what_is_there_and_what_is_not_get_the_same_answer(
    neo4j: Address, tmp_path: Path, entity: str
):
    app = create_app(neo4j, access(tmp_path, loopback=False))
    with TestClient(app, "http://kb.example") as stranger:
        found = stranger.post("/graphql", json={"query": f'{{ entity(id: "{entity}") {{ name }} }}'})
        file = stranger.get("/export/entities.csv", params={"id": entity})
    assert (found.status_code, file.status_code) == (401, 401)
    assert found.json() == file.json()
    assert found.json()["error"]["code"] == "UNAUTHENTICATED"


def test_a_compressed_body_is_no_way_around_the_bound(neo4j: Address, tmp_path: Path):
    """A bomb of row 6: bodies are read as they come, and nothing unpacks them."""
    bomb = gzip.compress(b'{"query": "{ __typename }' + b" " * 10_000_000 + b'"}')
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    with TestClient(create_app(neo4j, access(tmp_path)), "http://127.0.0.1") as client:
        assert client.post("/graphql", content=bomb, headers=headers).status_code == 400
