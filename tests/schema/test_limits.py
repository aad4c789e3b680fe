"""Operations that ask for too much are refused quickly, before validation; sensible ones pass."""

import time

import pytest
from graphql import parse
from hypothesis import given
from hypothesis import strategies as st

from schema.limits import MAX_COST, MAX_TOKENS, Measurer, TooLargeError, list_lengths
from tests.schema.conftest import SCHEMA, Ask

LENGTHS = list_lengths(SCHEMA._schema)


def measured(query: str, **variables: object) -> Measurer:
    return Measurer(parse(query), variables, LENGTHS)


def bomb(doublings: int, alias: str = "") -> str:
    spreads = [
        f"fragment F{i} on Company {{ {alias and alias + str(i)}x: name ...F{i + 1} ...F{i + 1} }}"
        for i in range(doublings)
    ]
    return (
        '{ entity(id: "x") { ...F0 } } ' + " ".join(spreads) + f" fragment F{doublings} on Company {{ name }}"
    )


def nested(levels: int, inner: str = "id") -> str:
    return (
        '{ entity(id: "x") '
        + "{ ... on Company { parents { nodes " * levels
        + "{ "
        + inner
        + " }"
        + " } } }" * levels
        + " }"
    )


ATTACKS = {
    "fragments that double": bomb(20),
    "fragments that double, with aliases": bomb(20, "a"),
    "40 doublings": bomb(40, "a"),
    "500 fragments": bomb(500),
    "500 fragments, with aliases": bomb(500, "a"),
    "a nested list of 100 four deep": nested(4).replace("parents", "parents(first: 100)"),
    "a nested list of the last 100 four deep": nested(4).replace("parents", "parents(last: 100)"),
    "facts in facts in facts": "{ figures { nodes { disagrees { disagrees { disagrees { id } } } } } }",
    "choices of choices of choices": "{ figures { nodes { choice { first { choice { first { choice { first "
    "{ id } } } } } } } } }",
    "what disagrees in every cell of a comparison": '{ compare(ids: "x", metrics: USERS) { cells { figure { '
    "disagrees { evidence { text document { title } } } } } } }",
    "40 levels": nested(40),
    "2,000 levels": nested(2000),
    "nested introspection": "{ __schema { types { fields { type { "
    + "fields { type { " * 9
    + "name"
    + " } }" * 9
    + " } } } } }",
    "300 copies of one selection": "{ " + "figures { nodes { id } } " * 200 + "}",
    "duplicate fields": '{ entity(id: "x") { ' + "name " * 1500 + "} }",
    "aliases": '{ entity(id: "x") { ' + " ".join(f"a{i}: name" for i in range(400)) + "} }",
    "300 nested duplicates": '{ entity(id: "x") { ' + "figures { nodes { id } } " * 300 + "} }",
    "5,000 duplicate fields": '{ entity(id: "x") { ' + "name " * 5000 + "} }",
    "a number of 4,500 digits": "{ figures(first: " + "9" * 4500 + ") { nodes { id } } }",
    "2,000 aliases": '{ entity(id: "x") { ' + " ".join(f"a{i}: name" for i in range(2000)) + "} }",
    "5,000 directives": '{ entity(id: "x") { name ' + "@skip(if: true) " * 5000 + "} }",
    "directives": '{ entity(id: "x") { ' + "name @skip(if: true) " * 200 + "} }",
}


COSTLY = (
    "The query has more than 50,000 units of cost, which counts each list as often as it may be long: it has "
    "{}, most of them by `{}`, which counts {} times. Give that a smaller `first`, or ask for less in it."
)


@pytest.mark.parametrize("query", ATTACKS.values(), ids=ATTACKS.keys())
def test_an_attack_is_refused_within_50_ms_and_without_a_query(ask: Ask, query: str):
    times: list[float] = []
    for _ in range(3):  # the quickest of three: a collection of garbage is no part of the measure
        begun = time.thread_time()
        found = ask(query)
        times.append(time.thread_time() - begun)
    assert min(times) < 0.05
    assert len(found.errors) == 1
    assert found.errors[0].startswith(("The query has more than", "A number in the query", "Syntax Error"))
    assert found.queries == []


@pytest.mark.parametrize(
    "query",
    [
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
        "{ ...Nope }",
        '{ entity(id: "x") { figures(where: ' + "{and: [" * 300 + "]}" * 300 + ") { nodes { id } } } }",
        '{ entity(id: "x", name: ' + "[" * 3000 + "]" * 3000 + ") { id } }",
    ],
    ids=["a cycle of fragments", "an unknown fragment", "a deep literal", "a list literal 3,000 deep"],
)
def test_what_is_no_valid_query_gets_graphqls_own_error(ask: Ask, query: str):
    found = ask(query)
    assert found.errors
    assert not any("went wrong in here" in error for error in found.errors)


def test_tokens_are_counted_by_the_parser(ask: Ask):
    found = ask("{ " + "a " * (MAX_TOKENS + 1) + "}")
    assert "tokens" in found.errors[0]


def test_a_cost_is_told_with_the_list_that_makes_most_of_it(ask: Ask):
    figures = "figures(first: 100) { nodes { id value unit asOf basis } }"
    found = ask(f"{{ known: entities(first: 100) {{ nodes {{ {figures} }} }} }}")
    assert found.errors == [COSTLY.format("60,201", "known", 100)]
    found = ask(
        "{ figures { nodes { ...F } } } "
        "fragment F on Figure { id disagrees { disagrees { disagrees { id } } } }"
    )
    assert found.errors == [COSTLY.format("325,561", "figures.nodes.disagrees", 25)]


def test_a_filter_of_many_filters_is_refused(ask: Ask):
    where = {"and": [{"id": ["x"]}] * 150}
    found = ask("query($w: EntityFilter) { entities(where: $w) { nodes { id } } }", w=where)
    assert found.errors == ["A field takes at most 100 filters, those within filters included."]


@pytest.mark.parametrize("size", [-1, 101, 1_000_000_000])
@pytest.mark.parametrize("end", ["first", "last"])
def test_a_page_is_bounded(ask: Ask, end: str, size: int):
    found = ask(f"query($n: Int!) {{ figures({end}: $n) {{ nodes {{ id }} }} }}", n=size)
    assert (found.errors, found.queries) == ([f"`{end}` is a number from 0 to 100."], [])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("first: 1, last: 1", "`first` and `last` stand for the two ends of a list: give one of them."),
        ('last: 1, after: "x"', "`last` reads backward, up to `before`: `after` goes with `first`."),
    ],
)
def test_a_page_is_read_in_one_direction(ask: Ask, arguments: str, message: str):
    found = ask(f"{{ figures({arguments}) {{ nodes {{ id }} }} }}")
    assert (found.errors, found.queries) == ([message], [])


@pytest.mark.parametrize(("end", "more"), [("first", "hasNextPage"), ("last", "hasPreviousPage")])
def test_an_empty_page_is_a_page(ask: Ask, end: str, more: str):
    found = ask(f"{{ figures({end}: 0) {{ nodes {{ id }} pageInfo {{ {more} }} }} }}")
    assert found.data["figures"] == {"nodes": [], "pageInfo": {more: True}}


def test_a_list_costs_what_first_says_by_literal_variable_or_default():
    by_literal = measured("{ figures(first: 7) { nodes { id } } }").check()
    by_variable = measured("query($n: Int) { figures(first: $n) { nodes { id } } }", n=7).check()
    by_default = measured("{ figures { nodes { id } } }").check()
    assert by_literal.cost == by_variable.cost == 1 + 7 * 2
    assert by_default.cost == 1 + 20 * 2


@pytest.mark.parametrize("end", ["first", "last"])
def test_a_variables_default_counts_like_its_value(end: str):
    query = f"query($n: Int = 90) {{ figures({end}: $n) {{ nodes {{ id }} }} }}"
    assert measured(query).check().cost == 1 + 90 * 2
    assert measured(query, n=5).check().cost == 1 + 5 * 2


def test_a_negative_size_makes_nothing_cheaper():
    page = "figures(first: %d) { nodes { id } }"
    assert measured("{ a: " + page % -100 + " b: " + page % 100 + " }").check().cost >= 201


@given(st.integers(0, 200), st.integers(0, 200))
def test_asking_for_more_never_costs_less(few: int, more: int):
    few, more = sorted((few, more))
    query = "query($n: Int) { entities(first: $n) { nodes { figures(first: $n) { nodes { id } } } } }"
    costs = []
    for n in (few, more):
        try:
            costs.append(measured(query, n=n).check().cost)
        except TooLargeError:
            costs.append(MAX_COST + 1)
    assert costs[0] <= costs[1]
