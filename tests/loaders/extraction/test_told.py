"""For which date, for which period, by whom and how surely a figure is told."""

import pytest

from kb.facts import Figure
from kb.ontology import Basis, Modality, Period

QUARTERS = [
    ("In the fourth quarter of 2024, Wrenbot had 5 million users.", "2024-12"),
    ("Wrenbot had 5 million users in Q1 2025.", "2025-03"),
    ("Wrenbot had 5 million users in the first half of 2024.", "2024-06"),
    ("Wrenbot had 5 million users in the first quarter of fiscal 2024.", "2024"),
]


def only(read, text: str) -> Figure:
    (figure,) = [fact for fact in read(text).facts if isinstance(fact, Figure)]
    return figure


def last(read, text: str) -> Figure:
    return [fact for fact in read(text).facts if isinstance(fact, Figure)][-1]


@pytest.mark.parametrize(("text", "date"), QUARTERS)
def test_a_part_of_a_year_ends_with_its_last_month(read, text: str, date: str) -> None:
    assert str(only(read, text).as_of) == date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("In May 2024, Wrenbot grew. It had 5 million users at that time.", "2024-05"),
        ("In May 2024, Wrenbot had 5 million users. Fabrikam had 3 million users.", "2024-05"),
        ("Wrenbot passed 5 million users before that.", "None"),
        ("Contoso had last been valued at $6 billion.", "None"),
        ("Contoso, founded in 2017, has 200 employees.", "2025-04-15"),
        ("Contoso was founded in 2017 and has 200 employees.", "2025-04-15"),
        ("Larkspur 2, released on July 24, 2024, costs $5 per million input tokens.", "2025-04-15"),
        ("Wrenbot has 5 million users, 10% more than a year before.", "2025-04-15"),
    ],
)
def test_a_number_has_the_date_of_its_own_verb(read, text: str, date: str) -> None:
    assert str(last(read, text).as_of) == date


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Contoso's revenue was $5 million in the third quarter of 2024.", Period.QUARTER),
        (
            "In the first quarter of 2025, Contoso's sales rose and its net loss was $9 million.",
            Period.QUARTER,
        ),
        ("Contoso's revenue was $5 million in 2024.", Period.YEAR),
        ("Contoso's annual revenue is $5 million.", Period.YEAR),
        ("Sales of Contoso came to $5 million in the three months to December 2024.", Period.QUARTER),
        ("Contoso's revenue was $5 million.", None),
    ],
)
def test_a_period_comes_from_the_words(read, text: str, period: Period | None) -> None:
    assert last(read, text).period is period


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("Contoso is valued at $5 billion after a sale of shares.", Basis.PRIVATE),
        ("Contoso is valued at $5 billion on the stock market.", Basis.MARKET_CAP),
        ("Contoso has a market capitalisation of $5 billion.", Basis.MARKET_CAP),
    ],
)
def test_a_market_value_needs_the_market(read, text: str, basis: Basis) -> None:
    assert only(read, text).basis is basis


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ada Moreau said that Wrenbot has 5 million users.", "Ada Moreau"),
        ("Ada Moreau, the CEO of Contoso, told investors that Wrenbot has 5 million users.", "Ada Moreau"),
        ("Wrenbot has 5 million users, Ada Moreau said.", "Ada Moreau"),
        ("Wrenbot has 5 million users, the Evening Post reported on Monday.", "Evening Post"),
        ("Wrenbot has 5 million users, according to Fabrikam.", "Fabrikam"),
        ("According to Fabrikam, Wrenbot has 5 million users.", "Fabrikam"),
        ("According to data from Zyxelo, Wrenbot has 5 million users.", "Zyxelo"),
        ("Ada Moreau put the users of Wrenbot at 5 million users.", "Ada Moreau"),
        ("Wrenbot has 5 million users.", None),
        ("Ada Moreau joined Contoso, and Wrenbot has 5 million users.", None),
        ("Contoso announced Wrenbot, which has 5 million users.", None),
    ],
)
def test_who_tells_a_number_is_its_speaker(read, text: str, name: str | None) -> None:
    speaker = only(read, text).speaker
    assert (None if speaker is None else speaker.name) == name


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("Reports had spoken of a valuation of up to $5 billion for Contoso.", Modality.REPORTED),
        ("Contoso could be valued at $5 billion.", Modality.PLANNED),
        ("Contoso could reportedly be valued at $5 billion.", Modality.REPORTED),
    ],
)
def test_a_possible_valuation_is_not_asserted(read, text: str, modality: Modality) -> None:
    assert only(read, text).modality is modality


@pytest.mark.parametrize(
    "text",
    [
        "Contoso's annualised revenue reportedly reached $5 billion in July 2024.",
        "Contoso's annualised revenue is reportedly more than $5 billion.",
        "Contoso's annualised revenue is said to have reached $5 billion.",
        "Contoso's annualised revenue has allegedly passed $5 billion.",
        "Contoso's annualised revenue is believed to be $5 billion.",
    ],
)
def test_hearsay_told_within_the_words_of_a_metric_is_reported(read, text: str) -> None:
    figure = only(read, text)
    assert (figure.value, figure.period, figure.modality) == (
        5 * 10**9,
        Period.ANNUALISED,
        Modality.REPORTED,
    )
