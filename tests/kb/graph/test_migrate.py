"""Migrations run once each, survive an interruption, and refuse a graph that they do not know."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import LiteralString, cast

import pytest
from neo4j.exceptions import Neo4jError

from kb.errors import SchemaVersionError
from kb.graph.connection import Graph
from kb.graph.migrate import Migration, migrate, migrations
from kb.names import LONG, SHORT, folded_forms

KNOWN = migrations()
NEXT = KNOWN[-1].version + 1
TWO_STEPS = "// Two nodes.\nMERGE (:Scratch {id: 1});\nMERGE (:Scratch {id: 2});\n"


@pytest.fixture
def graph(graph: Graph) -> Iterator[Graph]:
    """An empty graph that gets its record of migrations back after the test."""
    yield graph
    ask(graph, f"MATCH (m:Migration) WHERE m.version >= {NEXT} DELETE m")


def ask(graph: Graph, query: LiteralString, **parameters: object) -> list[dict[str, object]]:
    return [r.data() for r in graph.driver.execute_query(query, parameters, database_=graph.database).records]


def run(graph: Graph, *steps: Migration) -> int:
    return migrate(graph.driver, graph.database, [*KNOWN, *steps])


def scratch(graph: Graph) -> list[object]:
    return [row["id"] for row in ask(graph, "MATCH (s:Scratch) RETURN s.id AS id ORDER BY id")]


def recorded(graph: Graph) -> list[object]:
    return [row["v"] for row in ask(graph, "MATCH (m:Migration) RETURN m.version AS v ORDER BY v")]


SCHEMA_STEPS = "".join(
    f"CREATE CONSTRAINT scratch_{n} IF NOT EXISTS FOR (s:Scratch{n}) REQUIRE s.id IS UNIQUE;\n"
    f"CREATE INDEX scratch_name_{n} IF NOT EXISTS FOR (s:Scratch{n}) ON (s.name);\n"
    for n in range(4)
)


@pytest.fixture
def _no_scratch_schema(graph: Graph) -> Iterator[None]:
    yield
    for n in range(4):
        ask(graph, f"DROP CONSTRAINT scratch_{n} IF EXISTS")
        ask(graph, f"DROP INDEX scratch_name_{n} IF EXISTS")


@pytest.mark.usefixtures("_no_scratch_schema")
def test_processes_that_migrate_at_once_all_end_well(graph: Graph):
    step = Migration(NEXT, "scratch", SCHEMA_STEPS)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: run(graph, step), range(4)))
    assert recorded(graph)[-1] == NEXT
    assert run(graph, step) == 0


def test_a_graph_that_is_up_to_date_is_left_as_it_is(graph: Graph):
    assert run(graph) == 0


def test_a_new_step_runs_once(graph: Graph):
    step = Migration(NEXT, "scratch", "CREATE (:Scratch {id: 1});\n")
    assert (run(graph, step), run(graph, step)) == (1, 0)
    assert scratch(graph) == [1]


def test_a_step_is_recorded_with_its_name_and_checksum(graph: Graph):
    step = Migration(NEXT, "scratch", TWO_STEPS)
    run(graph, step)
    rows = ask(graph, f"MATCH (m:Migration {{version: {NEXT}}}) RETURN m.name AS name, m.checksum AS sum")
    assert rows == [{"name": "scratch", "sum": step.checksum}]


def test_steps_run_in_the_order_of_their_numbers(graph: Graph):
    run(
        graph,
        Migration(NEXT, "make", "CREATE (:Scratch {id: 1});\n"),
        Migration(NEXT + 1, "change", "MATCH (s:Scratch {id: 1}) SET s.id = 7;\n"),
    )
    assert scratch(graph) == [7]


def test_an_interrupted_step_is_run_again_from_its_start(graph: Graph):
    step = Migration(NEXT, "scratch", TWO_STEPS)
    ask(graph, step.statements[0])
    assert run(graph, step) == 1
    assert scratch(graph) == [1, 2]


def test_a_step_that_fails_is_not_recorded_and_its_correction_runs(graph: Graph):
    with pytest.raises(Neo4jError):
        run(graph, Migration(NEXT, "scratch", "MERGE (:Scratch {id: 1});\nMERGE (:Scratch {id: 1 / 0});\n"))
    assert NEXT not in recorded(graph)
    assert run(graph, Migration(NEXT, "scratch", TWO_STEPS)) == 1


def test_a_step_whose_text_was_changed_afterwards_is_refused(graph: Graph):
    changed = [replace(KNOWN[0], text=KNOWN[0].text + "// changed\n"), *KNOWN[1:]]
    with pytest.raises(SchemaVersionError) as refused:
        migrate(graph.driver, graph.database, changed)
    assert str(refused.value) == (
        f"Migration {KNOWN[0].version} ({KNOWN[0].name}) was applied with another text than this program's: "
        "use the program's version that wrote the graph, or another database."
    )


def test_a_graph_to_which_an_earlier_text_of_the_same_effect_was_applied_is_taken(graph: Graph):
    run(graph, Migration(NEXT, "scratch", TWO_STEPS))
    earlier = Migration(NEXT, "scratch", TWO_STEPS).checksum
    rewritten = f"// Also applied as {earlier}\n// In one.\n{TWO_STEPS}"
    assert run(graph, Migration(NEXT, "scratch", rewritten)) == 0


def test_a_statement_in_transactions_of_its_own_keeps_those_that_ended(graph: Graph):
    ask(graph, "UNWIND [1, 2, 0] AS id CREATE (:Scratch {id: id})")
    largest_first = "MATCH (s:Scratch) WITH s ORDER BY s.id DESC"
    divided = f"{largest_first} CALL (s) {{ SET s.id = 6 / s.id }} IN TRANSACTIONS OF 1 ROWS"
    with pytest.raises(Neo4jError):
        run(graph, Migration(NEXT, "scratch", divided))
    assert scratch(graph) == [0, 3, 6]


def test_what_changes_data_does_so_in_transactions_of_its_own():
    changing = re.compile(r"\b(SET|REMOVE|MERGE|DELETE)\b")
    large = [s for step in KNOWN for s in step.statements if changing.search(s) and ":Lease" not in s]
    assert large
    assert [s for s in large if not s.endswith("IN TRANSACTIONS OF 1000 ROWS")] == []


def test_a_newer_graph_is_refused_with_both_versions(graph: Graph):
    run(graph, Migration(NEXT, "of_the_future", TWO_STEPS))
    with pytest.raises(SchemaVersionError) as refused:
        run(graph)
    assert str(refused.value) == (
        f"The graph is of schema version {NEXT}, this program knows versions up to {NEXT - 1}: "
        "update ai-industry-kb, or use another database."
    )


def test_a_refused_graph_is_not_touched(graph: Graph):
    run(graph, Migration(NEXT + 1, "of_the_future", "MERGE (:Scratch {id: 9});\n"))
    with pytest.raises(SchemaVersionError):
        run(graph, Migration(NEXT, "scratch", TWO_STEPS))
    assert scratch(graph) == [9]


def test_comments_are_no_statements():
    assert list(Migration(1, "x", TWO_STEPS).statements) == [
        "MERGE (:Scratch {id: 1})",
        "MERGE (:Scratch {id: 2})",
    ]


def test_the_files_are_numbered_from_one_without_a_gap():
    assert [step.version for step in KNOWN] == list(range(1, len(KNOWN) + 1))


def test_every_statement_of_the_files_may_be_repeated(graph: Graph):
    for statement in (s for step in KNOWN for s in step.statements):
        with graph.driver.session(database=graph.database) as session:
            session.run(cast("LiteralString", statement)).consume()
    leases = ask(graph, "MATCH (l:Lease) RETURN l.id AS id ORDER BY id")
    assert leases == [{"id": "ingest"}, {"id": "writer"}]


def test_the_bands_of_documents_of_older_graphs_become_nodes(graph: Graph):
    ask(graph, "UNWIND ['0xa 1xb', '0xa 1xc'] AS bands CREATE (:Document {id: bands, bands: bands})")
    ask(graph, "MATCH (m:Migration {version: 10}) DELETE m")
    run(graph)
    rows = ask(graph, "MATCH (d:Document)-[:IN_BAND]->(b) RETURN b.key AS key, count(d) AS n ORDER BY key")
    assert rows == [{"key": "0xa", "n": 2}, {"key": "1xb", "n": 1}, {"key": "1xc", "n": 1}]
    assert ask(graph, "MATCH (d:Document) WHERE d.bands IS NOT NULL RETURN d.id") == []


def test_companies_of_older_graphs_have_the_countries_to_which_their_edges_lead(graph: Graph):
    ask(
        graph,
        """UNWIND ['company/a', 'company/b'] AS id CREATE (c:Entity:Company {id: id, name: id})
        WITH c WHERE c.id = 'company/a'
        UNWIND ['country/fr', 'country/de', 'country/atlantis'] AS land
        CREATE (c)-[:BASED_IN {id: land + '1'}]->(o:Entity:Country {id: land}),
          (c)-[:BASED_IN {id: land + '2'}]->(o)""",
    )
    ask(graph, "MATCH (m:Migration {version: 17}) DELETE m")
    run(graph)
    rows = ask(graph, "MATCH (c:Company) RETURN c.countries AS countries ORDER BY c.id")
    assert rows == [{"countries": ["DE", "FR"]}, {"countries": None}]


def test_entities_of_older_graphs_get_the_number_of_their_facts(graph: Graph):
    ask(
        graph,
        """CREATE (a:Entity:Company {id: 'company/a'}), (b:Entity:Company {id: 'company/b'}),
          (:MergedEntity {id: 'company/c'}), (r:Statement:Relation {id: 'r'}), (f:Statement:Figure {id: 'f'}),
          (g:Statement:Figure {id: 'g', retracted_at: datetime()}),
          (a)<-[:SUBJECT]-(r)-[:OBJECT]->(b), (f)-[:SUBJECT]->(a), (g)-[:SUBJECT]->(b)""",
    )
    ask(graph, "MATCH (m:Migration {version: 18}) DELETE m")
    run(graph)
    rows = ask(graph, "MATCH (e:Entity|MergedEntity) RETURN e.facts AS facts ORDER BY e.id")
    assert [row["facts"] for row in rows] == [2, 1, 0]
    assert ask(graph, "MATCH (s:Statement) WHERE s.uncounted RETURN s.id AS id") == [{"id": "g"}]


def test_names_of_older_graphs_are_held_by_the_index_or_have_a_mark_behind_them(graph: Graph):
    few, many = folded_forms(["Acme"]), "\x1f" + "acme\x1f" * SHORT
    ask(graph, "UNWIND $rows AS row CREATE (:Entity {id: row, folded: row})", rows=[few, many])
    ask(graph, "MATCH (m:Migration {version: 16}) DELETE m")
    run(graph)
    rows = ask(graph, "MATCH (e:Entity) RETURN e.folded AS folded, e.folded_short AS short ORDER BY short")
    assert rows == [{"folded": few, "short": few}, {"folded": many + LONG, "short": None}]
