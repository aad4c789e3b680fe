"""Neighbours as the field names them, each with the facts that make it one."""

from typing import Any

import pytest

from tests.schema.conftest import Ask


def of(ask: Ask, name: str, kind: str, fields: str) -> Any:
    found = ask(f'''{{ entity(name: "{name}") {{ ... on {kind} {{ {fields} }} }} }}''')
    assert found.errors == []
    assert len(found.queries) == 1
    return found.data["entity"]


NAMES = [
    ("Alpha", "Company", "models", ["Base", "Base 2"]),
    ("Alpha", "Company", "investors", ["Dan Elk", "Gamma"]),
    ("Alpha", "Company", "subsidiaries", ["Beta"]),
    ("Alpha", "Company", "people", ["Dan Elk", "Eve Fox"]),
    ("Alpha", "Company", "countries", ["FR"]),
    ("Beta", "Company", "founders", ["Dan Elk"]),
    ("Beta", "Company", "parents", ["Alpha"]),
    ("Beta", "Company", "products", ["App"]),
    ("Beta", "Company", "competitors", ["Gamma"]),
    ("Gamma", "Company", "competitors", ["Beta"]),
    ("Gamma", "Company", "investments", ["Alpha"]),
    ("Base", "Model", "releases", ["Base 2"]),
    ("Base", "Model", "derivatives", ["Base 2"]),
    ("Base 2", "Model", "derivedFrom", ["Base"]),
    ("Base 2", "Model", "developers", ["Alpha", "Gamma"]),
    ("Base 2", "Model", "products", ["App"]),
    ("App", "Product", "models", ["Base 2"]),
    ("Dan Elk", "Person", "founded", ["Beta"]),
    ("FR", "Country", "companies", ["Alpha", "Delta"]),
]


@pytest.mark.parametrize(("name", "kind", "field", "expected"), NAMES)
def test_neighbours_are_listed_by_name(
    ask_industry: Ask, name: str, kind: str, field: str, expected: list[str]
):
    found = of(ask_industry, name, kind, f"{field} {{ nodes {{ name }} total {{ value }} }}")[field]
    assert [node["name"] for node in found["nodes"]] == expected
    assert found["total"]["value"] == len(expected)


@pytest.mark.parametrize(("name", "kind", "field", "expected"), NAMES)
def test_the_statements_tell_the_neighbours_that_the_plain_edges_tell(
    ask_industry: Ask, name: str, kind: str, field: str, expected: list[str]
):
    everything = f"{field}(where: {{minConfidence: 0}}) {{ nodes {{ name }} edges {{ facts {{ id }} }} }}"
    found = of(ask_industry, name, kind, everything)[field]
    assert [node["name"] for node in found["nodes"]] == expected
    assert all(edge["facts"] for edge in found["edges"])


def test_an_edge_shows_the_facts_with_their_evidence(ask_industry: Ask):
    fields = "investors { edges { node { name } facts { amount unit evidence { text verified } } } }"
    assert of(ask_industry, "Alpha", "Company", fields)["investors"]["edges"] == [
        {
            "node": {"name": "Dan Elk"},
            "facts": [
                {
                    "amount": None,
                    "unit": None,
                    "evidence": [{"text": "Dan Elk put money in Alpha", "verified": True}],
                }
            ],
        },
        {
            "node": {"name": "Gamma"},
            "facts": [
                {
                    "amount": 5e6,
                    "unit": "USD",
                    "evidence": [{"text": "Gamma put $5 million in Alpha", "verified": True}],
                }
            ],
        },
    ]


def test_a_person_with_two_roles_stands_once_with_a_fact_for_each(ask_industry: Ask):
    fields = 'people(entity: {name: {eq: "Eve Fox"}}) { edges { facts { roleCode status } } }'
    (edge,) = of(ask_industry, "Alpha", "Company", fields)["people"]["edges"]
    assert sorted(fact["roleCode"] for fact in edge["facts"]) == ["CEO", "CHAIR"]


@pytest.mark.parametrize("role", ["CEO", "ceo", "chief executive", "Chief Executive Officer"])
def test_people_are_asked_for_by_role_code_or_title(ask_industry: Ask, role: str):
    fields = f'people(role: "{role}") {{ edges {{ node {{ name }} facts {{ role }} }} }}'
    assert of(ask_industry, "Alpha", "Company", fields)["people"]["edges"] == [
        {"node": {"name": "Eve Fox"}, "facts": [{"role": "chief executive"}]}
    ]


@pytest.mark.parametrize(
    "role", ["chief revenue officer", "head of sales", "chair and chief executive of all"]
)
def test_a_title_of_its_own_is_not_taken_for_others_with_its_code(ask_industry: Ask, role: str):
    fields = f'people(role: "{role}") {{ nodes {{ name }} }}'
    assert of(ask_industry, "Alpha", "Company", fields)["people"]["nodes"] == []


def test_people_are_asked_for_by_whether_they_still_are_there(ask_industry: Ask):
    fields = "people(status: FORMER) { nodes { name } }"
    assert of(ask_industry, "Alpha", "Company", fields)["people"]["nodes"] == [{"name": "Dan Elk"}]


def test_what_is_planned_is_no_neighbour_until_it_is_asked_for(ask_industry: Ask):
    fields = "investors(modality: [PLANNED]) { edges { node { name } facts { modality } } }"
    assert of(ask_industry, "Alpha", "Company", fields)["investors"]["edges"] == [
        {"node": {"name": "Delta"}, "facts": [{"modality": "PLANNED"}]}
    ]


def test_of_several_developers_the_one_most_told_of_is_the_developer(ask_industry: Ask):
    found = of(ask_industry, "Base 2", "Model", "developer { name } family { name } licence { name }")
    assert found == {"developer": {"name": "Gamma"}, "family": {"name": "Base"}, "licence": None}


def test_facts_of_every_document_are_shown_on_request(ask_industry: Ask):
    fields = "developers { edges { node { name } facts(pick: ALL) { evidence { document { publisher } } } } }"
    alpha, gamma = of(ask_industry, "Base 2", "Model", fields)["developers"]["edges"]
    assert (len(alpha["facts"]), len(gamma["facts"])) == (1, 2)


def test_a_figure_is_the_newest_of_its_metric_in_its_unit(ask_industry: Ask):
    fields = 'a: figure(metric: VALUATION, unit: "USD") { exact } b: figure(metric: HEADCOUNT) { exact }'
    assert of(ask_industry, "Alpha", "Company", fields) == {
        "a": {"exact": "10000000000"},
        "b": {"exact": "100"},
    }


def test_a_figure_of_money_wants_a_currency(ask_industry: Ask):
    found = ask_industry('{ entity(name: "Alpha") { figure(metric: VALUATION) { exact } } }')
    assert found.errors == ["Figures of VALUATION have several units: give `unit`, a currency such as USD."]
    assert found.queries == []


def test_the_users_of_a_product_are_figures_by_period(ask_industry: Ask):
    found = of(ask_industry, "App", "Product", "users { nodes { period exact } }")["users"]["nodes"]
    assert {figure["period"]: figure["exact"] for figure in found} == {
        "WEEK": "12000000",
        "MONTH": "30000000",
    }


def test_a_person_tells_the_roles_held(ask_industry: Ask):
    found = of(ask_industry, "Dan Elk", "Person", "roles { nodes { role status object { name } } }")
    assert found["roles"]["nodes"] == [{"role": "CTO", "status": "FORMER", "object": {"name": "Alpha"}}]
