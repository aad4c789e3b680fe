"""A file of limits says what a graph must have, and is told where it cannot be understood."""

import pytest

from kb.errors import UsageError
from kb.quality.census import Census, Fill
from kb.quality.changes import DEFAULT, Bounds
from kb.quality.findings import Severity
from kb.quality.limits import parse_limits

THERE = Census(
    {"statements": {"total": 40, "VALUATION": 5}, "publishers": {"CNBC": 3}},
    {"VALUATION.as_of": Fill(4, 5)},
)


def broken(text: str) -> list[tuple[Severity, str | None]]:
    found = parse_limits(text, "limits.toml").findings(THERE)
    return [(finding.severity, finding.told) for finding in found if finding.count]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[min.statements]\ntotal = 40\nVALUATION = 5",
        "[max.statements]\ntotal = 40\nREVENUE = 0",
        "[min.publishers]\nCNBC = 3",
        "[min.fill]\n'VALUATION.as_of' = 0.8",
        "[min.fill]\n'REVENUE.as_of' = 0.8",
    ],
)
def test_limits_that_are_kept_find_nothing(text: str):
    assert broken(text) == []


@pytest.mark.parametrize(
    ("text", "severity", "told"),
    [
        ("[min.statements]\nVALUATION = 6", Severity.ERROR, "5, at least 6 wanted"),
        ("[min.entities]\nCompany = 1", Severity.ERROR, "0, at least 1 wanted"),
        ("[min.publishers]\nReuters = 1", Severity.ERROR, "0, at least 1 wanted"),
        ("[min.fill]\n'VALUATION.as_of' = 0.9", Severity.ERROR, "80.0%, at least 90.0% wanted"),
        ("[max.statements]\ntotal = 39", Severity.WARNING, "40, at most 39 wanted"),
    ],
)
def test_too_few_is_an_error_and_too_many_a_warning(text: str, severity: Severity, told: str):
    assert broken(text) == [(severity, told)]


def test_the_bounds_of_changes_are_set_one_by_one():
    assert parse_limits("[change]\nlost = 0.02", "f").bounds == Bounds(0.02, DEFAULT.new, DEFAULT.fill)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[min.statements]\nVALUATION = x", "line 2"),
        ("[least]\na = 1", "[least]"),
        ("[min.facts]\ntotal = 1", "[min.facts]"),
        ("[min.statements]\nVALUATIONS = 1", "min.statements.VALUATIONS"),
        ("[min.statements]\nVALUATION = 'many'", "min.statements.VALUATION"),
        ("[min.statements]\nVALUATION = true", "min.statements.VALUATION"),
        ("[min.statements]\nVALUATION = -1", "min.statements.VALUATION"),
        ("[min.fill]\n'VALUATION.as_of' = 90", "min.fill.VALUATION.as_of"),
        ("[min.fill]\n'VALUATION.day' = 0.9", "min.fill.VALUATION.day"),
        ("[min]\nstatements = 3", "min.statements"),
        ("min = 3", "min"),
        ("[change]\nfall = 0.1", "change.fall"),
        ("[change]\nlost = nan", "change.lost"),
    ],
)
def test_what_cannot_be_understood_is_named_with_file_and_place(text: str, place: str):
    with pytest.raises(UsageError) as error:
        parse_limits(text, "limits.toml")
    assert str(error.value).startswith("limits.toml")
    assert place in str(error.value)
