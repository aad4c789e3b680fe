"""A report refuses for errors, keeps what later ones are compared with, and knows what is new."""

import json

import pytest

from kb.errors import UsageError
from kb.quality.census import Census, Fill
from kb.quality.changes import DEFAULT
from kb.quality.findings import Example, Finding, Severity
from kb.quality.report import Report, parse_report

CENSUS = Census({"statements": {"total": 3}}, {"USERS.as_of": Fill(2, 3)})


def report(*findings: Finding) -> Report:
    return Report("2026-01-01T00:00:00+00:00", CENSUS, findings)


def doubt(count: int) -> Finding:
    return Finding("a doubt", count, severity=Severity.WARNING)


def test_errors_refuse_and_warnings_only_the_strict():
    error = Finding("an error", 2, "Do it.", (Example("x"),))
    assert report(error, doubt(1)).refused(strict=False) == [error]
    assert report(error, doubt(1)).refused(strict=True) == [error, doubt(1)]
    assert report(doubt(0), Finding("an error", 0)).refused(strict=True) == []


@pytest.mark.parametrize(
    ("before", "now", "refused"), [(0, 1, True), (1, 1, False), (2, 1, False), (1, 2, True)]
)
def test_the_strict_refuse_for_warnings_that_are_more_than_before(before: int, now: int, refused: bool):
    compared = report(doubt(now)).against(report(doubt(before)), DEFAULT)
    assert bool(compared.refused(strict=True)) is refused


def test_a_rule_that_was_broken_before_still_is_an_error():
    error = Finding("an error", 1)
    (found,) = report(error).against(report(error), DEFAULT).refused(strict=False)
    assert found.before == 1


def test_a_report_is_read_again_as_what_later_ones_need():
    read = parse_report(json.dumps(report(doubt(2)).as_json()), "a.json")
    assert read.census == CENSUS
    assert [(finding.check, finding.count) for finding in read.findings] == [("a doubt", 2)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "line 1"),
        ("[]", "it"),
        ('{"form": 1, "at": "", "findings": [], "counts": {}}', "fills"),
        ('{"form": 1, "at": "", "findings": [], "counts": {"a": {"b": -1}}, "fills": {}}', "counts.a.b"),
        ('{"form": 2, "at": "", "findings": [], "counts": {}, "fills": {}}', "form 2"),
    ],
)
def test_what_is_no_report_is_named_with_the_field(text: str, place: str):
    with pytest.raises(UsageError) as error:
        parse_report(text, "a.json")
    assert str(error.value).startswith("a.json")
    assert place in str(error.value)
