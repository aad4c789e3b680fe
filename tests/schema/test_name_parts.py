"""Names by their parts: own names and others, of any number and length, whether few have the part or many."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from kb.embedded import Address
from kb.graph import write_queries as cypher
from kb.graph.connection import open_driver
from kb.graph.rows import entity_row
from kb.names import SHORT, folded
from kb.ontology import EntityType
from kb.resolution import ResolvedEntity
from tests import facts as make
from tests.schema.conftest import Ask, asking, joined_pages

MANY = [f"Name {number} of it" for number in range(SHORT)]
"""More names than an index can hold beside one."""
NAMES: dict[EntityType, dict[str, list[str]]] = {
    EntityType.COMPANY: {
        "Acme Labs": ["ACME Laboratories"],
        "Beta": ["Labs of Beta"],
        "labs": [],
        "Zeta": [*MANY, "Zeta's LABS"],
        "ΣΑΣ Labs": ["σας"],
        "𐐀" * (SHORT - 2): [],
        "Delta": [*MANY, "深度求索"],
        "Gamma": ["Gamma\x1d\x1d\x1dLabs"],
    },
    EntityType.MODEL: {"Labs 1": [], "Epsilon": [*MANY, "labs 2"], "Eta": []},
}
PARTS = [
    *("labs", "LABS", "ab", "a", "", " labs", "'s labs", "name 7 of", "nobody"),
    *("σασ", "ς", "𐐨", "深度", "\x1d"),
]
PAGE = """query(
  $type: [EntityType!], $part: String!, $first: Int, $after: String, $last: Int, $before: String
) { entities(where: {type: $type, name: {contains: $part}}, first: $first, after: $after,
           last: $last, before: $before) {
    nodes { name } total { value } pageInfo { endCursor startCursor hasNextPage hasPreviousPage } } }"""


@pytest.fixture(scope="module")
def ask_named(neo4j: Address) -> Iterator[Ask]:
    empty = make.document("Nothing is told here.", "empty.txt")
    with asking(neo4j, [(empty, make.extraction(empty))]) as put:
        rows = [
            entity_row(ResolvedEntity(f"{kind}/{n}", kind, name, tuple(others)))
            for kind, named in NAMES.items()
            for n, (name, others) in enumerate(named.items())
        ]
        with open_driver(neo4j) as driver:
            driver.execute_query(cypher.ENTITIES, rows=rows, database_=neo4j.database)
        yield put


def page(ask: Ask, **asked: Any) -> Any:
    answer = ask(PAGE, **asked)
    assert answer.errors == []
    return answer.data["entities"]


@pytest.mark.usefixtures("each_way")
@pytest.mark.parametrize("kinds", [["COMPANY"], ["COMPANY", "MODEL"], None], ids=str)
@pytest.mark.parametrize("part", PARTS)
def test_who_has_the_part_in_a_name_is_found_once_in_the_order_of_own_names(
    ask_named: Ask, part: str, kinds: list[str] | None
):
    expected = sorted(
        name
        for kind, named in NAMES.items()
        for name, others in named.items()
        if (kinds is None or kind.name in kinds) and any(folded(part) in folded(n) for n in (name, *others))
    )
    whole = page(ask_named, type=kinds, part=part, first=100)
    assert [node["name"] for node in whole["nodes"]] == expected
    assert whole["total"]["value"] == len(expected)


@pytest.mark.usefixtures("each_way")
@pytest.mark.parametrize("part", ["labs", "a", ""])
def test_pages_of_names_with_a_part_are_the_whole_list_in_either_direction(ask_named: Ask, part: str):
    whole = [node["name"] for node in page(ask_named, part=part, first=100)["nodes"]]
    read = partial(page, ask_named, part=part)
    assert joined_pages(read, len(whole)) == (whole, whole)
