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
