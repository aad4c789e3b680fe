from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.ontology import Comparator
from loaders.extraction.quantities import find_quantities

WORDS = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
LETTERS = {"K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}
SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "C$": "CAD", "US$": "USD"}
tenths = st.integers(min_value=1, max_value=9999)


def only(text: str):
    (found,) = find_quantities(text)
    return found


@given(tenths, st.sampled_from(sorted(WORDS)), st.sampled_from(sorted(SIGNS)))
def test_an_amount_with_a_magnitude_word_is_read_as_it_was_written(number: int, word: str, sign: str) -> None:
    found = only(f"it raised {sign}{number / 10} {word} then")
    assert (found.value, found.currency) == (pytest.approx(number * WORDS[word] / 10), SIGNS[sign])


@given(tenths, st.sampled_from(sorted(LETTERS)))
def test_a_number_with_a_magnitude_letter_is_read_as_it_was_written(number: int, letter: str) -> None:
    assert only(f"with {number / 10}{letter} parameters").value == pytest.approx(
        number * LETTERS[letter] / 10
    )


@given(st.integers(min_value=1000, max_value=10**15))
def test_thousands_may_be_grouped_with_commas(number: int) -> None:
    assert only(f"all {number:,} of them").value == number


@given(st.text(max_size=200))
def test_quantities_of_any_text_lie_in_order_and_apart(text: str) -> None:
    spans = [(q.start, q.end) for q in find_quantities(text)]
    assert all(a < b for a, b in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize(
    ("words", "comparator"),
    [
        ("more than 5 million", Comparator.GT),
        ("about 5 million", Comparator.ABOUT),
        ("up to 5 million", Comparator.LTE),
        ("at least 5 million", Comparator.GTE),
        ("less than 5 million", Comparator.LT),
        ("~5 million", Comparator.ABOUT),
        ("5,000,000+", Comparator.GTE),
        ("5 million", Comparator.EQ),
    ],
)
def test_words_before_and_after_a_number_bound_it(words: str, comparator: Comparator) -> None:
    found = only(f"it has {words} users")
    assert (found.value, found.comparator) == (5_000_000, comparator)


def test_a_range_shares_its_magnitude_and_currency() -> None:
    found = only("worth between $5 and $10 billion")
    assert (found.low, found.high, found.value, found.currency) == (5 * 10**9, 10**10, None, "USD")


def test_a_change_is_no_range() -> None:
    assert [q.value for q in find_quantities("rose from 5 million to 10 million")] == [5_000_000, 10_000_000]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("half a billion people", 5 * 10**8),
        ("a million users", 10**6),
        ("twelve people", 12),
        ("1.2 亿 用户", 1.2e8),
    ],
)
def test_numbers_in_words_and_other_scripts_are_read(text: str, value: float) -> None:
    assert only(text).value == value


def test_a_code_after_the_amount_overrides_the_sign() -> None:
    assert only("$200 million CAD in all").currency == "CAD"


@pytest.mark.parametrize("text", ["GPT-4", "the o1 model", "H100s", "2x7B"])
def test_digits_within_names_are_not_read_as_amounts(text: str) -> None:
    assert not [q for q in find_quantities(text) if q.value not in {2}]


@pytest.mark.parametrize("digits", [310, 5000, 1_100_000])
def test_a_number_that_no_fact_can_hold_is_none_and_those_around_it_stay(digits: int) -> None:
    beyond = "9" * digits
    text = f"it raised $5 million, not ${beyond} billion nor 5 to {beyond}, then $7 million"
    assert [found.value for found in find_quantities(text)] == [5_000_000, 7_000_000]
