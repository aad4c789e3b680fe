"""To look for a rule's needed words first loses no match, be it on sentences of the seeds or of its words."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from loaders.extraction.lazy_pattern import Choice, LazyPattern, ignoring_case
from loaders.extraction.rules import load_rules
from loaders.extraction.slots import all_slotted, pattern
from tests.loaders.extraction.reading import annotated

_SEEDS = Path(__file__).parents[3] / "seeds" / "documents"
_MACROS = {"NATION": "(?P<nation>French|Chinese)"}
_SLOTS = ("<C0>", "<P1>", "<M2>", "<D3>", "<Q4>", "<Z5>", "<N6>", "<L7>", "<T8>")
_WORD = re.compile(r"[A-Za-z][a-z'-]+|\d+|[,.:(]")


@cache
def sentences() -> tuple[str, ...]:
    """The seeds' sentences with slots, each once, with dates as slots and without."""
    known: dict[str, None] = {}
    for path in sorted(_SEEDS.glob("*.md")):
        document = annotated(path.read_text(encoding="utf-8"))
        for dates in (False, True):
            known |= dict.fromkeys(sentence.text for sentence in all_slotted(document, dates=dates))
    return tuple(known)


def rules(topic: str) -> Iterator[tuple[str, LazyPattern]]:
    """The patterns of a file with where each stands."""
    for rule in load_rules(topic, **_MACROS):
        for key in ("pattern", "left", "right"):
            if (source := rule.text_or_none(key)) is not None:
                yield rule.where, pattern(source) if key == "pattern" else ignoring_case(source)


def made_of(source: str) -> Iterator[str]:
    """Sentences of the words of a pattern in their order, with slots between them, some left out."""
    words = _WORD.findall(source)
    for step in range(1, 4):
        for first in range(step):
            kept = words[first::step]
            yield " ".join(kept)
            yield " ".join(part for pair in zip(kept, _SLOTS * len(kept), strict=False) for part in pair)


@pytest.mark.parametrize("topic", ["people", "models", "deals", "dates", "places", "figures", "names"])
def test_a_rule_finds_the_same_with_and_without_its_needed_words(topic: str) -> None:
    for where, lazy in rules(topic):
        flags = 0 if lazy.minds_case else re.IGNORECASE
        plain = re.compile(lazy.pattern, flags)
        for text in (*sentences(), *made_of(lazy.pattern)):
            if not lazy.can_match(text):
                assert plain.search(text) is None, (where, text)


def test_rules_that_a_choice_leaves_out_find_nothing() -> None:
    known = [rule for topic in ("people", "models", "deals") for rule in rules(topic)]
    choice = Choice((lazy, index) for index, (_, lazy) in enumerate(known))
    for text in sentences()[::4]:
        tried = set(choice.among(text))
        for index, (where, lazy) in enumerate(known):
            assert index in tried or lazy.search(text) is None, (where, text)


def test_a_pattern_whose_words_are_all_optional_needs_none() -> None:
    assert pattern("(?:very )?(?:much|)").needs == ()


@pytest.mark.parametrize("text", ["Kelvin", "ſtraße", "DOTLESS ı", "İstanbul"])
def test_letters_with_odd_cases_are_found_without_minding_case(text: str) -> None:
    lazy = ignoring_case(re.escape(text))
    assert lazy.search(text) is not None
