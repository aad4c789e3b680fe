"""What commands print: tables for people, JSON and JSON Lines for programs."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from neo4j.time import DateTime

from app.console import printable
from app.output import Format, line, print_rows
from kb.graph.values import plain

ROWS: list[dict[str, Any]] = [
    {"name": "Acme", "value": 5},
    {"name": "估值 [bold]", "value": None, "tags": ["a"]},
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_json_lines_are_one_object_a_line(capsys: pytest.CaptureFixture[str]):
    print_rows(ROWS, Format.JSONL)
    assert [json.loads(text) for text in capsys.readouterr().out.splitlines()] == ROWS


def test_json_is_one_list(capsys: pytest.CaptureFixture[str]):
    print_rows(ROWS, Format.JSON)
    assert json.loads(capsys.readouterr().out) == ROWS


def test_every_script_is_printed_as_itself(capsys: pytest.CaptureFixture[str]):
    print_rows(ROWS, Format.JSONL)
    assert "估值" in capsys.readouterr().out


def test_a_table_has_a_column_for_every_name_that_some_row_has(capsys: pytest.CaptureFixture[str]):
    print_rows(ROWS, Format.TABLE)
    assert capsys.readouterr().out.strip().splitlines()[0].split() == ["name", "value", "tags"]


def test_a_table_shows_the_columns_that_are_asked_for(capsys: pytest.CaptureFixture[str]):
    print_rows(ROWS, Format.TABLE, ("value", "name"))
    assert capsys.readouterr().out.strip().splitlines()[0].split() == ["value", "name"]


def test_square_brackets_in_data_are_no_mark_up(capsys: pytest.CaptureFixture[str]):
    print_rows(ROWS, Format.TABLE)
    assert "[bold]" in capsys.readouterr().out


def test_what_is_missing_is_an_empty_cell(capsys: pytest.CaptureFixture[str]):
    print_rows([{"name": None}], Format.TABLE)
    assert "None" not in capsys.readouterr().out


@pytest.mark.parametrize(("form", "nothing"), [(Format.TABLE, ""), (Format.JSONL, ""), (Format.JSON, "[]\n")])
def test_nothing_is_printed_for_no_rows(capsys: pytest.CaptureFixture[str], form: Format, nothing: str):
    print_rows([], form)
    assert capsys.readouterr().out == nothing


def test_json_lines_appear_as_they_come(capsys: pytest.CaptureFixture[str]):
    def rows() -> Iterator[dict[str, int]]:
        yield {"n": 1}
        assert capsys.readouterr().out == '{"n": 1}\n'
        yield {"n": 2}

    print_rows(rows(), Format.JSONL)


def test_times_of_the_database_are_iso_text():
    moment = datetime(2025, 4, 1, 12, 30, tzinfo=UTC)
    assert plain({"at": DateTime.from_native(moment)}) == {"at": "2025-04-01T12:30:00.000000000+00:00"}


def test_what_json_lacks_becomes_text_or_a_list():
    assert plain({"path": {1: (2, frozenset([3]))}, "other": 1j}) == {"path": {"1": [2, [3]]}, "other": "1j"}


@given(st.dictionaries(st.text(), JSON))
def test_any_json_value_is_printed_as_it_is(record: dict[str, Any]):
    assert json.loads(line(record)) == record
    assert "\n" not in line(record)


def test_a_half_of_a_character_is_said_escaped():
    assert printable("caf\udce9 \x1b[1mbold") == r"caf\udce9 [1mbold"
