"""Numbers of an earlier time: the date that the words allow, never that of the document."""

import pytest

from kb.facts import Figure


def date_of(read, text: str, value: int) -> str:
    dates = {str(f.as_of) for f in read(text).facts if isinstance(f, Figure) and f.value == value}
    (date,) = dates
    return date


@pytest.mark.parametrize(
    "text",
    [
        "Contoso is valued at $5 billion. Less than a year before, in a Series A, it was worth $3 billion.",
        "Contoso led the round, a Series B. Less than a year earlier, Contoso was valued at $3 billion.",
        "Contoso was valued at $3 billion less than a year ago.",
        "More than two years ago, Contoso was valued at $3 billion.",
        "Contoso was previously valued at $3 billion.",
        "At the time, Contoso was valued at $3 billion.",
        "Contoso is now valued at $5 billion, up from $3 billion.",
        "Contoso was valued at $5 billion in May 2024, up from $3 billion.",
        "Earlier in 2025, Contoso had been valued at $3 billion.",
        "Contoso was valued at $3 billion earlier this year.",
        "Contoso was valued at $3 billion the year before.",
    ],
)
def test_a_time_that_is_not_named_is_no_date(read, text: str) -> None:
    assert date_of(read, text, 3 * 10**9) == "None"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Wrenbot has 5 million users. A year before, it had 3 million users.", "2024"),
        ("Wrenbot has 5 million users, up from 3 million a year earlier.", "2024"),
        ("In May 2023, Wrenbot had 5 million users, up from 3 million a year earlier.", "2022-05"),
        ("In May 2023, Wrenbot had 5 million users. A year earlier, it had 3 million users.", "2022"),
        ("Wrenbot had 5 million users in 2023 against 3 million users the year before.", "2022"),
        ("Wrenbot had 5 million users in 2023, up from 3 million users in the previous year.", "2022"),
        ("Wrenbot had 5 million users in December 2023, up from 3 million in the quarter before.", "2023-09"),
        ("Wrenbot had 5 million users in May 2024, up from 3 million in January 2023.", "2023-01"),
        ("Wrenbot's users grew from 3 million users in March to 5 million users.", "2025-03"),
        ("A year before, in May 2023, Wrenbot had 3 million users.", "2023-05"),
        ("Earlier in 2023, Wrenbot had 3 million users.", "2023"),
        (
            "Contoso was founded in 2017. Wrenbot has 5 million users, up from 3 million a year earlier.",
            "2024",
        ),
        (
            "In May, Wrenbot had 5 million users, more than a month before, when it had 3 million users.",
            "2024-04",
        ),
    ],
)
def test_a_time_told_by_its_distance_counts_from_the_number_before(read, text: str, date: str) -> None:
    assert date_of(read, text, 3 * 10**6) == date


@pytest.mark.parametrize(
    "text",
    [
        "Wrenbot has 5 million users, up from 3 million a year earlier.",
        "Wrenbot's users grew from 3 million users in March to 5 million users.",
        "Wrenbot has 5 million users, more than a year ago.",
        "Wrenbot has 5 million users, twice as many as a year earlier.",
    ],
)
def test_the_number_that_has_taken_its_place_is_current(read, text: str) -> None:
    assert date_of(read, text, 5 * 10**6) == "2025-04-15"


def test_a_fiscal_year_is_dated_by_the_distance_told_beside_it(read) -> None:
    text = (
        "Contoso's revenue is $5 million a quarter. A year before, in the first quarter of fiscal 2025, "
        "Contoso's revenue had been $4 million."
    )
    assert date_of(read, text, 4 * 10**6) == "2024"


def test_a_chain_of_distances_counts_from_one_to_the_next(read) -> None:
    text = (
        "In May 2023, Wrenbot had 5 million users. A year earlier, it had 3 million users. "
        "Two years earlier, it had 1 million users."
    )
    assert date_of(read, text, 10**6) == "2020"
