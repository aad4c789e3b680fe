"""Connections to checked addresses: a host is looked up once, and connected to is what was checked."""

import socket
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from typing import Any, Final, cast

import anyio.to_thread
import httpcore
import httpx

from loaders.fetching.addresses import is_public

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Gives the IP addresses of a host."""

_TRIED: Final = 4
"""Addresses of one host that are tried."""


class ForbiddenAddressError(Exception):
    """A host has an address that is not public."""


async def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, by this machine's resolver.

    Raises:
        OSError: when there are none.
    """
    # abandoned, since a resolver that hangs cannot be stopped
    found = await anyio.to_thread.run_sync(_look_up, host, port, abandon_on_cancel=True)
    return list(dict.fromkeys(str(place[4][0]) for place in found))


def _look_up(host: str, port: int) -> Sequence[tuple[Any, ...]]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """Opens TCP connections to public addresses; TLS above it still names and verifies the host."""

    def __init__(self, resolver: Resolver, exempt: frozenset[tuple[str, int]]) -> None:
        """Look hosts up with this resolver; `exempt` addresses with ports are let through, for tests."""
        self._resolver = resolver
        self._exempt = exempt
        # httpcore tells type checkers of another class where anyio is missing
        self._plain: Final = cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # as in the base class
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of the host that answers.

        Raises:
            ForbiddenAddressError: when any address of the host is not public; nothing is connected to then.
            httpcore.ConnectError: when none answers.
        """
        try:
            addresses = await self._resolver(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("its host is not known") from error
        if not all(is_public(one) or (one, port) in self._exempt for one in addresses):
            raise ForbiddenAddressError
        failed = httpcore.ConnectError("its host has no address")
        for address in addresses[:_TRIED]:
            try:
                return await self._plain.connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore.ConnectError as error:
                failed = error
        raise failed

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._plain.sleep(seconds)


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        async for part in self._response.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._response.aclose()


class PinnedTransport(httpx.AsyncBaseTransport):
    """HTTP/1.1 over pinned connections, none of which is kept for another request."""

    def __init__(self, backend: PinnedBackend, context: ssl.SSLContext) -> None:
        """Connect through this backend."""
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context, network_backend=backend, max_keepalive_connections=0
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and give the response whose body is still to be read."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        response = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=url,
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            response.status, headers=response.headers, stream=_Body(response), extensions=response.extensions
        )

    async def aclose(self) -> None:
        """Close what is open."""
        await self._pool.aclose()
