"""Copies of an article are alike, other articles are not, on every machine."""

import random

from kb.likeness import signature

CHANCE = random.Random(7)
WORDS = [f"word{number}" for number in range(4000)]


def article(words: int = 400) -> str:
    return " ".join(CHANCE.choice(WORDS) for _ in range(words))


AGENCY = article()


def test_another_headline_and_a_cut_end_leave_a_copy():
    copy = "Another headline of this paper. " + " ".join(AGENCY.split()[:330])
    assert signature(AGENCY).is_like(signature(copy))


def test_a_few_sentences_of_its_own_leave_a_copy():
    words = AGENCY.split()
    copy = " ".join([*words[:100], article(25), *words[100:250], article(25), *words[250:]])
    assert signature(AGENCY).is_like(signature(copy))


def test_case_and_marks_do_not_matter():
    assert signature("Acme is worth 5 billion, it says.") == signature("ACME is worth 5 billion - it says!")


def test_other_articles_are_not_alike():
    assert not any(signature(article()).is_like(signature(article())) for _ in range(50))


def test_an_article_that_quotes_a_paragraph_is_none():
    assert not signature(AGENCY).is_like(signature(article(300) + " ".join(AGENCY.split()[:80])))


def test_a_text_of_few_words_and_an_empty_one_have_signatures():
    assert signature("Acme") == signature("acme")
    assert not signature("").is_like(signature("Acme"))


def test_the_signature_is_the_same_on_every_machine():
    assert signature("the quick brown fox jumps over the lazy dog").data[:8].hex() == "ce634d30974f772e"
