"""Names by their beginnings: own names and others, capitals of any script, whether few begin so or many."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from kb.embedded import Address
from kb.graph import write_queries as cypher
from kb.graph.connection import open_driver
from kb.graph.rows import entity_row
from kb.names import folded
from kb.ontology import EntityType
from kb.resolution import ResolvedEntity
from schema.planner import entity_pages
from tests import facts as make
from tests.schema.conftest import Ask, asking, joined_pages

NAMES: dict[str, list[str]] = {
    "Kaba Labs": ["KABA", "Kaba Laboratories"],
    "kaba health": [],
    "KABA Vision": ["Vision of Kaba"],
    "\N{KELVIN SIGN}aba Kelvin": [],
    "Kappa": ["Kbappa"],
    "Zeta": ["Kaba of Zeta", "Kabazeta"],
    "Alpha": ["kAbalpha"],
    "İstanbul AI": ["Istanbul"],
    "Istra": [],
    "iskra": ["I"],
    "I": ["Iskra One"],
    "ΣΑΣ": [],
    "σας Labs": [],
    "1X": ["1x Technologies"],
    "X": ["ka"],
    "深度求索": ["DeepSeek"],
    "𐐀ba": ["𐐨BA Labs"],
}
BEGINNINGS = [
    *("k", "K", "ka", "KA", "kab", "kaba ", "kabal", "kb", "i", "is", "İ", "i\N{COMBINING DOT ABOVE}s", "σα"),
    *("ς", "1", "1x t", "x", "deep", "深", "𐐨b", "𐐀", "", "vision", "nobody"),
]
PAGE = """query($begin: String!, $first: Int, $after: String, $last: Int, $before: String) {
  entities(where: {type: [COMPANY], name: {startsWith: $begin}}, first: $first, after: $after,
           last: $last, before: $before) {
    nodes { name } total { value } pageInfo { endCursor startCursor hasNextPage hasPreviousPage } } }"""


@pytest.fixture(scope="module")
def ask_named(neo4j: Address) -> Iterator[Ask]:
    empty = make.document("Nothing is told here.", "empty.txt")
    with asking(neo4j, [(empty, make.extraction(empty))]) as put:
        rows = [
            entity_row(ResolvedEntity(f"company/{n}", EntityType.COMPANY, name, tuple(others)))
            for n, (name, others) in enumerate(NAMES.items())
        ]
        with open_driver(neo4j) as driver:
            driver.execute_query(cypher.ENTITIES, rows=rows, database_=neo4j.database)
        yield put


@pytest.fixture(params=[True, False], ids=["few", "many"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not request.param:
        monkeypatch.setattr(entity_pages, "MANY", dict.fromkeys(entity_pages.MANY, 1))


def page(ask: Ask, **asked: Any) -> Any:
    answer = ask(PAGE, **asked)
    assert answer.errors == []
    return answer.data["entities"]


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("begin", BEGINNINGS)
def test_who_has_a_name_that_begins_so_is_found_once_in_the_order_of_own_names(ask_named: Ask, begin: str):
    expected = sorted(
        name
        for name, others in NAMES.items()
        if any(folded(one).startswith(folded(begin)) for one in (name, *others))
    )
    whole = page(ask_named, begin=begin, first=100)
    assert [node["name"] for node in whole["nodes"]] == expected
    assert whole["total"]["value"] == len(expected)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("begin", ["k", "ka", "i", ""])
def test_pages_of_names_that_begin_so_are_the_whole_list_in_either_direction(ask_named: Ask, begin: str):
    whole = [node["name"] for node in page(ask_named, begin=begin, first=100)["nodes"]]
    read = partial(page, ask_named, begin=begin)
    assert joined_pages(read, len(whole)) == (whole, whole)
