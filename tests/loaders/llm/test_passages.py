"""Long documents go to the model in passages that leave no word out."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from loaders.llm.passages import Passage, halves, passages

TEXTS = st.lists(
    st.sampled_from(["word", "Ünïcode", "一二三", "。", ". ", "! ", "\n", "\n\n", " ", "\t", "x" * 30]),
    max_size=60,
).map("".join)
SENTENCES = " ".join(f"This is sentence {n}." for n in range(100))


@given(TEXTS, st.integers(2, 40), st.integers(0, 30))
def test_together_the_passages_hold_every_word_and_none_is_longer_than_allowed(
    text: str, size: int, overlap: int
):
    found = passages(text, size, overlap)
    covered = {place for passage in found for place in range(passage.start, passage.end)}
    assert {place for place, c in enumerate(text) if not c.isspace()} <= covered
    assert [p for p in found if not 0 < p.end - p.start <= size] == []


@given(TEXTS, st.integers(2, 40), st.integers(0, 30))
def test_each_passage_begins_behind_the_beginning_of_the_one_before(text: str, size: int, overlap: int):
    starts = [passage.start for passage in passages(text, size, overlap)]
    assert starts == sorted(set(starts))


@given(TEXTS)
def test_two_halves_are_the_whole_and_both_are_shorter(text: str):
    whole = Passage(0, len(text))
    parts = halves(text, whole)
    assert [p for p in parts if not 0 < p.end - p.start < len(text)] == []
    assert "".join(part.of(text) for part in parts) == (text if len(text) >= 4 else "")


def test_passages_end_with_sentences_and_share_at_least_one():
    found = [passage.of(SENTENCES).strip() for passage in passages(SENTENCES, 500, 100)]
    assert [words for words in found if not (words.startswith("This") and words.endswith("."))] == []
    assert [b for a, b in pairwise(found) if b.split(".")[0] not in a] == []


def test_a_short_text_is_one_passage_and_an_empty_one_is_none():
    assert passages(" \n a b \n") == [Passage(3, 6)]
    assert passages(" \n ") == []
