"""The ways of telling of stakes, purchases, partners, rivals, parents and seats."""

import pytest


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Fabrikam holds a minority position in Contoso.", "Fabrikam INVESTED_IN Contoso"),
        (
            "Among those who funded Contoso were Fabrikam and Northwind AI.",
            "Northwind AI INVESTED_IN Contoso",
        ),
        ("Contoso got its seed money from Fabrikam.", "Fabrikam INVESTED_IN Contoso"),
        ("Contoso, in which Fabrikam owns shares, is growing.", "Fabrikam INVESTED_IN Contoso"),
        ("Contoso counts Fabrikam among its backers.", "Fabrikam INVESTED_IN Contoso"),
        ("Fabrikam led Contoso's second seed round.", "Fabrikam INVESTED_IN Contoso"),
        ("Contoso sold a small stake to Fabrikam.", "Fabrikam INVESTED_IN Contoso"),
        ("Contoso's cap table features Fabrikam and Northwind AI.", "Northwind AI INVESTED_IN Contoso"),
    ],
)
def test_who_has_money_in_a_firm_invested_in_it(told, text: str, fact: str) -> None:
    assert fact in told(f"Contoso and Fabrikam AI are firms like Northwind AI. {text}")


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Contoso scooped up Fabrikam last year.", "Contoso ACQUIRED Fabrikam"),
        ("Fabrikam sold itself to Contoso.", "Contoso ACQUIRED Fabrikam"),
        ("The sale of Fabrikam to Contoso is done.", "Contoso ACQUIRED Fabrikam"),
        ("Fabrikam went to Contoso for $20 million.", "Contoso ACQUIRED Fabrikam"),
        ("Contoso bought what was left of Fabrikam.", "Contoso ACQUIRED Fabrikam"),
        ("Contoso and Fabrikam pooled their data.", "Contoso PARTNER_OF Fabrikam"),
        ("An accord between Contoso and Fabrikam is near.", "Contoso PARTNER_OF Fabrikam"),
        ("Contoso chose Fabrikam as its main supplier.", "Contoso PARTNER_OF Fabrikam"),
        ("Contoso is locked in a bitter fight with Fabrikam.", "Contoso COMPETES_WITH Fabrikam"),
        ("Contoso is eating into Fabrikam's market.", "Contoso COMPETES_WITH Fabrikam"),
        ("Contoso counts Fabrikam among its fiercest rivals.", "Contoso COMPETES_WITH Fabrikam"),
        ("Contoso runs as a unit of Fabrikam.", "Contoso SUBSIDIARY_OF Fabrikam"),
        ("Contoso's parent company is Fabrikam.", "Contoso SUBSIDIARY_OF Fabrikam"),
        ("Contoso is part of the Fabrikam group.", "Contoso SUBSIDIARY_OF Fabrikam"),
    ],
)
def test_a_deal_between_two_firms_has_many_ways_to_be_told(told, text: str, fact: str) -> None:
    assert fact in told(f"Contoso AI and Fabrikam AI are firms. {text}".replace("Contoso AI", "Contoso"))


@pytest.mark.parametrize(
    "text",
    [
        "Contoso's head office is in Paris.",
        "Contoso calls Paris home.",
        "Contoso operates out of Paris.",
        "Contoso (Paris) won a prize.",
        "Based in Paris, Contoso is growing.",
        "Paris is home to Contoso.",
        "The Paris outfit Contoso is growing.",
    ],
)
def test_a_seat_has_many_ways_to_be_told(told, text: str) -> None:
    assert "Contoso BASED_IN France" in told(text)


@pytest.mark.parametrize(
    ("text", "predicate"),
    [
        ("Contoso bought chips from Fabrikam.", "ACQUIRED"),
        ("Contoso bought shares in Fabrikam.", "ACQUIRED"),
        ("Contoso bought a unit of Fabrikam.", "SUBSIDIARY_OF"),
        ("Contoso owns part of Fabrikam.", "SUBSIDIARY_OF"),
    ],
)
def test_what_is_bought_from_or_of_a_firm_is_not_the_firm(told, text: str, predicate: str) -> None:
    facts = told(f"Contoso and Fabrikam are firms. {text}")
    assert [f for f in facts if predicate in f] == []


@pytest.mark.parametrize(
    "text",
    [
        "Acme-owned Quillwright is growing.",
        "Quillwright was acquired by a bank.",
        "Quillwright has teamed up with a bank.",
        "The Oslo start-up Quillwright is growing.",
        "Quillwright tripled its valuation.",
    ],
)
def test_the_words_of_a_deal_make_a_firms_name_plain(read, text: str) -> None:
    assert "Quillwright" in {e.ref.name for e in read(text).entities}
