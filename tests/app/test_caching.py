"""Answers to GET: kept by clients until the data change, compressed, and read by pages of named origins."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from app.web import create_app
from kb.graph.connection import Graph
from kb.graph.edges import rebuild_edges
from kb.graph.writer import Writer
from kb.registry import Registry
from tests.app.serving import access
from tests.schema import world

NAMES = "{ entities(first: 50) { nodes { __typename name aliases } } }"
DOCUMENTS = list(world.documents())


@pytest.fixture
def writer(graph: Graph) -> Writer:
    """Writes into a graph that holds the first document of the world."""
    writer = Writer(graph.driver, graph.database, Registry({}, {}))
    writer.write(*DOCUMENTS[0], "tests")
    return writer


@pytest.fixture
def client(graph: Graph, writer: Writer, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(graph.address, access(tmp_path)), "http://127.0.0.1") as client:
        yield client


def get(
    client: TestClient, query: str = NAMES, *, held: str = "", accept: str = "application/json", **more: Any
) -> httpx.Response:
    headers = {"accept": accept, "accept-encoding": more.pop("encoding", "identity")}
    if held:
        headers["if-none-match"] = held
    return client.get("/graphql", params={"query": query, **more}, headers=headers)


def tag(client: TestClient, query: str = NAMES, **how: Any) -> str:
    found = get(client, query, **how)
    assert found.status_code == 200
    return found.headers["etag"]


def test_an_answer_to_get_carries_a_strong_tag_and_may_be_kept_after_asking(client: TestClient):
    found = get(client)
    assert found.json()["data"]["entities"]["nodes"]
    assert found.headers["etag"].startswith('"')
    assert found.headers["cache-control"] == "no-cache"
    assert found.headers["vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize("held", ["{}", "W/{}", '"other", {}'])
def test_who_holds_the_answer_gets_304_without_a_body(client: TestClient, held: str):
    known = tag(client)
    found = get(client, held=held.format(known))
    assert (found.status_code, found.content) == (304, b"")
    assert found.headers["etag"] == known
    assert found.headers["cache-control"] == "no-cache"
    assert found.headers["vary"] == "Accept, Accept-Encoding"


def test_a_tag_of_something_else_gets_the_answer(client: TestClient):
    assert get(client, held='"other"').status_code == 200


def test_the_tag_is_of_one_operation_with_its_variables_in_one_form(client: TestClient):
    either = "query A { __typename } query B { __typename }"
    sized = "query($n: Int) { entities(first: $n) { nodes { name } } }"
    tags = [
        tag(client),
        tag(client, accept="application/graphql-response+json"),
        tag(client, encoding="gzip"),
        tag(client, "{ __typename }"),
        tag(client, either, operationName="A"),
        tag(client, either, operationName="B"),
        tag(client, sized, variables='{"n": 1}'),
        tag(client, sized, variables='{"n": 2}'),
    ]
    assert len(set(tags)) == len(tags)
    assert tag(client) == tags[0]


def test_a_write_changes_the_tag_and_the_next_answer_is_fresh(client: TestClient, writer: Writer):
    before = get(client)
    for document, extraction in DOCUMENTS[1:]:
        writer.write(document, extraction, "tests")
    after = get(client, held=before.headers["etag"])
    assert after.status_code == 200
    assert len(after.json()["data"]["entities"]["nodes"]) > len(before.json()["data"]["entities"]["nodes"])


def test_rebuilding_the_edges_changes_the_tag(client: TestClient, graph: Graph):
    before = tag(client)
    rebuild_edges(graph.driver, graph.database)
    assert tag(client) != before


def test_a_write_that_failed_leaves_the_tag(client: TestClient, graph: Graph):
    before = tag(client)
    with graph.driver.session(database=graph.database) as session, session.begin_transaction() as transaction:
        transaction.run("MATCH (l:Lease {id: 'writer'}) SET l.version = randomUUID()").consume()
        transaction.rollback()
    assert tag(client) == before


def test_an_answer_with_errors_is_not_kept(client: TestClient):
    found = get(client, '{ entity(id: "x", name: "y") { id } }')
    assert found.json()["errors"]
    assert found.headers["cache-control"] == "no-store"
    assert "etag" not in found.headers


def test_an_answer_to_post_has_no_tag(client: TestClient):
    assert "etag" not in client.post("/graphql", json={"query": NAMES}).headers


def test_a_graph_without_a_version_is_answered_without_a_tag(client: TestClient, graph: Graph):
    graph.driver.execute_query("MATCH (l:Lease) REMOVE l.version", database_=graph.database)
    found = get(client)
    assert (found.status_code, "etag" in found.headers) == (200, False)


def test_a_long_answer_is_compressed_for_those_who_take_it(client: TestClient):
    plain, packed = (
        get(client, "{ __schema { types { name description } } }", encoding=encoding)
        for encoding in ("identity", "gzip")
    )
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])
    assert packed.json() == plain.json()


def test_a_page_of_another_origin_may_not_read_by_default(client: TestClient):
    found = client.get("/health/live", headers={"origin": "https://charts.example"})
    assert "access-control-allow-origin" not in found.headers


@pytest.fixture
def charted(graph: Graph, tmp_path: Path) -> Iterator[TestClient]:
    """A server that pages of one origin may ask."""
    app = create_app(graph.address, access(tmp_path, loopback=False), origins=["https://charts.example"])
    with TestClient(app) as client:
        yield client


def test_a_named_origin_is_let_in_before_it_shows_its_token(charted: TestClient):
    asks = {
        "origin": "https://charts.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, content-type",
    }
    found = charted.options("/graphql", headers=asks)
    assert found.status_code == 200
    assert found.headers["access-control-allow-origin"] == "https://charts.example"


def test_a_named_origin_reads_why_it_was_refused_and_others_nothing(charted: TestClient):
    shown = {
        origin: charted.get("/graphql", headers={"origin": origin}).headers.get("access-control-allow-origin")
        for origin in ("https://charts.example", "https://evil.example")
    }
    assert shown == {"https://charts.example": "https://charts.example", "https://evil.example": None}
