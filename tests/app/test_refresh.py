"""`kb refresh` of what URLs gave: fetched where its server does not tell that it is what the graph holds."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from kb.graph.connection import Graph
from loaders.fetching.fetcher import Fetcher
from loaders.fetching.polite import PoliteFetcher
from loaders.sources import web
from tests import doors
from tests.app.conftest import Kb
from tests.app.test_lives import ARTICLE, NEWER, lines
from tests.loaders.fetching.site import Page, Site, page, redirect, serving, versioned

pytestmark = pytest.mark.usefixtures("few_known")


def text(words: str, etag: str | None) -> Page:
    return versioned(words.encode(), "text/plain", **({} if etag is None else {"etag": etag}))


Pages = dict[str, Page]


@pytest.fixture
def pages() -> Pages:
    return {"/a": text(ARTICLE, '"1"')}


@pytest.fixture
def site(pages: Pages, on_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Serves the pages to `kb`, which keeps what it was told in a folder of the test's own."""

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    monkeypatch.setenv("KB_HOME", str(tmp_path / "home"))
    with serving(pages) as site:
        fetcher = Fetcher(resolve, exempt=frozenset({("127.0.0.1", site.port)}), types=web.TYPES)
        monkeypatch.setattr(web, "usual", lambda: PoliteFetcher(fetcher))
        yield site


def asked(site: Site, path: str = "/a") -> list[str | None]:
    """With which ETag each request so far asked for a page, oldest first."""
    return [one.get("if-none-match") for one in site.requests if one["path"] == path]


def test_a_page_that_its_server_says_is_as_it_was_is_not_sent_and_nothing_is_written(kb: Kb, site: Site):
    kb("load", site.url("/a"))
    before = lines(kb)
    for _ in range(2):
        ran = kb("refresh")
        assert (ran.code, "1 places looked at, 1 as they were" in ran.err) == (0, True)
    assert asked(site) == [None, '"1"', '"1"']
    assert lines(kb) == before


def test_a_page_that_changed_is_loaded_and_asked_for_by_its_new_validator(kb: Kb, site: Site, pages: Pages):
    kb("load", site.url("/a"))
    pages["/a"] = text(NEWER, '"2"')
    assert "1 documents loaded" in kb("refresh").err
    assert "400000000" in lines(kb)
    assert "1 as they were" in kb("refresh").err
    assert asked(site) == [None, '"1"', '"2"']


def test_a_page_whose_text_stayed_under_other_bytes_is_not_sent_again(kb: Kb, site: Site, pages: Pages):
    kb("load", site.url("/a"))
    pages["/a"] = text(ARTICLE + "\n\n", '"2"')
    assert "1 unchanged" in kb("refresh").err
    assert "1 as they were" in kb("refresh").err
    assert asked(site) == [None, '"1"', '"2"']


def test_a_page_that_could_not_be_read_is_fetched_whole_and_named_again(kb: Kb, site: Site, pages: Pages):
    kb("load", site.url("/a"))
    pages["/a"] = versioned(b"no picture", "application/pdf", etag='"2"')
    for _ in range(2):
        ran = kb("refresh")
        assert (ran.code, site.url("/a") in ran.err) == (1, True)
    assert asked(site) == [None, '"1"', '"1"']


def test_a_graph_that_holds_an_older_version_has_the_page_fetched_whole(
    kb: Kb, site: Site, pages: Pages, on_graph: Graph, tmp_path: Path
):
    kb("load", site.url("/a"))
    kb("export", "--whole", "-o", tmp_path / "older.jsonl")
    pages["/a"] = text(NEWER, '"2"')
    kb("refresh")
    newer = lines(kb)
    on_graph.driver.execute_query(doors.WIPE)
    kb("import", tmp_path / "older.jsonl")
    assert "400000000" not in lines(kb)
    assert "1 documents loaded" in kb("refresh").err
    assert asked(site)[-1] is None
    assert lines(kb) == newer


def test_what_was_withdrawn_is_not_asked_for_and_what_came_meanwhile_is_not_missed(
    kb: Kb, site: Site, pages: Pages
):
    kb("load", site.url("/a"))
    kb("withdraw", site.url("/a"))
    assert "0 places looked at" in kb("refresh").err
    pages["/a"] = text(NEWER, '"2"')
    assert "1 withdrawn before" in kb("load", site.url("/a")).err
    kb("withdraw", site.url("/a"), "--undo")
    assert "1 documents loaded" in kb("refresh").err
    assert asked(site) == [None, None, None]
    assert "400000000" in lines(kb)


def test_the_page_that_an_address_leads_to_is_asked_by_its_own_validator(kb: Kb, site: Site, pages: Pages):
    pages["/b"] = redirect("/a")
    kb("load", site.url("/b"))
    assert "1 as they were" in kb("refresh").err
    assert asked(site) == [None, '"1"']


@pytest.mark.parametrize("damage", ["", "{}", "[]", '{"digest": "sha256:0", "answer": {"etag": "x"}}'])
def test_what_was_told_is_of_use_or_not_there(kb: Kb, site: Site, tmp_path: Path, damage: str):
    kb("load", site.url("/a"))
    (kept,) = (tmp_path / "home" / "fetched").rglob("*.json")
    kept.write_text(damage)
    assert "1 as they were" in kb("refresh").err
    assert "1 as they were" in kb("refresh").err
    assert asked(site) == [None, None, '"1"']


def test_a_look_before_a_load_keeps_nothing(kb: Kb, site: Site, tmp_path: Path):
    kb("load", site.url("/a"), "--dry-run")
    assert not (tmp_path / "home" / "fetched").exists()


def test_a_page_that_is_there_no_more_is_named(kb: Kb, site: Site, pages: Pages):
    kb("load", site.url("/a"))
    pages["/a"] = page(b"", status=410)
    ran = kb("refresh")
    assert (ran.code, "answers 410" in ran.err) == (1, True)


def table(*worths: int, etag: str | None = None, **more: str) -> Page:
    """A file of one record for each of these valuations, in billions."""
    rows = [
        {
            "id": f"row-{worth}",
            "subject": "Acme Robotics",
            "subject_type": "Company",
            "predicate": "VALUATION",
            "value": worth * 10**9,
            "unit": "USD",
            **more,
        }
        for worth in worths
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    return versioned(lines, "application/x-ndjson", **({} if etag is None else {"etag": etag}))


def worths(kb: Kb) -> list[int]:
    return sorted(line["value"] // 10**9 for line in kb("export").lines)


def test_a_file_of_records_is_fetched_once_for_all_of_them_and_then_only_if_it_changed(
    kb: Kb, site: Site, pages: Pages
):
    pages["/rows.jsonl"] = table(1, 2, 3, etag='"1"')
    kb("load", site.url("/rows.jsonl"))
    for _ in range(2):
        ran = kb("refresh")
        assert (ran.code, "1 places looked at, 1 as they were" in ran.err) == (0, True)
    pages["/rows.jsonl"] = table(1, 2, 3, 4, etag='"2"')
    ran = kb("refresh")
    assert "1 documents loaded with 1 facts, 3 unchanged" in ran.err
    assert "1 places looked at, 0 as they were" in ran.err
    assert worths(kb) == [1, 2, 3, 4]
    kb("refresh")
    assert asked(site, "/rows.jsonl") == [None, None, '"1"', '"1"', '"2"']


def test_records_that_a_file_has_no_more_stand_unless_it_is_complete(kb: Kb, site: Site, pages: Pages):
    pages["/rows.jsonl"] = table(1, 2, 3)
    kb("load", site.url("/rows.jsonl"))
    pages["/rows.jsonl"] = table(1, etag='"2"')
    assert kb("refresh").code == 0
    assert worths(kb) == [1, 2, 3]
    ran = kb("refresh", "--complete")
    assert (ran.code, "has 2 records no more: 2 facts retracted" in ran.err) == (0, True)
    assert worths(kb) == [1]
    assert "1 as they were" in kb("refresh", "--complete").err
    assert asked(site, "/rows.jsonl") == [None, None, None, '"2"']
    pages["/rows.jsonl"] = table(1, 2, 3, etag='"3"')
    kb("refresh", "--complete")
    assert worths(kb) == [1, 2, 3]


def test_of_a_file_that_was_not_read_whole_nothing_is_taken_for_gone_and_it_is_fetched_again(
    kb: Kb, site: Site, pages: Pages
):
    pages |= {"/rows.jsonl": table(1, 2), "/more.jsonl": table(3, 4)}
    kb("load", site.url("/rows.jsonl"), site.url("/more.jsonl"))
    broken = b'{"id": "row-1", "text": ""}\n'
    pages |= {
        "/rows.jsonl": versioned(broken, "application/x-ndjson", etag='"2"'),
        "/more.jsonl": table(3),
    }
    assert [kb("refresh", "--complete").code for _ in range(2)] == [1, 1]
    assert asked(site, "/rows.jsonl") == [None, None, None]
    assert worths(kb) == [1, 2, 3]


@pytest.mark.parametrize("now", [page(b"<p>moved</p>"), page(b"", status=404)])
def test_a_file_in_whose_place_there_is_none_is_named_and_keeps_its_records(
    kb: Kb, site: Site, pages: Pages, now: Page
):
    pages["/rows.jsonl"] = table(1, 2)
    kb("load", site.url("/rows.jsonl"))
    pages["/rows.jsonl"] = now
    ran = kb("refresh", "--complete")
    assert (ran.code, ran.err.count("rows.jsonl")) == (1, 1)
    assert worths(kb) == [1, 2]


def test_a_file_that_has_moved_keeps_its_records_under_the_address_that_they_are_known_by(
    kb: Kb, site: Site, pages: Pages
):
    pages["/rows.jsonl"] = table(1, 2)
    kb("load", site.url("/rows.jsonl"))
    pages |= {"/rows.jsonl": redirect("/new"), "/new": table(2, 3)}
    kb("refresh", "--complete")
    assert worths(kb) == [2, 3]


def test_what_meta_told_of_records_is_not_lost(kb: Kb, site: Site, pages: Pages, tmp_path: Path):
    pages["/rows.jsonl"] = table(1, 2)
    (tmp_path / "meta.json").write_text('{"publisher": "The Paper", "published": "2025-06-01"}')
    kb("load", site.url("/rows.jsonl"), "--meta", tmp_path / "meta.json")
    before = lines(kb)
    pages["/rows.jsonl"] = table(2, 3)
    ran = kb("refresh", "--complete")
    assert (ran.code, "The publisher and published of its records" in ran.err) == (1, True)
    assert lines(kb) == before


def test_a_file_some_of_whose_records_were_withdrawn_is_fetched_whole(kb: Kb, site: Site, pages: Pages):
    pages["/rows.jsonl"] = table(1, 2, etag='"1"')
    kb("load", site.url("/rows.jsonl"))
    kb("refresh")
    kb("withdraw", f"{site.url('/rows.jsonl')}#row-2")
    assert kb("refresh").code == 0
    assert asked(site, "/rows.jsonl") == [None, None, None]
    assert worths(kb) == [1]
