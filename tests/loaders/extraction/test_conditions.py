"""Numbers that would hold only if something were that is not."""

import pytest

_FIRM = "Contoso is a company. "


@pytest.mark.parametrize(
    "text",
    [
        "If Contoso raised $2 billion, it would be valued at $6 billion.",
        "Contoso would be valued at $6 billion if it raised $2 billion.",
        "If Contoso were to sell shares, it could be valued at $6 billion.",
        "If Contoso had sold its shares, it would have been valued at $6 billion.",
        "Had Contoso sold its shares, it would have been valued at $6 billion.",
        "Had Contoso raised $2 billion, it would have been valued at $6 billion.",
    ],
)
def test_what_is_only_supposed_is_let_go(read, text: str) -> None:
    assert not read(_FIRM + text).facts


@pytest.mark.parametrize(
    "text",
    [
        "The round would value Contoso at $6 billion.",
        "The round would value Contoso at $6 billion if it goes ahead.",
        "If completed, the deal would value Contoso at $6 billion.",
        "If the talks succeed, Contoso would be valued at $6 billion.",
        "People said that the deal would value Contoso at $6 billion if it closed.",
    ],
)
def test_what_follows_from_an_open_condition_is_planned(read, text: str) -> None:
    (fact,) = read(_FIRM + text).facts
    assert (fact.value, fact.modality.value) == (6_000_000_000, "PLANNED")


def test_what_is_told_beside_a_condition_is_told(read) -> None:
    (fact,) = read(_FIRM + "Contoso, which raised $2 billion, would be pleased if it sold shares.").facts
    assert (fact.value, fact.modality.value) == (2_000_000_000, "ASSERTED")
