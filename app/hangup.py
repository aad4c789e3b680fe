"""Ends the work on a request when its client has gone.

A server goes on with a request whose client hung up, and so would the database. Here the request's task is
cancelled; the driver then closes the connection that the query runs on, and the database ends the query.
"""

import asyncio
from contextlib import suppress
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SIZED: Final = frozenset({b"content-length", b"transfer-encoding"})
"""Headers of a request that has a body."""


class CancelOnHangup:
    """ASGI middleware: cancels the application when the client disconnects, once the body has been read."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        watch = _Watch(receive)
        if not any(name in _SIZED for name, _ in scope["headers"]):
            watch.begin()
        try:
            await self._app(scope, watch.receive, send)
        except asyncio.CancelledError:
            if not watch.gone:
                raise
        finally:
            await watch.end()


class _Watch:
    """Reads the messages of one request for the application, and after the last one waits for a hang-up."""

    def __init__(self, receive: Receive) -> None:
        """Watch for the task that runs now."""
        self.gone = False
        self._receive = receive
        self._work = asyncio.current_task()
        self._watching: asyncio.Task[None] | None = None
        self._unread: asyncio.Queue[Message] = asyncio.Queue()

    def begin(self) -> None:
        """Wait for the hang-up, beside the work."""
        self._watching = asyncio.create_task(self._wait())

    async def receive(self) -> Message:
        """The next message."""
        if self._watching is not None:
            return await self._unread.get()
        message = await self._receive()
        if message["type"] == "http.request" and not message.get("more_body", False):
            self.begin()
        return message

    async def _wait(self) -> None:
        while not self.gone:
            message = await self._receive()
            self._unread.put_nowait(message)
            self.gone = message["type"] == "http.disconnect"
        if self._work is not None:
            self._work.cancel()

    async def end(self) -> None:
        """Stop waiting; a hang-up that came with the last word of the answer cancels nothing any more."""
        if self._watching is not None:
            self._watching.cancel()
        if self.gone and self._work is not None:
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(0)
            self._work.uncancel()
