"""Long documents in passages that overlap, cut where a paragraph or a sentence ends.

Cuts are sought from the coarse to the fine: between paragraphs, after a sentence, between lines, between
words; only a text that has none of these is cut within a word. The overlap lets a sentence be read with the
one before it, which often names whom it speaks of.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

SIZE: Final = 6_000
"""Code points of a passage at most: some 1,500 tokens of English, of which a model overlooks little."""
OVERLAP: Final = 600
_BOUNDS: Final = tuple(
    re.compile(bound) for bound in (r"\n\s*\n", r"[.!?…][\"”’')\]]*\s+|[。！？]", r"\n", r"\s+")
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document's text, in code points."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words of the stretch."""
        return text[self.start : self.end]


def passages(text: str, size: int = SIZE, overlap: int = OVERLAP) -> list[Passage]:
    """The passages in order; together they hold every word, and each begins before the last one ends."""
    found: list[Passage] = []
    start = len(text) - len(text.lstrip())
    stop = len(text.rstrip())
    while stop - start > size:
        end = _cut(text, start + size // 2, start + size)
        found.append(Passage(start, end))
        start = _cut(text, max(end - overlap, start + 1), end, first=True)
    if start < stop:
        found.append(Passage(start, stop))
    return found


def halves(text: str, passage: Passage) -> tuple[Passage, ...]:
    """The passage in two, for an answer that was too long; nothing when it cannot be parted."""
    middle, quarter = (passage.start + passage.end) // 2, (passage.end - passage.start) // 4
    if quarter == 0:
        return ()
    cut = _cut(text, middle - quarter, middle)
    return tuple(Passage(*ends) for ends in pairwise((passage.start, cut, passage.end)))


def _cut(text: str, low: int, high: int, *, first: bool = False) -> int:
    """The last (or first) good place to cut with `low < place <= high`; `high` where there is none."""
    for bound in _BOUNDS:
        places = [found.end() for found in bound.finditer(text, low, high) if found.end() > low]
        if places:
            return places[0] if first else places[-1]
    return low if first else high
