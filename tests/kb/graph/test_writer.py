"""What a written document leaves in the graph, and that writing it again leaves nothing more."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, LiteralString

import neo4j
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.documents import Standing
from kb.errors import InputError
from kb.facts import Extraction
from kb.graph.connection import Graph
from kb.graph.edges import rebuild_edges
from kb.graph.export import export_statements
from kb.graph.known import KNOWN
from kb.graph.writer import Writer
from kb.ontology import Access, EmploymentStatus, Modality
from kb.partial_date import PartialDate
from kb.registry import Registry
from tests import doors
from tests import facts as make

NO_REGISTRY = Registry({}, {})
TEXT = "Acme is valued at $5 billion. Ann Lee is CEO of Acme. Acme competes with Zeta. Acme began in 2015."
DAY = PartialDate.parse("2025-04-01")


@pytest.fixture
def writer(graph: Graph) -> Writer:
    return Writer(graph.driver, graph.database, NO_REGISTRY)


def sample(key: str = "a.txt") -> tuple[Any, Extraction]:
    source = make.document(TEXT, key)
    found = make.extraction(
        source,
        make.valuation(source, "valued at $5 billion", 5_000_000_000, as_of=DAY),
        make.works_for(source, "Ann Lee is CEO of Acme", "Ann Lee", "Acme", role="CEO"),
        make.competes(source, "Acme competes with Zeta", "Zeta", "Acme"),
        make.founded_on(source, "Acme began in 2015", "Acme", "2015"),
        make.openness(source, "Acme", "Acme-1", Access.OPEN_WEIGHTS),
    )
    return source, found


def ask(graph: Graph, query: str, **parameters: object) -> list[Any]:
    return [r.data() for r in graph.driver.execute_query(query, parameters, database_=graph.database).records]


def canonical(graph: Graph) -> list[Any]:
    return list(export_statements(graph.driver, graph.database, canonical=True))


def test_a_figure_is_one_hop_from_its_company_with_its_words_and_document(graph: Graph, writer: Writer):
    writer.write(*sample(), "run")
    rows = ask(
        graph,
        "MATCH (:Company {name: 'Acme'})-[:HAS_FIGURE]->(f:Figure {predicate: 'VALUATION', rank: 'BEST'})"
        "-[e:EVIDENCED_BY]->(d) RETURN f.value AS value, f.as_of AS as_of, e.text AS words, "
        "substring(d.text, e.start, e.end - e.start) AS there",
    )
    assert rows == [
        {
            "value": 5_000_000_000,
            "as_of": "2025-04-01",
            "words": "valued at $5 billion",
            "there": "valued at $5 billion",
        }
    ]


def test_a_job_is_an_edge_with_its_folded_role(graph: Graph, writer: Writer):
    writer.write(*sample(), "run")
    rows = ask(graph, "MATCH (p:Person)-[w:WORKS_FOR]->(c:Company) RETURN p.name, w.role_code, c.name")
    assert rows == [{"p.name": "Ann Lee", "w.role_code": "CEO", "c.name": "Acme"}]


def test_a_symmetric_relation_is_stored_once_smaller_id_first(graph: Graph, writer: Writer):
    writer.write(*sample(), "run")
    rows = ask(graph, "MATCH (a)-[:COMPETES_WITH]->(b) RETURN a.id AS a, b.id AS b")
    assert rows == [{"a": "company/acme", "b": "company/zeta"}]


def test_writing_a_document_again_changes_nothing_in_the_graph(graph: Graph, writer: Writer):
    writer.write(*sample(), "run")
    before = ask(graph, "MATCH (n) RETURN count(n) AS n, count{()-->()} AS r")
    again = writer.write(*sample(), "run")
    assert (again.nodes, again.relationships) == (0, 0)
    assert ask(graph, "MATCH (n) RETURN count(n) AS n, count{()-->()} AS r") == before


def test_a_new_document_without_copies_is_looked_up_once(
    graph: Graph, writer: Writer, monkeypatch: pytest.MonkeyPatch
):
    writer.write(*sample("a.txt"), "run")
    asked: list[str] = []
    really_run = neo4j.Transaction.run

    def noting(self: neo4j.Transaction, query: LiteralString, *told: Any, **more: Any) -> neo4j.Result:
        asked.append(query)
        return really_run(self, query, *told, **more)

    monkeypatch.setattr(neo4j.Transaction, "run", noting)
    source = make.document("Zeta is valued at $5 billion.", "b.txt")
    worth = make.valuation(source, "valued at $5 billion", 5_000_000_000, "Zeta")
    writer.write(source, make.extraction(source, worth), "run")
    reads = [query for query in asked if not {"MERGE", "SET"} & set(query.split())]
    assert (reads, len(asked)) == ([KNOWN], 5)


def test_a_written_document_is_acknowledged_for_its_extractor_alone(writer: Writer):
    source, found = sample()
    writer.write(source, found, "run")
    another = make.document("Another text.")
    assert writer.standing([source, another], make.EXTRACTOR) == {source.id: Standing.READ}
    assert writer.standing([source], "another/1") == {}


def test_planned_facts_make_no_plain_edge_and_are_reached_through_their_statement(
    graph: Graph, writer: Writer
):
    source = make.document("Acme plans to be worth $9 billion.")
    planned = make.valuation(source, "plans to be worth $9 billion", 9e9, modality=Modality.PLANNED)
    writer.write(source, make.extraction(source, planned), "run")
    assert ask(graph, "MATCH ()-[h:HAS_FIGURE]->() RETURN h") == []
    assert len(ask(graph, "MATCH (:Company {name: 'Acme'})<-[:SUBJECT]-(s:Figure) RETURN s.id")) == 1


def test_two_documents_with_one_claim_are_two_statements_and_one_claim(graph: Graph, writer: Writer):
    writer.write(*sample("a.txt"), "run")
    writer.write(*sample("b.txt"), "run")
    rows = ask(graph, "MATCH (f:Figure) RETURN count(f) AS statements, count(DISTINCT f.claim_id) AS claims")
    assert rows == [{"statements": 2, "claims": 1}]


def test_the_edge_of_a_job_counts_its_statements(graph: Graph, writer: Writer):
    writer.write(*sample("a.txt"), "run")
    writer.write(*sample("b.txt"), "run")
    assert ask(graph, "MATCH ()-[w:WORKS_FOR]->() RETURN w.statements AS n") == [{"n": 2}]


def test_a_former_job_is_an_edge_beside_the_current_one(graph: Graph, writer: Writer):
    source = make.document("Bo Ek was CEO of Acme. Bo Ek is CEO of Acme.")
    past = make.works_for(
        source, "Bo Ek was CEO of Acme", "Bo Ek", "Acme", role="CEO", status=EmploymentStatus.FORMER
    )
    present = make.works_for(source, "Bo Ek is CEO of Acme", "Bo Ek", "Acme", role="CEO")
    writer.write(source, make.extraction(source, past, present), "run")
    rows = ask(graph, "MATCH ()-[w:WORKS_FOR]->() RETURN w.status AS status ORDER BY status")
    assert rows == [{"status": "CURRENT"}, {"status": "FORMER"}]


def test_the_newest_asserted_figure_is_best_and_denied_ones_never_are(graph: Graph, writer: Writer):
    source = make.document("Acme: 3 billion, 4 billion, not 6 billion, 7 billion planned.")

    def fact(words: str, value: float, day: str, modality: Modality):
        when = PartialDate.parse(day)
        return make.valuation(source, words, value, as_of=when, modality=modality)

    found = make.extraction(
        source,
        fact("3 billion", 3e9, "2024", Modality.ASSERTED),
        fact("4 billion", 4e9, "2025-02", Modality.REPORTED),
        fact("not 6 billion", 6e9, "2025-03", Modality.DENIED),
        fact("7 billion planned", 7e9, "2025-04", Modality.PLANNED),
    )
    writer.write(source, found, "run")
    assert ask(graph, "MATCH (f:Figure {rank: 'BEST'}) RETURN f.value AS v") == [{"v": 4_000_000_000}]


def test_rebuilding_the_edges_gives_the_same_edges_and_leaves_the_export_alone(graph: Graph, writer: Writer):
    writer.write(*sample("a.txt"), "run")
    writer.write(*sample("b.txt"), "run")
    everything = (
        "MATCH (a)-[e]->(b) WHERE NOT type(e) IN ['LOADED_IN'] "
        "RETURN type(e) AS t, properties(e) AS p, elementId(a) AS a, elementId(b) AS b ORDER BY t, a, b"
    )
    edges, lines = ask(graph, everything), canonical(graph)
    assert rebuild_edges(graph.driver, graph.database) == 2 + 1 + 1 + 1 + 1 + 1 + 1
    assert ask(graph, everything) == edges
    assert canonical(graph) == lines


def test_rebuilding_the_edges_counts_the_facts_of_entities_anew(graph: Graph, writer: Writer):
    writer.write(*sample("a.txt"), "run")
    facts = "MATCH (e:Entity) RETURN e.id AS id, e.facts AS facts ORDER BY id"
    before = ask(graph, facts)
    ask(graph, "MATCH (e:Entity) SET e.facts = 99")
    ask(graph, "MATCH (s:Figure) SET s.uncounted = true")
    rebuild_edges(graph.driver, graph.database)
    assert ask(graph, facts) == before
    assert ask(graph, "MATCH (s:Statement) WHERE s.uncounted RETURN s.id") == []


def test_rebuilding_the_edges_brings_back_the_countries_of_companies(graph: Graph, writer: Writer):
    source = make.document("Acme sits in FR.")
    writer.write(
        source, make.extraction(source, make.based_in(source, "Acme sits in FR", "Acme", "FR")), "run"
    )
    ask(graph, "MATCH (c:Company {name: 'Acme'}) REMOVE c.countries")
    ask(graph, "CREATE (:Entity:Company {id: 'company/zeta', name: 'Zeta', countries: ['US']})")
    rebuild_edges(graph.driver, graph.database)
    rows = ask(graph, "MATCH (c:Company) RETURN c.name AS name, c.countries AS countries ORDER BY name")
    assert rows == [{"name": "Acme", "countries": ["FR"]}, {"name": "Zeta", "countries": None}]


def test_evidence_in_emoji_and_other_scripts_keeps_its_code_points(graph: Graph, writer: Writer):
    source = make.document("🚀🚀 Acme — 估值 $5 billion 🚀")
    writer.write(source, make.extraction(source, make.valuation(source, "估值 $5 billion", 5e9)), "run")
    row = ask(graph, "MATCH (:Figure)-[e:EVIDENCED_BY]->(d) RETURN e.start AS s, e.end AS e, d.text AS t")[0]
    assert row["t"][row["s"] : row["e"]] == "估值 $5 billion"


def test_a_number_beyond_64_bits_is_kept(graph: Graph, writer: Writer):
    source = make.document("Acme is worth more than all.")
    writer.write(source, make.extraction(source, make.valuation(source, "worth more", 38 * 10**24)), "run")
    assert ask(graph, "MATCH (f:Figure) RETURN f.value AS v") == [{"v": 3.8e25}]


def test_an_unchanged_registry_is_written_once(graph: Graph, seed_registry: Registry):
    writer = Writer(graph.driver, graph.database, seed_registry)
    first, again = writer.write_registry(), writer.write_registry()
    assert first.nodes > len(seed_registry.entries)
    assert again.nothing


def test_a_registry_with_a_new_alias_is_written_again(graph: Graph, seed_registry: Registry):
    Writer(graph.driver, graph.database, seed_registry).write_registry()
    openai = seed_registry.entries["company/openai"]
    longer = replace(openai, aliases=(*openai.aliases, "The makers of GPT"))
    registry = Registry({**seed_registry.entries, openai.id: longer}, seed_registry.sources)
    Writer(graph.driver, graph.database, registry).write_registry()
    rows = ask(graph, "MATCH (e:Company {id: 'company/openai'}) RETURN e.aliases[-1] AS newest")
    assert rows == [{"newest": "The makers of GPT"}]


def test_an_id_in_wikidata_is_written_corrected_and_taken_away_with_the_registry(
    graph: Graph, seed_registry: Registry
):
    acme = next(one for one in seed_registry.entries.values() if one.qid is None)
    found: list[object] = []
    for qid in ("Q1", "Q2", None):
        registry = Registry({**seed_registry.entries, acme.id: replace(acme, qid=qid)}, seed_registry.sources)
        Writer(graph.driver, graph.database, registry).write_registry()
        rows = ask(graph, "MATCH (e:Entity) WHERE e.id = $id RETURN e.qid AS qid", id=acme.id)
        found += [row["qid"] for row in rows]
    assert found == ["Q1", "Q2", None]


def test_a_document_that_the_database_cannot_hold_is_told_and_leaves_nothing(graph: Graph, writer: Writer):
    name = "Abcdefg" * 3000
    source = make.document(f"{name} is worth $5 billion.")
    found = make.extraction(source, make.valuation(source, "worth $5 billion", 5e9, who=name))
    with pytest.raises(InputError, match="cannot hold this document"):
        writer.write(source, found, "run")
    assert ask(graph, "MATCH (n) WHERE n:Document OR n:Statement OR n:Entity RETURN n") == []


@pytest.mark.parametrize("workers", [1, 8])
def test_writers_at_once_on_one_hub_leave_what_one_writer_leaves(graph: Graph, writer: Writer, workers: int):
    documents = [sample(f"{n}.txt") for n in range(24)]
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda pair: writer.write(*pair, "run"), documents))
    rows = ask(
        graph,
        "MATCH (w:Person)-[e:WORKS_FOR]->() RETURN e.statements AS n, "
        "COUNT { (:Figure {rank: 'BEST'}) } AS best, COUNT { (:Figure) } AS figures",
    )
    assert rows == [{"n": 24, "best": 1, "figures": 24}]


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(4)))
def test_the_order_of_loading_does_not_show_in_the_export(graph: Graph, order: list[int]):
    documents = [sample(f"{n}.txt") for n in range(4)]
    assert _loaded(graph, documents) == _loaded(graph, [documents[n] for n in order])


def _loaded(graph: Graph, documents: list[tuple[Any, Extraction]]) -> list[Any]:
    graph.driver.execute_query(doors.WIPE, database_=graph.database)
    writer = Writer(graph.driver, graph.database, NO_REGISTRY)
    for source, found in documents:
        writer.write(source, found, "run")
    return canonical(graph)
