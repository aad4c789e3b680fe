"""`kb check` names what breaks the contract in a graph, and finds nothing in a graph that was only loaded."""

import pytest

from kb.graph.checks import Finding, run_checks
from kb.graph.connection import Graph
from kb.graph.edges import rebuild_edges
from kb.graph.judging import Judge
from kb.graph.writer import Writer
from kb.judgements import Opinion, Verdict
from kb.registry import Registry
from tests import facts as make
from tests.merging import BY, load, rivals

TEXT = "🚀 Acme is valued at $5 billion. Ann Lee is CEO of Acme. Acme began in 2015."


@pytest.fixture
def loaded(graph: Graph) -> Graph:
    source = make.document(TEXT)
    found = make.extraction(
        source,
        make.valuation(source, "valued at $5 billion", 5e9),
        make.works_for(source, "Ann Lee is CEO of Acme", "Ann Lee", "Acme", role="CEO"),
        make.founded_on(source, "Acme began in 2015", "Acme", "2015"),
    )
    Writer(graph.driver, graph.database, Registry({}, {})).write(source, found, "run")
    return graph


def findings(graph: Graph) -> list[Finding]:
    return [finding for finding in run_checks(graph.driver, graph.database) if finding.count]


DAMAGE = {
    "statement without exactly one subject": "MATCH (:Figure)-[r:SUBJECT]->() DELETE r",
    "relation without exactly one object": "MATCH (:Relation)-[r:OBJECT]->() DELETE r",
    "statement without evidence": "MATCH (:Figure)-[r:EVIDENCED_BY]->() DELETE r",
    "statement with a predicate or modality that the ontology lacks": (
        "MATCH (f:Figure) SET f.modality = 'SURE'"
    ),
    "entity without exactly one type": "MATCH (p:Person) SET p:Company",
    "relation of an entity with itself": (
        "MATCH (r:Relation)-[o:OBJECT]->(), (r)-[:SUBJECT]->(a) DELETE o CREATE (r)-[:OBJECT]->(a)"
    ),
    "slot shown by more than one fact": (
        "MATCH (f:Figure) CREATE (:Statement {id: 'twin', slot: f.slot, rank: 'BEST'})"
    ),
    "asserted figure, date or term without its edge": "MATCH ()-[h:HAS_FIGURE]->() DELETE h",
    "asserted relation without its edge": "MATCH ()-[w:WORKS_FOR]->() DELETE w",
    "document that no extractor has read to its end": "MATCH (:Document)-[r:READ_BY]->() DELETE r",
    "evidence whose offsets do not give its words": "MATCH (:Figure)-[e:EVIDENCED_BY]->() SET e.start = 1",
}


DAMAGE_TO_MERGES = {
    "merged entity that does not lead to exactly one": "MATCH ()-[r:MERGED_INTO]->() DELETE r",
    "merged entity without a judgement": "MATCH (j:Judgement) DETACH DELETE j",
}


def test_a_loaded_graph_breaks_no_rule(loaded: Graph):
    assert findings(loaded) == []


def test_an_empty_graph_breaks_no_rule(graph: Graph):
    assert findings(graph) == []


@pytest.mark.parametrize("check", DAMAGE)
def test_damage_is_found_with_an_example_and_what_to_do(loaded: Graph, check: str):
    loaded.driver.execute_query(DAMAGE[check], database_=loaded.database)
    (finding,) = [finding for finding in findings(loaded) if finding.check == check]
    assert finding.count == 1
    assert finding.example
    assert finding.advice.endswith(".")


def test_every_rule_is_tried_by_a_damage(loaded: Graph):
    assert {finding.check for finding in run_checks(loaded.driver, loaded.database)} == {
        *DAMAGE,
        *DAMAGE_TO_MERGES,
    }


def test_lost_edges_are_mended_as_the_advice_says(loaded: Graph):
    loaded.driver.execute_query("MATCH ()-[h:HAS_FIGURE|WORKS_FOR]->() DELETE h", database_=loaded.database)
    rebuild_edges(loaded.driver, loaded.database)
    assert findings(loaded) == []


def test_checks_change_nothing(loaded: Graph):
    everything = "MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n) AS n, count(r) AS r"
    before = loaded.driver.execute_query(everything, database_=loaded.database).records
    run_checks(loaded.driver, loaded.database)
    assert loaded.driver.execute_query(everything, database_=loaded.database).records == before


@pytest.fixture
def merged(graph: Graph) -> Graph:
    load(Writer(graph.driver, graph.database, Registry({}, {})), "a.txt", rivals("Acme", "Acme Labs"))
    same = Opinion("company/acme", "company/acme-labs", Verdict.SAME, BY)
    Judge(graph.driver, graph.database).judge(same)
    return graph


def test_a_merge_breaks_no_rule_even_where_a_relation_leads_back_to_its_subject(merged: Graph):
    assert findings(merged) == []


@pytest.mark.parametrize(("check", "damage"), DAMAGE_TO_MERGES.items())
def test_a_merge_that_nothing_stands_behind_is_found(merged: Graph, check: str, damage: str):
    merged.driver.execute_query(damage, database_=merged.database)
    assert [finding.check for finding in findings(merged)] == [check]
