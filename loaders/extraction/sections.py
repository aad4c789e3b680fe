"""Which entity a part of a document is about: the one that opens its paragraph or stands in its heading.

A newsletter's item begins with the firm that it tells of (`Acme (Berlin) — …`), a profile puts each firm
under a heading of its own. Within such a part nothing that is left unsaid is about the rest of the document.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from kb.facts import EntityRef
from kb.ontology import EntityType
from loaders.extraction.annotations import EntityMention, MentionKind

_LEAD: Final = re.compile(
    r"(?:^|\n)(?:[ \t]*(?:[-*•+|]|\d{1,2}[.)])[ \t]+)?(?:[A-Z][\w-]+['’]s? )?(?=[A-Z0-9])(?=\S)"
)
_AFTER_LEAD: Final = re.compile(r"(?: ?\([^()\n]{1,40}\))?(?:\s?[—–]\s|\s-\s|:\s)")
_HEADING: Final = re.compile(r"^(#{1,6}) +(\S[^\n]{0,200})$", re.M)
_PARAGRAPH: Final = re.compile(r"\n\s*\n|\n(?=[ \t]*(?:[-*•+|]|\d{1,2}[.)]) )|\n(?=#)")


class Sections:
    """The parts of one text that are about one entity of their own."""

    def __init__(self, text: str, mentions: Sequence[EntityMention]) -> None:
        """Find the headings, and the names that open paragraphs."""
        names = [m for m in mentions if m.kind is MentionKind.NAME]
        self._leads: Final = dict(_leads(text, names))
        self._paragraphs: Final = [0, *(found.end() for found in _PARAGRAPH.finditer(text))]
        self._headings: Final = list(_headings(text, names))
        self._heading_starts: Final = [start for start, _, _ in self._headings]
        self._above: Final = list(_above([depth for _, depth, _ in self._headings]))

    def lead(self, position: int, types: Sequence[EntityType]) -> EntityRef | None:
        """The entity of these types that the paragraph at the position begins with as its subject."""
        start = self._paragraphs[bisect_right(self._paragraphs, position) - 1]
        ref = self._leads.get(start)
        return ref if ref is not None and ref.type in types else None

    def heading(self, position: int, types: Sequence[EntityType]) -> EntityRef | None:
        """The only entity of these types in the nearest heading above the position that names any.

        A heading of a lower level than one already passed belongs to another branch.
        """
        index = bisect_right(self._heading_starts, position) - 1
        while index >= 0:
            fitting = {ref for ref in self._headings[index][2] if ref.type in types}
            if fitting:
                return fitting.pop() if len(fitting) == 1 else None
            index = self._above[index]
        return None


def _above(depths: Sequence[int]) -> Iterator[int]:
    """For each heading the nearest one before it of a higher level, or -1."""
    open_ones: list[int] = []
    for index, depth in enumerate(depths):
        while open_ones and depths[open_ones[-1]] >= depth:
            open_ones.pop()
        yield open_ones[-1] if open_ones else -1
        open_ones.append(index)


def _leads(text: str, names: Sequence[EntityMention]) -> list[tuple[int, EntityRef]]:
    starts = {m.start: m for m in names}
    found: list[tuple[int, EntityRef]] = []
    for lead in _LEAD.finditer(text):
        mention = starts.get(lead.end())
        if mention is not None and _AFTER_LEAD.match(text, mention.end):
            begin = lead.start() + (1 if text[lead.start() : lead.start() + 1] == "\n" else 0)
            found.append((begin, mention.ref))
    return found


def _headings(text: str, names: Sequence[EntityMention]) -> list[tuple[int, int, frozenset[EntityRef]]]:
    starts = [m.start for m in names]
    found: list[tuple[int, int, frozenset[EntityRef]]] = []
    for heading in _HEADING.finditer(text):
        low, high = bisect_right(starts, heading.start() - 1), bisect_right(starts, heading.end())
        found.append((heading.start(), len(heading[1]), frozenset(m.ref for m in names[low:high])))
    return found
