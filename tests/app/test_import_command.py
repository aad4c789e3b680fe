"""A graph goes out whole and comes in on the command line."""

from pathlib import Path

import pytest

from kb.graph.connection import Graph
from tests import doors
from tests.app.conftest import Kb

pytestmark = pytest.mark.usefixtures("few_known")

ARTICLE = "Acme Robotics raised $40 million at a valuation of $300 million on March 3, 2025.\n"
NEWER = "Acme Robotics raised $50 million at a valuation of $400 million on March 3, 2025.\n"


def test_an_exported_graph_and_its_delta_are_imported(kb: Kb, on_graph: Graph, tmp_path: Path):
    article = tmp_path / "acme.txt"
    first, second, delta = tmp_path / "first.jsonl", tmp_path / "second.jsonl", tmp_path / "delta.jsonl"
    article.write_text(ARTICLE)
    kb("load", article)
    kb("export", "--whole", "-o", first)
    article.write_text(NEWER)
    kb("load", article)
    kb("export", "--whole", "-o", second)
    assert kb("export", "--whole", "--since", first, "-o", delta).code == 0
    assert delta.stat().st_size < second.stat().st_size
    on_graph.driver.execute_query(doors.WIPE, database_=on_graph.database)
    assert kb("import", first).code == 0
    assert kb("export", "--whole").out == first.read_text()
    assert kb("import", delta).code == 0
    assert kb("export", "--whole").out == second.read_text()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("export", "--whole", "--canonical"), "--canonical"),
        (("export", "--since", "earlier"), "--whole"),
        (("import", "nowhere"), "nowhere"),
    ],
)
def test_wrong_use_is_answered_with_a_sentence(
    kb: Kb, on_graph: Graph, arguments: tuple[str, ...], told: str
):
    ran = kb(*arguments)
    assert (ran.code, told in ran.err, "Traceback" in ran.err) == (2, True, False)


def test_a_backup_is_not_imported_and_the_command_for_it_is_told(kb: Kb, on_graph: Graph, tmp_path: Path):
    (tmp_path / "backup").write_bytes(b"\x8b\xff\x00" * 100)
    ran = kb("import", tmp_path / "backup")
    assert (ran.code, "kb restore" in ran.err) == (2, True)


def test_an_export_of_statements_alone_is_not_imported(kb: Kb, on_graph: Graph, tmp_path: Path):
    (tmp_path / "acme.txt").write_text(ARTICLE)
    kb("load", tmp_path / "acme.txt")
    kb("export", "-o", tmp_path / "facts.jsonl")
    ran = kb("import", tmp_path / "facts.jsonl")
    assert (ran.code, "--whole" in ran.err) == (2, True)
