"""Front matter and `key: value` lines of model cards."""

from kb.documents import Document, Metadata
from kb.facts import Figure
from loaders.extraction.model_card import CardFinder
from tests.loaders.extraction.reading import extractor, told

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


def test_a_label_in_bold_needs_no_colon() -> None:
    text = "# DBRX\n\nModel Developers Databricks\n\nContext window 32K\n\nDBRX is here. DBRX stays."
    assert told(CardFinder(), text, title="DBRX") == {
        ("Databricks", "DEVELOPS", "DBRX"),
        ("DBRX", "CONTEXT_WINDOW", 32_000, "token"),
    }


def test_what_is_only_a_part_of_the_whole_is_left_out() -> None:
    text = (
        "# DBRX\n\n- Number of Parameters (Non-Embedding): 7.1B\n"
        "- Context length: 32,768 tokens and generation 8,192 tokens\n- Training data: 12 trillion tokens\n\n"
        "DBRX is here. DBRX stays."
    )
    assert told(CardFinder(), text, title="DBRX") == {
        ("DBRX", "CONTEXT_WINDOW", 32_768, "token"),
        ("DBRX", "TRAINING_TOKENS", 12_000_000_000_000, "token"),
    }


def test_a_card_s_line_is_of_the_card_s_model_though_the_line_above_names_another() -> None:
    text = "# DBRX\n\n- Base model: Llama-2-7B\n- Parameters: 132B\n\nDBRX is a language model. DBRX is big."
    document = Document("x", text, "text/plain", "sha256:0", "none/1", Metadata(title="DBRX"))
    [extraction] = extractor().extract([document])
    sizes = {(f.subject.name, f.value) for f in extraction.facts if isinstance(f, Figure) and f.value}
    assert sizes == {("DBRX", 132_000_000_000)}
