"""Entries that are added between two pages neither repeat nor hide others, in both directions."""

from collections.abc import Iterator
from typing import Any

import pytest

from kb.embedded import Address
from kb.graph.connection import open_driver
from kb.graph.writer import Writer
from kb.registry import Registry
from tests import facts as make
from tests.schema import industry
from tests.schema.conftest import Ask, asking

PAGE = """query($first: Int, $after: String, $last: Int, $before: String) {
  entities(where: {type: COMPANY}, first: $first, after: $after, last: $last, before: $before) {
    nodes { name } pageInfo { startCursor endCursor } } }"""


@pytest.fixture
def ask_fresh(neo4j: Address) -> Iterator[Ask]:
    """A world of its own for each test, since they add to it."""
    with asking(neo4j, industry.documents()) as put:
        yield put


def add_companies(neo4j: Address, *names: str) -> None:
    source = make.document(" ".join(f"{name} is worth $1." for name in names), "added.txt")
    told = [make.valuation(source, f"{name} is worth $1", 1, name) for name in names]
    with open_driver(neo4j) as driver:
        writer = Writer(driver, neo4j.database, Registry({}, {}))
        writer.write(source, make.extraction(source, *told), "tests")


def names(page: Any) -> list[str]:
    return [node["name"] for node in page["nodes"]]


def test_reading_forward_meets_every_entry_once(neo4j: Address, ask_fresh: Ask):
    page = ask_fresh(PAGE, first=2).data["entities"]
    add_companies(neo4j, "Aaa", "Bzz")
    rest = ask_fresh(PAGE, first=100, after=page["pageInfo"]["endCursor"]).data["entities"]
    assert names(page) + names(rest) == ["Alpha", "Beta", "Bzz", "Delta", "Gamma"]


def test_reading_backward_meets_every_entry_once(neo4j: Address, ask_fresh: Ask):
    page = ask_fresh(PAGE, last=2).data["entities"]
    add_companies(neo4j, "Zzz", "Bzz")
    rest = ask_fresh(PAGE, last=100, before=page["pageInfo"]["startCursor"]).data["entities"]
    assert names(rest) + names(page) == ["Alpha", "Beta", "Bzz", "Delta", "Gamma"]
