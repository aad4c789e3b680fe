"""Documents handed over by GraphQL: accepted once, read in the background, bounded, and only by who may."""

import gzip
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.jobs import PAGE
from app.tokens import Scope
from kb.graph.connection import Graph
from kb.jobs import LONGEST_TEXT, MOST_DOCUMENTS
from loaders.fetching.fetcher import Fetcher
from loaders.refusals import Code, ReadError
from schema.http import MAX_BODY, MAX_INGEST_BODY
from tests.app.serving import bearer
from tests.app.taking_in import INGEST, RESULT, Slow, page, taking_in, text
from tests.loaders.fetching.site import connections, redirect, serving
from tests.loaders.fetching.site import page as web_page
from tests.loaders.fetching.test_fetcher import Names


def counted(graph: Graph, what: str) -> int:
    found = graph.driver.execute_query(f"MATCH (n:{what}) RETURN count(n) AS n", database_=graph.database)
    return found.records[0]["n"]


def test_a_text_becomes_facts_of_a_document_with_what_is_told_of_it(graph: Graph, tmp_path: Path):
    told = {"title": "Acme's round", "published": "2025-04", "publisher": "The Press", "licence": "cc by 4.0"}
    with taking_in(graph.address, tmp_path) as client:
        job = client.ingest({**text("one"), **told})
        assert (job["__typename"], job["documents"]) == ("IngestJob", 1)
        ended = client.ended(job["id"])
        assert (ended["state"], ended["done"], ended["factsAdded"], ended["problems"]) == ("DONE", 1, 1, [])
        found = client.ask(
            "{ figures { nodes { exact evidence { text document { title published publisher } } } } }"
        )
    assert found["data"]["figures"]["nodes"] == [
        {
            "exact": "5000000000",
            "evidence": [
                {
                    "text": "Acme is valued at $5 billion",
                    "document": {"title": "Acme's round", "published": "2025-04", "publisher": "The Press"},
                }
            ],
        }
    ]
    rows = graph.driver.execute_query(
        "MATCH (d:Document) RETURN d.licence AS licence", database_=graph.database
    ).records
    assert [row["licence"] for row in rows] == ["CC-BY-4.0"]


def test_what_fails_is_told_with_its_key_and_the_rest_is_taken_in(graph: Graph, tmp_path: Path):
    with taking_in(graph.address, tmp_path) as client:
        job = client.ingest(text("good"), text("bad", "%PDF-1.7 \x00"), text("also good", "No fact."))
        ended = client.ended(job["id"])
    assert (ended["state"], ended["done"], ended["factsAdded"]) == ("DONE", 3, 1)
    assert [(one["code"], one["document"]) for one in ended["problems"]] == [("NOT_READ", "bad")]


@pytest.mark.parametrize(
    ("error", "code"),
    [(ReadError(Code.TOO_SLOW, "Reading it took too long."), "TOO_SLOW"), (RuntimeError("broken"), "FAULT")],
)
def test_a_document_that_was_not_read_has_the_code_of_what_stood_in_the_way(
    graph: Graph, tmp_path: Path, error: Exception, code: str
):
    with taking_in(graph.address, tmp_path, reader=Slow(fails=error)) as client:
        ended = client.ended(client.ingest(text("one"))["id"])
    assert [(one["code"], one["document"]) for one in ended["problems"]] == [(code, "one")]


def test_a_job_of_which_nothing_could_be_read_has_failed(graph: Graph, tmp_path: Path):
    with taking_in(graph.address, tmp_path) as client:
        assert client.ended(client.ingest(text("bad", "%PDF-1.7"))["id"])["state"] == "FAILED"


def test_the_same_keys_and_documents_are_the_same_job_also_after_a_restart(graph: Graph, tmp_path: Path):
    with taking_in(graph.address, tmp_path) as client:
        first = client.ingest(text("one"), text("two", "Beta is valued at $2 billion."))
        client.ended(first["id"])
        again = client.ingest(text("one"), text("two", "Beta is valued at $2 billion."))
    with taking_in(graph.address, tmp_path) as client:
        later = client.ingest(text("two", "Beta is valued at $2 billion."))
    assert {first["id"]} == {again["id"], later["id"]}
    assert (later["state"], later["factsAdded"]) == ("DONE", 2)
    assert (counted(graph, "IngestJob"), counted(graph, "Document")) == (1, 2)


def test_a_key_names_one_document(graph: Graph, tmp_path: Path):
    with taking_in(graph.address, tmp_path) as client:
        client.ingest(text("one"))
        problems = [
            client.ingest(text("one", "Another text.")),
            client.ingest(text("one"), text("new")),
            client.ingest(text("same", "a"), text("same", "b")),
        ]
        assert client.ingest(text("twice"), text("twice"))["documents"] == 1
    assert [one["code"] for one in problems] == ["KEY_REUSED", "KEY_REUSED", "BAD_INPUT"]
    assert counted(graph, "IngestJob") == 2


def test_the_same_keys_sent_at_once_are_one_job(graph: Graph, tmp_path: Path):
    found: list[str] = []
    with taking_in(graph.address, tmp_path) as client:
        threads = [
            threading.Thread(target=lambda: found.append(client.ingest(text("one"), text("two"))["id"]))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (len(found), len(set(found))) == (8, 1)


def test_facts_that_the_graph_holds_already_are_counted_apart(graph: Graph, tmp_path: Path):
    names = Names()
    with serving({"/a": web_page(b"<p>Acme is valued at $5 billion by its owners.</p>")}) as site:
        fetcher = Fetcher(names, exempt=frozenset({("127.0.0.1", site.port)}))
        with taking_in(graph.address, tmp_path, fetcher=fetcher) as client:
            first = client.ended(client.ingest(page("monday", site.url("/a")))["id"])
            second = client.ended(client.ingest(page("tuesday", site.url("/a")))["id"])
    assert [(one["factsAdded"], one["factsSeenBefore"]) for one in (first, second)] == [(1, 0), (0, 1)]


def test_cancelling_lets_the_document_in_work_end_and_begins_no_other(graph: Graph, tmp_path: Path):
    reader = Slow(gate=threading.Semaphore(0))
    with taking_in(graph.address, tmp_path, reader) as client:
        job = client.ingest(*(text(str(n), f"Acme{n} is valued at $5 billion.") for n in range(3)))["id"]
        assert reader.begun.acquire(timeout=20)
        cancelled = client.cancel(job)
        assert (cancelled["state"], cancelled["done"]) == ("CANCELLED", 0)
        reader.gate.release(3)  # type: ignore[union-attr]
        after = client.ingest(text("another"))
        assert client.ended(after["id"])["state"] == "DONE"
        (last,) = client.progress(job)
        assert (last["state"], last["done"], last["factsAdded"]) == ("CANCELLED", 1, 1)
        assert client.cancel(job)["state"] == "CANCELLED"
        assert client.cancel("none")["code"] == "NOT_FOUND"
    texts = graph.driver.execute_query(
        "MATCH (i:IngestItem) WHERE i.text IS NOT NULL RETURN i", database_=graph.database
    )
    assert texts.records == []


def test_a_server_that_stops_leaves_its_work_to_the_next_one(graph: Graph, tmp_path: Path):
    reader = Slow(gate=threading.Semaphore(1))
    with taking_in(graph.address, tmp_path, reader) as client:
        job = client.ingest(*(text(str(n), f"Acme{n} is valued at $5 billion.") for n in range(3)))["id"]
        assert all(reader.begun.acquire(timeout=20) for _ in range(2))
    with taking_in(graph.address, tmp_path) as client:
        ended = client.ended(job)
    assert (ended["state"], ended["done"], ended["factsAdded"], ended["problems"]) == ("DONE", 3, 3, [])


def test_answers_come_while_documents_are_read(graph: Graph, tmp_path: Path):
    reader = Slow(gate=threading.Semaphore(0))
    with taking_in(graph.address, tmp_path, reader) as client:
        client.ingest(text("slow"))
        assert reader.begun.acquire(timeout=20)
        assert client.ask("{ entities { total { value } } }")["data"] is not None


@pytest.mark.parametrize(
    ("documents", "told"),
    [
        ([], "Give 1 to 20"),
        ([text(str(n)) for n in range(MOST_DOCUMENTS + 1)], "Give 1 to 20"),
        ([{"idempotencyKey": "k"}], "one of them"),
        ([{"idempotencyKey": "k", "text": "a", "url": "https://example.com"}], "one of them"),
        ([text("  ")], "is empty"),
        ([text("k", " \n")], "is empty"),
        ([text("k" * 201)], "more than 200"),
        ([text("k", "x" * (LONGEST_TEXT + 1))], "more than 1,000,000"),
        ([{**text("k"), "title": "t" * 501}], "more than 500"),
        ([page("k", "https://example.com/" + "x" * 2048)], "more than 2,048"),
        ([text("k", "half \ud83d of it")], "half of a character"),
        ([text("\ud800")], "half of a character"),
    ],
)
def test_what_is_no_document_is_refused_and_nothing_kept(
    graph: Graph, tmp_path: Path, documents: list[dict[str, Any]], told: str
):
    with taking_in(graph.address, tmp_path) as client:
        refused = client.ingest(*documents)
    assert (refused["code"], told in refused["message"]) == ("BAD_INPUT", True)
    assert counted(graph, "IngestJob") == 0


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "gopher://127.0.0.1:6379/", "http://127.0.0.1/", "http://169.254.169.254/"),
        *("http://2130706433/", "http://0x7f.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/"),
        *("http://localhost:7474/", "http://user:secret@example.com/", "http://example.com:22/"),
    ],
)
def test_a_url_that_leads_inside_is_refused_at_once(graph: Graph, tmp_path: Path, url: str):
    with taking_in(graph.address, tmp_path) as client:
        assert client.ingest(page("k", url))["code"] == "URL_REFUSED"
    assert counted(graph, "IngestJob") == 0


def test_a_name_or_a_redirect_that_leads_inside_is_not_connected_to(graph: Graph, tmp_path: Path):
    names = Names(**{"inside.test": ["192.168.0.1"], "meta.test": ["169.254.169.254"]})
    with serving({"/a": redirect("http://meta.test/latest/meta-data")}) as site:
        fetcher = Fetcher(names, exempt=frozenset({("127.0.0.1", site.port)}))
        with taking_in(graph.address, tmp_path, fetcher=fetcher) as client, connections() as seen:
            job = client.ingest(page("1", "http://inside.test/"), page("2", site.url("/a")))
            ended = client.ended(job["id"])
    assert [one["code"] for one in ended["problems"]] == ["URL_REFUSED", "URL_REFUSED"]
    assert {place[0] for place in seen} == {"127.0.0.1"}


def test_a_page_that_unpacks_to_more_than_a_document_is_refused(graph: Graph, tmp_path: Path):
    bomb = gzip.compress(b"<p>" + b" " * PAGE.unpacked)
    with serving({"/a": web_page(bomb, content_encoding="gzip")}) as site:
        fetcher = Fetcher(Names(), PAGE, frozenset({("127.0.0.1", site.port)}))
        with taking_in(graph.address, tmp_path, fetcher=fetcher) as client:
            ended = client.ended(client.ingest(page("bomb", site.url("/a")))["id"])
    assert (ended["state"], ended["problems"][0]["code"]) == ("FAILED", "URL_TOO_LARGE")


@pytest.mark.parametrize("scopes", [[], [Scope.READ], [Scope.READ, Scope.CYPHER]])
def test_who_may_not_ingest_hands_nothing_over(graph: Graph, tmp_path: Path, scopes: list[Scope]):
    headers = bearer(tmp_path, *scopes) if scopes else {}
    with taking_in(graph.address, tmp_path) as client:
        answers = [
            client.ask(INGEST % RESULT, headers, documents=[text("one")]),
            client.ask('mutation { cancelIngest(id: "x") { __typename } }', headers),
            *client.events('subscription { ingestProgress(id: "x") { state } }', headers),
        ]
    assert [one["errors"][0]["extensions"]["code"] for one in answers] == ["FORBIDDEN"] * 3
    assert counted(graph, "IngestJob") == 0


def test_only_who_may_ingest_sends_long_requests_and_queries_stay_short(graph: Graph, tmp_path: Path):
    long = "Acme is valued at $5 billion. " * (2 * MAX_BODY // 30)
    with taking_in(graph.address, tmp_path) as client:
        sent = {"query": INGEST % RESULT, "variables": {"documents": [text("long", long)]}}
        assert httpx.post(client.url, json=sent).status_code == 413
        assert client.ingest(text("long", long))["documents"] == 1
        spaces = {"query": "{ __typename }" + " " * MAX_BODY}
        assert httpx.post(client.url, json=spaces, headers=client.headers).status_code == 413
        huge = b'{"query": "' + b" " * MAX_INGEST_BODY
        kind = {**client.headers, "content-type": "application/json"}
        assert httpx.post(client.url, content=huge, headers=kind).status_code == 413


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_page_of_another_site_cannot_send_a_mutation(graph: Graph, tmp_path: Path, kind: str):
    sent = b'{"query": "mutation { cancelIngest(id: \\"x\\") { __typename } }"}'
    with taking_in(graph.address, tmp_path) as client:
        posted = httpx.post(client.url, content=sent, headers={**client.headers, "content-type": kind})
        got = httpx.get(
            client.url,
            params={"query": 'mutation { cancelIngest(id: "x") { __typename } }'},
            headers=client.headers,
        )
    assert (posted.status_code, got.status_code) == (400, 400)


def test_counters_tell_of_jobs_documents_and_facts(graph: Graph, tmp_path: Path):
    with taking_in(graph.address, tmp_path) as client:
        client.ended(client.ingest(text("good"), text("bad", "%PDF-1.7"))["id"])
        metrics = httpx.get(client.url.replace("/graphql", "/metrics")).text
    lines = metrics.splitlines()
    for line in (
        'kb_ingest_jobs_total{state="DONE"} 1.0',
        "kb_ingest_facts_total 1.0",
        'kb_ingest_document_seconds_count{outcome="ok"} 1.0',
        'kb_ingest_document_seconds_count{outcome="failed"} 1.0',
        "kb_subscriptions_open 0.0",
    ):
        assert line in lines
