"""Which numbers are nobody's figure, and whose a shared one is."""

import pytest

from kb.facts import Figure

ABOUT = "Contoso is a rich firm. Contoso sells Wrenbot. "


@pytest.mark.parametrize(
    "text",
    [
        "Whoever grows past 700 million monthly active users needs a second licence from Contoso.",
        "Under these terms, a company with more than 100 million monthly active users must name Larkspur.",
        "The licence does not cover services that have over 40 million users.",
        "The same duty falls on a company with more than $20 million in monthly revenue.",
        "Any firm with more than 500 employees pays a fee.",
        "If Contoso had 1 billion users, it would earn more.",
        "Contoso's new fund raised $950 million.",
        "One estimate ranged from 2 to 3, and Zyxelo and Contoso have raised $1 billion.",
    ],
)
def test_a_number_of_anybody_is_nobodys_figure(read, text: str) -> None:
    assert not [fact for fact in read(ABOUT + text).facts if isinstance(fact, Figure)]


@pytest.mark.parametrize(
    "text",
    [
        "Zyxel Minds has 30 million weekly users.",
        "Its founder says that Zyxelo has 30 million weekly users.",
        "Zyxelo's revenue was $5 million in 2024.",
        "The successor has 90 billion parameters.",
    ],
)
def test_a_subject_that_nobody_knows_keeps_its_number_from_the_topic(read, text: str) -> None:
    owners = {fact.subject.name for fact in read(ABOUT + text).facts if isinstance(fact, Figure)}
    assert not owners & {"Contoso", "Wrenbot", "Larkspur"}


@pytest.mark.parametrize(
    "text",
    [
        "Contoso's cloud revenue was $5 billion in 2024.",
        "The data centre business brought in $75 million of it.",
        "The AI business of Contoso had a revenue of $3 billion in 2024.",
        "Its operating income was 701 million euros.",
    ],
)
def test_a_part_of_a_firm_is_not_the_firm(told, text: str) -> None:
    assert told(ABOUT + text) == told(ABOUT)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Wrenbot had 18 million users two weeks after its start.", "Wrenbot USERS 18000000"),
        ("Wrenbot had 18 million monthly users on May 16, 2024.", "Wrenbot USERS 18000000"),
    ],
)
def test_numbers_of_dates_and_durations_are_no_figures(told, text: str, fact: str) -> None:
    assert [one for one in told(text) if "USERS" in one] == [fact]


def test_money_raised_at_a_valuation_is_two_figures(told) -> None:
    assert set(told("Contoso raised more than $40 million at a valuation of $400 million.")) == {
        "Contoso FUNDING_RAISED 40000000",
        "Contoso VALUATION 400000000",
    }


@pytest.mark.parametrize(
    "text",
    [
        "Larkspur 2 has 397 billion parameters in total, of which 17 billion are active.",
        "Larkspur 2 has 397 billion parameters, of which 17 billion are active.",
        "Larkspur 2 has 397 billion parameters in total, of which only 17 billion were active.",
    ],
)
def test_active_parameters_are_told_from_all(told, text: str) -> None:
    assert {"Larkspur 2 PARAMETERS 397000000000", "Larkspur 2 PARAMETERS 17000000000"} <= set(told(text))


def test_the_sizes_of_a_family_are_no_size(told) -> None:
    facts = told("Contoso released Larkspur 2 in sizes from 0.6 billion to 235 billion parameters.")
    assert not [fact for fact in facts if "PARAMETERS" in fact]


@pytest.mark.parametrize(
    "shared",
    [
        "Both models have a context window of 128K tokens.",
        "Larkspur 2 and Larkspur 3 have a context window of 128K tokens.",
        "Larkspur 2 and Larkspur 3 each have a context window of 128K tokens.",
    ],
)
def test_what_several_share_is_said_of_each(told, shared: str) -> None:
    facts = told(f"Larkspur 2 has 7 billion parameters. Larkspur 3 has 9 billion parameters. {shared}")
    assert {"Larkspur 2 CONTEXT_WINDOW 128000", "Larkspur 3 CONTEXT_WINDOW 128000"} <= set(facts)


def test_each_of_two_firms_has_the_number(told) -> None:
    assert {"Contoso USERS 3000000000", "Fabrikam USERS 3000000000"} <= set(
        told("Contoso and Fabrikam had each passed 3 billion monthly active users.")
    )


@pytest.mark.parametrize(
    "text",
    [
        "Contoso and Fabrikam together have 6 million paying subscribers.",
        "Both models have a context window of 128K tokens.",
        "Larkspur 2, Larkspur 3 and Larkspur 4 are new. Both models have a context window of 128K tokens.",
    ],
)
def test_a_sum_and_an_unclear_both_are_nobodys(told, text: str) -> None:
    assert not [fact for fact in told(text) if "SUBSCRIBERS" in fact or "CONTEXT" in fact]


def test_what_people_use_has_the_users_not_who_says_so(told) -> None:
    assert "Wrenbot USERS 1000000000" in told("Contoso grew after it said 1 billion people use Wrenbot.")


def test_a_sentence_without_an_end_is_read_in_bounded_pieces(read) -> None:
    facts = read("Wrenbot has 5 million users and " * 400).facts
    assert facts
    assert max(len(fact.evidence.text) for fact in facts) <= 3_000
