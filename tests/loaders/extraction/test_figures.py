import pytest

from kb.facts import Figure
from kb.ontology import Comparator, Modality, Period, Scope


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Contoso was valued at $3 billion in May.", "Contoso VALUATION 3000000000"),
        ("Contoso raised $40 million from its backers.", "Contoso FUNDING_RAISED 40000000"),
        ("Contoso's revenue reached $12 million in 2024.", "Contoso REVENUE 12000000"),
        ("Contoso lost $7 million in 2024.", "Contoso PROFIT -7000000"),
        ("Wrenbot has 30 million weekly users.", "Wrenbot USERS 30000000"),
        ("Contoso employs 450 people.", "Contoso HEADCOUNT 450"),
        ("Larkspur 2 has 70 billion parameters.", "Larkspur 2 PARAMETERS 70000000000"),
        ("Larkspur 2 has a context window of 128K tokens.", "Larkspur 2 CONTEXT_WINDOW 128000"),
        ("Larkspur 2 was trained on 9 trillion tokens.", "Larkspur 2 TRAINING_TOKENS 9000000000000"),
        ("Contoso holds 20,000 GPUs.", "Contoso ACCELERATORS 20000"),
        ("Larkspur 2 costs $3 per million input tokens.", "Larkspur 2 PRICE_INPUT 3"),
        ("Larkspur 2 scored 71.5% on MMLU.", "Larkspur 2 BENCHMARK_SCORE 71.5"),
    ],
)
def test_the_words_around_a_number_make_it_a_metric(told, text: str, fact: str) -> None:
    assert fact in told(text)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("The losses of Contoso widened to $8 million in 2024.", "Contoso PROFIT -8000000"),
        ("Contoso ended 2024 with a $6 million profit.", "Contoso PROFIT 6000000"),
        ("Contoso's capex budget for 2024 was $90 million.", "Contoso SPENDING 90000000"),
        ("Contoso set aside $50 million for a new data centre.", "Contoso SPENDING 50000000"),
        ("Daily actives at Wrenbot: 3 million.", "Wrenbot USERS 3000000"),
        ("Wrenbot has 40,000 paying members.", "Wrenbot SUBSCRIBERS 40000"),
        ("Contoso's software is in use at 70 hospitals.", "Contoso CUSTOMERS 70"),
        ("With 60 people on the payroll, Contoso is small.", "Contoso HEADCOUNT 60"),
        ("Contoso holds a 12% share of web search.", "Contoso MARKET_SHARE 12"),
        ("The parameter count of Larkspur 2 is 9 billion.", "Larkspur 2 PARAMETERS 9000000000"),
        ("Larkspur 2 accepts up to 64,000 tokens.", "Larkspur 2 CONTEXT_WINDOW 64000"),
        ("Larkspur 2 learned from 5 trillion tokens.", "Larkspur 2 TRAINING_TOKENS 5000000000000"),
        ("Larkspur 2 took 8,000 hours on H100s.", "Larkspur 2 TRAINING_COMPUTE 8000"),
        ("The bill for training Larkspur 2 was $4 million.", "Larkspur 2 TRAINING_COST 4000000"),
        ("Contoso took delivery of 2,048 Blackwells.", "Contoso ACCELERATORS 2048"),
        ("Input tokens for Larkspur 2 cost 25 cents per million.", "Larkspur 2 PRICE_INPUT 0.25"),
        ("Answers from Larkspur 2 cost $4 per million tokens.", "Larkspur 2 PRICE_OUTPUT 4"),
        ("Larkspur 2 gets 64.1 on HumanEval.", "Larkspur 2 BENCHMARK_SCORE 64.1"),
        ("Larkspur 2 was pulled from the hub 90,000 times.", "Larkspur 2 DOWNLOADS 90000"),
        ("Valuations: Contoso $3 billion.", "Contoso VALUATION 3000000000"),
    ],
)
def test_a_figure_may_be_told_in_many_ways(told, text: str, fact: str) -> None:
    assert fact in told(text)


def test_prices_in_a_pair_are_the_input_s_and_the_output_s(told) -> None:
    facts = told("Larkspur 2 is priced at $2/$9 per million input and output tokens.")
    assert facts == ["Larkspur 2 PRICE_INPUT 2", "Larkspur 2 PRICE_OUTPUT 9"]


def test_each_number_under_a_head_is_its_neighbour_s(told) -> None:
    facts = told("Context: 64K for Larkspur 2, 8K for Larkspur 3.")
    assert facts == ["Larkspur 2 CONTEXT_WINDOW 64000", "Larkspur 3 CONTEXT_WINDOW 8000"]


def test_chips_that_running_a_model_needs_are_not_held_by_it(told) -> None:
    assert told("It takes 8 H100s to run Larkspur 2.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Contoso laid off 200 employees.",
        "Contoso's sales grew by 40 percent.",
        "Wrenbot answers 5 million queries a day.",
        "You need a licence if your service has more than 700 million users.",
    ],
)
def test_growth_layoffs_queries_and_thresholds_are_no_figures(told, text: str) -> None:
    assert told(text) == []


def figures(read, text: str) -> list[Figure]:
    return [fact for fact in read(text).facts if isinstance(fact, Figure)]


def test_a_figure_and_the_one_before_it_are_two(read) -> None:
    now, then = sorted(
        figures(read, "Wrenbot now has 50 million weekly users, up from 40 million last month."),
        key=lambda f: -(f.value or 0),
    )
    assert (now.value, str(now.as_of), then.value, str(then.as_of)) == (
        50_000_000,
        "2025-04-15",
        40_000_000,
        "2025-03",
    )
    assert now.period is then.period is Period.WEEK


def test_comparator_and_scope_are_kept(read) -> None:
    (figure,) = figures(read, "Contoso has raised more than $90 million in total.")
    assert (figure.comparator, figure.scope) == (Comparator.GT, Scope.TOTAL)


def test_a_plan_known_from_unnamed_people_is_reported(read) -> None:
    (figure,) = figures(
        read, "Contoso hopes to be valued at $9 billion, people familiar with the matter said."
    )
    assert figure.modality is Modality.REPORTED


def test_a_number_of_somebody_unknown_is_nobodys(told) -> None:
    assert told("Contoso is a rich firm. Zzyzx has 30 million weekly users.") == []


def test_a_possessor_has_the_figure_before_whoever_else_is_named(told) -> None:
    text = "The round values Contoso at $24 billion, well behind Fabrikam's $86 billion valuation."
    assert told(text) == ["Contoso VALUATION 24000000000", "Fabrikam VALUATION 86000000000"]


def test_whom_the_money_came_from_is_not_valued(told) -> None:
    text = "It was an investment from Fabrikam at a valuation of $22 billion."
    assert told(text) == []


def test_a_name_that_only_describes_people_has_no_figure(told) -> None:
    text = "Founded by a team of Contoso researchers, the firm has raised only $5 million."
    assert told(text) == []


def test_the_size_of_a_firm_is_that_of_the_firm_named_after_it(told) -> None:
    text = "Contoso's latest target is a 10-person start-up called Fabrikam."
    assert [f for f in told(text) if "HEADCOUNT" in f] == ["Fabrikam HEADCOUNT 10"]


def test_what_companies_must_raise_is_nobodys(told) -> None:
    text = "Contoso is new here. Companies needed to raise at least $200 million to make the list."
    assert told(text) == []


def test_what_many_unnamed_firms_do_is_nobodys(told) -> None:
    text = "Contoso is old. AI startups raised $19 billion. There were five deals totaling $7 billion."
    assert told(text) == []


def test_the_valuation_that_a_round_sets_is_the_receivers(told) -> None:
    text = "Fabrikam led a $225 million round into Contoso, a start-up, pushing its valuation to $2 billion."
    assert "Contoso VALUATION 2000000000" in told(text)


def test_the_date_since_which_a_number_grew_is_not_its_own(read) -> None:
    text = "Wrenbot has 200 million weekly users, more than doubling its base since November 2023."
    assert [str(f.as_of) for f in figures(read, text)] == ["2025-04-15"]
