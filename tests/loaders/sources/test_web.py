"""URLs and feeds: pages become documents of their own address, and one that is not there stops no other."""

from collections.abc import Sequence
from pathlib import Path

from kb.documents import RawDocument
from kb.partial_date import PartialDate
from loaders.fetching.fetcher import Fetcher
from loaders.fetching.polite import PoliteFetcher
from loaders.sources import Found, Options, Problem, discover
from loaders.sources.web import TYPES
from tests.loaders.fetching.site import Site, page, serving

ARTICLE = b"<html><body><article><p>Acme is valued at $5 billion.</p></article></body></html>"


async def _resolve(_host: str, _port: int) -> Sequence[str]:
    return ["127.0.0.1"]


def found(site: Site, *sources: str | Path) -> list[Found]:
    fetcher = Fetcher(_resolve, exempt=frozenset({("127.0.0.1", site.port)}), types=TYPES)
    return list(discover(sources, Options(fetcher=PoliteFetcher(fetcher))))


def feed(site: Site, *entries: str) -> bytes:
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>The Paper</title><link>{site.url('/')}</link>{''.join(entries)}</channel></rss>"
    ).encode()


def entry(link: str, more: str = "") -> str:
    date = "<pubDate>Mon, 05 May 2025 10:00:00 GMT</pubDate>"
    return f"<item><title>Acme raises money</title><link>{link}</link>{date}{more}</item>"


def test_a_url_is_a_document_of_its_address():
    with serving({"/a": page(ARTICLE)}) as site:
        (document,) = found(site, site.url("/a#part"))
        assert isinstance(document, RawDocument)
        assert (document.source_key, document.data) == (site.url("/a"), ARTICLE)
        assert document.metadata.url == site.url("/a")


def test_a_url_that_is_not_there_is_a_problem_and_the_next_is_fetched():
    with serving({"/b": page(ARTICLE)}) as site:
        missing, document = found(site, site.url("/a"), site.url("/b"))
        assert isinstance(missing, Problem)
        assert (missing.origin, missing.code) == (site.url("/a"), "URL_STATUS")
        assert isinstance(document, RawDocument)


def test_the_pages_that_a_feed_links_to_are_fetched_with_what_the_feed_tells():
    with serving(pages := {"/a": page(ARTICLE)}) as site:
        pages["/feed"] = page(feed(site, entry(site.url("/a")), entry(site.url("/b"))), "application/rss+xml")
        document, missing = found(site, site.url("/feed"))
        assert isinstance(document, RawDocument)
        known = document.metadata
        assert (known.title, known.publisher, known.published, known.url) == (
            "Acme raises money",
            "The Paper",
            PartialDate(2025, 5, 5),
            site.url("/a"),
        )
        assert isinstance(missing, Problem)
        assert missing.origin == site.url("/b")


def test_an_entry_that_holds_its_whole_text_is_not_fetched(tmp_path: Path):
    with serving({}) as site:
        text = f"<content:encoded><![CDATA[<p>{'Acme raised money. ' * 80}</p>]]></content:encoded>"
        (tmp_path / "news.xml").write_bytes(feed(site, entry(site.url("/a"), text)))
        (document,) = found(site, tmp_path / "news.xml")
        assert isinstance(document, RawDocument)
        assert (document.source_key, document.media_type) == (site.url("/a"), "text/html")
        assert site.requests == []


def test_atom_is_read_and_an_entry_with_nothing_is_named(tmp_path: Path):
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>The Paper</title>'
        "<entry><title>Nothing</title></entry>"
        "<entry><id>urn:1</id><title>T</title><content>Acme raised money.</content></entry></feed>"
    )
    (tmp_path / "news.atom").write_text(atom)
    with serving({}) as site:
        nothing, document = found(site, tmp_path / "news.atom")
    assert isinstance(nothing, Problem)
    assert nothing.origin.endswith("news.atom, entry 1")
    assert isinstance(document, RawDocument)
    assert document.source_key == "urn:1"


def test_a_file_of_records_is_read_from_its_url():
    with serving({"/a.jsonl": page(b'{"text": "Acme is a firm."}\n', "application/x-ndjson")}) as site:
        (document,) = found(site, site.url("/a.jsonl"))
        assert isinstance(document, RawDocument)
        assert document.source_key.startswith(f"{site.url('/a.jsonl')}#")
