"""What changed is an alarm where neither chance nor growth explains it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.quality.census import Census, Fill
from kb.quality.changes import DEFAULT, Bounds, alarming, changes
from kb.quality.findings import Severity


def counted(n: int, group: str = "statements", name: str = "USERS") -> Census:
    return Census({group: {name: n}} if n else {}, {})


def filled(n: int, of: int) -> Census:
    return Census({}, {"USERS.as_of": Fill(n, of)})


def severity(earlier: Census, now: Census, bounds: Bounds = DEFAULT) -> Severity | None:
    found = changes(earlier, now, bounds)
    return found[0].severity if found else None


@pytest.mark.parametrize(
    ("before", "now"), [(3, 2), (2, 0), (10, 5), (12, 6), (100, 90), (100, 80), (5042, 4600), (7, 7)]
)
def test_few_and_small_losses_are_no_alarm(before: int, now: int):
    assert severity(counted(before), counted(now)) is None


@pytest.mark.parametrize(
    ("before", "now"), [(4, 0), (14, 7), (38, 19), (100, 75), (1000, 850), (5042, 4400), (1_000_000, 890_000)]
)
def test_a_loss_that_chance_does_not_explain_is_an_error(before: int, now: int):
    assert severity(counted(before), counted(now)) is Severity.ERROR


@pytest.mark.parametrize(("before", "now"), [(0, 9), (3, 9), (100, 200), (100, 220)])
def test_growth_to_the_double_and_of_few_is_no_alarm(before: int, now: int):
    assert severity(counted(before), counted(now)) is None


@pytest.mark.parametrize(("before", "now"), [(0, 10), (10, 60), (100, 300)])
def test_growth_far_beyond_the_double_is_a_warning(before: int, now: int):
    assert severity(counted(before), counted(now)) is Severity.WARNING


@pytest.mark.parametrize("group", ["provisional", "aside"])
def test_what_is_better_gone_may_go(group: str):
    assert severity(counted(100, group), counted(0, group)) is None


@pytest.mark.parametrize(
    ("before", "now"), [((1, 1), (5, 10)), ((60, 70), (58, 70)), ((0, 50), (0, 50)), ((10, 10), (9, 10))]
)
def test_a_field_that_is_a_little_emptier_is_no_alarm(before: tuple[int, int], now: tuple[int, int]):
    assert severity(filled(*before), filled(*now)) is None


@pytest.mark.parametrize(
    ("before", "now"), [((5, 5), (0, 5)), ((60, 70), (0, 70)), ((900, 1000), (800, 1000))]
)
def test_an_emptied_field_is_an_error(before: tuple[int, int], now: tuple[int, int]):
    assert severity(filled(*before), filled(*now)) is Severity.ERROR


def test_a_finding_tells_both_numbers_and_what_to_do():
    (found,) = changes(counted(38), counted(19), DEFAULT)
    assert (found.check, found.count, found.told) == ("fewer statements: USERS", 19, "38 before, 19 now")
    assert "kb check --save" in found.advice


def test_bounds_can_be_set_narrower():
    assert severity(counted(1000), counted(980)) is None
    assert severity(counted(1000), counted(980), Bounds(lost=0.001)) is Severity.ERROR


@given(n=st.integers(0, 10**7), share=st.floats(0, 1))
def test_nothing_lost_is_never_an_alarm(n: int, share: float):
    assert not alarming(n, 0, share)


@given(n=st.integers(1, 10**7), share=st.floats(0, 1), data=st.data())
def test_who_loses_more_is_alarmed_no_later(n: int, share: float, data: st.DataObject):
    less = data.draw(st.integers(0, n))
    more = data.draw(st.integers(less, n))
    assert alarming(n, more, share) or not alarming(n, less, share)
