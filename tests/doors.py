"""Which real Neo4j the tests run against: the first door that opens.

1. KB_TEST_NEO4J_URI (with KB_TEST_NEO4J_USER, KB_TEST_NEO4J_PASSWORD), refused when it holds data that
   the tests did not make. KB_NEO4J_URI is a user's and is never read here.
2. A Docker engine, through testcontainers.
3. The embedded server, on a directory of the tests' own.

If none opens, the tests fail; they are not skipped.
"""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import docker
import neo4j
from docker.errors import DockerException
from testcontainers.community.neo4j import Neo4jContainer

from kb.embedded import Address, EmbeddedServer

REPLANNING = ("dbms.cypher.min_replan_interval", "1h")
"""A graph that every test empties and fills would have each query planned anew every ten seconds."""

IMAGE = "neo4j:5.26-community"
STRANGERS = "MATCH (n) WHERE NOT EXISTS { (:KbTest) } RETURN count(n) AS n"
MARK = "MERGE (:KbTest {id: 'the tests of ai-industry-kb made what is here'})"
WIPE = "MATCH (n) WHERE NOT n:Migration AND NOT n:Lease AND NOT n:KbTest DETACH DELETE n"


@contextmanager
def open_door(home: Path) -> Generator[Address]:
    """The address of a Neo4j that the tests may fill and empty."""
    uri = os.environ.get("KB_TEST_NEO4J_URI")
    if uri is not None:
        yield _given(uri)
    elif _docker_answers():
        container = Neo4jContainer(IMAGE, password="a password of tests")
        name, value = REPLANNING
        with container.with_env(f"NEO4J_{name.replace('_', '__').replace('.', '_')}", value):
            yield Address(container.get_connection_url(), container.username, container.password)
    else:
        keep_plans(home)
        with EmbeddedServer(home, linger=0) as server:
            yield server.address


def keep_plans(home: Path) -> None:
    """Let the embedded server of this home plan a query once."""
    (home / "conf").mkdir(parents=True, exist_ok=True)
    (home / "conf" / "local.conf").write_text("=".join(REPLANNING) + "\n", encoding="utf-8")


def name_of_door() -> str:
    """Which door opens here."""
    if "KB_TEST_NEO4J_URI" in os.environ:
        return "KB_TEST_NEO4J_URI"
    return f"Docker container {IMAGE}" if _docker_answers() else "embedded server"


def refuse_strangers(driver: neo4j.Driver, database: str) -> None:
    """Fail when the database holds data without the tests' mark; mark it otherwise."""
    found = driver.execute_query(STRANGERS, database_=database).records[0]["n"]
    if found:
        message = (
            f"KB_TEST_NEO4J_URI holds {found} nodes that the tests did not make: give an empty database."
        )
        raise RuntimeError(message)
    driver.execute_query(MARK, database_=database)


def _given(uri: str) -> Address:
    user = os.environ.get("KB_TEST_NEO4J_USER", "neo4j")
    return Address(uri, user, os.environ.get("KB_TEST_NEO4J_PASSWORD", ""))


def _docker_answers() -> bool:
    try:
        client = docker.from_env(timeout=5)
        client.ping()
    except DockerException:
        return False
    client.close()
    return True
