"""Fetching as sites ask for it: robots.txt is honoured at each hop, and a host has one request at a time."""

import asyncio
import threading
import time
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler

import pytest

from loaders.fetching.fetcher import Code, Fetched, Fetcher, FetchError
from loaders.fetching.polite import PoliteFetcher
from tests.loaders.fetching.site import Page, Site, page, redirect, serving

HTML = b"<html><body><p>Acme is valued at $5 billion.</p></body></html>"


async def _resolve(_host: str, _port: int) -> Sequence[str]:
    return ["127.0.0.1"]


def polite(site: Site) -> PoliteFetcher:
    return PoliteFetcher(Fetcher(_resolve, exempt=frozenset({("127.0.0.1", site.port)})))


def robots(rules: str) -> Page:
    return page(rules.encode(), "text/plain")


def outcome(pages: Mapping[str, Page], path: str = "/a") -> tuple[Fetched | Code, list[str]]:
    with serving(pages) as site:
        try:
            got: Fetched | Code = asyncio.run(polite(site).fetch(site.url(path)))
        except FetchError as error:
            got = error.code
        return got, [request["path"] for request in site.requests]


@pytest.mark.parametrize("rules", ["User-agent: *\nDisallow: /", "User-agent: ai-industry-kb\nDisallow: /a"])
def test_what_robots_txt_forbids_is_not_asked_for(rules: str):
    assert outcome({"/robots.txt": robots(rules), "/a": page(HTML)}) == (Code.ROBOTS, ["/robots.txt"])


@pytest.mark.parametrize(
    "rules",
    [
        robots("User-agent: *\nDisallow: /b"),
        robots("User-agent: another\nDisallow: /"),
        robots("User-agent: *\nDisallow: /\n\nUser-agent: ai-industry-kb\nAllow: /"),
        page(b"no such page", status=404),
        page(b"<html>no rules</html>", "text/html"),
    ],
)
def test_what_robots_txt_allows_or_does_not_speak_of_is_fetched(rules: Page):
    got, asked = outcome({"/robots.txt": rules, "/a": page(HTML)})
    assert isinstance(got, Fetched)
    assert asked == ["/robots.txt", "/a"]


def test_a_site_that_cannot_tell_its_rules_is_left_alone():
    assert outcome({"/robots.txt": page(b"", status=503), "/a": page(HTML)})[0] is Code.ROBOTS


def test_a_redirect_is_looked_up_in_robots_txt_as_well():
    pages = {"/robots.txt": robots("User-agent: *\nDisallow: /b"), "/a": redirect("/b"), "/b": page(HTML)}
    assert outcome(pages) == (Code.ROBOTS, ["/robots.txt", "/a"])


def test_rules_are_asked_for_once():
    with serving({"/a": page(HTML), "/b": page(HTML)}) as site:
        fetcher = polite(site)

        async def both() -> None:
            await fetcher.fetch(site.url("/a"))
            await fetcher.fetch(site.url("/b"))

        asyncio.run(both())
        assert [request["path"] for request in site.requests] == ["/robots.txt", "/a", "/b"]


def test_a_host_has_one_request_at_a_time():
    running: list[int] = [0, 0]
    lock = threading.Lock()

    def slow(request: BaseHTTPRequestHandler) -> None:
        with lock:
            running[0] += 1
            running[1] = max(running)
        time.sleep(0.05)
        with lock:
            running[0] -= 1
        page(HTML)(request)

    with serving({f"/{n}": slow for n in range(5)}) as site:
        fetcher = polite(site)

        async def together() -> None:
            await asyncio.gather(*(fetcher.fetch(site.url(f"/{n}")) for n in range(5)))

        asyncio.run(together())
        assert len(site.requests) == 6
    assert running[1] == 1
