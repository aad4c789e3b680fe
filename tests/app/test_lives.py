"""Documents change, are withdrawn and are read again on the command line."""

import os
from pathlib import Path

import pytest

from kb.graph.connection import Graph
from tests.app.conftest import Kb

pytestmark = pytest.mark.usefixtures("few_known")

ARTICLE = "Acme Robotics raised $40 million at a valuation of $300 million on March 3, 2025.\n"
NEWER = "Acme Robotics raised $50 million at a valuation of $400 million on March 3, 2025.\n"
OTHER = (
    "OpenAI is based in San Francisco. The company was founded in 2015 by people of whom much was written.\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "acme.txt").write_text(ARTICLE)
    (folder / "other.txt").write_text(OTHER)
    return folder


def lines(kb: Kb) -> str:
    return kb("export", "--canonical").out


def test_a_changed_file_leaves_what_loading_it_alone_leaves(kb: Kb, on_graph: Graph, folder: Path):
    kb("load", folder)
    (folder / "acme.txt").write_text(NEWER)
    kb("load", folder)
    changed = lines(kb)
    on_graph.driver.execute_query("MATCH (n) WHERE NOT n:Migration AND NOT n:Lease DETACH DELETE n")
    kb("load", folder)
    assert lines(kb) == changed
    assert "400000000" in changed


def test_the_history_is_exported_with_its_reasons(kb: Kb, on_graph: Graph, folder: Path):
    kb("load", folder)
    (folder / "acme.txt").write_text(NEWER)
    kb("load", folder)
    retracted = [line for line in kb("export", "--history").lines if line["retracted_at"] is not None]
    assert retracted
    assert {line["retracted_why"].partition(" sha256:")[0] for line in retracted} == {"superseded by version"}


def test_a_withdrawn_file_is_gone_until_it_is_undone(kb: Kb, on_graph: Graph, folder: Path):
    kb("load", folder)
    before = lines(kb)
    assert kb("withdraw", folder / "acme.txt", "--why", "a hoax", "--by", "Ann").code == 0
    assert "Acme" not in lines(kb)
    assert "1 withdrawn before" in kb("load", folder).err
    assert "Acme" not in lines(kb)
    kb("withdraw", folder / "acme.txt", "--undo")
    assert lines(kb) == before


@pytest.fixture
def below(folder: Path) -> Path:
    """A file in a folder below the one that is loaded."""
    (folder / "sub").mkdir()
    return (folder / "acme.txt").rename(folder / "sub" / "acme.txt")


def test_a_file_that_was_loaded_with_its_folder_is_the_same_alone(
    kb: Kb, on_graph: Graph, folder: Path, below: Path
):
    kb("load", folder)
    before = lines(kb)
    assert "1 unchanged" in kb("load", below).err
    assert lines(kb) == before
    below.write_text(NEWER)
    kb("load", below)
    changed = lines(kb)
    assert ("400000000" in changed, "300000000" in changed) == (True, False)
    assert "2 unchanged" in kb("load", folder).err
    assert lines(kb) == changed


def test_a_file_that_was_withdrawn_with_its_folder_stays_so_alone(
    kb: Kb, on_graph: Graph, folder: Path, below: Path
):
    kb("load", folder)
    kb("withdraw", below, "--why", "a hoax")
    assert "1 withdrawn before" in kb("load", below).err
    assert "would write 0 new and 0 changed" in kb("load", "--dry-run", below).err
    assert kb("withdraw", below, "--undo").code == 0


def test_a_file_that_is_named_twice_in_one_load_is_one(kb: Kb, on_graph: Graph, folder: Path, below: Path):
    kb("load", folder, below)
    together = lines(kb)
    on_graph.driver.execute_query("MATCH (n) WHERE NOT n:Migration AND NOT n:Lease DETACH DELETE n")
    kb("load", folder)
    assert lines(kb) == together


def test_a_rejected_fact_is_gone_until_it_is_undone(kb: Kb, on_graph: Graph, folder: Path):
    kb("load", folder)
    before = lines(kb)
    fact = kb("export").lines[0]["id"]
    assert kb("reject", fact).code == 2
    assert kb("reject", fact, "--why", "a slip").code == 0
    assert fact not in lines(kb)
    kb("reject", fact, "--undo")
    assert lines(kb) == before


def test_a_document_that_is_not_there_is_told(kb: Kb, on_graph: Graph):
    ran = kb("withdraw", "nothing.txt")
    assert (ran.code, "There is no document nothing.txt" in ran.err) == (2, True)


def test_a_refresh_loads_what_changed_and_names_what_is_gone(kb: Kb, on_graph: Graph, folder: Path):
    kb("load", folder)
    (folder / "acme.txt").write_text(NEWER)
    (folder / "other.txt").unlink()
    ran = kb("refresh")
    assert ran.code == 1
    assert "other.txt" in ran.err
    assert "1 documents loaded" in ran.err
    assert "400000000" in lines(kb)
    assert "300000000" not in lines(kb)
    assert "OpenAI" in lines(kb)


def test_a_refresh_of_what_did_not_change_reads_nothing(kb: Kb, on_graph: Graph, folder: Path):
    kb("load", folder)
    os.utime(folder / "acme.txt", (0, 0))
    ran = kb("refresh")
    assert (ran.code, "2 places looked at, 2 as they were" in ran.err) == (0, True)


def test_nothing_is_read_again_under_the_same_extractor_and_registry(kb: Kb, on_graph: Graph, folder: Path):
    kb("load", folder)
    assert "0 documents loaded" in kb("reextract").err


def test_what_another_registry_read_is_read_again_once(kb: Kb, on_graph: Graph, folder: Path):
    kb("load", folder)
    before = lines(kb)
    on_graph.driver.execute_query("MATCH ()-[r:READ_BY]->() SET r.registry = 'an older one'")
    assert "2 documents loaded" in kb("reextract").err
    assert "0 documents loaded" in kb("reextract").err
    assert lines(kb) == before


ROWS = ["1,Acme Robotics,40", "2,Bolt Labs,50", "3,Acme Robotics,60"]
MEANS = (
    "facts: {id: row, subject: who, subject_type: =Company, predicate: =VALUATION, value: usd, unit: =USD}"
)


def rows(folder: Path, *which: int) -> list[Path | str]:
    """The arguments that load a table of some rows."""
    (folder / "rows.csv").write_text("\n".join(["row,who,usd", *(ROWS[n - 1] for n in which)]) + "\n")
    (folder / "means.yaml").write_text(MEANS)
    return ["load", folder / "rows.csv", "--map", folder / "means.yaml"]


def test_a_row_that_a_complete_table_has_no_more_is_gone_until_it_has_it_again(
    kb: Kb, on_graph: Graph, tmp_path: Path
):
    assert kb(*rows(tmp_path, 1, 2, 3)).code == 0
    before = lines(kb)
    ran = kb(*rows(tmp_path, 1, 3), "--complete")
    assert (ran.code, "rows.csv has 1 records no more: 1 facts retracted." in ran.err) == (0, True)
    assert [line["value"] for line in kb("export").lines].count(50) == 0
    (gone,) = [line for line in kb("export", "--history").lines if line["retracted_at"] is not None]
    assert (gone["value"], gone["retracted_why"]) == (50, "no longer in its source")
    assert kb("check").code == 0
    assert kb(*rows(tmp_path, 1, 2, 3), "--complete").code == 0
    assert lines(kb) == before


def test_all_rows_of_a_complete_table_that_has_none_any_more_are_gone(
    kb: Kb, on_graph: Graph, tmp_path: Path
):
    kb(*rows(tmp_path, 1, 2))
    ran = kb(*rows(tmp_path), "--complete")
    assert "rows.csv has 2 records no more: 2 facts retracted." in ran.err
    assert kb("export").lines == []


def test_a_look_before_tells_which_rows_a_complete_table_has_no_more(kb: Kb, on_graph: Graph, tmp_path: Path):
    kb(*rows(tmp_path, 1, 2, 3))
    history = kb("export", "--history").out
    arguments = [*rows(tmp_path, 3), "--complete"]
    ran = kb(*arguments, "--dry-run", "--format", "jsonl")
    gone = {line["origin"]: line["retracted"] for line in ran.lines if line["state"] == "gone"}
    assert (ran.code, gone) == (0, {"rows.csv#1": 1, "rows.csv#2": 1})
    assert "rows.csv has 2 records no more: 2 facts would be retracted." in ran.err
    assert "gone:    1 retracted  rows.csv#2" in kb(*arguments, "--dry-run").err
    assert kb("export", "--history").out == history
    assert "rows.csv has 2 records no more: 2 facts retracted." in kb(*arguments).err


def test_a_look_before_takes_nothing_for_gone_where_not_all_was_read(kb: Kb, on_graph: Graph, tmp_path: Path):
    kb(*rows(tmp_path, 1, 2, 3))
    arguments = rows(tmp_path, 1)
    (tmp_path / "rows.csv").write_text("row,who,usd\n1,Acme Robotics,40\n3,Acme Robotics,much\n")
    ran = kb(*arguments, "--complete", "--dry-run", "--format", "jsonl")
    assert (ran.code, "nothing is taken for gone" in ran.err) == (1, True)
    assert [line["state"] for line in ran.lines] == ["unchanged", "failed"]


def test_a_row_that_is_there_no_more_stands_unless_its_table_is_complete(
    kb: Kb, on_graph: Graph, tmp_path: Path
):
    kb(*rows(tmp_path, 1, 2, 3))
    before = lines(kb)
    kb(*rows(tmp_path, 1))
    assert lines(kb) == before


def test_nothing_is_taken_for_gone_where_not_all_was_read(kb: Kb, on_graph: Graph, tmp_path: Path):
    kb(*rows(tmp_path, 1, 2, 3))
    before = lines(kb)
    arguments = rows(tmp_path, 1)
    (tmp_path / "rows.csv").write_text("row,who,usd\n1,Acme Robotics,40\n3,Acme Robotics,much\n")
    ran = kb(*arguments, "--complete")
    assert (ran.code, "nothing is taken for gone" in ran.err) == (1, True)
    assert lines(kb) == before
