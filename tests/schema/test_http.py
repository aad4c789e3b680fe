"""GraphQL over HTTP: statuses, media types, bad requests, masked errors, and GraphiQL's page."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocketDisconnect

from schema import Context, build_schema
from schema.http import MAX_BODY, graphql_router

MODERN = "application/graphql-response+json"
PAGE = "<!doctype html><title>GraphiQL</title>"


class Broken:
    """A database that is away, and whose error tells too much."""

    async def fetch(self, query: str, parameters: Mapping[str, object]) -> list[Mapping[str, Any]]:  # noqa: ARG002  # the protocol's names
        raise ConnectionError("bolt://db.internal refused user neo4j with password hunter2")


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = FastAPI()

    def context(connection: HTTPConnection) -> Context:
        return Context(Broken())

    app.include_router(graphql_router(build_schema(), context, PAGE))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def post(client: TestClient, body: object, accept: str = MODERN) -> Any:
    return client.post("/graphql", json=body, headers={"accept": accept})


def test_a_query_by_post_is_answered_in_the_type_that_the_client_accepts(client: TestClient):
    for accept, kind in (
        (MODERN, MODERN),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
    ):
        found = post(client, {"query": "{ __typename }"}, accept)
        assert (found.status_code, found.json()) == (200, {"data": {"__typename": "Query"}})
        assert found.headers["content-type"] == f"{kind}; charset=utf-8"


def test_a_query_by_get_is_answered(client: TestClient):
    found = client.get("/graphql", params={"query": "{ __typename }"}, headers={"accept": MODERN})
    assert found.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    "query", ["{", "{ nope }", "query($x: Int!) { figures(first: $x) { nodes { id } } }"]
)
def test_a_request_that_cannot_run_is_a_400_without_data_in_the_modern_type(client: TestClient, query: str):
    found = post(client, {"query": query})
    assert found.status_code == 400
    assert "data" not in found.json()
    assert post(client, {"query": query}, "application/json").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "{ " + "__typename " * 2500 + "}",
        "{ ...A0 } "
        + " ".join(f"fragment A{n} on Query {{ ...A{n + 1} ...A{n + 1} }}" for n in range(30))
        + " fragment A30 on Query { __typename }",
        "{ figures(first: 100) { nodes { disagrees { disagrees { disagrees { id } } } } } }",
    ],
    ids=["tokens", "fragments that double", "cost"],
)
@pytest.mark.parametrize("accept", [MODERN, "application/json", "*/*"])
def test_a_request_beyond_the_limits_is_a_400_in_every_type(client: TestClient, query: str, accept: str):
    found = post(client, {"query": query}, accept)
    assert found.status_code == 400
    assert found.json()["errors"]


@pytest.mark.parametrize(
    "body",
    [
        b"null",
        b"3",
        b'"x"',
        b"[]",
        b"[{}]",
        b"{}",
        b"[" * 30000,
        b"\xff\xfe",
        b"\x00",
        b'{"query": 3}',
        b'{"query": "{ __typename }", "variables": []}',
        b'{"query": "{ __typename }", "operationName": []}',
        b'{"query": "{ __typename }", "extensions": 1}',
    ],
)
def test_a_body_that_is_no_request_is_a_400(client: TestClient, body: bytes):
    found = client.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert found.status_code == 400


@pytest.mark.parametrize("kind", [MODERN, "application/json"])
def test_an_operation_is_not_found_by_half_a_character(client: TestClient, kind: str):
    body = rb'{"query": "{ __typename }", "operationName": "\ud800"}'
    found = client.post(
        "/graphql", content=body, headers={"content-type": "application/json", "accept": kind}
    )
    assert (found.status_code, found.text) == (400, r'Unknown operation named "\ud800".')


def test_a_body_beyond_the_bound_is_refused(client: TestClient):
    found = post(client, {"query": "{ __typename }" + " " * MAX_BODY})
    assert found.status_code == 413


def test_a_url_beyond_the_bound_is_refused(client: TestClient):
    assert client.get("/graphql", params={"query": " " * (MAX_BODY + 1)}).status_code == 414


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_of_another_site_is_refused(client: TestClient, kind: str):
    body = json.dumps({"query": "{ __typename }"})
    assert client.post("/graphql", content=body, headers={"content-type": kind}).status_code == 400


def test_an_internal_error_is_an_incident_and_tells_nothing(
    client: TestClient, caplog: pytest.LogCaptureFixture
):
    found = post(client, {"query": '{ entity(id: "x") { id } }'})
    (error,) = found.json()["errors"]
    assert found.json()["data"] == {"entity": None}
    assert "hunter2" not in found.text
    assert "bolt" not in found.text
    incident = error["extensions"]["incident"]
    assert incident in error["message"]
    assert incident in caplog.text
    assert "hunter2" in caplog.text


def test_a_users_mistake_keeps_its_own_sentence(client: TestClient):
    found = post(client, {"query": '{ entity(id: "x", name: "y") { id } }'})
    assert found.json()["errors"][0]["message"] == "`entity` takes one of id, name and qid."
    found = post(client, {"query": '{ figures(at: {valid: "soon"}) { nodes { id } } }'})
    assert "'soon' is no date: write 2015, 2025-04 or 2025-04-01." in found.json()["errors"][0]["message"]


def test_a_browser_gets_graphiqls_page_and_no_one_else_does(client: TestClient):
    found = client.get("/graphql", headers={"accept": "text/html,application/xhtml+xml"})
    assert (found.status_code, found.text) == (200, PAGE)
    assert "script-src 'self'" in found.headers["content-security-policy"]
    assert client.get("/graphql", headers={"accept": "*/*"}).status_code == 400


def test_the_examples_are_listed_for_the_page(client: TestClient):
    found = client.get("/graphql/examples").json()
    assert [example["name"][0] for example in found] == list("123456789")


def test_a_websocket_is_refused(client: TestClient):
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/graphql", ["graphql-ws"]) as socket:
        socket.receive_json()
