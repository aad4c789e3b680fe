"""Phrases such as `the pair` and `both` that refer to several people named just before."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from spacy.tokens import Doc

from kb.facts import EntityRef
from kb.ontology import EntityType
from loaders.extraction.annotations import EntityMention, Group, MentionKind

_GROUP: Final = re.compile(
    r"(?<![\w-])(?:(?P<two>[Bb]oth|[Tt]he\s(?:two|pair|duo))|(?P<three>[Tt]he\s(?:three|trio)))"
    r"(?:\s(?:men|women|founders|co-founders|researchers|brothers|executives|engineers|scientists))?(?=\s[a-z])"
)
_SUBJECTS: Final = frozenset(("nsubj", "nsubjpass"))
_LOOK_BACK: Final = 3
_CROWD: Final = 40
"""So many people named before are looked at."""


def find_groups(doc: Doc, mentions: Sequence[EntityMention]) -> Iterator[Group]:
    """The groups that are subjects, each with as many people as it says; unclear ones are left out."""
    people = [m for m in mentions if m.type is EntityType.PERSON]
    starts = [m.start for m in people]
    for found in _GROUP.finditer(doc.text) if people else ():
        span = doc.char_span(found.start(), found.end(), alignment_mode="expand")
        if (
            span is None
            or span.root.dep_ not in _SUBJECTS
            or not _is_verb_next(span.root.head.i, span.end, doc)
        ):
            continue
        last = bisect_left(starts, found.start())
        members = _before(
            doc, span.sent.start, people[max(last - _CROWD, 0) : last], 2 if found["two"] else 3
        )
        if members:
            yield Group(found.start(), found.end(), members)


def _is_verb_next(verb: int, end: int, doc: Doc) -> bool:
    """Whether the verb follows soon, so that the phrase stands alone (`both left`, not `both models`)."""
    return end <= verb <= end + 4 and doc[verb].pos_ in {"VERB", "AUX"}


def _before(
    doc: Doc, sentence_start: int, people: Sequence[EntityMention], number: int
) -> tuple[EntityMention, ...]:
    """So many different people of this sentence and those before, the nearest sentences first."""
    found: dict[EntityRef, EntityMention] = {}
    start = sentence_start
    for _ in range(_LOOK_BACK):
        begin = doc[start].idx if start < len(doc) else 0
        here = [m for m in people if m.start >= begin and m.kind is MentionKind.NAME]
        for mention in here:
            found.setdefault(mention.ref, mention)
        people = [m for m in people if m.start < begin]
        if len(found) == number:
            return tuple(found.values())
        if len(found) > number or start == 0:
            return ()
        start = doc[start - 1].sent.start
    return ()
