"""Rules stay quick on words that are made to hold them up."""

import re
import time
from collections.abc import Iterable, Iterator
from typing import Final

import pytest

from loaders.extraction.figures import FigureFinder
from loaders.extraction.rules import load_rules
from loaders.extraction.slots import pattern
from tests.loaders.extraction.reading import told

_WINDOW = 110
"""So many letters behind a number are looked at, with room for the word that the rule needs."""

_HANG = 20.0
"""Seconds; work that doubled with each word would take hours."""

_SENTENCE: Final = 3_000
"""A sentence is read in pieces of at most this length."""

_PART: Final = 4_000
_WHOLE: Final = 200_000
_MOST: Final = 40
_WORDS: Final = re.compile(r"[A-Za-z][a-z'-]+|%[A-Z]+%")
_SLOTS: Final = ("<C1>, ", "<C1> and ", "<P1>, <C2>, ", "<M1> ", "<Q1> in <C2> ", "<C1>'s <P2>, ", "<T1> ")


@pytest.mark.parametrize("word", ["the", "own", "AI"])
def test_a_run_of_one_word_before_chips_is_read_in_bounded_time(word: str) -> None:
    run = f"{word} " * (_WINDOW // (len(word) + 1))
    started = time.process_time()
    told(FigureFinder(), f"OpenAI has 5,000 {run}, not GPUs.")
    assert time.process_time() - started < _HANG


@pytest.mark.parametrize("topic", ["people", "models", "deals", "dates", "places"])
def test_runs_of_a_rules_own_words_are_read_in_bounded_time(topic: str) -> None:
    for rule in load_rules(topic, NATION="(?P<nation>French)"):
        compiled = re.compile(pattern(rule.text("pattern")).pattern)
        assert _seconds(compiled, _pumped(rule.text("pattern"), _SENTENCE)) < _HANG, rule.where


@pytest.mark.parametrize("key", ["left", "right"])
def test_runs_of_a_figure_rules_own_words_are_read_in_bounded_time(key: str) -> None:
    for rule in load_rules("figures"):
        if (source := rule.text_or_none(key)) is not None:
            compiled = re.compile(f"(?:{source})\\s*$" if key == "left" else source, re.IGNORECASE)
            assert _seconds(compiled, _pumped(source, _WINDOW)) < _HANG, rule.where


def test_runs_of_the_words_of_rules_for_names_are_read_in_bounded_time() -> None:
    for rule in load_rules("names"):
        source = rule.text("pattern")
        assert _seconds(re.compile(source), _pumped(source, _PART)) < _HANG, rule.where


@pytest.mark.parametrize("word", ["A", "Ab", "A-", "A&", "A.", "A'", "7", "_", "ABC ", "Ab, ", "AI "])
def test_an_endless_word_is_searched_for_names_in_time_that_grows_with_its_length(word: str) -> None:
    """The square of this length would take minutes for each rule."""
    text = word * (_WHOLE // len(word))
    for rule in load_rules("names"):
        assert _seconds(re.compile(rule.text("pattern")), [text]) < _HANG, rule.where


def _pumped(source: str, length: int) -> Iterator[str]:
    """Each word of a pattern over and over, after the words before it and alone."""
    words = list(dict.fromkeys(_WORDS.findall(source)))[:_MOST]
    for i, word in enumerate(words):
        for before in {"", " ".join(words[max(i - 2, 0) : i])}:
            for between in (" ", ", "):
                yield f"{before} {(word + between) * (length // (len(word) + len(between)))}."
    for slot in _SLOTS:
        yield slot * (length // len(slot))


def _seconds(compiled: re.Pattern[str], texts: Iterable[str]) -> float:
    started = time.process_time()
    for text in texts:
        for _ in compiled.finditer(text):
            pass
    return time.process_time() - started
