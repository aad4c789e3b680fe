"""Tokens of long stretches without blanks, in time that grows with their length, not with its square."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from spacy.attrs import NORM, ORTH, SPACY
from spacy.tokens import Doc
from spacy.vocab import Vocab

_LONG: Final = re.compile(r"(?<!\S)\S{400,}")
_PIECE: Final = re.compile(r"(?P<signs>[^\w\s]{32,}) ?|(?:(?![^\w\s]{32})\S){1,200} ?")


class LongRunTokenizer:
    """spaCy's tokenizer, which is given a long stretch without blanks piece by piece.

    By itself it takes signs off the ends of the stretch one by one and looks at the whole rest each time.
    """

    def __init__(self, tokenizer: Callable[[str], Doc], vocab: Vocab) -> None:
        """Split as this tokenizer does, with words of this vocabulary."""
        self._tokenizer: Final = tokenizer
        self._vocab: Final = vocab

    def __call__(self, text: str) -> Doc:
        """The tokens of the text; many signs in a row within a long stretch are one."""
        if _LONG.search(text) is None:
            return self._tokenizer(text)
        pieces = list(self._pieces(text))
        return Doc.from_docs(pieces, ensure_whitespace=False, attrs=[ORTH, SPACY, NORM])

    def _pieces(self, text: str) -> Iterator[Doc]:
        position = 0
        for run in _LONG.finditer(text):
            if run.start() > position:
                yield self._tokenizer(text[position : run.start()])
            for piece in _PIECE.finditer(text, run.start(), run.end() + 1):
                position = piece.end()
                signs = piece["signs"]
                if signs is None:
                    yield self._tokenizer(piece[0])
                else:
                    yield Doc(self._vocab, words=[signs], spaces=[piece[0][-1] == " "])
        if position < len(text):
            yield self._tokenizer(text[position:])
