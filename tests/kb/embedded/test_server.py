"""What a client of the running server may rely on."""

import re
import stat
from pathlib import Path

import neo4j
import pytest
from neo4j.exceptions import ClientError

from kb.embedded import Address, EmbeddedServer, status
from kb.embedded.address import answers
from kb.embedded.errors import PasswordError


def ask(address: Address, query: neo4j.Query | str) -> list[neo4j.Record]:
    with neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        return driver.execute_query(query, database_=address.database).records


def setting(address: Address, name: str) -> str:
    return ask(address, f"SHOW SETTINGS '{name}' YIELD value")[0]["value"]


def test_the_login_that_is_written_without_neo4j_lets_the_real_driver_in(shared: EmbeddedServer) -> None:
    assert ask(shared.address, "RETURN 1 AS one")[0]["one"] == 1


def test_another_password_is_refused_with_a_sentence(shared: EmbeddedServer) -> None:
    wrong = Address(shared.address.uri, shared.address.user, "not the password")
    with pytest.raises(PasswordError, match="file `secret`"):
        answers(wrong)


def test_the_password_is_no_part_of_what_is_printed(shared: EmbeddedServer) -> None:
    assert shared.address.password not in repr(shared.address)


@pytest.mark.parametrize("name", ["secret", "conf/neo4j.conf"])
def test_only_the_owner_can_read(name: str, shared_home: Path) -> None:
    assert stat.S_IMODE((shared_home / name).stat().st_mode) == 0o600


def test_bolt_listens_on_loopback_alone(shared: EmbeddedServer) -> None:
    assert re.fullmatch(r"127\.0\.0\.1:\d+", setting(shared.address, "server.bolt.listen_address"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("server.http.enabled", "false"),
        ("server.https.enabled", "false"),
        ("dbms.usage_report.enabled", "false"),
        ("dbms.security.auth_enabled", "true"),
        ("db.tx_log.preallocate", "false"),
        ("db.memory.transaction.max", "256.00MiB"),
    ],
)
def test_the_server_runs_with_the_safe_settings(name: str, value: str, shared: EmbeddedServer) -> None:
    assert setting(shared.address, name) == value


def test_settings_of_ones_own_reach_the_server(shared: EmbeddedServer) -> None:
    assert setting(shared.address, "dbms.cypher.min_replan_interval") == "1h"


@pytest.mark.parametrize("source", ["file:///etc/passwd", "http://127.0.0.1:9/", "http://[::1]:9/"])
def test_cypher_reaches_neither_files_nor_addresses(source: str, shared: EmbeddedServer) -> None:
    with pytest.raises(ClientError, match=r"from_file_urls. is false|blocked|disallowed"):
        ask(shared.address, f"LOAD CSV FROM '{source}' AS row RETURN row")


def test_a_second_client_joins_the_server_that_runs(shared: EmbeddedServer, shared_home: Path) -> None:
    before = status(shared_home)
    with EmbeddedServer(shared_home, linger=0) as second:
        assert second.address == shared.address
    assert status(shared_home) == before


def test_status_tells_where_the_server_runs(shared: EmbeddedServer, shared_home: Path) -> None:
    state = status(shared_home)
    assert state.running
    assert shared.address.uri == f"bolt://127.0.0.1:{state.port}"


def test_status_of_a_folder_without_a_server_makes_nothing(tmp_path: Path) -> None:
    assert not status(tmp_path / "nothing").running
    assert not (tmp_path / "nothing").exists()
