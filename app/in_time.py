"""Ends requests that do not arrive: a head or body that stops half-way would hold its connection for ever."""

import asyncio
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.problems import problem

PATIENCE: Final = 30.0
"""Seconds in which a head must arrive, and then a body."""


class _LateError(Exception):
    """A body that was not there in time."""


@dataclass(frozen=True, slots=True)
class BodyInTime:
    """ASGI middleware that answers 408 where the body has not arrived in its time."""

    app: ASGIApp
    seconds: float = PATIENCE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        deadline: float | None = asyncio.get_running_loop().time() + self.seconds

        async def in_time() -> Message:
            nonlocal deadline
            if deadline is None:
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError as error:
                raise _LateError from error
            if not message.get("more_body", False):
                deadline = None
            return message

        try:
            await self.app(scope, in_time, send)
        except _LateError:
            told = (
                f"The body did not arrive within {self.seconds:g} s: send it at once, or in smaller requests."
            )
            await problem(408, "TIMEOUT", told, {"connection": "close"})(scope, receive, send)


class HeadInTime(HttpToolsProtocol):
    """uvicorn's protocol; it closes a connection whose first head, or one that began later, does not come.

    How long a connection may be idle between two requests is uvicorn's own setting.
    """

    seconds = PATIENCE
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the base class
        """Wait for the first head."""
        super().connection_made(transport)
        self._wait()

    def on_message_begin(self) -> None:
        """Wait for the head that begins."""
        super().on_message_begin()
        self._wait()

    def on_headers_complete(self) -> None:
        """Wait no more."""
        self._end()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._end()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._end()
        self._late = self.loop.call_later(self.seconds, self.transport.close)

    def _end(self) -> None:
        if self._late is not None:
            self._late.cancel()
