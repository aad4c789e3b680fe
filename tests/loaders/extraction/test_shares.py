from collections.abc import Callable

import pytest

from kb.facts import Extraction, Relation
from kb.ontology import RelationType
from loaders.extraction.shares import ShareFinder
from tests.loaders.extraction import reading

_FINDER = ShareFinder()


def test_a_series_gives_each_share_to_the_name_before_it() -> None:
    text = (
        "The survey measured each lab's share of enterprise usage. Behind Anthropic comes OpenAI, which "
        "now has 25%; Google has 20% and Cohere 9%."
    )
    assert reading.told(_FINDER, text) == {
        ("OpenAI", "MARKET_SHARE", 25, "%"),
        ("Google", "MARKET_SHARE", 20, "%"),
        ("Cohere", "MARKET_SHARE", 9, "%"),
    }


def test_what_a_share_fell_from_is_a_share_of_the_same_one() -> None:
    text = (
        "Here is the market share of chatbots. Perplexity is second with 8.1%, down from 11.8% in April 2025."
    )
    assert reading.told(_FINDER, text) == {
        ("Perplexity", "MARKET_SHARE", 8.1, "%"),
        ("Perplexity", "MARKET_SHARE", 11.8, "%"),
    }


def test_two_who_have_as_much_each_have_it_both() -> None:
    text = "The market share of the leader shrinks, with Anthropic and Google at 18% each."
    assert {fact[0] for fact in reading.told(_FINDER, text)} == {"Anthropic", "Google"}


def test_a_percentage_of_something_else_is_no_share() -> None:
    text = (
        "OpenAI leads by market share. Anthropic dismissed 14% of its staff, and Google grew 30% last year."
    )
    assert reading.told(_FINDER, text) == set()


def test_percentages_far_from_any_talk_of_a_market_are_no_shares() -> None:
    assert reading.told(_FINDER, "OpenAI is at 56% and Google at 12%.") == set()


@pytest.mark.parametrize(
    "text",
    [
        "Contoso invested $5 million in Fabrikam and holds a share of about 11%.",
        "Contoso has a share of 11% in Fabrikam.",
        "Contoso owns an 11% share of Fabrikam.",
        "Contoso took a minority stake of 11% in Fabrikam.",
    ],
)
def test_a_share_of_a_firm_is_its_owners_and_none_of_a_market(
    read: Callable[..., Extraction], text: str
) -> None:
    (fact,) = read(text).facts
    assert isinstance(fact, Relation)
    assert (fact.subject.name, fact.predicate, fact.object.name, fact.share) == (
        "Contoso",
        RelationType.INVESTED_IN,
        "Fabrikam",
        11,
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Contoso holds a share of 11%.", []),
        ("Contoso has put money in Fabrikam as an investor, and its share is 11%.", []),
        ("Contoso is listed on the stock market. Its share is 11%.", []),
        ("The market for chatbots grows. Contoso has a share of 11%.", ["Contoso MARKET_SHARE 11"]),
        ("Contoso leads the market for chatbots with a share of 11%.", ["Contoso MARKET_SHARE 11"]),
        ("Contoso's share of the traffic was 11%.", ["Contoso MARKET_SHARE 11"]),
    ],
)
def test_a_share_of_a_market_needs_the_market(
    told: Callable[..., list[str]], text: str, said: list[str]
) -> None:
    assert [fact for fact in told(text) if "MARKET_SHARE" in fact] == said
