"""What confidence means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.extraction.calibration import Calibration, load_calibration

FINDINGS = st.lists(st.tuples(st.floats(0.01, 1), st.booleans()), max_size=200)
RAW = st.floats(0, 1)


@given(FINDINGS, RAW, RAW)
def test_a_surer_finding_never_gets_less_confidence(
    findings: list[tuple[float, bool]], one: float, other: float
) -> None:
    calibration = Calibration.fitted(findings)
    low, high = sorted((one, other))
    assert calibration(low) <= calibration(high)


@given(FINDINGS, RAW)
def test_confidence_is_a_share(findings: list[tuple[float, bool]], raw: float) -> None:
    assert 0 <= Calibration.fitted(findings)(raw) <= 1


def test_without_findings_it_is_the_rules_own() -> None:
    assert Calibration()(0.42) == 0.42


def test_few_findings_make_less_confidence_than_many_of_the_same_share() -> None:
    few, many = (Calibration.fitted([(0.9, True)] * n) for n in (5, 500))
    assert few(0.9) < 0.7
    assert many(0.9) > 0.99


def test_findings_that_are_wrong_make_little_confidence() -> None:
    wrong = [(0.9, n % 2 == 0) for n in range(400)]
    assert Calibration.fitted(wrong)(0.9) == pytest.approx(0.45, abs=0.02)


def test_the_calibration_that_comes_with_the_rules_is_sure_of_the_surest_alone() -> None:
    calibration = load_calibration()
    assert calibration(0.5) < 0.6
    assert calibration(0.92) > 0.9
