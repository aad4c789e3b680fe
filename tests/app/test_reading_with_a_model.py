"""`kb load` and `kb extract` with a language model, before a real server and a real database."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kb.graph.connection import Graph
from tests.app.conftest import Kb
from tests.loaders.llm.conftest import KEY, relation
from tests.loaders.llm.server import Reply, Server, refuses, says, serving

BOUGHT = "Acme Robotics acquired Zeta Labs"
FACT = relation("ACQUIRED", "Company Acme Robotics", "Company Zeta Labs", BOUGHT)
INVENTED = relation("ACQUIRED", "Company Acme Robotics", "Company OpenAI", "Acme Robotics acquired OpenAI")
NAMES = ("alpha", "beta", "gamma")


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in NAMES:
        text = f"{BOUGHT} in February 2025 for $40 million, as the {name} letter of the two firms tells.\n"
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """An endpoint that tells a right fact and an invented one; each answer is billed with 20,000 tokens."""
    with endpoint(tmp_path, monkeypatch, says([FACT, INVENTED], tokens=20_000)) as server:
        yield server


@contextmanager
def endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reply: Reply) -> Iterator[Server]:
    with serving(lambda *_: reply) as server:
        given = {"KB_LLM_URL": server.url, "KB_LLM_MODEL": "wren-1", "KB_LLM_KEY": KEY, "NO_PROXY": "*"}
        for name, value in (given | {"KB_HOME": str(tmp_path / "home")}).items():
            monkeypatch.setenv(name, value)
        yield server


def contents(graph: Graph) -> list[object]:
    """All nodes but the lock, whose time every writer sets, and the number of relationships."""
    nodes = graph.driver.execute_query(
        "MATCH (n) WHERE NOT n:Lease RETURN properties(n) AS p ORDER BY elementId(n)",
        database_=graph.database,
    )
    ties = graph.driver.execute_query("MATCH ()-[r]->() RETURN count(r) AS n", database_=graph.database)
    return [*(record["p"] for record in nodes.records), ties.records[0]["n"]]


def finders(graph: Graph) -> dict[str, list[str]]:
    """The extractors that found a statement of each predicate."""
    query = (
        "MATCH (s:Statement)-[:FOUND_BY]->(x:Extractor) "
        "RETURN s.predicate AS p, collect(DISTINCT split(x.id, '/')[0]) AS by"
    )
    records = graph.driver.execute_query(query, database_=graph.database).records
    return {record["p"]: sorted(record["by"]) for record in records}


def test_the_facts_that_the_text_bears_out_are_printed_and_the_others_counted(
    kb: Kb, model: Server, articles: Path
):
    ran = kb("extract", "--extractor", "llm", articles / "alpha.txt")
    (fact,) = (line for line in ran.lines if line["kind"] == "relation")
    assert (ran.code, fact["evidence"]["text"], fact["extractor"]) == (0, BOUGHT, "llm/wren-1/1")
    assert "20000 tokens used; facts left out: words not in the text (1)." in ran.err


def test_the_key_is_printed_nowhere_and_kept_nowhere(kb: Kb, model: Server, articles: Path, tmp_path: Path):
    ran = kb("extract", "--extractor", "llm", articles)
    assert {request.headers["Authorization"] for request in model.requests} == {f"Bearer {KEY}"}
    files = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert KEY not in ran.out + ran.err + "".join(path.read_text("utf-8") for path in files)


def test_two_extractors_stand_side_by_side(kb: Kb, model: Server, articles: Path):
    lines = kb("extract", "--extractor", "both", articles / "alpha.txt").lines
    assert {line["extractor"].split("/")[0] for line in lines if "extractor" in line} == {
        "llm",
        "spacy-rules",
    }


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize("command", ["extract", "load"])
def test_without_an_endpoint_nothing_is_read(kb: Kb, articles: Path, command: str):
    ran = kb(command, "--extractor", "both", articles)
    assert (ran.code, ran.out, "KB_LLM_URL is not set" in ran.err) == (2, "", True)


def test_a_second_load_changes_nothing_and_asks_nothing(
    kb: Kb, on_graph: Graph, model: Server, articles: Path
):
    assert kb("load", "--extractor", "llm", articles).code == 0
    before, asked = contents(on_graph), len(model.requests)
    ran = kb("load", "--extractor", "llm", articles)
    assert (ran.code, "3 unchanged" in ran.err, "0 tokens used" in ran.err) == (0, True, True)
    assert (contents(on_graph), len(model.requests), asked) == (before, 3, 3)


def test_a_load_by_both_adds_to_what_the_rules_found(kb: Kb, on_graph: Graph, model: Server, articles: Path):
    kb("load", articles)
    assert "llm" not in {one for by in finders(on_graph).values() for one in by}
    ran = kb("load", "--extractor", "both", articles)
    assert "0 documents loaded with 0 facts, 3 unchanged" in ran.err
    assert "3 documents loaded with 3 facts, 0 unchanged" in ran.err
    assert "llm" in finders(on_graph)["ACQUIRED"]
    assert kb("check").code == 0


def test_a_document_that_the_model_cannot_read_is_named_and_the_rest_is_loaded(
    kb: Kb, on_graph: Graph, model: Server, articles: Path
):
    good = model.script
    model.script = lambda request, n: refuses(404) if "beta" in request.question else good(request, n)
    ran = kb("load", "--extractor", "llm", articles)
    assert (ran.code, "2 documents loaded" in ran.err) == (1, True)
    assert any("beta.txt" in line and "(LLM_REJECTED)" in line for line in ran.err.splitlines())
    model.script = good
    assert "1 documents loaded with 1 facts, 2 unchanged" in kb("load", "--extractor", "llm", articles).err


def test_a_budget_that_runs_out_names_what_is_left_and_the_next_load_goes_on(
    kb: Kb, on_graph: Graph, model: Server, monkeypatch: pytest.MonkeyPatch, articles: Path
):
    monkeypatch.setenv("KB_LLM_BUDGET", "50000")
    ran = kb("load", "--extractor", "llm", articles, "--format", "jsonl")
    states = {Path(line["origin"]).stem: line["state"] for line in ran.lines}
    assert states == {"alpha": "loaded", "beta": "loaded", "gamma": "failed"}
    assert "KB_LLM_BUDGET=50000" in ran.lines[-1]["reason"]
    ran = kb("load", "--extractor", "llm", articles)
    assert (ran.code, len(model.requests)) == (0, 3)


def test_an_unknown_extractor_is_refused(kb: Kb, articles: Path):
    ran = kb("load", "--extractor", "oracle", articles)
    assert (ran.code, "oracle" in ran.err, "Traceback" in ran.err) == (2, True, False)


def test_ctrl_c_ends_a_run_that_waits_for_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, articles: Path
):
    asked = threading.Event()

    def waits(_: object) -> None:
        asked.set()
        time.sleep(60)

    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # a shell's background jobs begin with it ignored
    with endpoint(tmp_path, monkeypatch, waits):
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "extract", "--extractor", "llm", str(articles)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ},
            text=True,
        )
        assert asked.wait(60)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert (process.returncode, "Traceback" in err, "tokens used" in err) == (130, False, True)
