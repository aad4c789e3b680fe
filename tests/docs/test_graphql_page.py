"""The queries of docs/graphql.md, against the tests' small industry."""

import re
from pathlib import Path

import pytest
from graphql import parse, validate

from tests.schema.conftest import SCHEMA, Ask, ask_industry

__all__ = ["ask_industry"]

PAGE = Path(__file__).parents[2] / "docs" / "graphql.md"
OPERATIONS = re.findall(r"```graphql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
QUERIES = [operation for operation in OPERATIONS if operation.startswith("{")]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_of_the_page_is_valid(operation: str):
    assert validate(SCHEMA._schema, parse(operation)) == []


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_of_the_page_finds_something(ask_industry: Ask, query: str):  # a fixture
    found = ask_industry(query)
    assert found.errors == []
    assert len(found.queries) == 1
    assert "Alpha" in str(found.data) or "10000000000" in str(found.data) or "Eve Fox" in str(found.data)
