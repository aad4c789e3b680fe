"""Licence thresholds over GraphQL: the verdicts of `kb.thresholds`, with their evidence."""

from collections.abc import Iterator
from typing import Any

import pytest

from kb.embedded import Address
from kb.facts import Term
from kb.ontology import Comparator, Consequence, Period, TermType
from tests import facts as make
from tests.schema import world
from tests.schema.conftest import Ask, asking


@pytest.fixture
def ask_of_both(neo4j: Address) -> Iterator[Ask]:
    """Asks the world when another document tells of a model what the licence says."""
    source = make.document("Lama may not serve more than 700 million users a month.", "more.txt")
    term = Term(
        subject=make.model("Lama"),
        predicate=TermType.USER_THRESHOLD,
        value=700e6,
        unit="user",
        comparator=Comparator.GT,
        period=Period.MONTH,
        consequence=Consequence.OTHER_LICENCE,
        **make.common(source, "more than 700 million users a month"),
    )
    with asking(neo4j, [*world.documents(), (source, make.extraction(source, term))]) as put:
        yield put


def checks(ask: Ask, arguments: str = "", fields: str = "") -> dict[str, Any]:
    found = ask(
        f"""{{ licenceThresholds{arguments} {{ service {{ name }} verdict reason ratio {fields} }} }}"""
    )
    assert found.errors == []
    assert len(found.queries) == 1
    return {check.pop("service")["name"]: check for check in found.data["licenceThresholds"]}


def test_each_service_has_its_own_verdict_and_those_that_exceed_come_first(ask: Ask):
    found = checks(ask)
    assert [(name, check["verdict"]) for name, check in found.items()] == [
        ("Pinger", "EXCEEDS"),
        ("Tiny", "WITHIN"),
        ("Chatter", "UNDECIDED"),
    ]
    assert found["Chatter"]["reason"] == (
        "500 million weekly users leave open whether there are more than 700 million monthly users: "
        "over a month there can be more."
    )


def test_a_verdict_shows_licence_term_figure_and_company_with_evidence(ask: Ask):
    found = checks(
        ask,
        "(verdict: EXCEEDS)",
        """licence { name } company { name } licensor term { exact evidence { text } }
           users { comparator evidence { text verified } }""",
    )
    found["Pinger"].pop("reason")
    assert found == {
        "Pinger": {
            "verdict": "EXCEEDS",
            "ratio": 800 / 700,
            "licence": {"name": "Lama Licence"},
            "company": {"name": "Zeta"},
            "licensor": False,
            "term": {"exact": "700000000", "evidence": [{"text": "more than 700 million monthly users"}]},
            "users": {
                "comparator": "GT",
                "evidence": [{"text": "over 800 million weekly", "verified": True}],
            },
        }
    }


def test_the_services_of_one_company_are_asked_for(ask: Ask):
    assert list(checks(ask, '(company: "company/orbit")')) == ["Chatter"]


def test_a_licence_is_named_by_itself_or_by_a_model_that_is_under_it(ask: Ask):
    assert len(checks(ask, '(licence: "licence/lama-licence")')) == 3
    assert len(checks(ask, '(licence: "model/lama")')) == 3
    assert checks(ask, '(licence: "model/orbit-1")') == {}


def test_the_verdict_at_the_models_release_stands_beside_todays(ask: Ask):
    found = checks(
        ask, '(company: "company/zeta")', "atRelease { model { name } released verdict users { value } }"
    )
    assert found["Pinger"]["atRelease"] == {
        "model": {"name": "Lama"},
        "released": "2025-04",
        "verdict": "EXCEEDS",
        "users": {"value": 800e6},
    }


def test_figures_of_a_year_ago_decide_nothing(ask: Ask):
    found = checks(ask, '(at: {valid: "2026-03-31"})')
    assert found["Pinger"]["verdict"] == "UNDECIDED"
    assert "stale" in found["Pinger"]["reason"]


def test_a_threshold_that_is_told_of_a_licence_and_of_its_model_counts_once(ask_of_both: Ask):
    found = ask_of_both("{ licenceThresholds { service { name } licence { name } } }")
    assert [check["licence"]["name"] for check in found.data["licenceThresholds"]] == 3 * ["Lama Licence"]


def test_a_long_list_of_checks_goes_on_where_it_ended(ask: Ask):
    whole = list(checks(ask))
    assert list(checks(ask, "(first: 2)")) + list(checks(ask, "(first: 2, skip: 2)")) == whole


def test_less_than_nothing_cannot_be_left_out(ask: Ask):
    assert ask("{ licenceThresholds(skip: -1) { verdict } }").errors == [
        "`skip` is how many checks to leave out: 0 or more."
    ]


def test_a_licence_or_company_that_nobody_knows_is_told(ask: Ask):
    found = [
        ask(f'{{ licenceThresholds({argument}: "company/nobody") {{ verdict }} }}').errors
        for argument in ("licence", "company")
    ]
    assert found == 2 * [["There is no entity with the id 'company/nobody': `search` finds ids by names."]]
