"""`kb check` names what breaks the contract in a graph, and finds nothing in a graph that was only loaded."""

import pytest

from kb.graph.checks import run_checks
from kb.graph.connection import Graph
from kb.graph.edges import rebuild_edges
from kb.graph.judging import Judge
from kb.graph.writer import Writer
from kb.judgements import Opinion, Verdict
from kb.partial_date import PartialDate
from kb.quality.findings import Finding, Severity
from kb.registry import Registry
from tests import facts as make
from tests.merging import BY, load, rivals, worth

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
    "statement without a field that the contract demands": "MATCH (f:Figure) SET f.unit = null",
    "statement about a type of entity that its predicate does not allow": (
        "MATCH (p:Person) REMOVE p:Person SET p:Country"
    ),
    "number in a unit that its predicate does not have": "MATCH (f:Figure) SET f.unit = 'user'",
    "range that ends before it begins, or confidence that is none": "MATCH (f:Figure) SET f.confidence = 2.0",
    "price whose provider is no entity": "MATCH (f:Figure) SET f.offered_by = 'Nobody'",
    "statement that stands although its document does not": (
        "MATCH (d:Document)<-[e:EVIDENCED_BY]-(:DateFact) SET d.withdrawn_at = datetime() "
        "WITH d MATCH (d)<-[e:EVIDENCED_BY]-(s) WHERE NOT s:DateFact SET s.retracted_at = datetime()"
    ),
    "retracted statement without a reason": "MATCH (f:Figure) SET f.retracted_at = datetime()",
    "entity without exactly one type": "MATCH (p:Person) SET p:Company",
    "entity without a name": "MATCH (p:Person) SET p.name = ' '",
    "entity whose number of facts is not that of its statements": "MATCH (c:Company) SET c.facts = 7",
    "statement counted although it is retracted, or not although it stands": (
        "MATCH (f:Figure) SET f.uncounted = true"
    ),
    "company whose countries are not those of its edges": "MATCH (c:Company) SET c.countries = ['FR']",
    "name that names nobody": "MATCH (a:Alias)-[n:NAMES]->(:Person) DELETE n",
    "judgement that is not about two entities": "CREATE (:Judgement {id: 'lonely'})",
    "relation of an entity with itself": (
        "MATCH (r:Relation)-[o:OBJECT]->(), (r)-[:SUBJECT]->(a) DELETE o CREATE (r)-[:OBJECT]->(a)"
    ),
    "slot shown by more than one fact": (
        "MATCH (f:Figure) CREATE (:Statement {id: 'twin', slot: f.slot, rank: 'BEST'})"
    ),
    "asserted figure, date or term without its edge": "MATCH ()-[h:HAS_FIGURE]->() DELETE h",
    "asserted relation without its edge": "MATCH ()-[w:WORKS_FOR]->() DELETE w",
    "edge to a figure, date or term that is not asserted of the entity": (
        "MATCH (f:Figure) SET f.modality = 'PLANNED'"
    ),
    "edge that no statement asserts": "MATCH (r:Relation) SET r.modality = 'PLANNED'",
    "document that no extractor has read to its end": "MATCH (:Document)-[r:READ_BY]->() DELETE r",
    "document without a field that the contract demands": "MATCH (d:Document) SET d.cleaner = null",
    "statement that no extractor found": "MATCH (:Figure)-[f:FOUND_BY]->() DELETE f",
    "document that no load brought": "MATCH (:Document)-[l:LOADED_IN]->() DELETE l",
    "document without its source": "MATCH (:Document)-[v:VERSION_OF]->() DELETE v",
    "document whose next version is not there": "MATCH (d:Document) SET d.superseded_by = 'sha256:0'",
    "evidence whose offsets do not give its words": "MATCH (:Figure)-[e:EVIDENCED_BY]->() SET e.start = 1",
}


DOUBTS = {
    "asserted of a day after its document was published": (
        "MATCH (d:Document) SET d.published = '2014-05', d.published_last = '2014-05-31'"
    ),
    "asserted of a day still to come": "MATCH (d:DateFact) SET d.date_first = '9000-01-01'",
    "valid until a day before it began": (
        "MATCH (r:Relation) SET r.valid_from = '2024-03', r.valid_to = '2023'"
    ),
    "share beyond 100 %, or below none": "MATCH (r:Relation) SET r.share = 101",
    "negative number of what cannot be negative": "MATCH (f:Figure) SET f.value = -5e9",
    "document of a day still to come": (
        "MATCH (d:Document) SET d.published = '9000', d.published_last = '9000-12-31'"
    ),
    "figures of one thing that differ 300 times or more": (
        "MATCH (f:Figure) CREATE (:Statement:Figure {id: 'less', slot: f.slot, predicate: f.predicate, "
        "kind: 'figure', modality: 'ASSERTED', value: 5e6})"
    ),
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
    assert (finding.count, finding.severity) == (1, Severity.ERROR)
    assert finding.examples
    assert finding.advice.endswith(".")


@pytest.mark.parametrize("check", DOUBTS)
def test_a_doubtful_value_is_a_warning_with_an_example_and_what_to_do(loaded: Graph, check: str):
    loaded.driver.execute_query(DOUBTS[check], database_=loaded.database)
    (finding,) = [finding for finding in findings(loaded) if finding.check == check]
    assert (finding.count, finding.severity) == (1, Severity.WARNING)
    assert finding.examples
    assert finding.advice.endswith(".")


def test_every_rule_is_tried_by_a_damage(loaded: Graph):
    assert {finding.check for finding in run_checks(loaded.driver, loaded.database)} == {
        *DAMAGE,
        *DOUBTS,
        *DAMAGE_TO_MERGES,
    }


def test_an_example_says_of_whom_in_which_document_with_which_words(loaded: Graph):
    loaded.driver.execute_query("MATCH (f:Figure) SET f.unit = 'user'", database_=loaded.database)
    (example,) = findings(loaded)[0].examples
    assert example.name == "Acme VALUATION 5,000,000,000 user"
    assert (example.document, example.words) == ("a.txt", "valued at $5 billion")


def test_many_breaches_are_counted_and_the_first_five_named(graph: Graph):
    names = "UNWIND range(10, 19) AS n CREATE (:Entity:Person {id: 'person/' + n, name: '', facts: 0})"
    graph.driver.execute_query(names, database_=graph.database)
    (finding,) = findings(graph)
    assert finding.count == 10
    assert [example.id for example in finding.examples] == [f"person/{n}" for n in range(10, 15)]


def test_a_number_that_grew_step_by_step_raises_no_doubt(graph: Graph):
    writer = Writer(graph.driver, graph.database, Registry({}, {}))
    load(writer, "a.txt", *(worth("Acme", billions) for billions in (1, 200, 40000)))
    assert findings(graph) == []


@pytest.mark.parametrize(("day", "doubts"), [("2025", 0), ("2025-03-02", 0), ("2025-03-04", 1), ("2026", 1)])
def test_a_document_tells_of_no_day_after_its_own(graph: Graph, day: str, doubts: int):
    source = make.document(TEXT, published=PartialDate.parse("2025-03-03"))
    told = make.valuation(source, "valued at $5 billion", 5e9, as_of=PartialDate.parse(day))
    writer = Writer(graph.driver, graph.database, Registry({}, {}))
    writer.write(source, make.extraction(source, told), "run")
    assert len(findings(graph)) == doubts


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
