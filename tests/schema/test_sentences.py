"""Which sentence some words stand in."""

import pytest

from schema.sentences import sentence_around


@pytest.mark.parametrize(
    ("text", "words", "sentence"),
    [
        ("One. Two is here. Three.", "Two", "Two is here."),
        ("It costs $3.5 billion now. Next.", "3.5", "It costs $3.5 billion now."),
        ("Said J. Doe of Acme. Next.", "Acme", "Said J. Doe of Acme."),
        ("A title\nThe first sentence. Next.", "first", "The first sentence."),
        ("“It is so.” Then more.", "so", "“It is so.”"),
        ("One ends. Two ends. Three.", "ends. Two", "One ends. Two ends."),
        ("no end at all", "end", "no end at all"),
        ("a, " * 300 + "the cell" + ", b" * 300, "the cell", "the cell"),
    ],
)
def test_the_sentence_around_some_words(text: str, words: str, sentence: str):
    start = text.index(words)
    assert sentence_around(text, start, start + len(words)) == sentence
