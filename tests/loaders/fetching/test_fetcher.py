"""Fetching: from checked addresses alone, each redirect checked, bounded in size and time."""

import asyncio
import gzip
import ssl
import time
import zlib
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from loaders.fetching import pinned
from loaders.fetching.fetcher import MOST_REDIRECTS, Bounds, Code, Fetched, Fetcher, FetchError
from loaders.fetching.validators import Validators
from tests.loaders.fetching.site import Page, Site, connections, page, redirect, serving, versioned

HTML = b"<html><body><p>Acme is valued at $5 billion.</p></body></html>"


class Names:
    """A resolver that gives what the test says, and notes what it was asked."""

    def __init__(self, **addresses: Sequence[str]) -> None:
        self.addresses = {"site.test": ["127.0.0.1"], **addresses}
        self.asked: list[str] = []

    async def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        if host not in self.addresses:
            raise OSError(host)
        return self.addresses[host]


def fetch(site: Site, url: str, names: Names | None = None, **bounds: Any) -> Fetched:
    exempt = frozenset({("127.0.0.1", site.port)})
    return asyncio.run(Fetcher(names or Names(), Bounds(**bounds), exempt).fetch(url))


def refusal(site: Site, url: str, names: Names | None = None, **bounds: Any) -> Code:
    with pytest.raises(FetchError) as refused:
        fetch(site, url, names, **bounds)
    return refused.value.code


def test_a_page_comes_with_its_bytes_type_and_url():
    with serving({"/a": page(HTML, "text/html; charset=utf-8")}) as site:
        assert fetch(site, site.url("/a#part")) == Fetched(site.url("/a"), HTML, "text/html")
    (request,) = site.requests
    assert request["user-agent"].startswith("ai-industry-kb/")
    assert request["host"] == f"site.test:{site.port}"


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_a_packed_page_is_unpacked(packing: str):
    packed = gzip.compress(HTML) if packing == "gzip" else zlib.compress(HTML)
    with serving({"/a": page(packed, content_encoding=packing)}) as site:
        assert fetch(site, site.url("/a")).data == HTML


@pytest.mark.parametrize(
    "addresses",
    [
        ["10.0.0.1"],
        ["169.254.169.254"],
        ["::1"],
        ["1.1.1.1", "192.168.0.1"],
        ["::ffff:127.0.0.1"],
        ["127.0.0.2"],
    ],
)
def test_a_host_with_an_address_that_is_not_public_is_not_connected_to(addresses: list[str]):
    with serving({}) as site, connections() as seen:
        assert refusal(site, "http://inside.test/", Names(**{"inside.test": addresses})) is Code.REFUSED
    assert seen == []


def test_the_address_that_was_checked_is_the_one_that_is_connected_to():
    """A host that changes its address between check and use gains nothing: it is looked up once."""

    class Rebinding(Names):
        async def __call__(self, host: str, _port: int) -> Sequence[str]:
            await super().__call__(host, _port)
            return ["127.0.0.1"] if len(self.asked) == 1 else ["169.254.169.254"]

    names = Rebinding()
    with serving({"/a": page(HTML)}) as site, connections() as seen:
        assert fetch(site, site.url("/a"), names).data == HTML
    assert names.asked == ["site.test"]
    assert [place[:2] for place in seen] == [("127.0.0.1", site.port)]


@pytest.mark.parametrize(
    "target",
    [
        *("http://127.0.0.1/", "http://169.254.169.254/latest", "http://[::1]/", "http://2130706433/"),
        *(
            "file:///etc/passwd",
            "gopher://x/",
            "http://u:p@site.test/",
            "http://localhost/",
            "http://inside.test/",
        ),
        *("//169.254.169.254/x", "http://site.test:1/"),
    ],
)
def test_a_redirect_is_checked_like_the_first_url(target: str):
    names = Names(**{"inside.test": ["10.0.0.1"]})
    with serving({"/a": redirect(target)}) as site, connections() as seen:
        assert refusal(site, site.url("/a"), names) is Code.REFUSED
    assert [place[:2] for place in seen] == [("127.0.0.1", site.port)]


def test_redirects_are_followed_to_the_page_whose_url_is_given():
    with serving({"/a": redirect("/b", 301), "/b": redirect("c?d=1", 307), "/c?d=1": page(HTML)}) as site:
        assert fetch(site, site.url("/a")).url == site.url("/c?d=1")


def test_a_page_that_leads_on_for_ever_is_left():
    with serving({"/a": redirect("/a")}) as site:
        assert refusal(site, site.url("/a")) is Code.REFUSED
    assert len(site.requests) == MOST_REDIRECTS + 1


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving({"/a": page(HTML)}) as site:
        assert fetch(site, site.url("/a")).data == HTML


def gzip_bomb(size: int) -> bytes:
    return gzip.compress(b"\0" * size)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (page(b"x" * 3000, "text/plain"), Code.TOO_LARGE),
        (page(gzip_bomb(10**6), content_encoding="gzip"), Code.TOO_LARGE),
        (page(gzip.compress(gzip_bomb(10**6)), content_encoding="gzip, gzip"), Code.TYPE),
        (page(b"x", content_encoding="br"), Code.TYPE),
        (page(b"\x1f\x8bnot gzip", content_encoding="gzip"), Code.UNREACHABLE),
        (page(b"PK\x03\x04", "application/zip"), Code.TYPE),
        (page(b"x", ""), Code.TYPE),
        (page(b"x", status=500), Code.STATUS),
        (page(b"", status=304), Code.STATUS),
    ],
)
def test_what_is_too_large_or_of_no_use_is_refused(answer: Page, code: Code):
    with serving({"/a": answer}) as site:
        assert refusal(site, site.url("/a"), packed=2000, unpacked=20_000) is code


def test_a_body_without_end_is_cut_off_at_the_bound():
    sent = 0

    def endless(request: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        request.send_response(200)
        request.send_header("content-type", "text/plain")
        request.end_headers()
        while True:
            sent += request.wfile.write(b"x" * 65_536)

    with serving({"/a": endless}) as site:
        assert refusal(site, site.url("/a"), packed=10**6) is Code.TOO_LARGE
    assert sent < 20 * 10**6


def test_a_page_that_drips_is_left_when_the_time_is_up():
    def drip(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("content-type", "text/plain")
        request.end_headers()
        for _ in range(100):
            request.wfile.write(b"x")
            time.sleep(0.1)

    with serving({"/a": drip}) as site:
        begun = time.monotonic()
        assert refusal(site, site.url("/a"), seconds=0.5) is Code.TIMEOUT
    assert time.monotonic() - begun < 5


def test_a_resolver_that_hangs_is_left_when_the_time_is_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pinned.socket, "getaddrinfo", lambda *_, **__: time.sleep(3))
    begun = time.monotonic()
    with pytest.raises(FetchError) as refused:
        asyncio.run(Fetcher(bounds=Bounds(seconds=0.2)).fetch("http://hangs.test/"))
    assert refused.value.code is Code.TIMEOUT
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("host", ["unknown.test", "x" * 70 + ".test"])
def test_a_host_that_nobody_knows_is_told_so(host: str):
    with serving({}) as site:
        assert refusal(site, f"http://{host}/") is Code.UNREACHABLE


def test_tls_verifies_the_hosts_name_and_not_the_address(monkeypatch: pytest.MonkeyPatch):
    """The name is sent and verified although the connection goes to an address that was looked up."""
    asked: list[tuple[object, ssl.VerifyMode, bool]] = []
    truly = ssl.SSLContext.wrap_bio

    def wrap(self: ssl.SSLContext, *given: Any, server_hostname: Any = None, **more: Any) -> Any:
        asked.append((server_hostname, self.verify_mode, self.check_hostname))
        return truly(self, *given, server_hostname=server_hostname, **more)

    monkeypatch.setattr(ssl.SSLContext, "wrap_bio", wrap)
    with serving({"/a": page(HTML)}) as site:
        assert refusal(site, site.url("/a").replace("http://", "https://")) is Code.UNREACHABLE
    assert asked == [(b"site.test", ssl.CERT_REQUIRED, True)]


def fetch_again(
    site: Site, url: str, before: Validators | None, names: Names | None = None
) -> Fetched | None:
    exempt = frozenset({("127.0.0.1", site.port)})
    return asyncio.run(Fetcher(names or Names(), exempt=exempt).fetch(url, before=before))


CHANGED = "Mon, 05 May 2025 10:00:00 GMT"


@pytest.mark.parametrize("headers", [{"etag": '"1"'}, {"etag": 'W/"1"'}, {"last_modified": CHANGED}])
def test_a_page_that_is_as_it_was_is_not_sent_again(headers: dict[str, str]):
    with serving(pages := {"/a": versioned(HTML, **headers)}) as site:
        first = fetch(site, site.url("/a"))
        assert fetch_again(site, site.url("/a"), first.validators) is None
        pages["/a"] = versioned(b"other", etag='"2"')
        assert fetch_again(site, site.url("/a"), first.validators) == Fetched(
            site.url("/a"), b"other", "text/html", Validators(site.url("/a"), '"2"')
        )


def test_the_url_that_a_page_leads_to_is_asked_with_its_validators_and_no_other():
    with serving({"/a": redirect("/b"), "/b": versioned(HTML, etag='"1"')}) as site:
        first = fetch(site, site.url("/a"))
        assert first.validators == Validators(site.url("/b"), '"1"')
        assert fetch_again(site, site.url("/a#part"), first.validators) is None
    assert [request.get("if-none-match") for request in site.requests] == [None, None, None, '"1"']


def test_a_page_that_has_moved_is_fetched_whole():
    """Two URLs may give two pages one ETag."""
    with serving(pages := {"/a": versioned(HTML, etag='"1"')}) as site:
        first = fetch(site, site.url("/a"))
        pages |= {"/a": redirect("/b"), "/b": versioned(b"other", etag='"1"')}
        found = fetch_again(site, site.url("/a"), first.validators)
        assert found is not None
        assert (found.data, found.url) == (b"other", site.url("/b"))


def test_a_server_that_tells_of_another_version_than_it_was_asked_about_is_asked_for_the_page():
    def confused(request: BaseHTTPRequestHandler) -> None:
        conditional = request.headers.get("if-none-match") is not None
        (page(b"", status=304, etag='"2"') if conditional else page(HTML, etag='"2"'))(request)

    with serving({"/a": confused}) as site:
        found = fetch_again(site, site.url("/a"), Validators(site.url("/a"), '"1"'))
        assert found is not None
        assert found.data == HTML


@pytest.mark.parametrize("before", [None, Validators("http://site.test/elsewhere", '"1"')])
def test_who_asks_for_the_page_takes_no_answer_for_it_that_it_has_not_changed(before: Validators | None):
    with serving({"/a": page(b"", status=304)}) as site, pytest.raises(FetchError) as refused:
        fetch_again(site, site.url("/a"), before)
    assert (refused.value.code, refused.value.status) == (Code.STATUS, 304)


def test_a_page_is_asked_for_again_as_guardedly_as_at_first():
    with serving({"/a": redirect("http://inside.test/")}) as site, connections() as seen:
        names = Names(**{"inside.test": ["10.0.0.1"]})
        for url in (site.url("/a"), "http://inside.test/"):
            with pytest.raises(FetchError) as refused:
                fetch_again(site, url, Validators(url, '"1"'), names)
            assert refused.value.code is Code.REFUSED
    assert [place[:2] for place in seen] == [("127.0.0.1", site.port)]


STRANGE = ['"' + "x" * 70_000 + '"', "no quotes", '"a\tb"', '"a\x01b"', '"\xe9"']


@pytest.mark.parametrize("etag", STRANGE, ids=range(len(STRANGE)))
def test_a_page_with_a_strange_etag_is_a_page_without(etag: str):
    with serving({"/a": page(HTML, etag=etag)}) as site:
        assert fetch(site, site.url("/a")) == Fetched(site.url("/a"), HTML, "text/html")


@pytest.mark.parametrize("etag", ['"' + "x" * 10**6 + '"', '"a\0b"'], ids=["long", "broken"])
def test_a_page_with_headers_that_http_does_not_allow_is_refused(etag: str):
    with serving({"/a": page(HTML, etag=etag)}) as site:
        assert refusal(site, site.url("/a")) is Code.UNREACHABLE
