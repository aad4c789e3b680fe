"""The parser of a process is loaded once, and again when it has seen too many words."""

import pytest

from loaders.extraction import language


def test_the_parser_is_kept_between_texts() -> None:
    before = language.load_language(language.SpacyModel.SMALL)
    list(language.parse(["Contoso acquired Fabrikam."]))
    assert language.load_language(language.SpacyModel.SMALL) is before


def test_words_of_texts_read_before_are_not_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Contoso acquired Fabrikam, and qwxzjk was new."
    (before,) = language.parse([text])
    kept = "qwxzjk" in language.load_language(language.SpacyModel.SMALL).vocab.strings
    monkeypatch.setattr(language, "_MOST_WORDS", 0)
    (after,) = language.parse(["Nothing new."])
    assert (kept, "qwxzjk" in after.vocab.strings) == (True, False)
    (again,) = language.parse([text])
    assert [(t.text, t.dep_, t.head.i) for t in again] == [(t.text, t.dep_, t.head.i) for t in before]


@pytest.mark.parametrize("name", ["Wrenly.AI", "Wrenly.Ai", "Wrenly.ai", "W3.ai", "Wrenly.com", "Wrenly.IO"])
@pytest.mark.parametrize("text", ["Contoso acquired {} in May.", "It is {}-backed.", "It is {}'s, they say."])
def test_a_name_that_ends_like_an_address_is_one_word_of_one_sentence(name: str, text: str) -> None:
    (doc,) = language.parse([text.format(name)])
    assert (name in [token.text for token in doc], len(list(doc.sents))) == (True, 1)


def test_a_stop_without_a_blank_still_ends_a_sentence() -> None:
    (doc,) = language.parse(["Contoso was sold to Fabrikam.Aims were not told."])
    assert [sentence.text for sentence in doc.sents] == [
        "Contoso was sold to Fabrikam.",
        "Aims were not told.",
    ]
