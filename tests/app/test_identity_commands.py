"""`kb judge`, `kb undo` and `kb resolve` as a person meets them."""

import json
from pathlib import Path
from typing import Any

import pytest

from kb.graph.connection import Graph
from kb.graph.writer import Writer
from kb.registry import Registry
from tests.app.conftest import Kb
from tests.merging import ask, load, worth

KNOWN = {"id": "company/zenith", "name": "Zenith", "aliases": ["Zenith AI"]}


@pytest.fixture
def companies(on_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Graph:
    """Three companies of a document, of whose names the registry has learnt two since."""
    load(
        Writer(on_graph.driver, on_graph.database, Registry({}, {})),
        "a.txt",
        worth("Zenith", 1),
        worth("Zenith AI", 2),
        worth("Zenith Labs", 3),
    )
    registry = tmp_path / "seeds" / "registry"
    registry.mkdir(parents=True)
    (registry / "companies.jsonl").write_text(json.dumps(KNOWN), encoding="utf-8")
    monkeypatch.setenv("KB_SEEDS", str(tmp_path / "seeds"))
    return on_graph


def ids(graph: Graph) -> list[Any]:
    return [row["id"] for row in ask(graph, "MATCH (e:Entity) RETURN e.id AS id ORDER BY id")]


def test_two_are_judged_the_same_and_it_is_undone(kb: Kb, companies: Graph):
    said = kb("judge", "company/zenith-labs", "company/zenith", "same", "--why", "its research arm")
    assert (said.code, ids(companies)) == (0, ["company/zenith", "company/zenith-ai"])
    assert "company/zenith stands for both; 1 statements moved" in " ".join(said.err.split())
    back = kb("undo")
    assert (back.code, "1 statements went back" in " ".join(back.err.split())) == (0, True)
    assert ids(companies) == ["company/zenith", "company/zenith-ai", "company/zenith-labs"]


def test_judgements_are_listed_with_who_and_why_and_undone_ones_when_asked_for(kb: Kb, companies: Graph):
    kb("judge", "company/zenith", "company/zenith-ai", "unsure", "--why", "who knows", "--by", "Ann")
    kb("judge", "company/zenith", "company/zenith-labs", "different", "--by", "Bob")
    kb("undo", "--by", "Ann")
    (standing,) = kb("judge", "--list", "--format", "jsonl").lines
    assert (standing["verdict"], standing["by"], standing["why"]) == ("unsure", "Ann", "who knows")
    undone = [row["undone"] for row in kb("judge", "--all", "--format", "jsonl").lines]
    assert [text and text.endswith("by Ann") for text in undone] == [None, True]


def test_a_contradiction_is_one_sentence_that_names_the_judgement(kb: Kb, companies: Graph):
    kb("judge", "company/zenith", "company/zenith-ai", "different", "--by", "Ann")
    said = kb("judge", "company/zenith", "company/zenith-ai", "same")
    told = " ".join(said.err.split())
    assert said.code == 2
    assert "cannot be one entity: company/zenith ≠ company/zenith-ai (judgement" in told
    assert "by Ann)" in told


@pytest.mark.parametrize(
    "arguments", [("company/zenith",), ("company/zenith", "company/zenith-ai", "perhaps"), ("a", "b", "same")]
)
def test_what_is_no_judgement_is_told_in_one_sentence(kb: Kb, companies: Graph, arguments: tuple[str, ...]):
    said = kb("judge", *arguments)
    assert (said.code, "Traceback" in said.err) == (2, False)


def test_proposals_have_a_reason_a_score_and_whether_they_are_certain(kb: Kb, companies: Graph):
    rows = kb("resolve", "--format", "jsonl").lines
    told = {(row["one"], row["other"]): (row["reason"], row["certain"]) for row in rows}
    assert told["company/zenith", "company/zenith-ai"] == ("the registry knows this name", True)
    assert told["company/zenith", "company/zenith-labs"] == ("similar name", False)
    assert all(0 < row["score"] <= 1 for row in rows)
    assert ids(companies) == ["company/zenith", "company/zenith-ai", "company/zenith-labs"]


def test_only_what_is_certain_is_merged_and_by_the_resolver(kb: Kb, companies: Graph):
    kb("resolve", "--apply")
    assert ids(companies) == ["company/zenith", "company/zenith-labs"]
    (judged,) = kb("judge", "--list", "--format", "jsonl").lines
    assert (judged["by"], judged["verdict"]) == ("kb resolve", "same")


def test_a_merge_that_was_taken_back_is_not_made_again(kb: Kb, companies: Graph):
    kb("resolve", "--apply")
    kb("undo")
    kb("resolve", "--apply")
    assert ids(companies) == ["company/zenith", "company/zenith-ai", "company/zenith-labs"]
