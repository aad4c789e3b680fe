"""Names that no registry holds, and where a name ends."""

import pytest


@pytest.mark.parametrize(
    "text",
    [
        "Quillwright raised $45 million.",
        "Ada Moreau is the CEO of Quillwright.",
        "Ada Moreau founded Quillwright.",
        "In May, Fabrikam bought Quillwright for $2 million.",
        "Contoso, Fabrikam and Quillwright took part.",
    ],
)
def test_what_is_said_of_a_firm_makes_it_one_everywhere(read, text: str) -> None:
    entities = read(f"{text} Then came news of Quillwright again.").entities
    (firm,) = [e for e in entities if e.ref.name == "Quillwright"]
    assert (firm.ref.type.value, len(firm.mentions)) == ("Company", 2)


def test_a_possessor_is_no_part_of_a_models_name(told) -> None:
    assert told("Contoso’s Larkspur models are closed.") == [
        "Contoso DEVELOPS Larkspur",
        "Larkspur OPENNESS None",
    ]


def test_a_version_before_a_comma_is_part_of_the_name(told) -> None:
    assert "Contoso DEVELOPS Larkspur 4" in told("Contoso released Larkspur 4, and people liked it.")


def test_announcing_something_about_a_model_is_not_its_release(told) -> None:
    news = "On May 3, 2024, Contoso announced that Larkspur 3 has many fans."
    text = f"{news} Contoso announced it on May 4, 2024."
    assert [f for f in told(text) if "RELEASED_ON" in f] == []


def test_each_release_of_a_series_has_its_own_date(told) -> None:
    text = "Larkspur 2 was released on May 3, 2023, Larkspur 3 on May 4, 2024 and Larkspur 4 on May 5, 2025."
    assert [f for f in told(text) if "RELEASED_ON" in f] == [
        "Larkspur 2 RELEASED_ON 2023-05-03",
        "Larkspur 3 RELEASED_ON 2024-05-04",
        "Larkspur 4 RELEASED_ON 2025-05-05",
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The round was led by Contoso, Fabrikam and Quillwright.", "Quillwright"),
        ("Northwind AI counts Quillwright, Contoso and Fabrikam among its partners.", "Quillwright"),
        ("Ada Moreau spent a decade as an engineer at Quillwright before that.", "Quillwright"),
        ("Fabrikam holds a stake of 28% in Quillwright.", "Quillwright"),
        ("Quillwright, which belongs to Contoso, tests it.", "Quillwright"),
        ("Contoso struck a partnership with Quillwright last week.", "Quillwright"),
    ],
)
def test_the_company_a_name_keeps_makes_it_a_firm(read, text: str, name: str) -> None:
    assert ("Company", name) in {(e.ref.type.value, e.ref.name) for e in read(text).entities}


@pytest.mark.parametrize(
    "text",
    [
        "Contoso opened offices in Berlin, Contoso said, and Madrid.",
        "Investors and Contoso were pleased.",
        "Ada Moreau and others at Contoso left.",
    ],
)
def test_a_place_or_a_common_word_beside_a_firm_is_no_firm(read, text: str) -> None:
    found = {e.ref.name for e in read(text).entities if e.ref.type.value == "Company"}
    assert found == {"Contoso"}


def test_a_usual_first_name_makes_a_person_of_two_words(read) -> None:
    (person,) = [
        e for e in read("Contoso was begun by Anneliese Quarry.").entities if e.ref.type.value == "Person"
    ]
    assert person.ref.name == "Anneliese Quarry"


def test_he_is_not_a_woman(told) -> None:
    text = "Anneliese Quarry met Tobias Quill. He is the chief executive of Contoso."
    assert told(text) == ["Tobias Quill WORKS_FOR Contoso"]


@pytest.mark.parametrize("name", ["Northwind.AI", "Northwind.ai", "Northwind AI", "NorthwindAI"])
def test_a_firms_name_is_read_to_its_end_however_its_last_word_is_joined(read, name: str) -> None:
    (fact,) = read(f"Contoso acquired {name} for $20 million in 2024.").facts
    assert (fact.object.id, fact.amount.value) == ("company/northwind-ai", 20_000_000)
    assert name in fact.evidence.text


def test_what_is_told_of_a_firm_named_like_an_address_stands_in_one_sentence(told) -> None:
    assert told("Quillwright.AI was founded by Ada Moreau in 2021.") == [
        "Ada Moreau FOUNDED Quillwright.AI",
        "Quillwright.AI FOUNDED_ON 2021",
    ]
