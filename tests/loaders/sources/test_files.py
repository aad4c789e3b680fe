"""Files and folders become documents, each failure a sentence."""

import os
from pathlib import Path

import pytest

from kb.documents import RawDocument
from loaders.sources import LARGEST, Found, Problem, Skipped, discover


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "b.md",
        "a.txt",
        "sub/c.HTML",
        "sub/deep/d.markdown",
        "table.csv",
        ".hidden.txt",
        ".git/e.txt",
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"words of {name}", encoding="utf-8")
    return tmp_path


def documents(found: list[Found]) -> list[RawDocument]:
    return [one for one in found if isinstance(one, RawDocument)]


def test_a_folder_is_read_to_its_depth_in_order_with_keys_relative_to_it(folder: Path) -> None:
    keys = [one.source_key for one in documents(list(discover([folder])))]
    assert keys == ["a.txt", "b.md", "sub/c.HTML", "sub/deep/d.markdown"]


def test_other_files_of_a_folder_are_skipped_and_hidden_ones_passed_over(folder: Path) -> None:
    skipped = [one for one in discover([folder]) if isinstance(one, Skipped)]
    assert [Path(one.origin).name for one in skipped] == ["table.csv"]


def test_each_file_has_its_media_type_and_its_bytes(folder: Path) -> None:
    found = documents(list(discover([folder])))
    assert [one.media_type for one in found] == ["text/plain", "text/markdown", "text/html", "text/markdown"]
    assert found[0].data == b"words of a.txt"


def test_a_named_file_is_keyed_by_its_name(folder: Path) -> None:
    assert [one.source_key for one in documents(list(discover([folder / "sub" / "c.HTML"])))] == ["c.HTML"]


def test_a_named_file_that_is_not_read_is_a_problem(folder: Path) -> None:
    [problem] = discover([folder / "table.csv"])
    assert isinstance(problem, Problem)
    assert ".md" in problem.reason


def test_a_missing_path_is_a_problem_and_the_rest_goes_on(folder: Path) -> None:
    missing, document = discover([folder / "none.txt", folder / "a.txt"])
    assert isinstance(missing, Problem)
    assert isinstance(document, RawDocument)


def test_a_file_that_is_too_large_is_a_problem(tmp_path: Path) -> None:
    with (tmp_path / "big.txt").open("wb") as file:
        file.truncate(LARGEST + 1)
    [problem] = discover([tmp_path])
    assert isinstance(problem, Problem)
    assert "20 MB" in problem.reason


def test_a_pipe_with_the_name_of_a_text_is_a_problem(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    [problem] = discover([tmp_path])
    assert isinstance(problem, Problem)


def test_a_link_that_leads_nowhere_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nothing")
    [problem] = discover([tmp_path])
    assert isinstance(problem, Problem)
    assert problem.reason.endswith(".")


@pytest.fixture
def latin(tmp_path: Path) -> Path:
    """A folder in which two documents and a picture have names in an older encoding."""
    texts = (b"caf\xe9.txt", b"caf\xe9.png", b"z\xfcrich/a.txt", b"zz.txt")
    for name in texts:
        file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
        try:
            file.parent.mkdir(exist_ok=True)
            file.write_text("Acme is valued at $5 billion.")
        except OSError:
            pytest.skip("this file system takes no names but UTF-8")
    return tmp_path


def test_a_name_that_is_not_utf_8_is_told_with_its_bytes_and_the_rest_is_read(latin: Path) -> None:
    found = list(discover([latin]))
    assert [one.source_key for one in documents(found)] == ["zz.txt"]
    reason = "Its name is not UTF-8; rename it, or the folder whose name is not."
    assert [one for one in found if isinstance(one, Problem)] == [
        Problem(rf"{latin}/caf\xe9.txt", reason),
        Problem(rf"{latin}/z\xfcrich/a.txt", reason),
    ]
    assert [one for one in found if isinstance(one, Skipped)] == [Skipped(rf"{latin}/caf\xe9.png")]


def test_a_file_named_outright_by_such_a_name_is_a_problem(latin: Path) -> None:
    (problem,) = discover([latin / os.fsdecode(b"caf\xe9.txt")])
    assert isinstance(problem, Problem)
    assert problem.origin == rf"{latin}/caf\xe9.txt"
