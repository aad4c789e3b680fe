"""A graph goes out as files of Neo4j's offline import, and a home without one is built from them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.embedded import down
from kb.graph.connection import Graph
from tests.app.conftest import Kb

pytestmark = pytest.mark.usefixtures("few_known")

ARTICLE = "Acme Robotics raised $40 million at a valuation of $300 million on March 3, 2025.\n"
OTHER = 'Beta Labs, "the lab", raised $50 million at a valuation of $400 million on March 3, 2025.\n'


@pytest.fixture
def empty_home(tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "a home"
    yield home
    down(home)


@pytest.mark.long
def test_a_graph_that_is_built_from_an_export_exports_the_same(
    kb: Kb, on_graph: Graph, empty_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "bulk"
    for name, text in (("acme.txt", ARTICLE), ("beta.txt", OTHER)):
        (tmp_path / name).write_text(text)
        kb("load", tmp_path / name)
    kb("withdraw", str(tmp_path / "beta.txt"), "--why", "a test")
    kb("withdraw", str(tmp_path / "beta.txt"), "--undo")
    before = kb("export", "--whole").out
    assert kb("export", "--format", "neo4j", "-o", folder).code == 0
    assert "arguments.txt" in (folder / "README.txt").read_text()

    monkeypatch.delenv("KB_NEO4J_URI")
    monkeypatch.setenv("KB_HOME", str(empty_home))
    monkeypatch.setenv("KB_LINGER", "60")
    assert kb("build", folder).code == 0
    assert kb("export", "--whole").out == before
    assert kb("check", "--strict").code == 0
    again = kb("build", folder)
    assert (again.code, "has a graph already" in again.err) == (2, True)


def test_a_folder_of_something_else_is_not_built(kb: Kb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KB_HOME", str(tmp_path / "home"))
    assert kb("build", tmp_path).code == 2
    (tmp_path / "arguments.txt").write_text("--nodes=A=../../secret.csv\n")
    ran = kb("build", tmp_path)
    assert (ran.code, "is not what `kb export` writes" in ran.err) == (2, True)
