"""Which fact is shown first, and which facts disagree: the rule of the ontology, step by step."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.ontology import Comparator, Modality
from kb.partial_date import PartialDate
from kb.ranking import Ranked, best, disagree

TODAY = date(2025, 6, 15)
COUNTER = iter(range(10**6))


def told(value: Any = 100, **more: Any) -> Ranked:
    given: dict[str, Any] = {
        "id": f"{next(COUNTER):06d}",
        "slot": "users",
        "modality": Modality.ASSERTED,
        "confidence": 0.9,
        **more,
    }
    day = given.pop("as_of", None)
    return Ranked(value=value, as_of=None if day is None else PartialDate.parse(day), **given)


WINS: list[tuple[str, Ranked, Ranked]] = [
    (
        "told as so before planned, however new the plan",
        told(as_of="2020", modality=Modality.REPORTED),
        told(as_of="2025", modality=Modality.PLANNED),
    ),
    ("so by now before so later", told(as_of="2020"), told(as_of="2026")),
    ("without a date before planned", told(), told(as_of="2025-01", modality=Modality.PLANNED)),
    ("newer before older", told(as_of="2025-02"), told(as_of="2025-01")),
    (
        "newer rumour before older assertion",
        told(as_of="2025-02", modality=Modality.REPORTED),
        told(as_of="2025-01"),
    ),
    ("a year by its last day", told(as_of="2024"), told(as_of="2024-11")),
    ("dated before undated", told(as_of="1999"), told()),
    ("the running year is not later than today", told(as_of="2025"), told(as_of="2025-06-14")),
    (
        "asserted before reported of one day",
        told(as_of="2025-01", confidence=0.1),
        told(as_of="2025-01", modality=Modality.REPORTED),
    ),
    (
        "surer before less sure",
        told(as_of="2025", confidence=0.9, id="b"),
        told(as_of="2025", confidence=0.8, id="a"),
    ),
    ("smaller id before larger", told(as_of="2025", id="a"), told(as_of="2025", id="b")),
]


@pytest.mark.parametrize(("winner", "loser"), [case[1:] for case in WINS], ids=[name for name, _, _ in WINS])
def test_is_shown(winner: Ranked, loser: Ranked):
    assert best([loser, winner], TODAY) is winner


def test_a_denied_fact_is_never_shown():
    assert best([told(modality=Modality.DENIED)], TODAY) is None


def test_a_plan_is_shown_when_nothing_else_is_told():
    plan = told(modality=Modality.PLANNED, as_of="2030")
    assert best([plan, told(modality=Modality.DENIED, as_of="2025")], TODAY) is plan


def test_another_moment_shows_another_fact():
    early, late = told(as_of="2024"), told(as_of="2025")
    assert best([early, late], date(2024, 12, 31)) is early


DAYS = st.sampled_from([None, "2019", "2024-05", "2025", "2025-06-15", "2025-06-16", "2030"])
FACTS = st.builds(
    lambda value, day, modality, confidence, comparator: told(
        value, as_of=day, modality=modality, confidence=confidence, comparator=comparator
    ),
    st.integers(-1000, 1000),
    DAYS,
    st.sampled_from(Modality),
    st.sampled_from([0.5, 0.9]),
    st.sampled_from(Comparator),
)


@given(st.lists(FACTS, max_size=8).flatmap(lambda facts: st.tuples(st.just(facts), st.permutations(facts))))
def test_the_order_in_which_facts_come_makes_no_difference(orders: tuple[list[Ranked], list[Ranked]]):
    assert best(orders[0], TODAY) == best(orders[1], TODAY)


@given(FACTS, FACTS)
def test_disagreement_is_mutual(one: Ranked, other: Ranked):
    assert disagree(one, other) == disagree(other, one)


@given(FACTS)
def test_no_fact_disagrees_with_itself(fact: Ranked):
    assert not disagree(fact, fact)


def test_facts_about_different_things_do_not_disagree():
    assert not disagree(told(1), told(2, slot="revenue"))


def test_facts_of_different_times_do_not_disagree():
    assert not disagree(told(1, as_of="2024"), told(2, as_of="2025"))


def test_a_month_and_its_year_are_times_that_overlap():
    assert disagree(told(1, as_of="2025"), told(2, as_of="2025-03"))


def test_a_fact_without_a_time_may_speak_of_any():
    assert disagree(told(1), told(2, as_of="2025"))


@pytest.mark.parametrize(("other", "differs"), [(1004, False), (1006, True), (996, False), (994, True)])
def test_values_within_half_a_per_cent_agree(other: int, differs: bool):
    assert disagree(told(1000), told(other)) is differs


def test_losses_are_compared_by_their_size():
    assert not disagree(told(-1000), told(-1004))
    assert disagree(told(-1000), told(1000))


COMPARED = [
    (Comparator.GT, 500, 700, False),
    (Comparator.GTE, 500, 400, True),
    (Comparator.LT, 500, 700, True),
    (Comparator.LTE, 500, 400, False),
    (Comparator.ABOUT, 500, 512, False),
    (Comparator.ABOUT, 500, 600, True),
]


@pytest.mark.parametrize(("comparator", "bound", "value", "differs"), COMPARED)
def test_a_bound_agrees_with_what_it_allows(comparator: Comparator, bound: int, value: int, differs: bool):
    assert disagree(told(bound, comparator=comparator), told(value)) is differs


def test_two_lower_bounds_agree():
    assert not disagree(told(1, comparator=Comparator.GT), told(9, comparator=Comparator.GT))


@pytest.mark.parametrize(("value", "differs"), [(7, False), (5, False), (10, False), (11, True)])
def test_a_range_agrees_with_what_lies_in_it(value: int, differs: bool):
    assert disagree(told(None, low=5, high=10), told(value)) is differs


def test_a_denied_fact_disagrees_with_one_that_is_told_as_so():
    assert disagree(told(5, modality=Modality.DENIED), told(5))


def test_two_denied_facts_do_not_disagree():
    assert not disagree(told(5, modality=Modality.DENIED), told(6, modality=Modality.DENIED))


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        ("2015", "2015-12", False),
        ("2015-12", "2015-11", True),
        ("OPEN_SOURCE", "CLOSED", True),
        ("2015", "2015", False),
    ],
)
def test_dates_agree_when_one_is_the_other_more_exactly_and_words_when_they_are_equal(
    one: str, other: str, differs: bool
):
    assert disagree(told(one), told(other)) is differs


def test_relations_without_a_value_disagree_only_by_denial():
    assert not disagree(told(None), told(None))
