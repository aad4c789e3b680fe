"""A document's own licence decides whether an export carries its text."""

import json
from pathlib import Path

import pytest

from kb.graph.connection import Graph
from tests.app.conftest import Kb

pytestmark = pytest.mark.usefixtures("few_known")

STORY = "Acme Robotics raised $40 million at a valuation of $300 million on March 3, 2025."


def page(licence: str) -> str:
    words = f"{STORY} Ann Lee is CEO of Acme Robotics. The company is based in Paris, it said on Monday."
    return f"<html><body><article><h1>Acme</h1><p>{words}</p><p>{licence}</p></article></body></html>"


CC = '<a rel="license" href="https://creativecommons.org/licenses/{}/4.0/">the licence</a>'


@pytest.fixture
def loaded(kb: Kb, on_graph: Graph, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "free.html").write_text(page(CC.format("by-sa")))
    (folder / "own.html").write_text(page("") + "<!-- own -->")
    (folder / "two.html").write_text(page(CC.format("by") + " and " + CC.format("by-nc")))
    (folder / "front.md").write_text(f"---\nlicense: cc0-1.0\nauthor: Ann Lee\n---\n\n{STORY}\n")
    (folder / "nc.md").write_text(f"---\nlicense: CC-BY-NC-4.0\n---\n\n{STORY} So it is.\n")
    assert kb("load", folder).code == 0


def told(lines: list[dict[str, str | None]]) -> dict[str | None, bool]:
    return {one["licence"]: one["text"] is not None for one in lines}


def test_only_texts_under_free_licences_are_carried(kb: Kb, loaded: None):
    lines = kb("export", "--documents").lines
    assert len(lines) == 5
    assert told(lines) == {"CC-BY-SA-4.0": True, "CC0-1.0": True, "CC-BY-NC-4.0": False, None: False}


def test_a_licence_stays_when_its_document_is_loaded_again(kb: Kb, loaded: None, tmp_path: Path):
    again = kb("load", tmp_path / "in", "--format", "jsonl").lines
    assert {one["state"] for one in again} == {"unchanged"}
    assert "CC-BY-SA-4.0" in told(kb("export", "--documents").lines)


def test_every_text_is_carried_by_who_asks_for_it(kb: Kb, loaded: None):
    assert all(one["text"] for one in kb("export", "--documents", "--all-texts").lines)


def test_a_text_goes_with_whom_to_name(kb: Kb, loaded: None):
    (free,) = [one for one in kb("export", "--documents").lines if one["licence"] == "CC0-1.0"]
    assert free["attribution"] == "Ann Lee. CC0-1.0"


def test_a_folder_of_tables_has_the_documents_too(kb: Kb, loaded: None, tmp_path: Path):
    assert kb("export", "--format", "csv", "-o", tmp_path / "out").code == 0
    lines = [json.loads(one) for one in (tmp_path / "out" / "documents.jsonl").read_text().splitlines()]
    assert lines == kb("export", "--documents").lines


def test_what_is_known_from_outside_comes_first(kb: Kb, on_graph: Graph, tmp_path: Path):
    (tmp_path / "a.md").write_text(f"---\nlicense: CC-BY-4.0\n---\n\n{STORY}\n")
    (tmp_path / "meta.json").write_text('{"licence": "All rights reserved"}')
    kb("load", tmp_path / "a.md", "--meta", tmp_path / "meta.json")
    assert told(kb("export", "--documents").lines) == {"All rights reserved": False}


@pytest.mark.parametrize(
    "arguments", [("--all-texts",), ("--documents", "--whole"), ("--whole", "--all-texts")]
)
def test_options_that_contradict_are_wrong_use(kb: Kb, on_graph: Graph, arguments: tuple[str, ...]):
    assert kb("export", *arguments).code == 2
