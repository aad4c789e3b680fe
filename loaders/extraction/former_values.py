"""Numbers told as what another has taken the place of: `up from $3 million`, `from 5 to 8 million users`."""

import re
from typing import Final

from loaders.extraction.annotations import Annotated, Span

_FROM: Final = re.compile(r"\bfrom (?:(?:just|only|an?|some|the) )*$", re.IGNORECASE)
_CHANGE: Final = re.compile(
    r"\b(?:up|down|above|rise|rises|rising|risen|rose|gr[oe]w\w*|jump\w*|climb\w*|doubl\w+|tripl\w+|quadrupl\w+"
    r"|surg\w+|soar\w*|swell\w*|swollen|leap\w*|leapt|f[ae]ll\w*|dropp?\w*|declin\w+|shr[aiu]nk\w*|slid|slipp\w+"
    r"|plung\w+|tumbl\w+|increas\w+|decreas\w+|went|gone|expand\w+|lifted|cut|improv\w+)\b[^.;<>]{0,60}$",
    re.IGNORECASE,
)
_TO: Final = re.compile(r"[^.;]{0,80}?\bto (?:(?:just|only|an?|some|over|nearly|almost) )*$", re.IGNORECASE)
_RANGE: Final = re.compile(
    r"\b(?:rang(?:e|es|ed|ing)|anywhere|sizes?|variously)\b[^.;]{0,40}$", re.IGNORECASE
)
_BREAK: Final = re.compile(r"[,;:]|\b(?:and|but|while|to)\b")


def is_former(annotated: Annotated, sentence: Span, start: int, end: int) -> bool:
    """Whether the number at this place is the one from which something has changed to another."""
    before = annotated.text[sentence.start : start]
    opening = _FROM.search(before)
    if opening is None or _RANGE.search(before, 0, opening.start()):
        return False
    if _CHANGE.search(before, 0, opening.start()):
        return True
    following = annotated.quantities_in(end, sentence.end)
    return bool(following) and _TO.fullmatch(annotated.text, end, following[0].start) is not None


def own_words(annotated: Annotated, sentence: Span, end: int) -> Span:
    """What stands behind such a number and is told of it alone."""
    following = annotated.quantities_in(end, sentence.end)
    stop = _BREAK.search(annotated.text, end, sentence.end)
    ends = [sentence.end, *(q.start for q in following[:1]), *((stop.start(),) if stop else ())]
    return Span(end, max(min(ends), end))


def is_of_former(annotated: Annotated, sentence: Span, position: int, start: int) -> bool:
    """Whether a date at the position belongs to such a number, and not to a later one at `start`."""
    before = annotated.quantities_in(sentence.start, position)
    if (
        position >= start
        or not before
        or not is_former(annotated, sentence, before[-1].start, before[-1].end)
    ):
        return False
    return position < own_words(annotated, sentence, before[-1].end).end
