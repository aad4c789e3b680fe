from loaders.extraction.figures import FigureFinder
from loaders.extraction.pairings import PairingFinder
from tests.loaders.extraction.reading import told


def test_firms_and_their_products_are_paired_item_by_item() -> None:
    text = "OpenAI and Mistral AI offer their users ChatGPT and Le Chat, respectively."
    assert told(PairingFinder(), text) == {
        ("OpenAI", "OFFERS", "ChatGPT"),
        ("Mistral AI", "OFFERS", "Le Chat"),
    }


def test_lists_of_different_length_are_not_paired() -> None:
    assert (
        told(PairingFinder(), "OpenAI, Cohere and Mistral AI offer ChatGPT and Le Chat, respectively.")
        == set()
    )


def test_what_somebody_only_uses_is_not_theirs() -> None:
    assert (
        told(PairingFinder(), "Cohere and Databricks are using ChatGPT and Le Chat, respectively.") == set()
    )


def test_numbers_go_to_the_firms_in_the_same_order() -> None:
    text = "OpenAI and Cohere have about 3,000 and 400 employees, respectively."
    assert told(FigureFinder(), text) == {
        ("OpenAI", "HEADCOUNT", 3000, "person"),
        ("Cohere", "HEADCOUNT", 400, "person"),
    }
