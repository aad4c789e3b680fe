"""Rules stay quick on words made to hold them up, and the look-up of needed words loses no match."""

import re
import time

import pytest

from loaders.extraction.figures import FigureFinder
from loaders.extraction.lazy_pattern import ignoring_case
from loaders.extraction.rules import load_rules
from tests.loaders.extraction.reading import told

_WINDOW = 110
"""So many letters behind a number are looked at, with room for the word that the rule needs."""

_HANG = 20.0
"""Seconds; work that doubled with each word would take hours."""


@pytest.mark.parametrize("word", ["the", "own", "AI"])
def test_a_run_of_one_word_before_chips_is_read_in_bounded_time(word: str) -> None:
    run = f"{word} " * (_WINDOW // (len(word) + 1))
    started = time.process_time()
    told(FigureFinder(), f"OpenAI has 5,000 {run}, not GPUs.")
    assert time.process_time() - started < _HANG


def test_a_rule_finds_the_same_with_and_without_its_needed_words() -> None:
    words = (
        "OpenAI has 5,000 GPUs, revenue of <Q1> a year, 8 billion tokens of text and a 128K context window."
    )
    sources = {
        source
        for rule in load_rules("figures")
        for key in ("left", "right")
        if (source := rule.text_or_none(key))
    }
    for source in sorted(sources):
        plain, lazy = re.compile(source, re.IGNORECASE), ignoring_case(source)
        for start in range(0, len(words), 5):
            ours, theirs = lazy.search(words[start:]), plain.search(words[start:])
            assert (ours and ours.span()) == (theirs and theirs.span()), source
