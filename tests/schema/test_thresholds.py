"""Licence thresholds over GraphQL: the verdicts of `kb.thresholds`, with their evidence."""

from typing import Any

from tests.schema.conftest import Ask


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
