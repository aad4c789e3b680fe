"""Facts from a card's front matter and from lines such as `Context length: 128K` or `License   MIT`.

The line's own model is meant where its key names one, else that of the heading above, else the one
that the text is about.
"""

import re
from collections.abc import Iterator
from typing import Final

from kb.facts import EntityRef, Fact
from kb.ontology import EntityType
from loaders.extraction.annotations import Annotated, MentionKind
from loaders.extraction.attributes import facts_of
from loaders.extraction.focus import topic_of
from loaders.extraction.labels import OF_FIRMS, Attribute, Label, read_label
from loaders.extraction.statements import Statement, best_mention
from loaders.extraction.table_layout import gapped, lines_of, plain
from loaders.extraction.tables import section_model
from loaders.extraction.trace import Reason, What

_FRONT: Final = re.compile(r"\A---\n(.{1,20000}?)\n---(?:\n|\Z)", re.S)
_LINE: Final = re.compile(
    r"[ \t]{0,8}(?:[-*•+]\s{1,3})?(?P<mark>\*\*|__)?(?P<key>[A-Za-z\u4e00-\u9fff][^:：*"
    r"|\n]{1,58}?)(?(mark)(?:\*\*|__)?)"
    r"\s?[:：]\s?(?:\*\*|__)?\s?(?P<value>\S[^\n]{0,300})$"
)
_RUN_IN: Final = re.compile(
    r"(?P<key>Model (?:Developers?|Creators?|Release Date)|Licen[cs]e|Context (?:length|window)|Developed by)"
    r"\s+(?P<value>[A-Z0-9][^\n]{1,120})$"
)
"""A label that a card sets in bold before its words, without a colon."""

_RELEASE: Final = re.compile(r"(?:(?:version )?release|launch) date$", re.I)
_OPENING: Final = 1500
_LIMITS: Final = frozenset({Attribute.BENCHMARK, Attribute.PRICE_INPUT, Attribute.PRICE_OUTPUT})
"""A score or a price on a line of its own lacks too much of what makes it a fact."""


class CardFinder:
    """Reads front matter, `key: value` lines and two-column boxes about the card's model or product."""

    def find(self, annotated: Annotated) -> Iterator[Fact]:
        """The facts of all such lines."""
        front = _FRONT.match(annotated.text)
        main = _main(annotated)
        in_code = False
        for start, line in lines_of(annotated.text):
            if line.lstrip().startswith(("```", "~~~")):
                in_code = not in_code
            if in_code or not line or len(line) > 400:
                continue
            in_front = front is not None and start < front.end()
            found = _pair(start, line)
            if found is not None:
                yield from _line_facts(annotated, main, (start, line), found, in_front=in_front)


Pair = tuple[str, int, int]
"""A key, and where the words of its value stand."""


def _pair(start: int, line: str) -> Pair | None:
    if found := _LINE.match(line):
        return found["key"], start + found.start("value"), start + found.end("value")
    if found := _RUN_IN.match(line):
        return found["key"], start + found.start("value"), start + found.end("value")
    cells = gapped(start, line).cells
    if len(cells) == 2:
        return cells[0].text, cells[1].start, cells[1].end
    return None


def _line_facts(
    annotated: Annotated, main: EntityRef | None, place: tuple[int, str], pair: Pair, *, in_front: bool
) -> Iterator[Fact]:
    start, line = place
    key, value_start, value_end = pair
    own = best_mention(annotated, start, start + line.find(key) + len(key), EntityType.MODEL)
    label = read_label(key)
    if label is None and own is not None and _RELEASE.search(key):
        label = Label(Attribute.RELEASED_ON, words=key)
    if label is None or label.attribute in _LIMITS:
        return
    if label.attribute in OF_FIRMS:
        subject = _firm(annotated, start)
    else:
        subject = (
            own.ref if own is not None else main if in_front else section_model(annotated, start) or main
        )
    words = plain(annotated.text[value_start:value_end]).strip(" \"'[]")
    if subject is None or not words or _is_sentence(words):
        reason = Reason.NO_SUBJECT if subject is None else Reason.PROSE if words else Reason.UNREAD
        rule = f"label {label.attribute}"
        annotated.trace.dropped(What.CELL, reason, (value_start, value_end), rule=rule)
        return
    evidence = annotated.evidence(start, start + len(line))
    confidence = 0.95 if in_front else 0.88
    yield from facts_of(
        annotated, Statement(subject, label, value_start, value_end, words, evidence, confidence)
    )


def _firm(annotated: Annotated, position: int) -> EntityRef | None:
    """The firm whose profile the line is part of: that of the heading above, or of the whole text."""
    kinds = (EntityType.COMPANY,)
    return annotated.sections.heading(position, kinds) or topic_of(annotated, kinds)


def _is_sentence(words: str) -> bool:
    """Whether prose follows the colon, which other finders read."""
    return len(words.split()) > 14


def _main(annotated: Annotated) -> EntityRef | None:
    """The model or product that the card is about: named in the title, at the beginning, or most often."""
    title = annotated.document.metadata.title or ""
    opening = annotated.mentions_in(0, _OPENING, EntityType.MODEL, EntityType.PRODUCT)
    names = [m for m in opening if m.kind is MentionKind.NAME]
    titled = [m for m in names if annotated.text[m.start : m.end].casefold() in title.casefold()]
    main = topic_of(annotated, (EntityType.MODEL, EntityType.PRODUCT))
    if titled:
        return max(titled, key=lambda m: m.end - m.start).ref
    return main
