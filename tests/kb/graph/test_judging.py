"""Merging entities and taking it back: facts move to who stands for them, and come back exactly."""

import pytest

from kb.errors import UsageError
from kb.graph.connection import Graph
from kb.graph.edges import rebuild_edges
from kb.graph.judging import Judge, Judged
from kb.graph.writer import Writer
from kb.judgements import JudgementError, Opinion, Verdict
from kb.registry import Registry
from tests.merging import BY, ask, boss, entry, everything, load, rivals, with_entries, worth

NO_REGISTRY = Registry({}, {})


@pytest.fixture
def writer(graph: Graph) -> Writer:
    return Writer(graph.driver, graph.database, NO_REGISTRY)


@pytest.fixture
def judge(graph: Graph) -> Judge:
    return Judge(graph.driver, graph.database)


def same(judge: Judge, one: str, other: str) -> Judged:
    return judge.judge(Opinion(f"company/{one}", f"company/{other}", Verdict.SAME, BY))


def different(judge: Judge, one: str, other: str) -> Judged:
    return judge.judge(Opinion(f"company/{one}", f"company/{other}", Verdict.DIFFERENT, BY))


def test_the_facts_of_both_are_answered_under_the_one_that_stands(graph: Graph, writer: Writer, judge: Judge):
    load(writer, "a.txt", worth("Acme", 5), worth("Acme Labs", 6, "2026"))
    judged = same(judge, "acme-labs", "acme")
    assert (judged.stands, judged.moved) == ("company/acme", 1)
    rows = ask(
        graph,
        "MATCH (c:Company)-[:HAS_FIGURE]->(f) RETURN c.id AS id, f.value AS value, f.rank AS rank "
        "ORDER BY value",
    )
    assert rows == [
        {"id": "company/acme", "value": 5 * 10**9, "rank": None},
        {"id": "company/acme", "value": 6 * 10**9, "rank": "BEST"},
    ]
    assert ask(graph, "MATCH (e:Entity) RETURN e.id AS id") == [{"id": "company/acme"}]


def test_undoing_a_merge_gives_back_all_that_was(graph: Graph, writer: Writer, judge: Judge):
    load(writer, "a.txt", worth("Acme", 5), worth("Acme Labs", 6), rivals("Acme Labs", "Beta"))
    load(writer, "b.txt", rivals("Acme", "Beta"), rivals("Acme", "Acme Labs"), boss("Ann Lee", "Acme Labs"))
    before = everything(graph)
    same(judge, "acme-labs", "acme")
    same(judge, "acme-labs", "beta")
    assert everything(graph) != before
    judge.undo(None, BY)
    judge.undo(None, BY)
    assert everything(graph) == before


def test_the_entity_of_the_registry_stands_before_a_provisional_one(graph: Graph, judge: Judge):
    writer = Writer(graph.driver, graph.database, with_entries(entry("Zeta")))
    load(writer, "a.txt", worth("Acme", 5), worth("Zeta", 6))
    assert same(judge, "acme", "zeta").stands == "company/zeta"


def test_a_merged_entity_that_the_registry_takes_up_stands_from_then_on(
    graph: Graph, writer: Writer, judge: Judge
):
    load(writer, "a.txt", worth("Acme", 5), worth("Zeta", 6))
    assert same(judge, "acme", "zeta").stands == "company/acme"
    Writer(graph.driver, graph.database, with_entries(entry("Zeta", "Zeta AI"))).write_registry()
    rows = ask(
        graph, "MATCH (e:Entity) RETURN e.id AS id, e.aliases AS aliases, e.provisional AS provisional"
    )
    assert rows == [{"id": "company/zeta", "aliases": ["Zeta AI", "Acme"], "provisional": False}]


def test_the_one_that_stands_answers_to_the_names_of_all(graph: Graph, writer: Writer, judge: Judge):
    load(writer, "a.txt", worth("Acme", 5), worth("Acme Labs", 6))
    same(judge, "acme-labs", "acme")
    query = "MATCH (:Alias {key: $key})-[:NAMES]->(e:Entity) RETURN e.id AS id, e.aliases AS aliases"
    found = ask(graph, query, key="Company\x1facme labs")
    assert found == [{"id": "company/acme", "aliases": ["Acme Labs"]}]


def test_a_document_that_comes_after_a_merge_lands_where_its_entity_stands(
    graph: Graph, writer: Writer, judge: Judge
):
    load(writer, "a.txt", worth("Acme", 5), worth("Acme Labs", 6))
    same(judge, "acme-labs", "acme")
    load(writer, "b.txt", worth("Acme Labs", 7, "2026"), rivals("Acme Labs", "Beta"))
    rows = ask(
        graph, "MATCH (e:Entity)<-[r:SUBJECT]-(s:Figure {value: 7000000000}) RETURN e.id AS id, r.of AS of"
    )
    assert rows == [{"id": "company/acme", "of": "company/acme-labs"}]


def test_writing_a_document_again_after_a_merge_changes_nothing(graph: Graph, writer: Writer, judge: Judge):
    load(writer, "a.txt", worth("Acme", 5), worth("Acme Labs", 6), rivals("Acme Labs", "Beta"))
    same(judge, "acme-labs", "acme")
    before = everything(graph)
    load(writer, "a.txt", worth("Acme", 5), worth("Acme Labs", 6), rivals("Acme Labs", "Beta"))
    assert everything(graph) == before


def test_a_relation_between_two_that_are_one_stays_as_a_statement_without_an_edge(
    graph: Graph, writer: Writer, judge: Judge
):
    load(writer, "a.txt", rivals("Acme", "Acme Labs"))
    same(judge, "acme-labs", "acme")
    assert ask(graph, "MATCH ()-[e:COMPETES_WITH]->() RETURN e") == []
    assert ask(graph, "MATCH (s:Relation) RETURN count(s) AS n") == [{"n": 1}]
    judge.undo(None, BY)
    rows = ask(graph, "MATCH (a)-[:COMPETES_WITH]->(b) RETURN a.id AS a, b.id AS b")
    assert rows == [{"a": "company/acme", "b": "company/acme-labs"}]


def test_an_undirected_relation_is_still_stored_smaller_id_first(graph: Graph, writer: Writer, judge: Judge):
    load(writer, "a.txt", rivals("Zeta", "Mid"), rivals("Acme", "Beta"))
    same(judge, "zeta", "acme")
    rows = ask(graph, "MATCH (a)-[:COMPETES_WITH]->(b) RETURN a.id AS a, b.id AS b ORDER BY b")
    assert rows == [{"a": "company/acme", "b": "company/beta"}, {"a": "company/acme", "b": "company/mid"}]


def test_rebuilding_the_edges_after_a_merge_gives_the_same_graph(graph: Graph, writer: Writer, judge: Judge):
    load(writer, "a.txt", worth("Acme", 5), worth("Acme Labs", 6), rivals("Acme Labs", "Beta"))
    load(writer, "b.txt", rivals("Acme", "Beta"), rivals("Acme", "Acme Labs"))
    same(judge, "acme-labs", "acme")
    before = everything(graph)
    rebuild_edges(graph.driver, graph.database)
    assert everything(graph) == before


def test_same_is_transitive_and_the_chain_of_a_contradiction_is_named(
    graph: Graph, writer: Writer, judge: Judge
):
    load(writer, "a.txt", worth("Acme", 5), worth("Beta", 6), worth("Corp X", 7))
    same(judge, "acme", "beta")
    same(judge, "beta", "corp-x")
    with pytest.raises(JudgementError, match=r"company/acme = company/beta .* company/beta = company/corp-x"):
        different(judge, "acme", "corp-x")


def test_what_was_judged_different_is_kept_apart_also_through_others(
    graph: Graph, writer: Writer, judge: Judge
):
    load(writer, "a.txt", worth("Acme", 5), worth("Beta", 6), worth("Gamma", 7))
    different(judge, "acme", "gamma")
    same(judge, "acme", "beta")
    with pytest.raises(JudgementError, match="company/acme ≠ company/gamma"):
        same(judge, "gamma", "beta")


def test_a_judgement_that_is_refused_leaves_nothing(graph: Graph, writer: Writer, judge: Judge):
    load(writer, "a.txt", worth("Acme", 5), worth("Beta", 6))
    different(judge, "acme", "beta")
    with pytest.raises(JudgementError):
        same(judge, "acme", "beta")
    assert [j.opinion.verdict for j in judge.judgements(undone=True)] == [Verdict.DIFFERENT]


def test_the_same_judgement_twice_is_one(graph: Graph, writer: Writer, judge: Judge):
    load(writer, "a.txt", worth("Acme", 5), worth("Beta", 6))
    first, again = same(judge, "acme", "beta"), same(judge, "beta", "acme")
    assert (first.new, again.new, again.judgement.id) == (True, False, first.judgement.id)
    assert again.stands == "company/acme"


def test_an_undone_judgement_is_kept_and_cannot_be_undone_twice(graph: Graph, writer: Writer, judge: Judge):
    load(writer, "a.txt", worth("Acme", 5), worth("Beta", 6))
    judged = same(judge, "acme", "beta").judgement.id
    judge.undo(judged, BY)
    assert judge.judgements() == []
    assert [(j.id, j.stands) for j in judge.judgements(undone=True)] == [(judged, False)]
    with pytest.raises(UsageError, match="already"):
        judge.undo(judged, BY)


def test_an_entity_that_is_not_there_is_told(graph: Graph, judge: Judge):
    with pytest.raises(UsageError, match="There is no entity 'company/acme'"):
        same(judge, "acme", "beta")


def test_entities_of_different_types_are_never_one(graph: Graph, writer: Writer, judge: Judge):
    load(writer, "a.txt", boss("Ann Lee", "Acme"))
    with pytest.raises(JudgementError, match="different types"):
        judge.judge(Opinion("person/ann-lee", "company/acme", Verdict.SAME, BY))
