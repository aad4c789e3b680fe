"""`kb check` as a gate: who halves the corpus, empties a field or breaks a reference does not get past it."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from kb.documents import Document
from kb.embedded import Address
from kb.facts import Extraction, Figure
from kb.graph import rules
from kb.graph.census import take_census
from kb.graph.checks import run_checks
from kb.graph.connection import Graph, open_driver
from kb.graph.writer import Writer
from kb.ontology import Access, Basis, Metric
from kb.partial_date import PartialDate
from kb.quality.changes import DEFAULT
from kb.quality.report import Report
from kb.registry import Registry
from tests import doors
from tests import facts as make
from tests.app.conftest import Kb

DOCUMENTS = 16
NOT_TOLD_FROM_NONE = {"ATTRIBUTED_TO", "IN_BAND"}
"""A speaker need be no entity, and a document's copies are found by any band that is left."""


def article(n: int) -> tuple[Document, Extraction]:
    text = (
        f"Firm {n} is worth $5 billion. Ann {n} is CEO of Firm {n}. Firm {n} began in 2015. "
        f"Mod {n} is open and costs $2."
    )
    day = PartialDate(2025, 3, 3)
    source = make.document(
        text, f"{n}.txt", title="News", publisher="Daily", published=day, url=f"https://example.com/{n}"
    )
    price = Figure(
        subject=make.model(f"Mod {n}"),
        predicate=Metric.PRICE_INPUT,
        value=2,
        unit="USD",
        offered_by=make.company(f"Firm {n}"),
        as_of=day,
        **make.common(source, "$2"),
    )
    return source, make.extraction(
        source,
        make.valuation(source, "worth $5 billion", 5e9, f"Firm {n}", as_of=day, basis=Basis.PRIVATE),
        make.works_for(source, f"Ann {n} is CEO of Firm {n}", f"Ann {n}", f"Firm {n}", role="CEO"),
        make.founded_on(source, f"Firm {n} began in 2015", f"Firm {n}", "2015"),
        make.openness(source, f"Mod {n} is open", f"Mod {n}", Access.OPEN_SOURCE),
        price,
    )


def fill(graph: Graph, documents: int) -> Graph:
    graph.driver.execute_query(doors.WIPE, database_=graph.database)
    writer = Writer(graph.driver, graph.database, Registry({}, {}))
    writer.write_together([article(n) for n in range(documents)], "run")
    return graph


def report(graph: Graph) -> Report:
    census = take_census(graph.driver, graph.database)
    return Report("now", census, tuple(run_checks(graph.driver, graph.database)))


def refused(graph: Graph, earlier: Report) -> set[str]:
    return {finding.check for finding in report(graph).against(earlier, DEFAULT).refused(strict=False)}


@pytest.fixture(scope="module")
def corpus(neo4j: Address) -> Iterator[Graph]:
    """A graph of sixteen articles that every test of this module leaves as it was."""
    with open_driver(neo4j) as driver:
        yield fill(Graph(driver, neo4j), DOCUMENTS)


@pytest.fixture(scope="module")
def earlier(corpus: Graph) -> Report:
    return report(corpus)


@contextmanager
def damaged(graph: Graph, damage: str, repair: str, **told: object) -> Iterator[None]:
    graph.driver.execute_query(damage, told, database_=graph.database)
    yield
    graph.driver.execute_query(repair, told, database_=graph.database)


def emptied(graph: Graph, label: str, field: str) -> AbstractContextManager[None]:
    return damaged(
        graph,
        "MATCH (n) WHERE $label IN labels(n) SET n.kept = n[$field], n[$field] = null",
        "MATCH (n) WHERE $label IN labels(n) SET n[$field] = n.kept, n.kept = null",
        label=label,
        field=field,
    )


def test_an_unharmed_graph_passes(corpus: Graph, earlier: Report):
    assert refused(corpus, earlier) == set()


@pytest.mark.parametrize(
    ("label", "field"),
    [("Figure", "as_of"), ("Figure", "basis"), ("Relation", "role"), ("Figure", "offered_by")]
    + [("Document", field) for field in ("title", "publisher", "published", "url")],
)
def test_an_emptied_field_that_may_be_empty_is_refused(
    corpus: Graph, earlier: Report, label: str, field: str
):
    with emptied(corpus, label, field):
        assert any(check.startswith("emptier field: ") for check in refused(corpus, earlier))


EMPTIED = [
    *(("Document", field) for field in rules.DEMANDED_OF_DOCUMENTS),
    *(("Figure", field) for field in rules.DEMANDED),
    *((label, field) for label, fields in rules.DEMANDED_BY_LABEL.items() for field in fields),
    *(("Figure", "value"), ("Term", "access"), ("Entity", "name")),
]


@pytest.mark.parametrize(("label", "field"), EMPTIED)
def test_an_emptied_field_that_the_contract_demands_is_refused_without_an_earlier_report(
    corpus: Graph, label: str, field: str
):
    with emptied(corpus, label, field):
        assert report(corpus).refused(strict=False)


def kinds_of_edges(graph: Graph) -> list[str]:
    query = "MATCH ()-[r]->() RETURN DISTINCT type(r) AS kind ORDER BY kind"
    return [row["kind"] for row in graph.driver.execute_query(query, database_=graph.database).records]


def test_a_reference_of_any_kind_that_leads_nowhere_is_refused(corpus: Graph):
    kinds = set(kinds_of_edges(corpus)) - NOT_TOLD_FROM_NONE
    assert {"SUBJECT", "OBJECT", "EVIDENCED_BY", "OFFERED_BY", "NAMES", "VERSION_OF"} < kinds
    passed: set[str] = set()
    for kind in kinds:
        take = (
            f"MATCH (a)-[r:{kind}]->(b) WITH a, r, b LIMIT 1 "
            "WITH r, elementId(a) AS a, elementId(b) AS b, properties(r) AS told DELETE r RETURN a, b, told"
        )
        (taken,) = corpus.driver.execute_query(take, database_=corpus.database).records
        if not report(corpus).refused(strict=False):
            passed.add(kind)
        corpus.driver.execute_query(
            "MATCH (a) WHERE elementId(a) = $a MATCH (b) WHERE elementId(b) = $b "
            f"CREATE (a)-[r:{kind}]->(b) SET r = $told",
            taken.data(),
            database_=corpus.database,
        )
    assert passed == set()


@pytest.fixture
def saved(kb: Kb, on_graph: Graph, tmp_path: Path) -> Path:
    """The report on sixteen articles, which stand in the graph."""
    fill(on_graph, DOCUMENTS)
    assert kb("check", "--save", tmp_path / "report.json").code == 0
    return tmp_path / "report.json"


def test_half_a_corpus_is_refused_beside_the_report_on_the_whole(kb: Kb, on_graph: Graph, saved: Path):
    fill(on_graph, DOCUMENTS // 2)
    assert kb("check").code == 0
    ran = kb("check", "--against", saved)
    assert ran.code == 1
    assert "fewer documents: total: 16 before, 8 now" in ran.out
    assert "fewer statements: VALUATION: 16 before, 8 now" in ran.out


def test_half_a_corpus_is_refused_by_a_file_of_limits(kb: Kb, on_graph: Graph, tmp_path: Path):
    fill(on_graph, DOCUMENTS // 2)
    limits = tmp_path / "limits.toml"
    limits.write_text("[min.documents]\ntotal = 15\n")
    ran = kb("check", "--limits", limits)
    assert (ran.code, "min.documents.total" in ran.out) == (1, True)
    assert "8, at least 15 wanted" in ran.out


def test_a_refused_graph_takes_no_place_in_the_file_of_comparison(kb: Kb, on_graph: Graph, saved: Path):
    before = saved.read_text()
    fill(on_graph, DOCUMENTS // 2)
    assert kb("check", "--against", saved, "--save", saved).code == 1
    assert saved.read_text() == before
    assert kb("check", "--save", saved).code == 0
    assert saved.read_text() != before


def test_a_warning_passes_unless_strict_and_then_too_if_it_was_there_before(
    kb: Kb, on_graph: Graph, saved: Path
):
    doubt = "MATCH (r:Relation) SET r.share = 101"
    on_graph.driver.execute_query(doubt, database_=on_graph.database)
    assert kb("check", "--against", saved).code == 0
    assert kb("check", "--strict").code == 1
    assert kb("check", "--strict", "--against", saved).code == 1
    kb("check", "--save", saved)
    assert kb("check", "--strict", "--against", saved).code == 0


def test_json_is_what_is_saved_and_each_line_of_jsonl_is_a_part_of_it(kb: Kb, saved: Path):
    told = json.loads(kb("check", "--format", "json").out)
    kept = json.loads(saved.read_text())
    assert {**told, "at": ""} == {**kept, "at": ""}
    lines = kb("check", "--format", "jsonl").lines
    assert len(lines) == len(told["findings"]) + len(told["fills"]) + sum(map(len, told["counts"].values()))


def test_words_of_documents_stay_words_in_markdown(kb: Kb, on_graph: Graph, saved: Path):
    name = "MATCH (p:Person) WITH p LIMIT 1 SET p.name = '<img src=x> | [a](http://b) `c`', p:Company"
    on_graph.driver.execute_query(name, database_=on_graph.database)
    shown = kb("check", "--format", "md").out
    assert "&lt;img src=x&gt; \\| \\[a\\]\\(http://b\\) \\`c\\`" in shown
    assert "<img" not in shown


@pytest.mark.parametrize("option", ["--against", "--limits"])
def test_a_file_that_is_not_there_is_wrong_use(kb: Kb, on_graph: Graph, option: str):
    ran = kb("check", option, "nowhere")
    assert (ran.code, "nowhere" in ran.err, "Traceback" in ran.err) == (2, True, False)
