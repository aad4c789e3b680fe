"""`kb` as a person or a script runs it, before the tests' database or before none."""

import json
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from kb.graph.connection import Graph
from tests import articles


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Kb = Callable[..., Ran]


@pytest.fixture(scope="session")
def few_seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("few") / "seeds"
    articles.write_seeds(folder)
    return folder


@pytest.fixture
def few_known(few_seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry of three entries: writing the whole one into an empty graph takes seconds each time."""
    monkeypatch.setenv("KB_SEEDS", str(few_seeds))


@pytest.fixture
def kb(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kb:
    """Runs `kb` with these arguments."""

    def run(*arguments: str | Path) -> Ran:
        monkeypatch.setattr("sys.argv", ["kb", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


@pytest.fixture
def on_graph(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> Graph:
    """`kb` reaches the tests' own database."""
    monkeypatch.setenv("KB_NEO4J_URI", graph.address.uri)
    monkeypatch.setenv("KB_NEO4J_USER", graph.address.user)
    monkeypatch.setenv("KB_NEO4J_PASSWORD", graph.address.password)
    return graph


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """`kb` is told of a database that is not there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setenv("KB_NEO4J_URI", f"bolt://127.0.0.1:{probe.getsockname()[1]}")
