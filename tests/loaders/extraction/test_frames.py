"""Relations that the parse shows whatever words stand between the ends."""

import pytest

from kb.ontology import Modality
from loaders.extraction.frames import FrameFinder
from tests.loaders.extraction.reading import found, told


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        (
            "Nvidia, which has been short of such people for years, quietly bought OctoAI.",
            ("Nvidia", "ACQUIRED", "OctoAI"),
        ),
        (
            "GitHub was, after months of talks, bought by Microsoft.",
            ("Microsoft", "ACQUIRED", "GitHub"),
        ),
        (
            "Anthropic, to nobody's surprise, has released a new model named Claude Opus 4.",
            ("Anthropic", "DEVELOPS", "Claude Opus 4"),
        ),
        (
            "ChatGPT, for most of its answers, relies on GPT-4o.",
            ("ChatGPT", "POWERED_BY", "GPT-4o"),
        ),
        (
            "Microsoft has, not for the first time, invested in Mistral AI.",
            ("Microsoft", "INVESTED_IN", "Mistral AI"),
        ),
    ],
)
def test_a_verb_names_the_relation_of_its_subject_and_object(text: str, fact: tuple[str, ...]) -> None:
    assert fact in told(FrameFinder(), text)


def test_each_of_a_list_of_objects_has_the_relation() -> None:
    text = "Nvidia bought OctoAI, Deci and Run:ai."
    facts = told(FrameFinder(), text)
    assert {("Nvidia", "ACQUIRED", name) for name in ("OctoAI", "Deci AI")} <= facts


def test_an_apposition_stands_for_its_name() -> None:
    text = "OctoAI, a start-up in Seattle, was bought by Nvidia, the maker of chips."
    assert ("Nvidia", "ACQUIRED", "OctoAI") in told(FrameFinder(), text)


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("Nvidia did not buy OctoAI.", Modality.DENIED),
        ("Nvidia agreed to buy OctoAI.", Modality.PLANNED),
        ("Nvidia bought OctoAI.", Modality.ASSERTED),
    ],
)
def test_the_verb_tells_how_it_is_meant(text: str, modality: Modality) -> None:
    facts = [f for f in found(FrameFinder(), text) if f.predicate.value == "ACQUIRED"]
    assert [f.modality for f in facts] == [modality]


@pytest.mark.parametrize(
    "text",
    [
        "Anthropic released its ChatGPT competitor.",
        "Anthropic is building a ChatGPT-like assistant.",
        "Anthropic works on a ChatGPT alternative.",
    ],
)
def test_a_product_that_is_only_a_measure_is_nobodys(text: str) -> None:
    assert not [f for f in told(FrameFinder(), text) if f[1] in {"OFFERS", "DEVELOPS"}]


def test_two_firms_with_deals_of_their_own_are_no_partners() -> None:
    text = "Microsoft and Google have struck billion-dollar deals."
    assert not [f for f in told(FrameFinder(), text) if f[1] == "PARTNER_OF"]


def test_two_firms_with_one_partnership_are_partners() -> None:
    text = "Microsoft and Google have struck a partnership."
    assert ("Microsoft", "PARTNER_OF", "Google") in told(FrameFinder(), text)
