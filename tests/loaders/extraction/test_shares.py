from loaders.extraction.shares import ShareFinder
from tests.loaders.extraction.reading import told

_FINDER = ShareFinder()


def test_a_series_gives_each_share_to_the_name_before_it() -> None:
    text = (
        "The survey measured each lab's share of enterprise usage. Behind Anthropic comes OpenAI, which "
        "now has 25%; Google has 20% and Cohere 9%."
    )
    assert told(_FINDER, text) == {
        ("OpenAI", "MARKET_SHARE", 25, "%"),
        ("Google", "MARKET_SHARE", 20, "%"),
        ("Cohere", "MARKET_SHARE", 9, "%"),
    }


def test_what_a_share_fell_from_is_a_share_of_the_same_one() -> None:
    text = (
        "Here is the market share of chatbots. Perplexity is second with 8.1%, down from 11.8% in April 2025."
    )
    assert told(_FINDER, text) == {
        ("Perplexity", "MARKET_SHARE", 8.1, "%"),
        ("Perplexity", "MARKET_SHARE", 11.8, "%"),
    }


def test_two_who_have_as_much_each_have_it_both() -> None:
    text = "The market share of the leader shrinks, with Anthropic and Google at 18% each."
    assert {fact[0] for fact in told(_FINDER, text)} == {"Anthropic", "Google"}


def test_a_percentage_of_something_else_is_no_share() -> None:
    text = (
        "OpenAI leads by market share. Anthropic dismissed 14% of its staff, and Google grew 30% last year."
    )
    assert told(_FINDER, text) == set()


def test_percentages_far_from_any_talk_of_a_market_are_no_shares() -> None:
    assert told(_FINDER, "OpenAI is at 56% and Google at 12%.") == set()
