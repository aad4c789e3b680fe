"""A user's own Cypher reads the graph and does nothing else."""

from typing import Any

import pytest

from kb.errors import UsageError
from kb.graph import adhoc
from kb.graph.adhoc import Bounds, CypherResult
from kb.graph.connection import Graph
from kb.graph.cypher_guard import MAX_TEXT, check_plan
from kb.graph.cypher_nesting import MAX_NESTING
from kb.graph.cypher_work import check_work
from kb.graph.writer import Writer
from kb.registry import Registry
from tests import facts as make
from tests.kb.graph.test_cypher_work import DEEP

TEXT = "Acme is valued at $5 billion. Ann Lee is CEO of Acme. Acme competes with Zeta. Acme began in 2015."
COUNT_TO_THE_END_OF_TIME = "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN count(*) AS n"


@pytest.fixture
def loaded(graph: Graph) -> Graph:
    source = make.document(TEXT)
    found = make.extraction(
        source,
        make.valuation(source, "valued at $5 billion", 5_000_000_000),
        make.works_for(source, "Ann Lee is CEO of Acme", "Ann Lee", "Acme", role="CEO"),
        make.competes(source, "Acme competes with Zeta", "Acme", "Zeta"),
        make.founded_on(source, "Acme began in 2015", "Acme", "2015"),
    )
    Writer(graph.driver, graph.database, Registry({}, {})).write(source, found, "run")
    return graph


def ask(graph: Graph, query: str, parameters: dict[str, Any] | None = None, **more: Any) -> CypherResult:
    return adhoc.ask(graph.address, query, parameters or {}, Bounds(**more))


def refusal(graph: Graph, query: str, **parameters: object) -> str:
    with pytest.raises(UsageError) as refused:
        ask(graph, query, parameters)
    return str(refused.value)


WRITES = [
    "CREATE (:Company {id: 'x'})",
    "MERGE (:Company {id: 'x'})",
    "MATCH (n) SET n.name = 'x'",
    "MATCH (n) REMOVE n.name",
    "MATCH (n) DETACH DELETE n",
    "MATCH (n) SET n:Company RETURN n",
    "FOREACH (x IN [1] | CREATE (:Company))",
    "MATCH (n) CALL (n) { SET n.x = 1 } RETURN n",
    "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1 ROW",
    "CREATE INDEX x FOR (n:Company) ON (n.x)",
    "DROP CONSTRAINT entity_id",
    "CREATE USER eve SET PASSWORD 'password'",
    "ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'password'",
    "CREATE DATABASE x",
    "CALL db.createLabel('X')",
    "CALL tx.setMetaData({who: 'me'})",
]
BEYOND_THE_GRAPH = [
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "LOAD CSV WITH HEADERS FROM 'http://127.0.0.1:1/x.csv' AS line RETURN line",
    "MATCH (n) CALL (n) { LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line } RETURN line",
    "SHOW SETTINGS",
    "SHOW SETTINGS YIELD name, value RETURN name, value",
    "SHOW TRANSACTIONS",
    "SHOW USERS",
    "SHOW PROCEDURES",
    "TERMINATE TRANSACTION 'neo4j-transaction-1'",
    "CALL dbms.listConfig()",
    "CALL dbms.components()",
    "CALL dbms.queryJmx('*:*')",
    "CALL db.awaitIndexes(300)",
    "UNWIND [1] AS x CALL (x) { RETURN 1 AS y } IN TRANSACTIONS RETURN y",
]
OTHER_MODES = [
    "EXPLAIN MATCH (n) RETURN n",
    "PROFILE MATCH (n) RETURN n",
    "profile MATCH (n) RETURN n",
    "/* a comment */ PROFILE MATCH (n) RETURN n",
    "// a comment\nPROFILE MATCH (n) RETURN n",
    "// a comment\rPROFILE MATCH (n) RETURN n",
    "/* one */ // two\n /* three */ EXPLAIN MATCH (n) RETURN n",
    "\\u0050ROFILE MATCH (n) RETURN n",
    "CYPHER runtime=slotted MATCH (n) RETURN n",
    "USE system SHOW USERS",
    "RETURN 1 AS x; MATCH (n) DETACH DELETE n",
]


TOO_MUCH = {
    "paths of any length": ("MATCH (:Company)-[*]->(b) RETURN b.name AS x", "paths of any length"),
    "paths of any length, told by the plan": (
        "MATCH (:Company) ((a)-[:`X]`]->(b)){2,} (c) RETURN c.name AS x",
        "paths of any length",
    ),
    "unconnected patterns": (
        "MATCH " + ", ".join(f"(a{i})" for i in range(9)) + " WHERE a0.x + a8.x = a4.x RETURN a1.name AS x",
        "more than 1,000,000,000 rows",
    ),
    "a text that doubles without end": (
        "RETURN size(reduce(s = 'ab', i IN range(1, 29) | s + s)) AS x",
        "no time limit",
    ),
    "more memory than one query may use": (
        "UNWIND range(1, 30000000) AS i RETURN size(collect(i)) AS x",
        "more memory",
    ),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_a_query_that_asks_for_too_much_is_refused(loaded: Graph, name: str):
    query, reason = TOO_MUCH[name]
    assert reason in refusal(loaded, query)


@pytest.mark.parametrize("name", DEEP)
def test_the_deepest_expression_that_is_let_pass_is_answered(graph: Graph, name: str):
    deepest = next(query for n in range(MAX_NESTING, 0, -1) if passes(query := DEEP[name](n)))
    assert list(ask(graph, deepest).columns) == ["x"]


def passes(query: str) -> bool:
    try:
        check_work(query)
    except UsageError:
        return False
    return True


def everything(graph: Graph) -> list[object]:
    query = "MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN n, r ORDER BY elementId(n), elementId(r)"
    return [record.data() for record in graph.driver.execute_query(query, database_=graph.database).records]


@pytest.mark.parametrize("query", WRITES)
def test_a_query_that_writes_or_administers_is_refused_and_changes_nothing(loaded: Graph, query: str):
    before = everything(loaded)
    refusal(loaded, query)
    assert everything(loaded) == before


@pytest.mark.parametrize("query", BEYOND_THE_GRAPH)
def test_a_query_that_reaches_beyond_the_graph_is_refused(graph: Graph, query: str):
    assert refusal(graph, query)


@pytest.mark.parametrize("query", OTHER_MODES)
def test_a_query_cannot_change_how_it_is_run(graph: Graph, query: str):
    assert refusal(graph, query)


def test_a_refusal_names_what_the_plan_contains(graph: Graph):
    told = refusal(graph, "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line")
    assert told == "The query is refused: its plan contains LoadCSV, which may do more than read."


def test_a_refused_procedure_is_named_with_those_that_are_allowed(graph: Graph):
    told = refusal(graph, "CALL db.awaitIndexes(300)")
    assert told.startswith(
        "The procedure db.awaitIndexes is not allowed; these are: db.index.fulltext.queryNodes"
    )


def test_an_operator_that_nobody_has_looked_at_is_refused():
    with pytest.raises(UsageError, match="its plan contains BrandNewOperator"):
        check_plan(
            "r",
            {
                "operatorType": "ProduceResults@neo4j",
                "children": [{"operatorType": "BrandNewOperator@neo4j"}],
            },
        )


def test_a_plan_that_the_server_did_not_give_is_refused():
    with pytest.raises(UsageError, match="Only queries that read"):
        check_plan("r", None)


HONEST = {
    "order and limit": "MATCH (c:Company) RETURN c.name AS x ORDER BY x LIMIT 5",
    "aggregation": "MATCH (s:Statement) RETURN s.predicate AS x, count(*) AS n ORDER BY n DESC",
    "evidence": "MATCH (:Company {name: 'Acme'})-[:HAS_FIGURE]->(f)-[e:EVIDENCED_BY]->(d) RETURN e.text AS x",
    "range on an index": (
        "MATCH (f:Figure) WHERE f.predicate = 'VALUATION' AND f.value > 1 RETURN f.value AS x"
    ),
    "parts of names": (
        "MATCH (e:Entity) WHERE e.name CONTAINS 'cm' OR e.name ENDS WITH 'a' RETURN e.name AS x"
    ),
    "ids in a list": "MATCH (e:Entity) WHERE e.id IN ['company/acme', 'company/zeta'] RETURN e AS x",
    "shortest path": (
        "MATCH p = shortestPath((:Company {name: 'Zeta'})-[*..6]-(:Person "
        "{name: 'Ann Lee'})) RETURN length(p) AS x"
    ),
    "all shortest paths": (
        "MATCH p = allShortestPaths((:Company {name: 'Zeta'})-[*..6]-(:Person)) RETURN length(p) AS x"
    ),
    "path of any length": (
        "MATCH (:Company {name: 'Zeta'})-[:COMPETES_WITH|WORKS_FOR*1..3]-(b) RETURN DISTINCT b.name AS x"
    ),
    "quantified path": (
        "MATCH (:Company {name: 'Zeta'}) ((a)-[:COMPETES_WITH]-(b)){1,3} (c) RETURN c.name AS x"
    ),
    "shortest 1": "MATCH p = SHORTEST 1 (:Company {name: 'Zeta'})--+(:Person) RETURN length(p) AS x",
    "full text": (
        "CALL db.index.fulltext.queryNodes('entity_names', 'acme') YIELD node, score RETURN node.name AS x"
    ),
    "labels": "CALL db.labels() YIELD label RETURN label AS x",
    "COLLECT": "MATCH (c:Company) RETURN COLLECT { MATCH (c)<-[:WORKS_FOR]-(p) RETURN p.name } AS x",
    "COUNT": "MATCH (c:Company) RETURN COUNT { (c)-[:HAS_FIGURE]->() } AS x",
    "EXISTS": (
        "MATCH (c:Company) WHERE EXISTS { (c)<-[:WORKS_FOR]-() } AND "
        "NOT (c)-[:DEVELOPS]->() RETURN c.name AS x"
    ),
    "UNION": "MATCH (c:Company) RETURN c.name AS x UNION MATCH (p:Person) RETURN p.name AS x",
    "subquery": (
        "MATCH (c:Company) CALL (c) { MATCH (c)-[:HAS_FIGURE]->(f) RETURN max(f.value) AS x } RETURN x"
    ),
    "optional match": (
        "MATCH (c:Company) OPTIONAL MATCH (c)-[:HAS_DATE]->(d) RETURN c.name AS x, d.date AS date"
    ),
    "list of a pattern": "MATCH (e:Company) RETURN [(e)<-[:SUBJECT]-(s) | s.predicate] AS x",
    "pairs": "MATCH (a:Company), (b:Company) WHERE a.id < b.id RETURN a.name AS x, b.name AS y",
    "times": (
        "MATCH (d:Document) WHERE d.recorded_at > datetime() - "
        "duration('P1D') RETURN toString(d.recorded_at) AS x"
    ),
    "a comment": "// who is there\nMATCH (c:Company) /* all */ RETURN c.name AS x",
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_query_is_answered(loaded: Graph, name: str):
    result = ask(loaded, HONEST[name])
    assert result.columns[0] == "x"
    assert result.rows


def test_parameters_are_values_and_never_text(loaded: Graph):
    query = "MATCH (c:Company {name: $name}) RETURN c.id AS id"
    assert ask(loaded, query, {"name": "Acme"}).rows == [["company/acme"]]
    assert ask(loaded, query, {"name": "Acme'}) DETACH DELETE c //"}).rows == []


def test_more_rows_than_allowed_are_cut_and_that_is_said(graph: Graph):
    result = ask(graph, "UNWIND range(1, 1000000000) AS x RETURN x", rows=3)
    assert (result.rows, result.truncated) == ([[1], [2], [3]], True)


def test_more_bytes_than_allowed_are_cut_and_that_is_said(graph: Graph):
    result = ask(graph, "UNWIND range(1, 1000) AS x RETURN '0123456789' AS x", size=100)
    assert (len(result.rows), result.truncated) == (7, True)


def test_a_row_larger_than_all_may_be_is_left_out_and_that_is_said(graph: Graph):
    result = ask(graph, "UNWIND range(1, 100000) AS x RETURN collect(x) AS x", size=1000)
    assert (result.rows, result.truncated) == ([], True)


def test_the_operators_of_the_plan_are_told(loaded: Graph):
    assert ask(loaded, "MATCH (c:Company) RETURN c.name AS x").operators == (
        "ProduceResults",
        "Projection",
        "NodeByLabelScan",
    )


def test_nodes_relationships_paths_and_times_come_back_as_plain_data(loaded: Graph):
    query = (
        "MATCH p = (a:Person)-[w:WORKS_FOR]->(c:Company) "
        "RETURN a, w, p, date('2025-04-01') AS day, duration('P1D') AS long, 0.0 / 0.0 AS nan, "
        "point({x: 1, y: 2}) AS at"
    )
    ((person, work, path, *rest),) = ask(loaded, query).rows
    assert (person["labels"], person["properties"]["name"]) == (["Entity", "Person"], "Ann Lee")
    assert (work["type"], work["start"], work["properties"]["role"]) == (
        "WORKS_FOR",
        person["element"],
        "CEO",
    )
    assert path["nodes"][0] == person
    assert path["relationships"] == [work]
    assert rest == ["2025-04-01", "P1D", "nan", [1.0, 2.0]]


def test_as_many_rows_as_allowed_are_whole(graph: Graph):
    assert not ask(graph, "UNWIND range(1, 3) AS x RETURN x", rows=3).truncated


def test_a_query_that_would_never_end_is_stopped_in_its_time(graph: Graph):
    with pytest.raises(UsageError) as refused:
        ask(graph, COUNT_TO_THE_END_OF_TIME, seconds=0.5)
    assert str(refused.value) == "The query was stopped after 0.5 s: narrow it, or ask for less at once."


def test_a_slip_is_told_with_its_place_in_the_user_s_own_text(graph: Graph):
    told = refusal(graph, "MATCH (c:Company)\nRETRN c")
    assert "Invalid input 'RETRN'" in told
    assert "(line 2, column 1)" in told
    assert "EXPLAIN" not in told


@pytest.mark.parametrize(
    ("query", "parameters", "reason"),
    [
        (" \n", {}, "There is no query"),
        ("RETURN 1" + " " * MAX_TEXT + "AS x", {}, f"{MAX_TEXT} are allowed"),
        ("RETURN $x AS x", {}, "Expected parameter(s): x"),
        ("RETURN $x AS x", {"x": 10**20}, "nothing that Neo4j can take"),
        ("RETURN $x AS x", {"x": "\ud800"}, "nothing that Neo4j can take"),
        ("RETURN $x AS x", {"x": object()}, "nothing that Neo4j can take"),
        ("UNWIND [1, 0] AS x RETURN 1 / x", {}, "/ by zero"),
    ],
)
def test_what_cannot_be_run_is_refused_with_its_reason(
    graph: Graph, query: str, parameters: dict[str, object], reason: str
):
    assert reason in refusal(graph, query, **parameters)
