"""One document from a URL: checked, bounded in time and size, each redirect looked at like the first URL."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import metadata
from typing import Final, overload

import anyio
import httpcore
import httpx

from kb.errors import InputError
from loaders.fetching.addresses import NOT_PUBLIC, objection
from loaders.fetching.pinned import (
    ForbiddenAddressError,
    PinnedBackend,
    PinnedTransport,
    Resolver,
    look_up,
)
from loaders.fetching.validators import Validators

MOST_REDIRECTS: Final = 5
USER_AGENT: Final = f"ai-industry-kb/{metadata.version('ai-industry-kb')}"
_PACKINGS: Final = frozenset({"", "identity", "gzip", "deflate"})
"""One at a time: what is packed twice can unpack to a million times its size."""

_DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEDIA_TYPES: Final[Mapping[str, str]] = {
    "text/html": "text/html",
    "application/xhtml+xml": "text/html",
    "text/plain": "text/plain",
    "text/markdown": "text/markdown",
    "application/pdf": "application/pdf",
    _DOCX: _DOCX,
    "application/epub+zip": "application/epub+zip",
}
"""What servers call the types that cleaning reads."""

Gate = Callable[[str], AbstractAsyncContextManager[None]]
"""What each request for a URL waits for, and what may refuse it."""


class Code(StrEnum):
    """Why a document was not fetched."""

    REFUSED = "URL_REFUSED"
    UNREACHABLE = "URL_UNREACHABLE"
    STATUS = "URL_STATUS"
    TYPE = "URL_TYPE"
    TOO_LARGE = "URL_TOO_LARGE"
    TIMEOUT = "URL_TIMEOUT"
    ROBOTS = "URL_ROBOTS"


class FetchError(InputError):
    """A document that was not fetched."""

    def __init__(self, code: Code, sentence: str, status: int | None = None) -> None:
        """A code for programs, a sentence for people, and the server's status where that is why."""
        super().__init__(sentence)
        self.code: Final = code
        self.status: Final = status


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a fetch may cost: bytes on the way and unpacked, and seconds in all."""

    packed: int = 20 * 2**20
    unpacked: int = 100 * 2**20
    seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a URL gave: the URL that it led to in the end, the bytes, their type as cleaning names it."""

    url: str
    data: bytes
    media_type: str
    validators: Validators | None = None
    """What the next request for it may ask with."""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches documents of some types from public addresses; `exempt` ones are for tests alone."""

    resolver: Resolver = look_up
    bounds: Bounds = Bounds()
    exempt: frozenset[tuple[str, int]] = frozenset()
    types: Mapping[str, str] = field(default_factory=lambda: MEDIA_TYPES)
    _ports: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        """Let the exempt ports through as well."""
        object.__setattr__(self, "_ports", frozenset(port for _, port in self.exempt))

    def objection(self, url: str) -> str | None:
        """Why this URL will not be fetched, as far as it can be told without a look at its host."""
        return objection(url, self._ports)

    @overload
    async def fetch(self, url: str, gate: Gate | None = None) -> Fetched: ...

    @overload
    async def fetch(
        self, url: str, gate: Gate | None = None, *, before: Validators | None
    ) -> Fetched | None: ...

    async def fetch(
        self, url: str, gate: Gate | None = None, *, before: Validators | None = None
    ) -> Fetched | None:
        """The document at this URL; each request, also the one that a redirect leads to, passes the gate.

        None where its server tells that it is as it was `before`.

        Raises:
            FetchError: when it is not fetched, with the reason.
        """
        try:
            with anyio.fail_after(self.bounds.seconds):
                return await self._followed(url, gate or _open, before)
        except (TimeoutError, httpcore.TimeoutException) as error:
            seconds = f"{self.bounds.seconds:g}"
            raise FetchError(Code.TIMEOUT, f"It was not there within {seconds} seconds.") from error
        except ForbiddenAddressError as error:
            raise FetchError(Code.REFUSED, NOT_PUBLIC) from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise FetchError(Code.UNREACHABLE, f"It cannot be fetched ({_line(error)}).") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise FetchError(Code.UNREACHABLE, f"It cannot be read ({_line(error)}).") from error

    async def _followed(self, url: str, gate: Gate, before: Validators | None) -> Fetched | None:
        backend = PinnedBackend(self.resolver, self.exempt)
        transport = PinnedTransport(backend, httpx.create_ssl_context(trust_env=False))
        headers = {
            "user-agent": USER_AGENT,
            "accept": ", ".join(self.types),
            "accept-encoding": "gzip, deflate",
        }
        timeout = httpx.Timeout(self.bounds.seconds)
        async with httpx.AsyncClient(
            transport=transport, headers=headers, trust_env=False, follow_redirects=False, timeout=timeout
        ) as client:
            for _ in range(MOST_REDIRECTS + 1):
                known = before if before is not None and before.url == url.partition("#")[0] else None
                found = await self._asked(client, url, gate, known)
                if not isinstance(found, str):
                    return found
                url, before = found, before if known is None else None
        raise FetchError(Code.REFUSED, f"It leads on more than {MOST_REDIRECTS} times.")

    async def _asked(
        self, client: httpx.AsyncClient, url: str, gate: Gate, before: Validators | None
    ) -> Fetched | str | None:
        """What this URL gives, or the URL to ask next; None where it gives what it gave before."""
        wrong = self.objection(url)
        if wrong is not None:
            raise FetchError(Code.REFUSED, wrong)
        conditions = {} if before is None else before.headers
        async with gate(url), client.stream("GET", url, headers=conditions) as response:
            location = response.headers.get("location")
            if response.is_redirect and location is not None:
                return str(response.url.join(location))
            if response.status_code == 304 and before is not None:
                return None if before.fit(response.headers) else url
            if response.status_code != 200:
                status = response.status_code
                raise FetchError(Code.STATUS, f"Its server answers {status}.", status)
            kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind not in self.types:
                raise FetchError(Code.TYPE, f"It is of the type '{kind[:80]}', which is not read.")
            data = await self._body(response)
            final = str(response.url.copy_with(fragment=None))
            return Fetched(final, data, self.types[kind], Validators.of(final, response.headers))

    async def _body(self, response: httpx.Response) -> bytes:
        if response.headers.get("content-encoding", "").strip().lower() not in _PACKINGS:
            raise FetchError(Code.TYPE, "Its server packed it in another way than it was asked to.")
        body = bytearray()
        async for part in response.aiter_bytes():
            body += part
            if len(body) > self.bounds.unpacked:
                raise _too_large(self.bounds.unpacked, " unpacked")
            if response.num_bytes_downloaded > self.bounds.packed:
                raise _too_large(self.bounds.packed)
        return bytes(body)


def _open(_url: str) -> AbstractAsyncContextManager[None]:
    return nullcontext()


def _too_large(most: int, how: str = "") -> FetchError:
    return FetchError(Code.TOO_LARGE, f"It has more than {most // 2**20} MB{how}.")


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__
