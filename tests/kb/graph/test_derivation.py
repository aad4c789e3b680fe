"""Edges and ranks follow the statements that stand, also when one is retracted or moved."""

from collections.abc import Iterable
from typing import Any, LiteralString

import neo4j
import pytest

from kb.graph.connection import Graph
from kb.graph.derivation import derive
from kb.graph.transactions import in_turn
from kb.graph.writer import Writer
from kb.ontology import Modality
from kb.registry import Registry
from tests import facts as make

TEXT = (
    "Acme is valued at $5 billion. Ann Lee is CEO of Acme. Ann Lee is chairwoman of Acme. Acme sits in FR. "
    "Acme also sits in DE. Acme may sit in US."
)
FACTS = "MATCH (e:Entity) RETURN e.name AS name, e.facts AS facts ORDER BY name"
COUNTRIES = "MATCH (c:Company) RETURN c.name AS name, c.countries AS countries ORDER BY name"
EDGES = (
    "MATCH (a:Entity)-[e:WORKS_FOR|HAS_FIGURE]->(b) RETURN type(e) AS edge, a.name AS a, e.role_code AS role"
)


@pytest.fixture
def graph_of_acme(graph: Graph) -> Graph:
    writer = Writer(graph.driver, graph.database, Registry({}, {}))
    for key in ("a.txt", "b.txt"):
        source = make.document(TEXT, key)
        found = make.extraction(
            source,
            make.valuation(source, "valued at $5 billion", 5_000_000_000),
            make.works_for(source, "Ann Lee is CEO of Acme", "Ann Lee", "Acme", role="CEO"),
            make.works_for(source, "Ann Lee is chairwoman of Acme", "Ann Lee", "Acme", role="chairwoman"),
            make.based_in(source, "Acme sits in FR", "Acme", "FR"),
            make.based_in(source, "Acme also sits in DE", "Acme", "DE"),
            make.based_in(source, "Acme may sit in US", "Acme", "US", modality=Modality.PLANNED),
        )
        writer.write(source, found, "run")
    return graph


def ask(graph: Graph, query: LiteralString) -> list[Any]:
    return [r.data() for r in graph.driver.execute_query(query, database_=graph.database).records]


def change(graph: Graph, query: str, left: Iterable[str] = ()) -> None:
    """Change statements by a query that returns them, and derive."""

    def work(tx: neo4j.ManagedTransaction, now: Any) -> None:
        changed = {row["id"]: row["slot"] for row in tx.run(query).data()}  # pyright: ignore[reportArgumentType]
        derive(tx, changed, now.date(), left)

    in_turn(graph.driver, graph.database, work)


def retract(graph: Graph, what: str) -> None:
    change(graph, f"MATCH {what} SET s.retracted_at = datetime() RETURN s.id AS id, s.slot AS slot")


def test_the_hop_to_a_retracted_figure_vanishes(graph_of_acme: Graph):
    retract(graph_of_acme, "(s:Figure)-[:EVIDENCED_BY]->(:Document {source_key: 'a.txt'})")
    assert ask(graph_of_acme, "MATCH (:Company)-[h:HAS_FIGURE]->() RETURN count(h) AS n") == [{"n": 1}]


def test_the_other_figure_of_the_slot_becomes_the_best(graph_of_acme: Graph):
    retract(graph_of_acme, "(s:Figure {rank: 'BEST'})")
    rows = ask(graph_of_acme, "MATCH (s:Figure {rank: 'BEST'}) RETURN s.retracted_at AS retracted")
    assert rows == [{"retracted": None}]


def test_the_edge_of_a_role_counts_what_is_left(graph_of_acme: Graph):
    retract(graph_of_acme, "(s:Relation {role: 'CEO'})-[:EVIDENCED_BY]->(:Document {source_key: 'a.txt'})")
    assert ask(graph_of_acme, "MATCH ()-[e:WORKS_FOR {role_code: 'CEO'}]->() RETURN e.statements AS n") == [
        {"n": 1}
    ]


def test_the_edge_of_a_role_that_nobody_asserts_vanishes_and_the_other_role_stays(graph_of_acme: Graph):
    retract(graph_of_acme, "(s:Relation {role: 'CEO'})")
    assert [row["e.role"] for row in ask(graph_of_acme, "MATCH ()-[e:WORKS_FOR]->() RETURN e.role")] == [
        "chairwoman"
    ]


def test_the_countries_of_a_company_are_those_of_asserted_seats_that_stand(graph_of_acme: Graph):
    assert ask(graph_of_acme, COUNTRIES) == [{"name": "Acme", "countries": ["DE", "FR"]}]
    retract(graph_of_acme, "(s:Relation)-[:OBJECT]->(:Country {name: 'FR'})")
    assert ask(graph_of_acme, COUNTRIES) == [{"name": "Acme", "countries": ["DE"]}]
    retract(graph_of_acme, "(s:Relation)-[:OBJECT]->(:Country {name: 'DE'})")
    assert ask(graph_of_acme, COUNTRIES) == [{"name": "Acme", "countries": None}]


def test_a_country_stays_as_long_as_one_document_tells_of_it(graph_of_acme: Graph):
    retract(graph_of_acme, "(s:Relation)-[:EVIDENCED_BY]->(:Document {source_key: 'a.txt'})")
    assert ask(graph_of_acme, COUNTRIES) == [{"name": "Acme", "countries": ["DE", "FR"]}]


def test_the_number_of_facts_about_an_entity_is_that_of_the_statements_that_stand(graph_of_acme: Graph):
    assert ask(graph_of_acme, FACTS) == [
        {"name": "Acme", "facts": 12},
        {"name": "Ann Lee", "facts": 4},
        *({"name": code, "facts": 2} for code in ("DE", "FR", "US")),
    ]
    retract(graph_of_acme, "(s:Relation)-[:EVIDENCED_BY]->(:Document {source_key: 'a.txt'})")
    assert [row["facts"] for row in ask(graph_of_acme, FACTS)] == [7, 2, 1, 1, 1]


def test_a_statement_is_counted_once_however_often_its_facts_are_derived(graph_of_acme: Graph):
    before = ask(graph_of_acme, FACTS)
    for _ in range(2):
        change(graph_of_acme, "MATCH (s:Statement) RETURN s.id AS id, s.slot AS slot")
    assert ask(graph_of_acme, FACTS) == before


def test_what_comes_back_is_derived_again(graph_of_acme: Graph):
    before = ask(graph_of_acme, EDGES)
    retract(graph_of_acme, "(s:Statement)")
    assert ask(graph_of_acme, EDGES) == []
    change(graph_of_acme, "MATCH (s:Statement) REMOVE s.retracted_at RETURN s.id AS id, s.slot AS slot")
    assert sorted(map(str, ask(graph_of_acme, EDGES))) == sorted(map(str, before))


def test_statements_that_move_to_another_entity_take_their_edges_along(graph_of_acme: Graph):
    old = [row["s.slot"] for row in ask(graph_of_acme, "MATCH (s:Statement) RETURN DISTINCT s.slot")]
    change(
        graph_of_acme,
        """MERGE (z:Entity:Company {id: 'company/zeta'}) SET z.name = 'Zeta'
        WITH z MATCH (s:Statement)-[t:SUBJECT|OBJECT]->(:Company {id: 'company/acme'})
        CALL (s, t, z) { WITH * WHERE type(t) = 'SUBJECT' MERGE (s)-[:SUBJECT]->(z) }
        CALL (s, t, z) { WITH * WHERE type(t) = 'OBJECT' MERGE (s)-[:OBJECT]->(z) }
        DELETE t SET s.slot = replace(s.slot, 'company/acme', 'company/zeta')
        RETURN s.id AS id, s.slot AS slot""",
        left=old,
    )
    assert (
        ask(graph_of_acme, "MATCH (:Company {name: 'Acme'})-[e]-() WHERE e.id IS NOT NULL RETURN e.id") == []
    )
    assert {row["a"] for row in ask(graph_of_acme, EDGES)} == {"Zeta", "Ann Lee"}
    assert ask(graph_of_acme, COUNTRIES) == [
        {"name": "Acme", "countries": None},
        {"name": "Zeta", "countries": ["DE", "FR"]},
    ]
