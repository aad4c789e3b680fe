"""What is proposed of a graph: not what was judged, and nothing certain that somebody took back."""

import pytest

from kb.graph.candidates import RESOLVER, open_proposals
from kb.graph.connection import Graph
from kb.graph.judging import Judge
from kb.graph.writer import Writer
from kb.judgements import Opinion, Verdict
from kb.registry import Registry
from tests.merging import BY, entry, load, with_entries, worth

NO_REGISTRY = Registry({}, {})


@pytest.fixture
def judge(graph: Graph) -> Judge:
    writer = Writer(graph.driver, graph.database, NO_REGISTRY)
    load(writer, "a.txt", worth("Zenith", 1), worth("Zenith AI", 2), worth("Zenith Labs", 3))
    return Judge(graph.driver, graph.database)


def pairs(graph: Graph, registry: Registry = NO_REGISTRY) -> list[tuple[str, str]]:
    return [one.pair for one in open_proposals(graph.driver, graph.database, registry)]


def say(judge: Judge, one: str, other: str, verdict: Verdict, by: str = BY) -> str:
    return judge.judge(Opinion(f"company/{one}", f"company/{other}", verdict, by)).judgement.id


@pytest.mark.parametrize("verdict", [Verdict.DIFFERENT, Verdict.UNSURE])
def test_a_pair_that_was_judged_is_not_proposed_again(graph: Graph, judge: Judge, verdict: Verdict):
    before = pairs(graph)
    say(judge, "zenith", "zenith-ai", verdict)
    assert set(before) - set(pairs(graph)) == {("company/zenith", "company/zenith-ai")}


def test_what_is_kept_apart_through_others_is_not_proposed(graph: Graph, judge: Judge):
    say(judge, "zenith", "zenith-ai", Verdict.SAME)
    say(judge, "zenith-ai", "zenith-labs", Verdict.DIFFERENT)
    assert pairs(graph) == []


def test_what_the_registry_resolves_by_now_is_certain(graph: Graph, judge: Judge):
    found = open_proposals(graph.driver, graph.database, with_entries(entry("Zenith", "Zenith Labs")))
    assert [one.pair for one in found if one.certain] == [("company/zenith", "company/zenith-labs")]


def test_a_merge_of_the_resolver_that_was_taken_back_is_proposed_and_not_certain(graph: Graph, judge: Judge):
    judge.undo(say(judge, "zenith", "zenith-labs", Verdict.SAME, RESOLVER), BY)
    found = open_proposals(graph.driver, graph.database, with_entries(entry("Zenith", "Zenith Labs")))
    assert [one.certain for one in found if one.pair == ("company/zenith", "company/zenith-labs")] == [False]
