"""Front matter and `key: value` lines of model cards."""

from loaders.extraction.model_card import CardFinder
from tests.loaders.extraction.reading import told

CARD = """---
license: apache-2.0
base_model: mistralai/Mistral-7B-v0.1
language: en
---
# DBRX Chat

- **Model developers:** Databricks
- Context length: 128K
- Parameters: 8B (3B active)
- **Release Date**: April 18, 2024
- Layers: 32
"""


def test_front_matter_tells_licence_and_base() -> None:
    facts = told(CardFinder(), CARD, title="DBRX Chat")
    assert ("DBRX Chat", "RELEASED_UNDER", "apache-2.0") in facts
    assert ("DBRX Chat", "DERIVED_FROM", "Mistral-7B-v0.1") in facts


def test_spec_lines_belong_to_the_card_s_model() -> None:
    facts = {fact[1:] for fact in told(CardFinder(), CARD, title="DBRX Chat")}
    assert ("CONTEXT_WINDOW", 128_000, "token") in facts
    assert ("RELEASED_ON", "2024-04-18") in facts
    assert ("PARAMETERS", 8_000_000_000, "parameter") in facts
    assert ("PARAMETERS", 3_000_000_000, "parameter", "active") in facts


def test_developers_are_named() -> None:
    assert any(fact[:2] == ("Databricks", "DEVELOPS") for fact in told(CardFinder(), CARD, title="DBRX Chat"))


def test_a_box_of_two_columns_is_read() -> None:
    box = "DBRX\nOriginal author(s)   Mosaic ML and Databricks\nLicense              MIT\n\nDBRX is big."
    facts = told(CardFinder(), box, title="DBRX")
    assert {("Databricks", "DEVELOPS", "DBRX"), ("DBRX", "RELEASED_UNDER", "MIT")} <= facts


def test_a_key_may_name_its_own_model() -> None:
    assert told(CardFinder(), "Llama 3 Version Release Date: April 18, 2024") == {
        ("Llama 3", "RELEASED_ON", "2024-04-18")
    }


def test_lines_about_nothing_known_tell_nothing() -> None:
    assert told(CardFinder(), "License: MIT\nParameters: 7B") == set()


def test_code_is_not_read() -> None:
    assert told(CardFinder(), "# DBRX\n\n```yaml\nlicense: mit\n```\nDBRX and DBRX", title="DBRX") == set()
