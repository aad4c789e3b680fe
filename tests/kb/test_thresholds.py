"""When users exceed a licence's threshold, when they do not, and when nothing can be said."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.ontology import Comparator, Modality, Period
from kb.partial_date import PartialDate
from kb.thresholds import Decision, Threshold, Users, Verdict, decide, judge

MONTHLY = Threshold(value=700_000_000, comparator=Comparator.GT, period=Period.MONTH)
TODAY = date(2025, 6, 1)
LENGTHS = (Period.DAY, Period.WEEK, Period.MONTH)


def users(millions: float, period: Period | None = Period.MONTH, **more: object) -> Users:
    fields: dict[str, object] = {
        "id": "f",
        "modality": Modality.ASSERTED,
        "comparator": Comparator.EQ,
        "as_of": PartialDate.parse("2025-04"),
        **more,
    }
    return Users(value=millions * 1e6, period=period, **fields)  # pyright: ignore[reportArgumentType]  # as given


def verdict(*figures: Users, at: date = TODAY) -> Verdict:
    return decide(MONTHLY, figures, at).verdict


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (users(800, Period.WEEK), Verdict.EXCEEDS),
        (users(500, Period.WEEK), Verdict.UNDECIDED),
        (users(900, Period.DAY), Verdict.EXCEEDS),
        (users(800), Verdict.EXCEEDS),
        (users(600), Verdict.WITHIN),
        (users(700), Verdict.WITHIN),
        (users(700, comparator=Comparator.GT), Verdict.EXCEEDS),
        (users(500, comparator=Comparator.GT), Verdict.UNDECIDED),
        (users(600, comparator=Comparator.LT), Verdict.WITHIN),
        (users(900, comparator=Comparator.LT), Verdict.UNDECIDED),
        (users(700, comparator=Comparator.ABOUT), Verdict.UNDECIDED),
        (users(1000, comparator=Comparator.ABOUT), Verdict.EXCEEDS),
        (users(900, None), Verdict.UNDECIDED),
        (users(100, None), Verdict.UNDECIDED),
    ],
)
def test_what_one_figure_says_of_700_million_a_month(figure: Users, expected: Verdict):
    assert verdict(figure) is expected


@pytest.mark.parametrize("modality", [Modality.PLANNED, Modality.REPORTED, Modality.DENIED])
def test_only_asserted_figures_decide(modality: Modality):
    found = decide(MONTHLY, [users(900, modality=modality)], TODAY)
    assert found.verdict is Verdict.UNDECIDED
    assert modality.value.lower() in found.reason


def test_a_range_exceeds_by_its_lower_end_and_stays_within_by_its_upper():
    between = replace(users(0), value=None)
    assert judge(MONTHLY, replace(between, low=800e6, high=900e6)) is Verdict.EXCEEDS
    assert judge(MONTHLY, replace(between, low=100e6, high=200e6)) is Verdict.WITHIN
    assert judge(MONTHLY, replace(between, low=600e6, high=800e6)) is None


def test_a_figure_of_a_year_ago_is_stale_and_says_so():
    found = decide(MONTHLY, [users(900, as_of=PartialDate.parse("2024-06-01"))], TODAY)
    assert found.verdict is Verdict.UNDECIDED
    assert "stale" in found.reason
    assert verdict(users(900, as_of=PartialDate.parse("2024-06-02"))) is Verdict.EXCEEDS


def test_a_figure_without_a_date_or_of_a_later_day_decides_nothing():
    assert verdict(users(900, as_of=None)) is Verdict.UNDECIDED
    assert verdict(users(900, as_of=PartialDate.parse("2025-07"))) is Verdict.UNDECIDED


def test_a_partial_date_that_reaches_past_the_day_may_be_later_and_decides_nothing():
    yearly = users(900, as_of=PartialDate.parse("2025"))
    then = date(2025, 4, 5)
    assert decide(MONTHLY, [yearly], then, today=date(2026, 6, 1)).verdict is Verdict.UNDECIDED
    assert decide(MONTHLY, [yearly], then, today=then).verdict is Verdict.EXCEEDS


def test_of_one_period_the_newest_figure_speaks():
    old = users(900, Period.WEEK, id="old", as_of=PartialDate.parse("2024-12"))
    assert verdict(old, users(500, Period.WEEK, id="new")) is Verdict.UNDECIDED


def test_a_newer_undecided_week_leaves_the_month_its_word():
    month = users(600, as_of=PartialDate.parse("2025-01"))
    assert verdict(month, users(650, Period.WEEK, id="week")) is Verdict.WITHIN


def test_sources_that_contradict_each_other_on_one_day_decide_nothing():
    found = decide(MONTHLY, [users(900, id="a"), users(600, id="b")], TODAY)
    assert (found.verdict, "contradict" in found.reason) == (Verdict.UNDECIDED, True)


def test_nothing_known_is_undecided():
    assert decide(MONTHLY, [], TODAY) == Decision(Verdict.UNDECIDED, "No figure of users is known.")


def test_a_clause_that_begins_at_the_threshold_is_met_by_it():
    at_least = replace(MONTHLY, comparator=Comparator.GTE)
    assert judge(at_least, users(700)) is Verdict.EXCEEDS


MODALITIES = st.sampled_from(Modality)
FIGURES = st.builds(
    Users,
    id=st.uuids().map(str),
    modality=MODALITIES,
    comparator=st.sampled_from(Comparator),
    period=st.sampled_from([None, *LENGTHS]),
    as_of=st.none() | st.dates(date(2023, 1, 1), date(2026, 1, 1)).map(PartialDate.of),
    value=st.integers(0, 2_000_000_000),
)


@given(st.lists(FIGURES, max_size=6))
def test_a_verdict_rests_on_a_fresh_asserted_figure_with_a_period_that_fits(figures: list[Users]):
    found = decide(MONTHLY, figures, TODAY)
    if found.verdict is not Verdict.UNDECIDED:
        assert found.figure is not None
        assert found.figure.modality is Modality.ASSERTED
        assert found.figure.as_of is not None
        assert TODAY - timedelta(days=366) <= found.figure.as_of.last <= TODAY
        assert found.figure.period is Period.MONTH or found.verdict is Verdict.EXCEEDS


@given(st.lists(FIGURES, max_size=6), st.randoms())
def test_the_order_of_the_figures_changes_nothing(figures: list[Users], random: object):
    shuffled = list(figures)
    random.shuffle(shuffled)  # pyright: ignore[reportAttributeAccessIssue]  # a random.Random
    assert decide(MONTHLY, shuffled, TODAY).verdict is decide(MONTHLY, figures, TODAY).verdict


@given(FIGURES, st.integers(0, 1_000_000_000))
def test_more_users_never_turn_exceeds_into_anything_else(figure: Users, more: int):
    raised = replace(figure, value=(figure.value or 0) + more)
    if judge(MONTHLY, figure) is Verdict.EXCEEDS:
        assert judge(MONTHLY, raised) is Verdict.EXCEEDS
    if judge(MONTHLY, raised) is Verdict.WITHIN:
        assert judge(MONTHLY, figure) is Verdict.WITHIN


@given(FIGURES, st.sampled_from(LENGTHS))
def test_a_shorter_period_never_decides_within(figure: Users, period: Period):
    if judge(MONTHLY, replace(figure, period=period)) is Verdict.WITHIN:
        assert period is Period.MONTH
