"""One connection, on which one query is asked at a time."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from neo4j.exceptions import ServiceUnavailable

from kb.embedded import Address
from kb.graph.bolt.messages import (
    FAILURE,
    GREETING,
    RECORD,
    SUCCESS,
    Reassembly,
    chosen,
    error_of,
    field_of,
    opening,
)

Records = list[Mapping[str, Any]]
_OPENING: Final = 2
"""Successes that end an opening: of the greeting, and of the login."""
_QUERY: Final = 2
"""Successes that end a query: of running it, and of sending its records."""
_AGENT: Final = "ai-industry-kb"


class BoltConnection(asyncio.Protocol):
    """A connection that has been opened; whoever has it asks one query and waits for its end.

    It is of no more use once it was refused something, was closed, or was left in the middle of an answer.
    """

    def __init__(self, lost: Callable[["BoltConnection"], None]) -> None:
        """Tell `lost` when the connection has ended."""
        self.usable = False
        self._lost = lost
        self._greeted = bytearray()
        self._speaks = False
        self._messages = Reassembly()
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Records] | None = None
        self._columns: list[str] = []
        self._records: Records = []
        self._awaited = 0

    async def open(self, address: Address, host: str, port: int) -> None:
        """Connect and log in.

        Raises:
            neo4j.exceptions.Neo4jError: AuthError among others, when the server refuses.
            neo4j.exceptions.ServiceUnavailable: when nobody answers, or not in these versions of Bolt.
        """
        loop = asyncio.get_running_loop()
        answer = self._expect(_OPENING)
        try:
            await loop.create_connection(lambda: self, host, port)
        except OSError as error:
            raise ServiceUnavailable(f"Nobody answers at {host}:{port}: {error}") from error
        self._write(GREETING + opening(address, _AGENT))
        await answer
        self.usable = True

    async def ask(self, request: bytes) -> Records:
        """All records of one query, whose messages these are.

        Raises:
            neo4j.exceptions.Neo4jError: when the database refuses it.
            neo4j.exceptions.ServiceUnavailable: when the connection ends before the answer does.
        """
        answer = self._expect(_QUERY)
        self._write(request)
        return await answer

    def close(self) -> None:
        """Hang up, upon which the server ends what it does for this connection."""
        self.usable = False
        if self._transport is not None:
            self._transport.abort()

    def _expect(self, successes: int) -> asyncio.Future[Records]:
        self._records, self._awaited = [], successes
        self._answer = asyncio.get_running_loop().create_future()
        return self._answer

    def _write(self, data: bytes) -> None:
        if self._transport is None or self._transport.is_closing():
            self._end(ServiceUnavailable("The connection was closed."))
        else:
            self._transport.write(data)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Hold the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """End what is waited for."""
        self.usable = False
        self._lost(self)
        self._end(ServiceUnavailable(f"The connection was lost: {exc or 'the server closed it'}."))

    def data_received(self, data: bytes) -> None:
        """Read what has come."""
        if not self._speaks:
            self._greeted += data
            if len(self._greeted) < 4:
                return
            if not chosen(self._greeted[:4]):
                self._refused(ServiceUnavailable("The server speaks none of Bolt 5.4 to 5.6."))
                return
            self._speaks, data = True, bytes(self._greeted[4:])
        try:
            for message in self._messages.messages(data):
                self._take(message)
        except Exception as error:  # noqa: BLE001  # whatever cannot be read ends the query, not the loop
            self._refused(error)

    def _take(self, message: bytearray) -> None:
        kind = message[1]
        if kind == RECORD:
            self._records.append(dict(zip(self._columns, field_of(message), strict=True)))
        elif kind == SUCCESS:
            self._awaited -= 1
            if self._awaited:
                self._columns = field_of(message).get("fields", [])
            elif self._answer is not None and not self._answer.done():
                self._answer.set_result(self._records)
        elif kind == FAILURE:
            self._refused(error_of(field_of(message)))

    def _refused(self, error: Exception) -> None:
        self.close()
        self._end(error)

    def _end(self, error: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
