"""Documents by the hash of their text, by POST and GET; locked down, nothing else is executed (row 18)."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from app.web import create_app
from kb.embedded import Address
from kb.errors import UsageError
from schema import build_schema
from schema.direct import RESPONSE_TYPE
from schema.http import MAX_BODY
from schema.persisted import TrustedDocuments, identifier, load_documents, only_trusted
from tests.app.conftest import Kb
from tests.app.serving import access

SCHEMA = build_schema()
KNOWN = "query Known($id: ID!) { entity(id: $id) { name } }\n"
OTHER = "{ __typename }"
ID = identifier(KNOWN)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    (folder / "known.graphql").write_text(KNOWN)
    return folder


def served(neo4j: Address, folder: Path, *, only: bool) -> TestClient:
    documents = load_documents(folder, SCHEMA, only=only)
    return TestClient(create_app(neo4j, access(folder), trusted=documents), "http://127.0.0.1")


@pytest.fixture(scope="module")
def client(neo4j: Address, folder: Path) -> Iterator[TestClient]:
    with served(neo4j, folder, only=False) as client:
        yield client


@pytest.fixture(scope="module")
def locked(neo4j: Address, folder: Path) -> Iterator[TestClient]:
    with served(neo4j, folder, only=True) as client:
        yield client


def post(client: TestClient, accept: str = RESPONSE_TYPE, **body: Any) -> httpx.Response:
    return client.post("/graphql", json=body, headers={"accept": accept})


def get(client: TestClient, **parameters: str) -> httpx.Response:
    return client.get("/graphql", params=parameters, headers={"accept": RESPONSE_TYPE})


def refused(found: httpx.Response) -> str:
    assert found.status_code == 400
    assert found.headers["content-type"] == f"{RESPONSE_TYPE}; charset=utf-8"
    assert list(found.json()) == ["errors"]
    (error,) = found.json()["errors"]
    assert error["extensions"] == {"code": "UNTRUSTED"}
    return error["message"]


@pytest.mark.parametrize("prefix", ["sha256:", ""])
def test_a_document_is_executed_by_its_id(client: TestClient, locked: TestClient, prefix: str):
    for door in (client, locked):
        named = {"documentId": prefix + ID, "operationName": "Known"}
        found = post(door, **named, variables={"id": "company/nobody"})
        assert (found.status_code, found.json()) == (200, {"data": {"entity": None}})
        found = get(door, **named, variables='{"id": "company/nobody"}')
        assert (found.status_code, found.json()) == (200, {"data": {"entity": None}})


def test_the_id_is_what_sha256sum_prints_of_the_file(folder: Path):
    assert identifier((folder / "known.graphql").read_text()) == ID
    assert identifier("query ($id: ID!) {\n  user(id: $id) {\n    name\n  }\n}").startswith(
        "7dba4bd717b41f10"
    )


def test_a_get_by_id_is_kept_by_its_tag(client: TestClient):
    asked = {"documentId": ID, "variables": '{"id": "x"}'}
    tag = get(client, **asked).headers["etag"]
    held = {"accept": RESPONSE_TYPE, "if-none-match": tag}
    assert client.get("/graphql", params=asked, headers=held).status_code == 304


def test_the_variables_of_a_document_are_checked_as_those_of_any_other(client: TestClient):
    assert "Variable '$id'" in post(client, documentId=ID).json()["errors"][0]["message"]


@pytest.mark.parametrize("unknown", [identifier(OTHER), "sha256:" + "0" * 64, "x", "", 3, [], {}, True])
def test_an_unknown_id_is_refused(client: TestClient, locked: TestClient, unknown: Any):
    for door in (client, locked):
        assert refused(post(door, documentId=unknown)) == "No document is known by this `documentId`."
    assert refused(get(client, documentId="x")) == "No document is known by this `documentId`."


def test_an_id_beside_another_text_is_refused(client: TestClient, locked: TestClient):
    for door in (client, locked):
        assert "different documents" in refused(post(door, documentId=ID, query=OTHER))
        assert "different documents" in refused(get(door, documentId=ID, query=OTHER))


def test_a_refusal_has_the_status_of_the_media_type(client: TestClient):
    legacy = post(client, accept="application/json", documentId="x")
    assert (legacy.status_code, legacy.headers["content-type"]) == (200, "application/json; charset=utf-8")


def test_other_texts_are_executed_unless_it_is_locked_down(client: TestClient, locked: TestClient):
    for ask in (post, get):
        assert ask(client, query=OTHER).json() == {"data": {"__typename": "Query"}}
        assert refused(ask(locked, query=OTHER)).startswith("Only known documents are executed here")
        known = {"query": KNOWN, "variables": {"id": "x"} if ask is post else '{"id": "x"}'}
        assert ask(locked, **known).json() == {"data": {"entity": None}}


@pytest.mark.parametrize(
    "query",
    [
        KNOWN.strip(),
        KNOWN + " ",
        "{ nope }",
        "{ entitie { id } }",
        "{ __schema { types { name } } }",
        "{",
        "",
    ],
)
def test_locked_down_nothing_is_told_of_the_schema(locked: TestClient, query: str):
    for found in (post(locked, query=query), get(locked, query=query)):
        assert "Only known documents" in refused(found)
        assert "Did you mean" not in found.text


@pytest.mark.parametrize(
    "body", [b"null", b"[]", b"{}", b"{", b'[{"query": "{ __typename }"}]', b"\xff", b"x" * (MAX_BODY + 9)]
)
def test_locked_down_a_body_that_names_no_document_is_refused(locked: TestClient, body: bytes):
    headers = {"content-type": "application/json", "accept": RESPONSE_TYPE}
    assert "Only known documents" in refused(locked.post("/graphql", content=body, headers=headers))


def test_locked_down_there_is_no_playground(locked: TestClient):
    found = locked.get("/graphql", headers={"accept": "text/html"})
    assert "<html" not in found.text


def test_locked_down_the_schema_itself_refuses_what_comes_by_another_way():
    documents = TrustedDocuments({ID: KNOWN}, only=True)
    schema = build_schema(only_trusted(documents))
    for query in (OTHER, "{ entitie { id } }", "{ __schema { types { name } } }"):
        result = asyncio.run(schema.execute(query))
        assert [error.message for error in result.errors or ()] == [
            "Only known documents are executed here: send the id of one as `documentId`."
        ]
    trusted_look = "{ __schema { queryType { name } } }"
    schema = build_schema(only_trusted(TrustedDocuments({identifier(trusted_look): trusted_look}, only=True)))
    result = asyncio.run(schema.execute(trusted_look))
    assert "introspection" in str(result.errors)


def test_a_file_of_texts_by_hash_is_read_like_a_folder(tmp_path: Path):
    file = tmp_path / "documents.json"
    file.write_text(json.dumps({f"sha256:{ID}": KNOWN, identifier(OTHER): OTHER}))
    assert load_documents(file, SCHEMA).texts == {ID: KNOWN, identifier(OTHER): OTHER}


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.json", json.dumps({identifier(OTHER): KNOWN}), "is not the SHA-256 hash of its text"),
        ("a.json", "[]", "is no JSON object"),
        ("a.json", "{", "cannot be read"),
        ("a.json", "{}", "holds no documents"),
        ("a.graphql", "{ nope }", "does not fit the schema"),
        ("a.graphql", "{", "does not fit the schema"),
        ("a.graphql", "{ __typename } #" + "x" * MAX_BODY, "too long"),
        ("a.txt", KNOWN, "holds no documents"),
    ],
)
def test_documents_that_cannot_be_trusted_are_told_at_the_start(
    tmp_path: Path, name: str, text: str, told: str
):
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match=told):
        load_documents(tmp_path / name if name.endswith(".json") else tmp_path, SCHEMA)


def test_a_lock_down_without_documents_is_no_server(kb: Kb, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KB_ONLY_TRUSTED", "true")
    ran = kb("serve", "--port", "0")
    assert (ran.code, "KB_TRUSTED_DOCUMENTS" in ran.err) == (2, True)
