import pytest

from kb.partial_date import PartialDate
from loaders.extraction.dates import find_dates

TODAY = PartialDate.parse("2025-04-15")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("on March 3, 2025", "2025-03-03"),
        ("on 3 March 2025", "2025-03-03"),
        ("in September 2022", "2022-09"),
        ("in mid-2021", "2021"),
        ("since late 2023", "2023"),
        ("in fiscal 2024", "2024"),
        ("2023 年 12 月 12 日", "2023-12-12"),
        ("(04/24/2024)", "2024-04-24"),
    ],
)
def test_an_absolute_date_keeps_its_own_precision(text: str, date: str) -> None:
    assert [str(found.date) for found in find_dates(text, None)] == [date]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("last month", "2025-03"),
        ("last year", "2024"),
        ("on Monday", "2025-04-14"),
        ("in January", "2025-01"),
        ("last November", "2024-11"),
        ("two months ago", "2025-02"),
        ("yesterday", "2025-04-14"),
    ],
)
def test_a_relative_date_counts_from_the_document(text: str, date: str) -> None:
    assert [str(found.date) for found in find_dates(text, TODAY)] == [date]


def test_a_relative_date_means_nothing_without_the_documents_date() -> None:
    assert find_dates("last month and on Monday", None) == []
