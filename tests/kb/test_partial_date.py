"""Dates that keep their precision."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import ContractError
from kb.partial_date import PartialDate

YEARS = st.integers(1, 9999)
DATES = st.one_of(
    st.builds(PartialDate, YEARS),
    st.builds(PartialDate, YEARS, st.integers(1, 12)),
    st.dates().map(PartialDate.of),
)


@pytest.mark.parametrize("text", ["2015", "2025-04", "2025-04-01", "0001"])
def test_a_date_gives_back_the_text_it_was_read_from(text: str):
    assert str(PartialDate.parse(text)) == text


@given(DATES)
def test_every_date_reads_its_own_text(when: PartialDate):
    assert PartialDate.parse(str(when)) == when


@pytest.mark.parametrize(
    "text", ["", "25", "2025-4", "2025/04", "2025-04-1", " 2025", "2025-04-01T00:00", "٢٠٢٥"]
)
def test_another_form_is_refused_with_the_forms_that_are_read(text: str):
    with pytest.raises(ContractError, match=r"is no date: write 2015, 2025-04 or 2025-04-01\.$"):
        PartialDate.parse(text)


@pytest.mark.parametrize("text", ["2025-13", "2025-00", "2025-02-29", "0000", "2025-04-31"])
def test_a_day_that_no_calendar_has_is_refused(text: str):
    with pytest.raises(ContractError, match=f"'{text}' is no date"):
        PartialDate.parse(text)


def test_a_day_without_its_month_is_refused():
    with pytest.raises(ContractError, match="lacks its month"):
        PartialDate(2025, None, 3)


def test_a_partial_date_ends_on_the_last_day_that_it_covers():
    assert PartialDate.parse("2024-02").last == date(2024, 2, 29)
    assert PartialDate.parse("2024").last == date(2024, 12, 31)


def test_a_partial_date_begins_on_the_first_day_that_it_covers():
    assert PartialDate.parse("2024-02").first == date(2024, 2, 1)
    assert PartialDate.parse("2024").first == date(2024, 1, 1)


@given(DATES)
def test_no_date_ends_before_it_begins(when: PartialDate):
    assert when.first <= when.last


@given(DATES, DATES)
def test_overlap_is_mutual(one: PartialDate, other: PartialDate):
    assert one.overlaps(other) == other.overlaps(one)


@given(st.dates())
def test_a_day_overlaps_its_month_and_its_year(day: date):
    exact = PartialDate.of(day)
    assert exact.overlaps(PartialDate(day.year, day.month))
    assert exact.overlaps(PartialDate(day.year))


def test_neighbouring_months_do_not_overlap():
    assert not PartialDate.parse("2025-03").overlaps(PartialDate.parse("2025-04"))
