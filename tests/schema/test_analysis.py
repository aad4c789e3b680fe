"""Search, paths, statistics, time series and comparisons, each one query to the graph."""

from collections import Counter
from typing import Any

import pytest

from tests.schema.conftest import Ask


def answer(ask: Ask, query: str, **variables: Any) -> Any:
    found = ask(query, **variables)
    assert found.errors == []
    assert len(found.queries) == 1
    (value,) = found.data.values()
    return value


SEARCH = """query($text: String!, $types: [EntityType!]) { search(text: $text, types: $types) {
  edges { score matched node { name } facts { evidence { text } } } total { value } } }"""


def test_what_goes_by_exactly_the_text_is_found_first(ask_industry: Ask):
    found = answer(ask_industry, SEARCH, text="base")["edges"]
    assert [edge["node"]["name"] for edge in found[:2]] == ["Base", "Base 2"]
    assert (found[0]["score"], found[0]["matched"]) == (1000.0, ["Base"])


def test_the_words_of_facts_find_the_entities_they_are_about(ask_industry: Ask):
    found = answer(ask_industry, SEARCH, text="euros worth")["edges"]
    assert [edge["node"]["name"] for edge in found] == ["Gamma"]
    assert found[0]["facts"] == [{"evidence": [{"text": "Gamma is worth 9 billion euros"}]}]


@pytest.mark.parametrize(
    ("text", "name"),
    [("Alhpa", "Alpha"), ("gammma", "Gamma"), ("DELTAS", "Delta"), ("ather app", "Other App")],
)
def test_a_name_is_found_with_a_letter_wrong(ask_industry: Ask, text: str, name: str):
    assert answer(ask_industry, SEARCH, text=text)["edges"][0]["node"]["name"] == name


def test_a_word_of_few_letters_is_taken_as_it_is_written(ask_industry: Ask):
    assert answer(ask_industry, SEARCH, text="eves")["edges"] == []


def test_a_search_is_narrowed_to_types(ask_industry: Ask):
    found = answer(ask_industry, SEARCH, text="alpha develops", types="MODEL")
    assert {edge["node"]["name"] for edge in found["edges"]} == {"Base", "Base 2"}
    assert found["total"]["value"] == 2


FACETS = """query($text: String!) { search(text: $text, first: 1) {
  nodes { name } type: facets(by: TYPE) { value name count } first: facets(by: TYPE, first: 1) { value }
  country: facets(by: COUNTRY) { value name count } publisher: facets(by: PUBLISHER) { value count } } }"""


def test_facets_count_all_that_was_found_and_not_the_page_alone(ask_industry: Ask):
    found = answer(ask_industry, FACETS, text="alpha")
    every = answer(
        ask_industry, "query($text: String!) { search(text: $text) { nodes { __typename } } }", text="alpha"
    )
    types = Counter(node["__typename"].upper() for node in every["nodes"])
    assert {one["value"]: one["count"] for one in found["type"]} == types
    assert len(found["first"]) == len(found["nodes"]) == 1
    assert {one["value"] for one in found["publisher"]} == {"Daily", "Weekly"}


def test_entities_are_counted_by_the_country_of_their_seat(ask_industry: Ask):
    query = "{ entities(where: {type: COMPANY}, first: 0) { facets(by: COUNTRY) { value name count } } }"
    seats = "{ entities(where: {type: COMPANY}) { nodes { ... on Company { country { name } } } } }"
    named = Counter(
        node["country"]["name"] for node in answer(ask_industry, seats)["nodes"] if node["country"]
    )
    found = answer(ask_industry, query)["facets"]
    assert named
    assert {one["name"]: one["count"] for one in found} == named


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "*a*",
        "alpha AND",
        "NOT",
        "a:b",
        "~",
        '"',
        "\\",
        '\\"',
        "name:alpha",
        "[a TO b]",
        "(",
        "&&",
        "al?ha",
    ],
)
def test_no_sign_of_a_text_is_an_operator_of_the_index(ask_industry: Ask, text: str):
    found = answer(ask_industry, SEARCH, text=text)
    assert all(edge["node"]["name"] != "Gamma" for edge in found["edges"])


@pytest.mark.parametrize("text", ["", "  ", "x " * 13, "x" * 201])
def test_a_text_that_is_empty_or_too_long_is_refused_without_a_query(ask_industry: Ask, text: str):
    found = ask_industry(SEARCH, text=text)
    assert found.errors[0].startswith("`text`")
    assert found.queries == []


def test_found_pages_joined_are_the_whole_list(ask_industry: Ask):
    page = """query($after: String) { search(text: "alpha", first: 2, after: $after) {
              nodes { name } pageInfo { endCursor hasNextPage } } }"""
    whole = answer(ask_industry, '{ search(text: "alpha", first: 100) { nodes { name } } }')["nodes"]
    joined: list[Any] = []
    after, more = None, True
    while more:
        found = answer(ask_industry, page, after=after)
        joined += found["nodes"]
        after, more = found["pageInfo"]["endCursor"], found["pageInfo"]["hasNextPage"]
    assert joined == whole
    assert len(whole) > 2


PATHS = """query($from: ID!, $to: ID!, $types: [RelationType!], $hops: Int! = 4, $at: AsOf) {
  paths(from: $from, to: $to, types: $types, maxHops: $hops, at: $at) {
    length minConfidence nodes { name } relations { type evidence { text } } } }"""
ENDS = {"from": "person/eve-fox", "to": "product/app"}


@pytest.mark.parametrize("at", [None, {"known": "2999-01-01T00:00:00Z"}], ids=["edges", "statements"])
def test_the_shortest_path_is_told_hop_by_hop_with_its_evidence(ask_industry: Ask, at: Any):
    found = answer(ask_industry, PATHS, **ENDS, at=at)
    assert [node["name"] for node in found[0]["nodes"]] == ["Eve Fox", "Alpha", "Beta", "App"]
    assert [r["type"] for r in found[0]["relations"]] == ["WORKS_FOR", "SUBSIDIARY_OF", "OFFERS"]
    assert found[0]["relations"][1]["evidence"] == [{"text": "Beta belongs to Alpha"}]
    assert (found[0]["length"], found[0]["minConfidence"]) == (3, 0.9)
    routes = [tuple(node["name"] for node in path["nodes"]) for path in found]
    assert len(set(routes)) == len(routes) == 3


@pytest.mark.parametrize("ends", ['from: "company/alpha", to: "Beta"', 'from: "Beta", to: "company/alpha"'])
def test_an_end_of_a_path_that_is_no_id_is_told_rather_than_no_path(ask_industry: Ask, ends: str):
    found = ask_industry(f"{{ paths({ends}) {{ length }} }}")
    assert (found.errors, len(found.queries)) == (
        ["There is no entity with the id 'Beta': `search` finds ids by names."],
        1,
    )


def test_paths_are_bounded_and_run_over_the_given_relations(ask_industry: Ask):
    assert answer(ask_industry, PATHS, **ENDS, hops=2) == []
    assert answer(ask_industry, '{ paths(from: "person/eve-fox", to: "company/alpha") { length } }')[0] == {
        "length": 1
    }
    assert answer(ask_industry, PATHS, **ENDS, types="FOUNDED") == []
    by_seat = {"from": "company/alpha", "to": "company/delta"}
    assert answer(ask_industry, PATHS, **by_seat) == []
    assert answer(ask_industry, PATHS, **by_seat, types="BASED_IN")[0]["length"] == 2


def test_nothing_leads_anywhere_before_it_was_known(ask_industry: Ask):
    assert answer(ask_industry, PATHS, **ENDS, at={"known": "2020-01-01T00:00:00Z"}) == []


@pytest.mark.parametrize(
    "arguments",
    [{"hops": 0}, {"hops": 7}, {"to": ENDS["from"]}],
    ids=["no hop", "too many hops", "one entity"],
)
def test_a_path_out_of_bounds_is_refused_without_a_query(ask_industry: Ask, arguments: Any):
    found = ask_industry(PATHS, **{**ENDS, **arguments})
    assert len(found.errors) == 1
    assert found.queries == []


STATS = """query($by: [Dimension!]!, $where: FactFilter, $having: StatFilter, $order: StatOrdering) {
  stats(by: $by, where: $where, having: $having, orderBy: $order) {
    keys { value name } unit period count sum avg min max } }"""


def test_sums_never_cross_currencies_or_periods(ask_industry: Ask):
    found = answer(ask_industry, STATS, by=[], where={"metric": "REVENUE"})
    assert [(row["unit"], row["period"], row["count"], row["sum"]) for row in found] == [
        ("USD", "YEAR", 2, 3e9),
        ("EUR", "YEAR", 1, 5e9),
        ("USD", "QUARTER", 1, 3e8),
    ]


def test_figures_are_grouped_by_what_is_asked(ask_industry: Ask):
    where = {"metric": "VALUATION", "modality": "ASSERTED"}
    by_country = answer(ask_industry, STATS, by="COUNTRY", where=where)
    assert {(r["keys"][0]["name"], r["unit"]): r["max"] for r in by_country} == {
        ("FR", "USD"): 10e9,
        (None, "USD"): 6e9,
        (None, "EUR"): 9e9,
    }
    by_year = answer(ask_industry, STATS, by=["SUBJECT", "YEAR"], where={**where, "unit": "USD"})
    assert [[key["value"] for key in row["keys"]] for row in by_year] == [
        ["company/alpha", "2025"],
        ["company/beta", "2024"],
    ]


def test_groups_are_filtered_and_sorted_by_their_numbers(ask_industry: Ask):
    found = answer(
        ask_industry,
        STATS,
        by="SUBJECT",
        having={"sum": {"gte": 1e9}},
        where={"metric": "REVENUE"},
        order={"by": "SUM"},
    )
    assert [(row["keys"][0]["name"], row["sum"]) for row in found] == [
        ("Gamma", 5e9),
        ("Beta", 2e9),
        ("Alpha", 1e9),
    ]


SERIES = """query($bucket: Bucket!, $subjects: [ID!]!, $from: PartialDate) {
  timeSeries(metric: USERS, subjects: $subjects, bucket: $bucket, from: $from) {
    time asOf series value period factId } }"""


def test_a_series_is_flat_rows_oldest_first(ask_industry: Ask):
    found = answer(ask_industry, SERIES, bucket="NONE", subjects=["product/app", "product/other-app"])
    assert [(p["time"], p["series"], p["value"]) for p in found] == [
        ("2024-10-31T00:00:00+00:00", "App WEEK", 10e6),
        ("2025-02-28T00:00:00+00:00", "Other App WEEK", 1e6),
        ("2025-03-31T00:00:00+00:00", found[2]["series"], found[2]["value"]),
        ("2025-03-31T00:00:00+00:00", found[3]["series"], found[3]["value"]),
    ]
    assert {(p["series"], p["value"]) for p in found[2:]} == {("App WEEK", 12e6), ("App MONTH", 30e6)}


def test_a_bucket_has_one_point_of_each_series(ask_industry: Ask):
    query = """query($bucket: Bucket!) { timeSeries(metric: VALUATION, unit: "USD", subjects: "company/alpha",
               bucket: $bucket) { asOf value } }"""
    assert len(answer(ask_industry, query, bucket="NONE")) == 4
    assert answer(ask_industry, query, bucket="YEAR") == [
        {"asOf": "2023-06", "value": 4e9},
        {"asOf": "2025-01", "value": 10e9},
    ]


def test_a_series_of_money_wants_a_currency(ask_industry: Ask):
    found = ask_industry('{ timeSeries(metric: REVENUE, subjects: ["company/alpha"]) { value } }')
    assert found.errors == ["Figures of REVENUE have several units: give `unit`, a currency such as USD."]


def test_entities_are_compared_in_the_given_order_row_by_row(ask_industry: Ask):
    found = answer(
        ask_industry,
        """{ compare(ids: ["company/beta", "company/alpha", "company/gamma"], metrics: [REVENUE, VALUATION]) {
             metric unit period cells { entity { name } figure { exact evidence { text } } } } }""",
    )
    table = [
        (
            row["metric"],
            row["unit"],
            row["period"],
            [c["figure"] and c["figure"]["exact"] for c in row["cells"]],
        )
        for row in found
    ]
    assert table == [
        ("REVENUE", "EUR", "YEAR", [None, None, "5000000000"]),
        ("REVENUE", "USD", "QUARTER", [None, "300000000", None]),
        ("REVENUE", "USD", "YEAR", ["2000000000", "1000000000", None]),
        ("VALUATION", "EUR", None, [None, None, "9000000000"]),
        ("VALUATION", "USD", None, ["6000000000", "10000000000", None]),
    ]
    assert [cell["entity"]["name"] for cell in found[0]["cells"]] == ["Beta", "Alpha", "Gamma"]


def test_what_is_not_there_leaves_its_cells_empty(ask_industry: Ask):
    (row,) = answer(
        ask_industry,
        """{ compare(ids: ["company/nobody", "company/alpha"], metrics: HEADCOUNT) {
             cells { entity { name } figure { exact } } } }""",
    )
    assert row["cells"] == [
        {"entity": None, "figure": None},
        {"entity": {"name": "Alpha"}, "figure": {"exact": "100"}},
    ]
