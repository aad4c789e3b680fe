"""The same relations in other words: careers, foundings, families of models and what a product runs on."""

import pytest


@pytest.mark.parametrize(
    "text",
    [
        "Ada Moreau, formerly of Contoso, has a start-up now.",
        "Ada Moreau is back as chief executive of Contoso.",
        "Ada Moreau spent six years at Contoso.",
        "After three years at the bank she left, and Ada Moreau defected from Fabrikam to Contoso.",
        "Ada Moreau, who came from Contoso, smiled.",
        "Ada Moreau leads the safety group at Contoso.",
        "Ada Moreau has taken a seat on Contoso’s board.",
        "Ada Moreau was poached by Contoso.",
        "Former Contoso engineer Ada Moreau agreed.",
        "Head of research at Contoso by day, Ada Moreau paints by night.",
    ],
)
def test_a_career_is_told_in_many_ways(told, text: str) -> None:
    assert "Ada Moreau WORKS_FOR Contoso" in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "Contoso, the brainchild of Ada Moreau, makes chips.",
        "Ada Moreau was one of the founders of Contoso.",
        "Contoso, whose founder is Ada Moreau, makes chips.",
        "Contoso was formed last spring by Ada Moreau.",
        "The lab that Ada Moreau created as Contoso is small.",
        "Ada Moreau left Fabrikam to start Contoso.",
    ],
)
def test_a_founding_is_told_in_many_ways(told, text: str) -> None:
    assert "Ada Moreau FOUNDED Contoso" in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "Contoso dates from 2019.",
        "Contoso was spun out of Fabrikam in 2019.",
        "Ada Moreau set Contoso up in Lyon in 2019.",
        "Since the founding of Contoso in 2019 much has changed.",
        "Contoso opened its doors in 2019.",
    ],
)
def test_a_beginning_is_told_in_many_ways(told, text: str) -> None:
    assert "Contoso FOUNDED_ON 2019" in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "Larkspur 3 saw the light of day in March 2024.",
        "Contoso followed Larkspur 2 with Larkspur 3 in March 2024.",
        "In March 2024 came Larkspur 3.",
        "Larkspur 3 has been available since March 2024.",
    ],
)
def test_a_first_day_is_told_in_many_ways(told, text: str) -> None:
    assert "Larkspur 3 RELEASED_ON 2024-03" in told(text)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Contoso dropped Larkspur 3 without a word.", "Contoso DEVELOPS Larkspur 3"),
        ("Larkspur 3 is Contoso’s answer to them.", "Contoso DEVELOPS Larkspur 3"),
        ("Larkspur 3’s developer, the cautious Contoso, agreed.", "Contoso DEVELOPS Larkspur 3"),
        ("Larkspur 3 heads the Larkspur family.", "Larkspur 3 RELEASE_OF Larkspur"),
        ("Larkspur 4 grew out of Larkspur 3.", "Larkspur 4 DERIVED_FROM Larkspur 3"),
        ("Larkspur 4 is Larkspur 3 with further training.", "Larkspur 4 DERIVED_FROM Larkspur 3"),
        ("Under the hood of Wrenbot is Larkspur 3.", "Wrenbot POWERED_BY Larkspur 3"),
        ("Wrenbot leans on Larkspur 3.", "Wrenbot POWERED_BY Larkspur 3"),
        ("Larkspur 3, the model behind Wrenbot, is new.", "Wrenbot POWERED_BY Larkspur 3"),
    ],
)
def test_what_models_are_is_told_in_many_ways(told, text: str, fact: str) -> None:
    assert fact in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "Contoso’s paper compares Larkspur 3 with others.",
        "Ada Moreau spoke at length about Contoso.",
    ],
)
def test_a_mere_mention_tells_nothing(told, text: str) -> None:
    assert told(text) == []
