"""Graphs as earlier versions of the schema left them: restored, brought to this version, and read.

`older_graphs/` holds what `kb backup` and `kb export` of those versions wrote, named by the number of the
last migration. A release adds its own; none is ever changed.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.embedded import down
from tests.app.conftest import Kb

FOLDER = Path(__file__).parent / "older_graphs"
VERSIONS = sorted((file.stem for file in FOLDER.glob("*.backup")), key=lambda name: int(name.split("-")[1]))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One home for all of them, since each replaces the one before."""
    made = tmp_path_factory.mktemp("older") / "home"
    yield made
    down(made)


@pytest.fixture
def restored(kb: Kb, home: Path, version: str, monkeypatch: pytest.MonkeyPatch) -> Kb:
    """The command line over the graph of a version."""
    monkeypatch.setenv("KB_LINGER", "60")  # one server for the commands
    monkeypatch.setenv("KB_HOME", str(home))
    kb("up")
    assert kb("restore", FOLDER / f"{version}.backup", "--force").code == 0
    return kb


def told(export: str) -> list[dict[str, object]]:
    """What each line says; a field that is empty may have had another name."""
    lines = [json.loads(line) for line in export.splitlines()]
    return [{name: value for name, value in line.items() if value is not None} for line in lines]


@pytest.mark.parametrize(
    "version", [VERSIONS[0], *(pytest.param(later, marks=pytest.mark.long) for later in VERSIONS[1:])]
)
def test_a_graph_of_an_older_version_tells_what_it_told(restored: Kb, version: str):
    assert told(restored("export").out) == told((FOLDER / f"{version}.jsonl").read_text("utf-8"))
    assert restored("check").code == 0
    whole = restored("export", "--whole").out
    assert restored("rebuild-edges").code == 0
    assert restored("export", "--whole").out == whole
