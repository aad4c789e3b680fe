"""Why a fact is shown first, what it was chosen over, and how many documents state it."""

from typing import Any

from tests.schema.conftest import Ask

CHOICE = "choice { isCurrent reason first { ...V } passedOver { reason fact { ...V } } }"
VALUE = "fragment V on Fact { ... on Figure { exact modality } }"


def valuations(ask: Ask, arguments: str = "") -> list[Any]:
    found = ask(
        f"""{{ figures(where: {{metric: VALUATION}} subject: {{name: {{eq: "Orbit"}}}} {arguments}) {{
            nodes {{ ...V {CHOICE} }} }} }} {VALUE}"""
    )
    assert found.errors == []
    assert len(found.queries) == 1
    return found.data["figures"]["nodes"]


def test_the_fact_shown_first_names_those_it_was_chosen_over_and_why(ask: Ask):
    (found,) = valuations(ask, 'at: {valid: "2025-04"}')
    assert found["choice"]["isCurrent"] is True
    assert found["choice"]["reason"] == (
        "Compared with the first of 4 others, its confidence is 0.9 against 0.5."
    )
    assert found["choice"]["first"] == {"exact": "300000000000", "modality": "ASSERTED"}
    passed = [(p["fact"]["exact"], p["reason"]) for p in found["choice"]["passedOver"]]
    assert sorted(passed[:2]) == [
        ("250000000000", "its confidence is 0.9 against 0.5"),
        ("299900000000", "its confidence is 0.9 against 0.5"),
    ]
    assert passed[2:] == [
        ("157000000000", "it is newer: 2025-03-31 against 2024-10"),
        ("300000000000", "the other one is a denial, which is never the value"),
    ]


def test_a_fact_that_is_not_shown_names_the_one_that_is(ask: Ask):
    (planned,) = [f for f in valuations(ask, "pick: ALL") if f["modality"] == "PLANNED"]
    assert planned["choice"]["isCurrent"] is False
    assert planned["choice"]["first"] == {"exact": "300000000000", "modality": "ASSERTED"}
    assert planned["choice"]["reason"] == (
        "Another one is shown first: it is told as so by 2025-06-01, the other one is planned or of a later "
        "time."
    )


def test_a_denial_is_never_the_value(ask: Ask):
    (denied,) = [f for f in valuations(ask, "pick: ALL") if f["modality"] == "DENIED"]
    assert denied["choice"]["reason"] == "A denial is never shown as the value."


def test_roles_of_one_person_do_not_compete(ask: Ask):
    found = ask(
        "{ relations(type: WORKS_FOR) { nodes { choice { isCurrent reason passedOver { reason } } } } }"
    )
    choices = [node["choice"] for node in found.data["relations"]["nodes"]]
    assert len(choices) == 3
    assert all(
        c == {"isCurrent": True, "reason": "No other fact speaks of the same.", "passedOver": []}
        for c in choices
    )


def test_versions_of_one_source_are_one_document(ask_industry: Ask):
    found = ask_industry(
        """{ entity(name: "Alpha") {
             figures(where: {metric: VALUATION, value: {eq: 10000000000}}, pick: ALL) {
               nodes { documentCount evidence { document { sourceKey } } } } } }"""
    )
    figures = found.data["entity"]["figures"]["nodes"]
    assert sorted(f["evidence"][0]["document"]["sourceKey"] for f in figures) == [
        "one.txt",
        "one.txt",
        "two.txt",
    ]
    assert [f["documentCount"] for f in figures] == [2, 2, 2]
