"""How a process reaches Neo4j: the one that KB_NEO4J_URI names, else the embedded one."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import neo4j
from neo4j.exceptions import AuthError, ConfigurationError, DriverError, Neo4jError, ServiceUnavailable

from kb.embedded import Address, EmbeddedServer, Progress
from kb.errors import DatabaseError
from kb.settings import Settings

_UNABLE: Final = "Neo.DatabaseError.Transaction."
"""Begins the codes of a database that cannot write its log or its store, and of one that then gave up."""
RETRY_SECONDS: Final = 120.0
"""How long a transaction is tried again while the server restarts."""


@dataclass(frozen=True, slots=True)
class Graph:
    """An open graph: a driver, and the address that it leads to."""

    driver: neo4j.Driver
    address: Address

    @property
    def database(self) -> str:
        """The database's name on its server."""
        return self.address.database


@contextmanager
def reach(settings: Settings, progress: Progress | None = None) -> Generator[Address]:
    """Give the address of a Neo4j that answers; the embedded one stays up while the block runs.

    Raises:
        DatabaseError: when the Neo4j of KB_NEO4J_URI does not answer, or refuses the password.
        SetupError: when the embedded server cannot be started.
    """
    if settings.neo4j_uri is None:
        with EmbeddedServer(settings.home, linger=settings.linger, progress=progress) as server:
            yield server.address
        return
    yield Address(
        uri=settings.neo4j_uri,
        user=settings.neo4j_user,
        password=settings.neo4j_password.get_secret_value(),
        database=settings.neo4j_database,
    )


@contextmanager
def open_driver(address: Address) -> Generator[neo4j.Driver]:
    """A driver that has been seen to reach the server; closed at the end of the block."""
    with explained(address), _connected(address) as driver:
        yield driver


def _connected(address: Address) -> neo4j.Driver:
    try:
        if not address.uri.startswith(("bolt", "neo4j")):
            raise ValueError("it speaks no Bolt")
        driver = neo4j.GraphDatabase.driver(
            address.uri,
            auth=(address.user, address.password),
            max_transaction_retry_time=RETRY_SECONDS,
            notifications_min_severity="OFF",
        )
        try:
            driver.verify_connectivity()
        except BaseException:
            driver.close()
            raise
    except (ConfigurationError, ValueError) as error:
        raise DatabaseError(
            f"'{address.uri}' is no address of a Neo4j: {error}. Write for example neo4j://host:7687."
        ) from error
    return driver


@contextmanager
def explained(address: Address) -> Generator[None]:
    """Turn the driver's errors into sentences for people.

    Raises:
        DatabaseError: in place of whatever the driver raised inside the block.
    """
    try:
        yield
    except AuthError as error:
        raise DatabaseError(
            f"Neo4j at {address.uri} refused user '{address.user}': "
            "check KB_NEO4J_USER and KB_NEO4J_PASSWORD."
        ) from error
    except ServiceUnavailable as error:
        raise DatabaseError(
            f"Neo4j at {address.uri} does not answer: start it, or check KB_NEO4J_URI."
        ) from error
    except Neo4jError as error:
        raise DatabaseError(_why(error)) from error
    except DriverError as error:
        raise DatabaseError(f"The connection to Neo4j at {address.uri} was lost: {error}") from error


def _why(error: Neo4jError) -> str:
    if (error.code or "").startswith(_UNABLE):
        return (
            "Neo4j could not write to its disk, which may be full or read-only: mend that and run the same "
            f"again; what was acknowledged is kept. It said: {_one_line(error.message or '')}"
        )
    return f"Neo4j refused: {error.message or error.code}."


def _one_line(text: str) -> str:
    return " ".join(text.split())[:160]
