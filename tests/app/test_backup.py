"""The embedded graph goes into a file and comes out of it: exports before and after."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.embedded import down, status
from tests.app.conftest import Kb

pytestmark = pytest.mark.usefixtures("few_known")

ARTICLE = "Acme Robotics raised $40 million at a valuation of $300 million on March 3, 2025.\n"
OTHER = "Beta Labs raised $50 million at a valuation of $400 million on March 3, 2025.\n"


@pytest.fixture
def homes(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """Two homes, with a blank in the path of one."""
    one, other = tmp_path / "one home", tmp_path / "other"
    yield one, other
    for home in (one, other):
        down(home)


@pytest.mark.long
def test_a_restored_graph_exports_what_the_one_backed_up_did(
    kb: Kb, homes: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "acme.txt").write_text(ARTICLE)
    (tmp_path / "beta.txt").write_text(OTHER)
    file = tmp_path / "graph.backup"
    one, other = homes

    monkeypatch.setenv("KB_LINGER", "60")  # one server for the commands between two stops
    monkeypatch.setenv("KB_HOME", str(one))
    assert kb("backup", file).code == 2  # there is no graph yet
    kb("load", tmp_path / "acme.txt")
    port = status(one).port
    before = kb("export", "--whole").out
    assert "300000000" in before
    assert kb("backup", file).code == 0
    assert status(one).port == port
    assert file.stat().st_mode & 0o077 == 0
    assert kb("export", "--whole").out == before

    monkeypatch.setenv("KB_HOME", str(other))
    kb("load", tmp_path / "beta.txt")
    later = kb("export", "--whole").out
    refused = kb("restore", file)
    assert (refused.code, "--force" in refused.err) == (2, True)
    assert kb("export", "--whole").out == later
    assert kb("restore", file, "--force").code == 0
    assert kb("export", "--whole").out == before
    assert kb("check").code == 0

    damaged = tmp_path / "damaged"
    damaged.write_bytes(file.read_bytes()[:-1000])
    assert kb("restore", damaged, "--force").code == 1
    assert kb("export", "--whole").out == before


def test_a_database_of_ones_own_is_not_backed_up_by_us(kb: Kb, nowhere: None, tmp_path: Path):
    ran = kb("backup", tmp_path / "graph")
    assert (ran.code, "kb export --whole" in ran.err) == (2, True)
