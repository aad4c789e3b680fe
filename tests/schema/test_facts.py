"""What facts tell when they are asked for over GraphQL."""

from typing import Any

from tests.schema.conftest import Ask

EVIDENCE = """
  evidence { text sentence start end verified document { title text(length: 10) publisher published } }
"""


def valuations(ask: Ask, arguments: str = "", fields: str = "value") -> list[Any]:
    found = ask(f"""{{ figures(where: {{metric: VALUATION}} {arguments}) {{ nodes {{ {fields} }} }} }}""")
    assert found.errors == []
    return found.data["figures"]["nodes"]


def test_a_figure_comes_with_its_words_and_their_place(ask: Ask):
    (found,) = valuations(ask, fields=f"value exact unit basis asOf modality {EVIDENCE}")
    (place,) = found.pop("evidence")
    assert found == {
        "value": 300e9,
        "exact": "300000000000",
        "unit": "USD",
        "basis": "PRIVATE",
        "asOf": "2025-03-31",
        "modality": "ASSERTED",
    }
    assert place["text"] == "valued at $300 billion"
    assert place["document"]["title"] == "News"


def test_the_sentence_is_found_behind_a_character_outside_the_basic_plane(ask: Ask):
    (found,) = valuations(ask, fields=EVIDENCE)
    assert found["evidence"][0]["sentence"] == "😀 Orbit is valued at $300 billion."


def test_evidence_is_verified_against_the_documents_own_text(ask: Ask):
    found = valuations(ask, "pick: ALL", EVIDENCE)
    assert all(place["verified"] for figure in found for place in figure["evidence"])


def test_the_current_figure_is_the_newest_that_is_told_as_so(ask: Ask):
    assert [f["value"] for f in valuations(ask)] == [300e9]


def test_all_figures_include_the_planned_and_the_denied(ask: Ask):
    found = valuations(ask, "pick: ALL", "modality")
    assert {f["modality"] for f in found} == {"ASSERTED", "PLANNED", "DENIED"}


def test_the_past_is_asked_with_a_date(ask: Ask):
    assert [f["value"] for f in valuations(ask, 'at: {valid: "2024-12"}')] == [157e9]


def test_what_was_not_yet_known_is_left_out(ask: Ask):
    assert valuations(ask, 'at: {known: "2020-01-01T00:00:00Z"}') == []


def test_disagreeing_facts_stand_beside_the_figure(ask: Ask):
    (found,) = valuations(ask, fields="disagrees { modality ... on Figure { value } }")
    assert sorted((d["value"], d["modality"]) for d in found["disagrees"]) == [
        (250e9, "ASSERTED"),
        (300e9, "DENIED"),
    ]


def test_a_fact_names_who_says_so(ask: Ask):
    (found,) = valuations(
        ask, 'pick: ALL, at: {valid: "2025-06"}, first: 1', "speaker speakerEntity { name type }"
    )
    assert found == {"speaker": "Ann Lee", "speakerEntity": {"name": "Ann Lee", "type": "PERSON"}}


def test_a_number_that_no_integer_of_graphql_holds_is_exact(ask: Ask):
    found = ask(
        '{ entity(name: "Lama Licence") { ... on Licence { terms { term value exact consequence } } } }'
    )
    assert found.data["entity"]["terms"] == [
        {
            "term": "USER_THRESHOLD",
            "value": 700e6,
            "exact": "700000000",
            "consequence": "OTHER_LICENCE",
        }
    ]


def test_a_date_keeps_its_precision(ask: Ask):
    found = ask('{ entity(name: "Lama") { dates { event date } } }')
    assert found.data["entity"]["dates"] == [{"event": "RELEASED_ON", "date": "2025-04"}]
