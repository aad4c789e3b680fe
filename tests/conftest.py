"""Fixtures: one real Neo4j a session, emptied before each test that asks for it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from kb.embedded import Address
from kb.graph.connection import Graph, open_driver
from kb.graph.migrate import migrate
from kb.registry import Registry, load_registry
from tests import doors

SEEDS = Path(__file__).parent.parent / "seeds"

settings.register_profile(
    "repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repeatable")


LONGEST = (
    "test_crash",
    "test_generated_queries",
    "test_graph_oracle",
    "test_imports",
    "test_judging_histories",
    "test_lazy_pattern",
    "test_load_over_ray",
    "test_subscriptions",
)
"""Files that take a minute or more: begun last, one of them would leave the other processes idle."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest."""
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


def pytest_report_header() -> str:
    """Say which Neo4j the tests run against."""
    return f"neo4j: {doors.name_of_door()}"


@pytest.fixture(autouse=True, scope="session")
def _no_users_database() -> None:
    """A user's own settings never reach a test."""
    for name in [name for name in os.environ if name.startswith(("KB_NEO4J_", "KB_LLM_"))]:
        del os.environ[name]


@pytest.fixture(scope="session")
def neo4j(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """The address of the tests' Neo4j, with the schema applied."""
    with doors.open_door(tmp_path_factory.mktemp("home")) as address:
        with open_driver(address) as driver:
            doors.refuse_strangers(driver, address.database)
            migrate(driver, address.database)
        yield address


@pytest.fixture
def graph(neo4j: Address) -> Iterator[Graph]:
    """An empty graph."""
    with open_driver(neo4j) as driver:
        driver.execute_query(doors.WIPE, database_=neo4j.database)
        yield Graph(driver, neo4j)


@pytest.fixture(scope="session")
def seed_registry() -> Registry:
    """The registry of the seeds."""
    return load_registry(SEEDS / "registry")
