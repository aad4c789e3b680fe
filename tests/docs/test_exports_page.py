"""docs/exports.md names the columns, the parameters and the paths that there are."""

import re
from pathlib import Path

import pytest

from schema.table_requests import parameters_of
from schema.tables import PAGE as ROWS
from schema.tables import TABLES

PAGE = (Path(__file__).parents[2] / "docs" / "exports.md").read_text(encoding="utf-8")
COLUMNS = PAGE.partition("## Columns")[2].partition("## The formats")[0]


def told(name: str) -> list[str]:
    (paragraph,) = re.findall(rf"^{name}: (.*?)\n\n", COLUMNS, re.DOTALL | re.MULTILINE)
    return re.findall(r"`(\w+)`", paragraph)


@pytest.mark.parametrize("table", ["figures", "relations"])
def test_the_columns_of_facts_are_those_of_the_page(table: str):
    assert told(f"`{table}`") + told("A fact") == TABLES[table].names


def test_the_columns_of_entities_are_those_of_the_page():
    assert told("`entities`") == TABLES["entities"].names


@pytest.mark.parametrize("table", TABLES)
def test_every_parameter_stands_on_the_page(table: str):
    rows = PAGE.partition("## Which rows")[2].partition("## Columns")[0]
    assert set(parameters_of(table)) <= set(re.findall(r"`(\w+)`", rows))


def test_the_size_of_a_page_is_that_of_the_page():
    assert f"pages of {ROWS:,}" in PAGE
