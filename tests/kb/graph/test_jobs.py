"""Ingest jobs in the graph: one server works on a job, and what a dead one left is taken up."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from kb.graph import jobs
from kb.graph.connection import Graph
from kb.graph.jobs import STALE, Ended, JobStore
from kb.graph.reader import open_async_driver
from kb.jobs import Job, JobState, Problem, Submission
from kb.partial_date import PartialDate

Work = Callable[[JobStore, JobStore], Coroutine[Any, Any, Any]]


def with_two_servers(graph: Graph, work: Work) -> Any:
    """What the work gives, over the stores of two servers of one database."""

    async def run() -> Any:
        async with open_async_driver(graph.address) as driver:
            return await work(JobStore(driver, graph.database), JobStore(driver, graph.database))

    return asyncio.run(run())


def a_text(key: str, text: str = "Some text.") -> Submission:
    return Submission(
        key,
        text=text,
        title="A title",
        published=PartialDate.parse("2025-04"),
        publisher="The Press",
        licence="MIT",
    )


async def accepted(store: JobStore, *documents: Submission) -> str:
    job = await store.accept(documents)
    assert isinstance(job, Job)
    return job.id


def silent(graph: Graph) -> None:
    """Let the servers have been silent for longer than is waited for."""
    graph.driver.execute_query(
        "MATCH (j:IngestJob) SET j.beat = j.beat - duration({seconds: $s})",
        s=STALE + 1,
        database_=graph.database,
    )


def test_a_document_comes_back_as_it_was_handed_over(graph: Graph):
    async def work(store: JobStore, _: JobStore) -> Any:
        await accepted(store, a_text("a"), Submission("b", url="https://example.com/"))
        job = await store.claim()
        assert job is not None
        first = await store.next_document(job)
        await store.record("a", Ended())
        return first, await store.next_document(job)

    assert with_two_servers(graph, work) == (a_text("a"), Submission("b", url="https://example.com/"))


def test_a_job_is_one_servers_and_the_oldest_comes_first(graph: Graph):
    async def work(one: JobStore, other: JobStore) -> Any:
        first, second = await accepted(one, a_text("a")), await accepted(one, a_text("b"))
        claimed = [await one.claim(), await other.claim()]
        return claimed == [first, second], await other.next_document(first)

    assert with_two_servers(graph, work) == (True, None)


def test_what_a_silent_server_left_is_taken_up_where_it_stopped(graph: Graph):
    async def work(one: JobStore, other: JobStore) -> Any:
        job = await accepted(one, a_text("a"), a_text("b"))
        await one.claim()
        await one.record("a", Ended())
        before = await other.claim()
        silent(graph)
        taken = await other.claim()
        left = await other.next_document(job)
        return before, taken == job, left, await one.next_document(job), await one.finish(job)

    assert with_two_servers(graph, work) == (None, True, a_text("b"), None, None)


def test_a_server_that_still_speaks_keeps_its_job(graph: Graph):
    async def work(one: JobStore, other: JobStore) -> Any:
        job = await accepted(one, a_text("a"))
        await one.claim()
        silent(graph)
        await one.beat(job)
        return await other.claim()

    assert with_two_servers(graph, work) is None


def test_what_is_given_up_need_not_be_waited_for(graph: Graph):
    async def work(one: JobStore, other: JobStore) -> Any:
        job = await accepted(one, a_text("a"))
        await one.claim()
        await one.release()
        return await other.claim() == job

    assert with_two_servers(graph, work)


def test_a_document_that_two_servers_read_is_recorded_once(graph: Graph):
    async def work(one: JobStore, other: JobStore) -> Any:
        job = await accepted(one, a_text("a"))
        await one.claim()
        silent(graph)
        await other.claim()
        await other.record("a", Ended(problem=Problem("NOT_READ", "It is empty."), failed=True))
        await one.record("a", Ended())
        return await other.finish(job), await one.read(job)

    state, job = with_two_servers(graph, work)
    assert state is JobState.FAILED
    assert job.problems == (Problem("NOT_READ", "It is empty.", "a"),)


def test_a_full_queue_refuses_and_takes_again_when_there_is_room(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(jobs, "MOST_WAITING", 2)
    monkeypatch.setattr(jobs, "MOST_WAITING_TEXT", 100)

    async def work(store: JobStore, _: JobStore) -> Any:
        first = await accepted(store, a_text("a"), a_text("b"))
        refused = [await store.accept([a_text("c")]), await store.accept([a_text("d", "x" * 101)])]
        same = await accepted(store, a_text("a"), a_text("b"))
        await store.cancel(first)
        long = await store.accept([a_text("d", "x" * 101)])
        return same == first, [*refused, long], await accepted(store, a_text("c"))

    same, refused, _ = with_two_servers(graph, work)
    assert same
    assert [one.code for one in refused] == ["QUEUE_FULL"] * 3


def test_jobs_leave_the_version_of_the_data_as_it_is(graph: Graph):
    def version() -> Any:
        query = "MATCH (l:Lease {id: 'writer'}) RETURN l.version AS v, l.at AS at"
        return graph.driver.execute_query(query, database_=graph.database).records[0].values()

    async def work(store: JobStore, _: JobStore) -> None:
        job = await accepted(store, a_text("a"))
        await store.claim()
        await store.record("a", Ended())
        await store.finish(job)

    before = version()
    with_two_servers(graph, work)
    assert version() == before
