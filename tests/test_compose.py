"""docker-compose.yml and the Dockerfile: a Neo4j and the app, for this machine only, by locked packages."""

import inspect
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.commands.server import serve
from kb.settings import Settings

ROOT = Path(__file__).parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
ENGINELESS_COMPOSE = [
    "docker",
    "compose",
    "-f",
    str(ROOT / "docker-compose.yml"),
    "config",
    "--format",
    "json",
]


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} +(.*)$", DOCKERFILE, re.MULTILINE)


def compose_answers() -> bool:
    try:
        return (
            subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0
        )
    except OSError:
        return False


def test_there_is_a_neo4j_and_the_app():
    assert set(SERVICES) == {"neo4j", "app"}


def test_neo4j_is_the_community_lts_that_the_embedded_server_is():
    locked = (ROOT / "kb" / "embedded" / "jars.lock").read_text("utf-8")
    version = re.search(r"^org\.neo4j:neo4j-kernel:(\d+\.\d+)\.", locked, re.MULTILINE)
    assert version is not None
    assert SERVICES["neo4j"]["image"] == f"neo4j:{version[1]}-community"


@pytest.mark.parametrize("service", SERVICES)
def test_every_port_is_open_to_this_machine_only(service: str):
    assert [p for p in SERVICES[service]["ports"] if not str(p).startswith("127.0.0.1:")] == []


def test_every_variable_of_the_app_is_a_setting():
    names = {name.removeprefix("KB_").lower() for name in SERVICES["app"]["environment"]}
    assert names <= set(Settings.model_fields)


def test_the_app_reaches_the_neo4j_of_the_same_file(monkeypatch: pytest.MonkeyPatch):
    for name, value in SERVICES["app"]["environment"].items():
        monkeypatch.setenv(name, value)
    settings = Settings.read()
    assert (settings.neo4j_uri, settings.neo4j_user) == ("neo4j://neo4j:7687", "neo4j")


@pytest.mark.parametrize(("service", "variable"), [("neo4j", "NEO4J_AUTH"), ("app", "KB_NEO4J_PASSWORD")])
def test_the_password_comes_from_the_environment_and_has_no_default(service: str, variable: str):
    assert "${KB_NEO4J_PASSWORD:?" in SERVICES[service]["environment"][variable]


def test_the_app_waits_until_neo4j_answers_with_its_password():
    assert SERVICES["app"]["depends_on"] == {"neo4j": {"condition": "service_healthy"}}
    assert "RETURN 1" in SERVICES["neo4j"]["healthcheck"]["test"][1]


def test_the_graph_outlives_its_container():
    assert SERVICES["neo4j"]["volumes"] == ["neo4j-data:/data"]
    assert "neo4j-data" in COMPOSE["volumes"]


def test_cypher_reads_no_files_and_neo4j_reports_nothing():
    given = SERVICES["neo4j"]["environment"]
    assert given["NEO4J_dbms_security_allow__csv__import__from__file__urls"] == "false"
    assert given["NEO4J_dbms_usage__report_enabled"] == "false"


def test_the_app_listens_on_the_port_that_is_published():
    port = Settings.model_fields["port"].default
    assert SERVICES["app"]["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert instructions("EXPOSE") == [str(port)]


def test_the_image_runs_a_command_that_there_is():
    command, verb, *options = json.loads(instructions("CMD")[0])
    assert (command, verb) == ("kb", serve.__name__)
    flags = {option.removeprefix("--") for option in options if option.startswith("--")}
    assert flags <= set(inspect.signature(serve).parameters)


def test_the_image_runs_as_no_root():
    assert instructions("USER") == ["kb"]
    assert DOCKERFILE.index("\nUSER kb") < DOCKERFILE.index("\nCMD")


def test_packages_are_installed_by_their_locked_hashes():
    first, second = (line for line in instructions("RUN") if line.startswith("pip install"))
    assert "--require-hashes --requirement requirements.lock" in first
    assert "--no-deps --no-build-isolation" in second


def test_what_the_image_copies_is_there_and_not_ignored():
    kept = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE))
    copied = {source for line in instructions("COPY") for source in line.split()[:-1]}
    assert copied == kept
    assert [source for source in copied if not (ROOT / source).exists()] == []


@pytest.mark.skipif(not compose_answers(), reason="docker compose is not installed here")
def test_docker_compose_reads_the_file():
    env = {**os.environ, "KB_NEO4J_PASSWORD": "a password of tests"}
    run = subprocess.run(ENGINELESS_COMPOSE, env=env, capture_output=True, text=True, check=True)
    assert set(json.loads(run.stdout)["services"]) == {"neo4j", "app"}
