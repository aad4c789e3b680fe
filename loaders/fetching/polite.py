"""Fetching as sites ask for it: nothing that robots.txt forbids, and one request at a time for a host."""

import time
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

import anyio
from protego import Protego

from loaders.fetching.fetcher import USER_AGENT, Bounds, Code, Fetched, Fetcher, FetchError
from loaders.fetching.validators import Validators

_ROBOTS: Final = Bounds(packed=2**20, unpacked=2**20, seconds=10.0)
_FRESH: Final = 3600.0
"""Seconds for which a site's rules are taken as they were."""

_NO_RULES: Final = ""
_TYPES: Final = {"text/plain": "text/plain"}


class PoliteFetcher:
    """A fetcher that asks robots.txt first; share one, since the rules and turns of hosts are its own."""

    def __init__(self, fetcher: Fetcher | None = None) -> None:
        """Fetch through this fetcher, else through one with the usual bounds."""
        self._fetcher: Final = fetcher or Fetcher()
        self._robots: Final = replace(self._fetcher, bounds=_ROBOTS, types=_TYPES)
        self._rules: Final[dict[str, tuple[float, Protego]]] = {}
        self._turns: Final[defaultdict[str, anyio.Lock]] = defaultdict(anyio.Lock)

    def objection(self, url: str) -> str | None:
        """Why this URL will not be fetched, as far as it can be told without a look at its host."""
        return self._fetcher.objection(url)

    async def fetch(self, url: str) -> Fetched:
        """The document at this URL.

        Raises:
            FetchError: when it is not fetched, with the reason.
        """
        return await self._fetcher.fetch(url, self._permitted)

    async def fetch_changed(self, url: str, before: Validators | None) -> Fetched | None:
        """The document at this URL; None where its server tells that it is as it was `before`.

        Raises:
            FetchError: when it is not fetched, with the reason.
        """
        return await self._fetcher.fetch(url, self._permitted, before=before)

    @asynccontextmanager
    async def _permitted(self, url: str) -> AsyncGenerator[None]:
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        rules = await self._rules_of(site)
        if not rules.can_fetch(url, USER_AGENT):
            raise FetchError(Code.ROBOTS, "The robots.txt of its site asks programs to leave it alone.")
        async with self._turns[site]:
            yield

    async def _rules_of(self, site: str) -> Protego:
        async with self._turns[site]:
            known = self._rules.get(site)
            if known is None or time.monotonic() - known[0] > _FRESH:
                rules = Protego.parse(await self._text(f"{site}/robots.txt"))
                known = self._rules[site] = (time.monotonic(), rules)
        return known[1]

    async def _text(self, url: str) -> str:
        """The rules; none where the site has no such file, as RFC 9309 reads it.

        Raises:
            FetchError: when the site cannot tell its rules now.
        """
        try:
            return (await self._robots.fetch(url)).data.decode("utf-8", errors="replace")
        except FetchError as error:
            if error.code is Code.TYPE or (error.status is not None and 400 <= error.status < 500):
                return _NO_RULES
            if error.code in {Code.STATUS, Code.TOO_LARGE}:
                raise FetchError(Code.ROBOTS, f"The robots.txt of its site cannot be had: {error}") from error
            raise
