"""Noticing what is written, by whichever process: one small query a tick, and none while nobody listens."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

import neo4j.time
from neo4j.exceptions import DriverError, Neo4jError

from kb.errors import UsageError
from kb.protocols import GraphReader

TICK: Final = 1.0
"""Seconds between two looks."""

NEWEST: Final = "MATCH (l:Lease {id: 'writer'}) RETURN l.at AS at"
"""Every write leaves its moment there, each later than the one before."""

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class ArrivalWatch:
    """Looks for all who listen; the looking begins with the first of them and ends with the last."""

    def __init__(self, reader: GraphReader, tick: float = TICK) -> None:
        """Look through this reader, every `tick` seconds."""
        self._reader = reader
        self._tick = tick
        self._listening = 0
        self._looking: asyncio.Task[None] | None = None
        self._newest: datetime | None = None
        self._changed = asyncio.Event()

    async def stamps(self) -> AsyncGenerator[datetime]:
        """The moment of the newest write, then that of each newer one that is seen.

        Raises:
            neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError: when the database does not answer the
                first look; while it stays away later, nothing comes.
        """
        given = await self._look()
        yield given
        self._listening += 1
        if self._looking is None:
            self._looking = asyncio.create_task(self._keep_looking())
        try:
            while True:
                changed = self._changed
                newest = self._newest
                if newest is not None and newest > given:
                    given = newest
                    yield given
                else:
                    await changed.wait()
        finally:
            self._listening -= 1
            if self._listening == 0:
                self._looking.cancel()
                self._looking = None

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(self._tick)
            with suppress(DriverError, Neo4jError, UsageError, OSError):  # the next look may be answered
                newest = await self._look()
                if newest != self._newest:
                    self._newest = newest
                    self._changed.set()
                    self._changed = asyncio.Event()

    async def _look(self) -> datetime:
        rows = await self._reader.fetch(NEWEST, {})
        at: neo4j.time.DateTime | None = rows[0]["at"] if rows else None
        return _NEVER if at is None else at.to_native()
