"""Filters on entities, on their facts, their neighbours and the evidence; orders of entities."""

from typing import Any

import pytest

from tests.schema.conftest import Ask

QUERY = """query($where: EntityFilter, $order: [EntityOrdering!]) {
  entities(where: $where, orderBy: $order, first: 100) { nodes { name } total { value } } }"""


def names(ask: Ask, where: Any = None, order: Any = None) -> list[str]:
    found = ask(QUERY, where=where, order=order)
    assert found.errors == []
    assert len(found.queries) == 1
    nodes = [node["name"] for node in found.data["entities"]["nodes"]]
    assert found.data["entities"]["total"]["value"] == len(nodes)
    return nodes


USD = {"metric": "VALUATION", "unit": "USD"}


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"has": USD}, ["Alpha", "Beta", "Delta"]),
        ({"has": {**USD, "value": {"lt": 5e9}}}, []),
        ({"hasEver": {**USD, "value": {"lt": 5e9}}}, ["Alpha"]),
        ({"hasEver": {**USD, "modality": "DENIED"}}, ["Delta"]),
        ({"has": {**USD, "evidence": {"publisher": {"eq": "weekly"}}}}, ["Delta"]),
        ({"has": {"metric": "USERS", "evidence": {"published": {"to": "2025-02"}}}}, []),
        ({"hasEver": {"metric": "USERS", "evidence": {"published": {"to": "2025-02"}}}}, ["App"]),
        ({"has": {"metric": "REVENUE", "period": "QUARTER"}}, ["Alpha"]),
        ({"country": ["FR"]}, ["Alpha", "Delta"]),
        ({"country": "fr", "not": {"has": {**USD, "modality": "PLANNED"}}}, ["Alpha"]),
        ({"dates": {"event": "FOUNDED_ON", "date": {"to": "2016"}}}, ["Alpha"]),
        ({"dates": {"event": "FOUNDED_ON", "date": {"from": "2016"}}}, []),
        ({"related": {"type": "WORKS_FOR", "direction": "OUT", "fact": {"roleCode": "CTO"}}}, ["Dan Elk"]),
        ({"type": "PERSON", "related": {"type": "WORKS_FOR", "fact": {"status": "FORMER"}, "none": True}},
         ["Eve Fox"]),
        ({"related": {"type": "INVESTED_IN", "direction": "OUT", "modality": ["PLANNED"]}}, ["Delta"]),
        ({"related": {"type": "COMPETES_WITH"}}, ["Beta", "Gamma"]),
        ({"type": "COMPANY", "related": {"type": "COMPETES_WITH", "none": True}}, ["Alpha", "Delta"]),
        ({"and": [{"type": "COMPANY"}, {"or": [{"name": {"eq": "beta"}}, {"has": {"unit": ["EUR"]}}]}]},
         ["Beta", "Gamma"]),
        ({"or": []}, []),
    ],
    ids=str,
)  # fmt: skip
def test_entities_are_filtered(ask_industry: Ask, where: Any, expected: list[str]):
    assert names(ask_industry, where) == expected


@pytest.mark.parametrize(
    ("related", "edge"),
    [
        ({"type": "DEVELOPS", "direction": "OUT"}, True),
        ({"type": "COMPETES_WITH"}, True),
        ({"type": "COMPETES_WITH", "direction": "OUT"}, False),
        ({"type": ["DEVELOPS", "ACQUIRED"]}, False),
        ({"type": "DEVELOPS", "modality": ["ASSERTED", "REPORTED"]}, False),
        ({"type": "DEVELOPS", "fact": {"minConfidence": 0.5}}, False),
    ],
    ids=str,
)
def test_neighbours_are_looked_for_over_plain_edges_where_these_say_all(
    ask_industry: Ask, related: Any, edge: bool
):
    found = ask_industry(QUERY, where={"related": related})
    assert (":Relation)" not in found.queries[0]) is edge


COMPANIES = {"type": "COMPANY"}


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ({"by": "VALUE", **USD, "descending": True}, ["Delta", "Alpha", "Beta", "Gamma"]),
        ({"by": "VALUE", **USD}, ["Beta", "Alpha", "Delta", "Gamma"]),
        ({"by": "VALUE", "metric": "REVENUE", "unit": "USD", "period": "YEAR"},
         ["Alpha", "Beta", "Delta", "Gamma"]),
        ({"by": "NAME", "descending": True}, ["Gamma", "Delta", "Beta", "Alpha"]),
        ([{"by": "FACT_COUNT", "descending": True}], ["Alpha", "Gamma", "Beta", "Delta"]),
        ([{"by": "AS_OF", "descending": True}], ["Delta", "Alpha", "Beta", "Gamma"]),
        ([{"by": "CONFIDENCE"}, {"by": "NAME"}], ["Alpha", "Beta", "Delta", "Gamma"]),
    ],
    ids=str,
)  # fmt: skip
def test_entities_are_ordered(ask_industry: Ask, order: Any, expected: list[str]):
    assert names(ask_industry, COMPANIES, order) == expected


@pytest.mark.parametrize("by", ["NAME", "FACT_COUNT", "AS_OF"])
def test_of_no_type_there_is_nobody_in_any_order(ask_industry: Ask, by: str):
    assert names(ask_industry, {"type": []}, {"by": by}) == []


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ({"by": "VALUE"}, "An order by VALUE names a `metric`, such as VALUATION."),
        (
            {"by": "VALUE", "metric": "REVENUE"},
            "Figures of REVENUE have several units: give `unit`, a currency such as USD.",
        ),
    ],
)
def test_values_are_never_compared_across_currencies(ask_industry: Ask, order: Any, message: str):
    found = ask_industry(QUERY, order=order)
    assert (found.errors, found.queries) == ([message], [])


def test_orders_follow_the_moment_asked_about(ask_industry: Ask):
    query = """query($at: AsOf) { entities(where: {type: COMPANY}, at: $at, first: 2,
               orderBy: {by: VALUE, metric: VALUATION, unit: "USD", descending: true}) { nodes { name } } }"""
    now, then = (ask_industry(query, at={"valid": day}) for day in ("2025-06-01", "2024-12-31"))
    assert now.errors == then.errors == []
    assert [node["name"] for node in now.data["entities"]["nodes"]] == ["Alpha", "Beta"]
    assert [node["name"] for node in then.data["entities"]["nodes"]] == ["Beta", "Alpha"]
