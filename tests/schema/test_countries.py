"""Companies by their countries: one or several, told once or often, whether few sit there or many."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from kb.embedded import Address
from kb.graph.connection import open_driver
from kb.graph.corrections import Corrections
from kb.ontology import Modality
from schema.planner import indexed
from tests import facts as make
from tests.schema.conftest import TODAY, Ask, asking, joined_pages

SEATS = {
    "Acme": ["FR"],
    "Beta": ["FR", "DE"],
    "Gamma": ["DE", "US", "Atlantis"],
    "Delta": [],
    "Eta": ["FR"],
    "Zeta": ["FR", "US"],
    "Theta": ["Atlantis"],
    "Iota": ["XX"],
}
PLANNED = {"Delta": "FR", "Acme": "US"}
WITHDRAWN = {"Eta": "DE", "Theta": "FR"}
PAGE = """query(
  $where: EntityFilter!, $at: AsOf, $first: Int, $after: String, $last: Int, $before: String
) { entities(where: $where, at: $at, first: $first, after: $after, last: $last, before: $before) {
    nodes { name } total { value } pageInfo { endCursor startCursor hasNextPage hasPreviousPage } } }"""


def seats(key: str, told: list[tuple[str, str]], modality: Modality = Modality.ASSERTED) -> Any:
    source = make.document(" ".join(f"{who} sits in {where} ({key})." for who, where in told), key)
    found = [
        make.based_in(source, f"{who} sits in {where}", who, where, modality=modality) for who, where in told
    ]
    return source, make.extraction(source, *found, make.valuation(source, "sits", 1e9, "Delta"))


@pytest.fixture(scope="module")
def ask_seated(neo4j: Address) -> Iterator[Ask]:
    told = [(who, where) for who, countries in SEATS.items() for where in countries]
    documents = [
        seats("first.txt", told),
        seats("second.txt", told[:3]),
        seats("plans.txt", list(PLANNED.items()), Modality.PLANNED),
        seats("gone.txt", list(WITHDRAWN.items())),
    ]
    with asking(neo4j, documents) as put:
        with open_driver(neo4j) as driver:
            corrections = Corrections(driver, neo4j.database, "a tester")
            (gone,) = corrections.find("gone.txt")
            corrections.withdraw([gone.id], None)
        yield put


def page(ask: Ask, **asked: Any) -> Any:
    answer = ask(PAGE, **asked)
    assert answer.errors == []
    assert len(answer.queries) == 1
    return answer.data["entities"]


@pytest.mark.usefixtures("each_way")
@pytest.mark.parametrize("at", [None, {"valid": TODAY.isoformat()}], ids=["now", "at"])
@pytest.mark.parametrize("kinds", [None, ["COMPANY"], ["COMPANY", "PERSON"], ["MODEL"]], ids=str)
@pytest.mark.parametrize(
    "codes", [["FR"], ["fr", "DE", "de"], ["US", "GB"], ["XX"], ["GB"], ["Atlantis"], ["F"], []], ids=str
)
def test_the_companies_of_countries_are_found_once_in_the_order_of_names(
    ask_seated: Ask, codes: list[str], kinds: list[str] | None, at: Any
):
    asked = {code.upper() for code in codes if len(code) == 2}
    expected = sorted(who for who, countries in SEATS.items() if asked.intersection(countries))
    where = {"country": codes} if kinds is None else {"country": codes, "type": kinds}
    whole = page(ask_seated, where=where, at=at, first=100)
    assert [node["name"] for node in whole["nodes"]] == ([] if kinds == ["MODEL"] else expected)
    assert whole["total"]["value"] == len(whole["nodes"])


@pytest.mark.usefixtures("each_way")
@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"name": {"startsWith": "z"}}, ["Zeta"]),
        ({"name": {"contains": "ETA"}}, ["Beta", "Eta", "Zeta"]),
        ({"not": {"country": ["US", "DE"]}}, ["Acme", "Eta"]),
        ({"and": [{"country": ["DE"]}]}, ["Beta"]),
        ({"hasEver": {"metric": "VALUATION"}}, []),
        ({"related": {"type": "BASED_IN", "direction": "OUT", "modality": ["PLANNED"]}}, ["Acme"]),
    ],
    ids=str,
)
def test_the_companies_of_a_country_are_filtered_further(ask_seated: Ask, more: Any, expected: list[str]):
    whole = page(ask_seated, where={"country": ["FR"], **more}, first=100)
    assert [node["name"] for node in whole["nodes"]] == expected


def test_who_has_no_seat_there_is_found_by_the_opposite(ask_seated: Ask):
    whole = page(ask_seated, where={"type": "COMPANY", "not": {"country": ["FR"]}}, first=100)
    assert [node["name"] for node in whole["nodes"]] == ["Delta", "Gamma", "Iota", "Theta"]


@pytest.mark.usefixtures("each_way")
@pytest.mark.parametrize("codes", [["FR"], ["DE", "FR", "US"]], ids=str)
def test_pages_of_companies_of_countries_are_the_whole_list_in_either_direction(
    ask_seated: Ask, codes: list[str]
):
    where = {"type": "COMPANY", "country": codes}
    whole = [node["name"] for node in page(ask_seated, where=where, first=100)["nodes"]]
    assert joined_pages(partial(page, ask_seated, where=where), len(whole)) == (whole, whole)


def test_no_edge_is_read_for_the_page_where_many_sit_there(ask_seated: Ask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(indexed, "DENSE", 1)
    text = ask_seated('{ entities(where: {country: ["FR"]}, first: 2) { nodes { name } } }').queries[0]
    walk = text.rpartition("AS many")[2]
    assert "USING INDEX n:Company(name, countries)" in walk
    assert "BASED_IN" not in walk
