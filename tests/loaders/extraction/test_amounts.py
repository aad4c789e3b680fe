"""Whose a sum is that is told of several investors or firms."""

import pytest


@pytest.fixture(scope="module")
def sums(read):
    def tell(text: str) -> dict[str, int | None]:
        return {
            fact.subject.name: fact.amount and fact.amount.value
            for fact in read(text).facts
            if fact.predicate.value == "INVESTED_IN"
        }

    return tell


@pytest.mark.parametrize(
    "text",
    [
        "Fabrikam and Northwind AI invested $20 million in Contoso.",
        "Fabrikam, Northwind AI and Harbor Labs put $20 million into Contoso.",
        "Fabrikam and Northwind AI have poured more than $20 million into Contoso.",
    ],
)
def test_one_sum_of_several_investors_is_nobodys_own(sums, text: str) -> None:
    told = sums(text)
    assert told.keys() >= {"Fabrikam", "Northwind AI"}
    assert set(told.values()) == {None}


@pytest.mark.parametrize(
    "text",
    [
        "Fabrikam and Northwind AI each invested $20 million in Contoso.",
        "Fabrikam and Northwind AI invested $20 million each in Contoso.",
        "Fabrikam and Northwind AI invested $20 million in Contoso apiece.",
    ],
)
def test_a_sum_of_each_is_each_ones_own(sums, text: str) -> None:
    assert sums(text) == {"Fabrikam": 20_000_000, "Northwind AI": 20_000_000}


def test_the_sum_of_one_investor_is_its_own(sums) -> None:
    assert sums("Fabrikam invested $20 million in Contoso.") == {"Fabrikam": 20_000_000}
