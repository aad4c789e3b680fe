"""Stretches without blanks are split in pieces, and the tokens still lie over exactly the text."""

from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from loaders.extraction.language import SpacyModel, load_language
from loaders.extraction.long_runs import LongRunTokenizer

_PIECES = ("a", "Ab", "7", ".", "-", "…", "!?", "（", "字", "e\u0301", "🙂", "https://x.y/", "U.S.", "co-op")
_BLANKS = ("", " ", "  ", "\n", " \n\n", "\t")
_LONGEST = 201
"""So long is a piece at most, with the blank behind it."""


class _Recording:
    """spaCy's tokenizer, which notes the texts that it is given."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def __call__(self, text: str) -> Doc:
        self.given.append(text)
        return _bare(text)


def _bare(text: str) -> Doc:
    return load_language(SpacyModel.SMALL).tokenizer(text)


def runs() -> st.SearchStrategy[str]:
    """Texts of stretches short and long, of letters, digits, signs and what lies between them."""
    stretch = st.tuples(st.sampled_from(_PIECES), st.integers(0, 500), st.sampled_from(_BLANKS))
    return st.lists(stretch, max_size=6).map(
        lambda parts: "".join(piece * number + blank for piece, number, blank in parts)
    )


@settings(max_examples=60, deadline=None)
@given(runs())
def test_tokens_lie_over_exactly_the_text(text: str) -> None:
    doc = load_language(SpacyModel.SMALL).tokenizer(text)
    assert doc.text == text
    assert all(text[token.idx : token.idx + len(token)] == token.text for token in doc)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(_PIECES), st.integers(400, 3000))
def test_no_long_stretch_is_given_to_the_tokenizer_whole(piece: str, number: int) -> None:
    recording = _Recording()
    text = f"Before {piece * number} after."
    assert LongRunTokenizer(recording, load_language(SpacyModel.SMALL).vocab)(text).text == text
    assert max(map(len, recording.given)) <= _LONGEST


def test_a_text_without_long_stretches_is_left_to_the_tokenizer() -> None:
    recording = _Recording()
    text = "Acme Inc. raised $5 million (about €4.6m) in the U.S. on 3 May."
    LongRunTokenizer(recording, load_language(SpacyModel.SMALL).vocab)(text)
    assert recording.given == [text]
