"""The verb of an item in a list: `invest` for `$9 from Y` in `invest …, $5 from X and $9 from Y`."""

import re
from typing import Final

from spacy.tokens import Token

from loaders.extraction.annotations import Annotated

_LISTED: Final = re.compile(
    r"(?:[,:(—–] ?|\b(?:and|or) )(?:(?:and|or|the|other|another|up to|about|a|further) )*$", re.IGNORECASE
)
_VERBS: Final = frozenset(("VERB", "AUX"))
_PLAIN: Final = frozenset(("VB", "VBD", "VBP", "VBZ"))
_CLIMB: Final = 12
_REACH: Final = 40


def governor(annotated: Annotated, start: int, end: int) -> int | None:
    """Where the verb begins; None for words with a verb of their own, and for those that go on no list."""
    sentence = annotated.sentence_at(start)
    words = annotated.tokens(start, end)
    listed = _LISTED.search(annotated.text, max(sentence.start, start - _REACH), start)
    if listed is None or not len(words) or any(token.pos_ in _VERBS for token in words):
        return None
    above = _verb_above(words.root)
    if above is not None:
        return above.idx if sentence.start <= above.idx < start else None
    before = [t for t in annotated.tokens(sentence.start, start) if t.tag_ in _PLAIN and t.idx < start]
    return before[-1].idx if before else None


def _verb_above(token: Token) -> Token | None:
    for _ in range(_CLIMB):
        if token.head.i == token.i:
            return None
        token = token.head
        if token.pos_ in _VERBS:
            return token
    return None
