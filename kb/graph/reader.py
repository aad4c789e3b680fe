"""The read path: parameterised queries in read access mode, each bounded in time."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final, LiteralString, Protocol, cast

import neo4j
from neo4j.exceptions import Neo4jError, ServiceUnavailable

from kb.embedded import Address
from kb.errors import UsageError
from kb.graph.bolt import BoltPool

GRACE_SECONDS: Final = 2.0
"""How long after that the connection is given up, should the database not have noticed."""
TIMEOUT_SECONDS: Final = 10.0
"""How long the database works on one query before it gives up."""


def open_async_driver(address: Address) -> neo4j.AsyncDriver:
    """A driver for reading; the first query opens the first connection."""
    return neo4j.AsyncGraphDatabase.driver(
        address.uri, auth=(address.user, address.password), notifications_min_severity="OFF"
    )


class Source(Protocol):
    """Whoever asks the database."""

    async def fetch(
        self, text: str, parameters: Mapping[str, object], seconds: float
    ) -> list[Mapping[str, Any]]:
        """All records of one query, on which the database works so long at most."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


class DriverPool:
    """The official driver's connections to what an address leads to."""

    def __init__(self, address: Address) -> None:
        """Prepare a driver; the first query opens the first connection."""
        self._database = address.database
        self._driver = open_async_driver(address)

    async def fetch(
        self, text: str, parameters: Mapping[str, object], seconds: float
    ) -> list[Mapping[str, Any]]:
        """All records of one auto-commit query: a managed transaction costs 1.3 to 1.6 times the CPU."""
        query = neo4j.Query(cast("LiteralString", text), timeout=seconds)
        session = self._driver.session(
            database=self._database, default_access_mode=neo4j.READ_ACCESS, fetch_size=-1
        )
        async with session:
            result = await session.run(query, dict(parameters))
            return [dict(record.items()) async for record in result]

    async def close(self) -> None:
        """Close the driver."""
        await self._driver.close()


class AsyncReader:
    """Runs read queries for the GraphQL layer over connections of its own.

    They are those of `kb.graph.bolt` where the server speaks plain Bolt to this process, and the official
    driver's where the address asks for encryption or routing, or where `official` says so.
    """

    def __init__(
        self,
        address: Address,
        *,
        timeout: float = TIMEOUT_SECONDS,
        timed: Callable[[], AbstractContextManager[None]] = nullcontext,
        official: bool = False,
    ) -> None:
        """Open nothing yet; the first query opens the first connection.

        Each query runs within a context of `timed`, which may measure it.
        """
        self._timed = timed
        self._timeout = timeout
        plain = BoltPool.serves(address) and not official
        self._source: Source = BoltPool(address) if plain else DriverPool(address)

    async def fetch(self, query: str, parameters: Mapping[str, object]) -> list[Mapping[str, Any]]:
        """All records of one query, as maps by column name.

        Raises:
            UsageError: when the query takes longer than the timeout.
        """
        with self._timed():
            try:
                async with asyncio.timeout(self._timeout + GRACE_SECONDS):
                    return await self._source.fetch(query, parameters, self._timeout)
            except TimeoutError as error:
                raise self._too_long() from error
            except Neo4jError as error:
                if "TransactionTimedOut" in (error.code or ""):
                    raise self._too_long() from error
                raise

    def _too_long(self) -> UsageError:
        return UsageError(
            f"The query took longer than {self._timeout:.0f} s: ask for fewer items, or narrow the filter."
        )

    async def verify(self) -> None:
        """Raise the driver's error when the server does not answer."""
        try:
            async with asyncio.timeout(self._timeout):
                await self._source.fetch("RETURN 1 AS one", {}, self._timeout)
        except TimeoutError as error:
            raise ServiceUnavailable("The server takes too long to answer.") from error

    async def close(self) -> None:
        """Close the connections."""
        await self._source.close()
