"""The places of a pair whose vectors the classifier reads: what spaCy's model made of the words there.

The vectors know words that the annotated passages do not hold by those that are used like them.
"""

from typing import Final

from loaders.extraction.pairs.candidates import Candidate
from loaders.extraction.pairs.routes import route
from loaders.extraction.pairs.words import Words

PARTS: Final = ("between", "route", "org", "other", "org-head", "other-head", "org-before", "other-before")
"""What the tokens of a pair's places are, in this order."""

Places = tuple[tuple[int, ...], ...]
_LONGEST: Final = 15


def places(words: Words, organisation: Candidate, other: Candidate) -> Places:
    """By part the tokens whose vectors count, as their mean; none where there is nothing at that place."""
    left, right = (organisation, other) if organisation.first <= other.first else (other, organisation)
    way = route(words, organisation.root, other.root)
    return (
        tuple(range(left.last, min(right.first, left.last + _LONGEST))),
        tuple(way.nodes(organisation.root, other.root)) if way is not None else (),
        (organisation.root,),
        (other.root,),
        (words.head[organisation.root],),
        (words.head[other.root],),
        tuple(range(max(organisation.first - 1, 0), organisation.first)),
        tuple(range(max(other.first - 1, 0), other.first)),
    )
