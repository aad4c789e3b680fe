"""The command line as a person or a script meets it: what is printed, and the exit code."""

import json
import re
import socket
from pathlib import Path

import pytest

from kb.graph.connection import Graph
from tests.app.conftest import Kb

pytestmark = pytest.mark.usefixtures("few_known")

ARTICLE = """\
Acme Robotics raises money

March 3, 2025

Acme Robotics raised $40 million at a valuation of $300 million. Ada Berg, the CEO of Acme Robotics, founded
the company in 2019. OpenAI invested in Acme Robotics.
"""
VERBS = (
    "up down serve load extract explain query cypher export status rebuild-edges check resolve judge undo "
    "registry"
).split()


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "acme.txt").write_text(ARTICLE, encoding="utf-8")
    return folder


def counts(graph: Graph) -> list[int]:
    query = "MATCH (n) RETURN count(n) AS nodes, COUNT { ()-->() } AS edges, sum(size(keys(n))) AS properties"
    return list(graph.driver.execute_query(query, database_=graph.database).records[0])


def test_the_version_is_shown(kb: Kb):
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", kb("--version").out)


def test_the_help_names_every_verb(kb: Kb):
    shown = kb("--help").out
    assert [verb for verb in VERBS if re.search(rf"^  {verb} ", shown, re.MULTILINE) is None] == []


def test_a_folder_is_loaded_and_a_second_load_changes_nothing(kb: Kb, on_graph: Graph, articles: Path):
    first = kb("load", articles)
    before = counts(on_graph)
    second = kb("load", articles)
    assert (first.code, second.code) == (0, 0)
    assert "1 documents loaded" in first.err
    assert "0 documents loaded with 0 facts, 1 unchanged" in second.err
    assert counts(on_graph) == before


def test_a_broken_document_is_named_and_the_rest_is_loaded(kb: Kb, on_graph: Graph, articles: Path):
    (articles / "broken.txt").write_bytes(b"\x00\x01\x02\x03")
    ran = kb("load", articles)
    assert ran.code == 1
    assert "broken.txt" in ran.err
    assert "1 documents loaded" in ran.err


def test_a_load_tells_each_document_as_it_is_acknowledged(kb: Kb, on_graph: Graph, articles: Path):
    (line,) = kb("load", articles, "--format", "jsonl").lines
    assert line["state"] == "loaded"
    assert line["facts"] > 0


def test_an_extract_needs_no_database_and_its_words_stand_at_their_offsets(
    kb: Kb, nowhere: None, articles: Path
):
    ran = kb("extract", articles / "acme.txt", "--format", "jsonl")
    document, *rest = ran.lines
    facts = [line["evidence"] for line in rest if line["kind"] != "entity"]
    assert document["kind"] == "document"
    assert facts
    assert [e for e in facts if document["text"][e["start"] : e["end"]] != e["text"]] == []


def test_what_is_known_from_outside_goes_before_what_the_text_says(kb: Kb, articles: Path, tmp_path: Path):
    meta = tmp_path / "meta.json"
    meta.write_text('{"title": "Another title", "published": "2025-04-01"}', encoding="utf-8")
    document = kb("extract", articles / "acme.txt", "--meta", meta).lines[0]
    assert (document["title"], document["published"]) == ("Another title", "2025-04-01")


def test_rebuilding_the_edges_leaves_the_export_as_it_was(kb: Kb, on_graph: Graph, articles: Path):
    kb("load", articles)
    before = kb("export", "--canonical").out
    assert kb("rebuild-edges").code == 0
    assert kb("export", "--canonical").out == before
    assert before.count("\n") > 3


def test_an_export_into_no_folder_is_refused(kb: Kb, nowhere: None, tmp_path: Path):
    ran = kb("export", "--output", tmp_path / "none" / "out.jsonl")
    assert ran.code == 2
    assert "no folder" in ran.err


def test_seeds_that_are_not_there_are_told(kb: Kb, monkeypatch: pytest.MonkeyPatch, articles: Path):
    monkeypatch.setenv("KB_SEEDS", str(articles))
    ran = kb("extract", articles / "acme.txt")
    assert ran.code == 2
    assert "KB_SEEDS" in ran.err


def test_control_characters_of_a_title_never_reach_the_terminal(kb: Kb, on_graph: Graph):
    shown = kb("cypher", "RETURN 'a\u001b[31mb' AS title").out
    assert "\x1b" not in shown


def test_an_export_can_be_written_to_a_file(kb: Kb, on_graph: Graph, articles: Path, tmp_path: Path):
    kb("load", articles)
    kb("export", "--canonical", "--output", tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == kb("export", "--canonical").out


def test_a_loaded_graph_passes_its_checks(kb: Kb, on_graph: Graph, articles: Path):
    kb("load", articles)
    ran = kb("check", "--format", "json")
    assert ran.code == 0
    assert {finding["violations"] for finding in json.loads(ran.out)["findings"]} == {0}


def test_status_counts_what_is_there(kb: Kb, on_graph: Graph, articles: Path):
    kb("load", articles)
    shown = {row["what"]: row["value"] for row in kb("status", "--format", "jsonl").lines}
    assert shown["documents"] == 1
    assert shown["statements: VALUATION"] == 1
    assert shown["last load"].startswith("DONE, 1 documents, 0 failed, begun ")


def test_status_tells_of_a_load_that_did_not_end_when_it_wrote_last(kb: Kb, on_graph: Graph, articles: Path):
    kb("load", articles)
    on_graph.driver.execute_query("MATCH (i:Ingest) SET i.state = 'RUNNING', i.finished_at = null")
    on_graph.driver.execute_query("MATCH (d:Document) SET d.recorded_at = datetime('2025-03-04T05:06:07Z')")
    shown = {row["what"]: row["value"] for row in kb("status", "--format", "jsonl").lines}
    assert shown["last load"].startswith(
        "still runs, or was cut off: 1 documents, the last 2025-03-04T05:06:07Z, begun "
    )


def test_a_graphql_question_is_answered_with_its_evidence(kb: Kb, on_graph: Graph, articles: Path):
    kb("load", articles)
    query = "{ figures(where: {metric: [VALUATION]}) { nodes { exact evidence { text } } } }"
    answer = json.loads(kb("query", query, "--format", "json").out)
    (node,) = answer["data"]["figures"]["nodes"]
    assert node["exact"] == "300000000"
    assert "$300 million" in node["evidence"][0]["text"]


def test_a_graphql_mistake_is_one_sentence(kb: Kb, on_graph: Graph):
    ran = kb("query", "{ nothing }")
    assert ran.code == 2
    assert "nothing" in ran.err
    assert "Traceback" not in ran.err


def test_the_examples_are_listed(kb: Kb):
    assert len(kb("query", "--example", "list").out.splitlines()) == 9


def test_cypher_takes_parameters(kb: Kb, on_graph: Graph):
    assert kb("cypher", "RETURN $n + 1 AS n", "--param", "n=41", "--format", "jsonl").lines == [{"n": 42}]


def test_cypher_says_when_there_is_more(kb: Kb, on_graph: Graph):
    ran = kb("cypher", "UNWIND range(1, 9) AS n RETURN n", "--limit", "3", "--format", "jsonl")
    assert len(ran.lines) == 3
    assert "more than these 3 rows" in ran.err


MISTAKES = [
    (("load", "no-such-folder"), 2, "no-such-folder"),
    (("extract", "no-such-file.txt"), 2, "no-such-file.txt"),
    (("query",), 2, "--example"),
    (("query", "--example", "nine"), 2, "nine"),
    (("query", "{ __typename }", "--var", "x"), 2, "name=value"),
    (("cypher", "@no-such-file"), 2, "no-such-file"),
    (("frobnicate",), 2, "frobnicate"),
    (("serve", "--port", "99999"), 2, "65535"),
]


@pytest.mark.parametrize(("arguments", "code", "named"), MISTAKES, ids=[" ".join(m[0]) for m in MISTAKES])
def test_wrong_use_is_told_without_a_traceback(
    kb: Kb, nowhere: None, arguments: tuple[str, ...], code: int, named: str
):
    ran = kb(*arguments)
    assert ran.code == code
    assert named in ran.err
    assert "Traceback" not in ran.err


def test_a_write_by_cypher_is_refused(kb: Kb, on_graph: Graph):
    ran = kb("cypher", "CREATE (n:Entity) RETURN n")
    assert ran.code == 2
    assert "read" in ran.err


def test_a_database_that_does_not_answer_is_told_in_a_sentence(kb: Kb, nowhere: None):
    ran = kb("status")
    assert ran.code == 3
    assert "does not answer" in ran.err


@pytest.mark.parametrize(("name", "value"), [("KB_PORT", "abc"), ("KB_LINGER", "-1")])
def test_a_setting_that_means_nothing_is_named(
    kb: Kb, monkeypatch: pytest.MonkeyPatch, name: str, value: str
):
    monkeypatch.setenv(name, value)
    ran = kb("status")
    assert ran.code == 2
    assert name in ran.err


def test_a_port_that_is_taken_is_told_before_anything_begins(kb: Kb, nowhere: None):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = kb("serve", "--port", str(port))
    assert ran.code == 4
    assert str(port) in ran.err
