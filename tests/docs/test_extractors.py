"""The extractor that docs/extractors.md shows works as it stands there, and its table is complete."""

import re
from pathlib import Path
from typing import Any

import pytest

from kb.graph.connection import Graph
from kb.registry import Registry
from loaders.llm.errors import Code
from tests import facts as make

PAGE = (Path(__file__).parent.parent.parent / "docs" / "extractors.md").read_text("utf-8")


@pytest.fixture
def shown() -> dict[str, Any]:
    """What the page's blocks define."""
    names: dict[str, Any] = {"__name__": "page"}
    for block in re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL):
        exec(block, names)  # noqa: S102 - the page's own example
    return names


def test_the_example_finds_facts_with_their_words(shown: dict[str, Any]):
    document = make.document("Good news: Acme is valued at $5 billion.")
    (extraction,) = shown["Valuations"]().extract([document])
    (fact,) = extraction.facts
    assert (fact.subject.name, fact.value) == ("Acme", 5_000_000_000)
    assert extraction.borne_out(document.text) == extraction


def test_the_example_loads_a_folder_once(shown: dict[str, Any], graph: Graph, tmp_path: Path):
    (tmp_path / "news.txt").write_text("Acme is valued at $5 billion, and Zeta is valued at $6 billion.\n")
    runs = [shown["load"](tmp_path, graph, Registry({}, {})) for _ in range(2)]
    assert [[(one.state, one.facts) for one in run] for run in runs] == [[("loaded", 2)], [("unchanged", 0)]]


def test_every_code_of_a_failure_is_told():
    assert re.findall(r"^\| `(LLM_\w+)`", PAGE, re.MULTILINE) == sorted(Code, key=PAGE.index)
    assert len(re.findall(r"^\| `LLM_", PAGE, re.MULTILINE)) == len(Code)
