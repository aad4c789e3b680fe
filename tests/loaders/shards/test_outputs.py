"""Outputs of shards: what was put is got, and half a file is none."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.graph_data import Industry
from kb.errors import SetupError
from kb.ontology import Access
from loaders.refusals import Code
from loaders.shards.outputs import Entry, Outputs, decoded, encoded, is_whole
from loaders.sources.found import Problem, Read
from tests import facts as make

NAME = "ab" * 32
FEW = encoded(NAME, [Problem("a.pdf", "It is damaged.", Code.DAMAGED), Problem("b.pdf", "So is this.")])


def entries() -> list[Entry]:
    """An industry's documents with relations, figures and dates; a licence's term; and a problem."""
    read: list[Entry] = [Read(document, extraction) for document, extraction in Industry(400).found()]
    licence = make.document("The Acme Licence lets everybody use it.", "é \u2028.txt")
    term = make.openness(licence, licence.text, "Acme", Access.OPEN_WEIGHTS)
    read.append(Read(licence, make.extraction(licence, term)))
    return [*read, Problem("a.pdf", "It is damaged.", Code.DAMAGED)]


def test_what_is_put_is_got_whatever_kinds_of_facts_are_in_it(tmp_path: Path):
    outputs = Outputs(tmp_path / "shards")
    outputs.put(NAME, encoded(NAME, entries()))
    content = outputs.get(NAME)
    assert content is not None
    assert list(decoded(content)) == entries()


def test_the_same_entries_give_the_same_bytes():
    assert encoded(NAME, entries()) == encoded(NAME, entries())


def test_what_was_never_put_is_not_there(tmp_path: Path):
    assert Outputs(tmp_path).get(NAME) is None


@given(st.integers(0, len(FEW) - 1))
def test_no_beginning_of_a_file_passes_for_the_file(length: int):
    assert not is_whole(NAME, FEW[:length])


@given(st.integers(10, len(FEW) - 1), st.integers(1, 255))
def test_no_file_with_another_byte_in_it_passes_for_the_file(place: int, difference: int):
    changed = bytearray(FEW)
    changed[place] ^= difference
    assert not is_whole(NAME, bytes(changed)) or list(decoded(changed)) == list(decoded(FEW))


def test_a_file_under_another_name_is_none_of_that_name():
    assert is_whole(NAME, FEW)
    assert not is_whole("cd" * 32, FEW)


def test_files_are_readable_by_their_owner_alone_and_nothing_lies_beside_them(tmp_path: Path):
    Outputs(tmp_path).put(NAME, FEW)
    (file,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_written_to_is_told_of(tmp_path: Path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(SetupError, match="--shards"):
        Outputs(tmp_path / "taken").put(NAME, FEW)
