"""Tokens: kept as hashes, with scopes and rates; reading is open on loopback alone."""

import hmac
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app import tokens
from app.access import Doorkeeper, is_loopback
from app.tokens import Scope, TokenFile
from kb.errors import SetupError, UsageError
from tests.app.conftest import Kb
from tests.app.serving import access, bearer


def client(folder: Path, host: str = "127.0.0.1", **how: bool) -> TestClient:
    app = FastAPI()
    for path in ("/graphql", "/cypher", "/health/live"):
        app.add_api_route(path, lambda: "let in")
    app.add_middleware(Doorkeeper, access=access(folder, **how))
    return TestClient(app, f"http://{host}")


def asked(client: TestClient, path: str, headers: dict[str, str] | None = None) -> int:
    return client.get(path, headers=headers).status_code


def test_reading_is_open_on_loopback_and_cypher_is_not(tmp_path: Path):
    here = client(tmp_path)
    assert [asked(here, path) for path in ("/graphql", "/cypher")] == [200, 401]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.1.2:8000"])
def test_a_page_of_another_site_reads_nothing_by_a_name_of_its_own(tmp_path: Path, host: str):
    assert asked(client(tmp_path, host), "/graphql") == 403


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_this_machine_is_called_by_its_loopback_names(tmp_path: Path, host: str):
    assert asked(client(tmp_path, host), "/graphql") == 200


def test_elsewhere_reading_needs_a_token_and_health_none(tmp_path: Path):
    there = client(tmp_path, loopback=False)
    refused = there.get("/graphql")
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert asked(there, "/graphql", bearer(tmp_path, Scope.READ)) == 200
    assert asked(there, "/health/live") == 200


def test_where_reading_is_opened_cypher_still_needs_a_token(tmp_path: Path):
    there = client(tmp_path, loopback=False, open_read=True)
    assert [asked(there, path) for path in ("/graphql", "/cypher")] == [200, 401]


@pytest.mark.parametrize(
    ("scopes", "statuses"),
    [
        ([Scope.READ], [200, 403]),
        ([Scope.CYPHER], [403, 200]),
        ([Scope.INGEST], [403, 403]),
        ([Scope.READ, Scope.CYPHER], [200, 200]),
    ],
)
def test_a_token_opens_what_its_scopes_say(tmp_path: Path, scopes: list[Scope], statuses: list[int]):
    headers = bearer(tmp_path, *scopes)
    there = client(tmp_path, loopback=False)
    assert [asked(there, path, headers) for path in ("/graphql", "/cypher")] == statuses


def test_an_unknown_token_is_refused_even_where_reading_is_open(tmp_path: Path):
    good = bearer(tmp_path, Scope.READ)["authorization"]
    for bad in (
        "Bearer nonsense",
        "Bearer ",
        good[:-1],
        good + "x",
        good.replace("kb_", "kb_0"),
        "Bearer kb_é_é",
    ):
        assert asked(client(tmp_path), "/graphql", {"authorization": bad.encode()}) == 401  # type: ignore[dict-item]


def test_a_token_in_the_address_opens_nothing(tmp_path: Path):
    secret = bearer(tmp_path, Scope.READ)["authorization"].removeprefix("Bearer ")
    assert asked(client(tmp_path, loopback=False), f"/graphql?token={secret}&access_token={secret}") == 401


def test_each_token_has_a_rate_of_its_own(tmp_path: Path):
    slow = bearer(tmp_path, Scope.READ, per_minute=2)
    quick = bearer(tmp_path, Scope.READ, Scope.CYPHER)
    here = client(tmp_path)
    assert [asked(here, "/graphql", slow) for _ in range(3)] == [200, 200, 429]
    assert asked(here, "/graphql", quick) == 200
    assert int(here.get("/graphql", headers=slow).headers["retry-after"]) > 0


def test_a_revoked_token_opens_nothing_from_then_on(tmp_path: Path):
    headers = bearer(tmp_path, Scope.READ)
    there = client(tmp_path, loopback=False)
    assert asked(there, "/graphql", headers) == 200
    access(tmp_path).tokens.revoke("read")
    assert asked(there, "/graphql", headers) == 401


def test_the_file_holds_no_secret_and_is_its_owners_alone(tmp_path: Path):
    secret = bearer(tmp_path, Scope.READ)["authorization"].removeprefix("Bearer ")
    file = tmp_path / "tokens.json"
    assert secret.split("_", 2)[2] not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert set(json.loads(file.read_text())[0]) == {"id", "name", "scopes", "per_minute", "sha256"}


def test_secrets_are_compared_in_constant_time_whether_or_not_the_token_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    compared: list[tuple[int, int]] = []
    truly = hmac.compare_digest

    def compare(one: Any, other: Any) -> bool:
        compared.append((len(one), len(other)))
        return truly(one, other)

    monkeypatch.setattr(tokens.hmac, "compare_digest", compare)
    file = TokenFile(tmp_path / "tokens.json")
    secret = file.create("one", [Scope.READ], 1)
    assert file.holder(secret) is not None
    assert file.holder("kb_00000000_x") is None
    assert compared == [(64, 64), (64, 64)]


@pytest.mark.parametrize("text", ["", "{}", "[3]", '[{"id": "x"}]', "\x00"])
def test_a_file_that_holds_no_tokens_is_said_to(tmp_path: Path, text: str):
    (tmp_path / "tokens.json").write_text(text)
    with pytest.raises(SetupError, match="holds no tokens"):
        access(tmp_path).tokens.all()


def test_a_name_is_given_once(tmp_path: Path):
    file = TokenFile(tmp_path / "tokens.json")
    file.create("one", [Scope.READ], 1)
    with pytest.raises(UsageError, match="There is a token 'one'"):
        file.create("one", [Scope.READ], 1)


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("localhost", True),
        ("192.0.2.1", False),
        ("::", False),
    ],
)
def test_loopback_is_known_by_its_addresses(host: str, here: bool):
    assert is_loopback(host) is here


def test_tokens_are_made_listed_and_revoked_on_the_command_line(
    kb: Kb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("KB_TOKENS", str(tmp_path / "tokens.json"))
    made = kb("token", "create", "grafana", "--scope", "read", "--scope", "cypher")
    assert access(tmp_path).tokens.holder(made.out.strip()) is not None
    assert kb("token", "list", "--format", "jsonl").lines == [
        {"name": "grafana", "scopes": "cypher, read", "per minute": 600}
    ]
    assert kb("token", "revoke", "grafana").code == 0
    assert kb("token", "revoke", "grafana").code == 2


@pytest.mark.usefixtures("nowhere")
def test_serving_on_other_addresses_without_tokens_is_refused(
    kb: Kb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("KB_TOKENS", str(tmp_path / "tokens.json"))
    refused = kb("serve", "--host", "::", "--port", "0")
    assert refused.code == 2
    assert "there are no tokens: make one with `kb token create NAME`" in refused.err.replace("\n", " ")
    kb("token", "create", "grafana")
    assert kb("serve", "--host", "::", "--port", "0").code == 3  # it goes on to the database, which is away
