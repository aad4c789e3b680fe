"""Ends the work on a request when its client has gone.

A server goes on with a request whose client hung up, and so would the database. Here the request's task is
cancelled; the driver then closes the connection that the query runs on, and the database ends the query.
"""

import asyncio
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send


class CancelOnHangup:
    """ASGI middleware: passes messages on, and cancels the application when the client disconnects."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # one message ahead and no more: a body is read as fast as the application takes it
        messages: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue(maxsize=1)
        work = asyncio.ensure_future(self._app(scope, messages.get, send))

        async def watch() -> None:
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    work.cancel()
                    return
                await messages.put(message)

        watching = asyncio.ensure_future(watch())
        try:
            await asyncio.wait({work})
        finally:
            for task in (watching, work):
                task.cancel()
            await asyncio.wait({watching})
            with suppress(asyncio.CancelledError):
                await work
