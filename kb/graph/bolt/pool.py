"""The open connections to one server."""

import asyncio
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from neo4j.exceptions import ServiceUnavailable

from kb.embedded import Address
from kb.graph.bolt.connection import BoltConnection, Records
from kb.graph.bolt.messages import query

MOST: Final = 100
"""Connections at a time, as many as the official driver opens."""
OPEN_SECONDS: Final = 30.0
"""How long a connection may take to open, as with the official driver."""
WAIT_SECONDS: Final = 60.0
"""How long a query waits for a connection while all are in use, as with the official driver."""
_PORT: Final = 7687


class BoltPool:
    """Connections that are opened when they are needed and kept for the queries that follow."""

    def __init__(self, address: Address) -> None:
        """Open nothing yet.

        Raises:
            ValueError: when the address has a port that is none.
        """
        parts = urlsplit(address.uri)
        self._address = address
        self._host, self._port = parts.hostname or "localhost", parts.port or _PORT
        self._idle: list[BoltConnection] = []
        self._used: set[BoltConnection] = set()
        self._places = asyncio.Semaphore(MOST)

    @staticmethod
    def serves(address: Address) -> bool:
        """Whether an address is plain Bolt to one server."""
        return address.uri.startswith("bolt://")

    async def fetch(self, text: str, parameters: Mapping[str, object], seconds: float) -> Records:
        """All records of one query, on which the database works so long at most.

        A query that is cancelled is ended in the database too. One whose connection had been closed while
        nobody used it is asked once more.

        Raises:
            neo4j.exceptions.Neo4jError: when the database refuses.
            neo4j.exceptions.ServiceUnavailable: when there is no server, or it went away.
        """
        request = query(text, parameters, self._address.database, seconds)
        if self._places.locked():
            await self._wait()
        else:
            await self._places.acquire()
        try:
            if self._idle:
                try:
                    return await self._ask(self._idle.pop(), request)
                except ServiceUnavailable:
                    self._forget()
            return await self._ask(await self._opened(), request)
        finally:
            self._places.release()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._places.acquire()
        except TimeoutError as error:
            raise ServiceUnavailable(
                f"All {MOST} connections were in use for {WAIT_SECONDS:.0f} s."
            ) from error

    async def _opened(self) -> BoltConnection:
        made = BoltConnection(self._lost)
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                await made.open(self._address, self._host, self._port)
        except TimeoutError as error:
            made.close()
            raise ServiceUnavailable(f"No connection within {OPEN_SECONDS:.0f} s.") from error
        except BaseException:
            made.close()
            raise
        return made

    async def _ask(self, connection: BoltConnection, request: bytes) -> Records:
        self._used.add(connection)
        try:
            records = await connection.ask(request)
        except BaseException:
            connection.close()
            raise
        finally:
            self._used.discard(connection)
        if connection.usable:
            self._idle.append(connection)
        return records

    def _lost(self, connection: BoltConnection) -> None:
        if connection in self._idle:
            self._idle.remove(connection)

    def _forget(self) -> None:
        """Close what is idle: when one connection has ended unseen, so have the others."""
        idle, self._idle = self._idle, []
        for one in idle:
            one.close()

    async def close(self) -> None:
        """Hang up everywhere."""
        for one in (*self._used, *self._idle):
            one.close()
        self._idle.clear()
        await asyncio.sleep(0)  # the transports close in the loop's next round
