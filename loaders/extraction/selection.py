"""Of several findings of one fact, the one to keep."""

import re
from bisect import bisect_left
from collections.abc import Hashable, Iterable
from typing import Final

from kb.facts import DateFact, Fact, Figure, Relation
from loaders.extraction.trace import NO_TRACE, Reason, Trace

_LABELLED: Final = re.compile(r"\||(?:[-*•+]\s{1,3})?[A-Z][^.:;|\n]{1,58}[:：]\s?\S")

_STRETCH: Final = 1000


def distinct(facts: Iterable[Fact], trace: Trace = NO_TRACE) -> list[Fact]:
    """One finding of each fact at overlapping words: the most certain, of equals the earliest.

    `trace` is told of the others.
    """
    kept: dict[Hashable, list[tuple[int, int, Fact]]] = {}
    ranked = sorted(facts, key=lambda f: (-f.confidence, f.evidence.start, f.evidence.end, repr(f)))
    for fact in ranked:
        group = kept.setdefault(_identity(fact), [])
        start, end = fact.evidence.start, fact.evidence.end
        place = bisect_left(group, start, key=lambda one: one[0])
        beside = group[max(place - 1, 0) : place + 1]
        same = next((one for begin, finish, one in beside if begin < end and start < finish), None)
        if same is None:
            group.insert(place, (start, end, fact))
        else:
            trace.gave_way(fact, Reason.DOUBLE, same)
    chosen = _without_rivals([fact for group in kept.values() for _, _, fact in group], trace)
    return sorted(chosen, key=lambda f: (f.evidence.start, f.evidence.end, f.predicate, repr(f)))


def _without_rivals(facts: list[Fact], trace: Trace) -> list[Fact]:
    """The facts without those that read a part of a labelled line or row as another entity's.

    `Parameters: 8B` on a card is the card's model's, whatever the line above speaks of.
    """
    lines: dict[tuple[Hashable, int], list[Fact]] = {}
    for fact in facts:
        if _LABELLED.match(fact.evidence.text):
            for stretch in _stretches(fact):
                lines.setdefault((_said(fact), stretch), []).append(fact)
    left: list[Fact] = []
    for fact in facts:
        beside = lines.get((_said(fact), fact.evidence.start // _STRETCH), ())
        line = next((one for one in beside if _takes(one, fact)), None)
        if line is None:
            left.append(fact)
        else:
            trace.gave_way(fact, Reason.RIVAL_READING, line)
    return left


def _stretches(line: Fact) -> range:
    """The parts of the text that the line reaches into: it is compared only with what stands there."""
    return range(line.evidence.start // _STRETCH, line.evidence.end // _STRETCH + 1)


def _takes(line: Fact, fact: Fact) -> bool:
    whole, part = line.evidence, fact.evidence
    inside = whole.start <= part.start and part.end <= whole.end and len(part.text) < len(whole.text)
    return inside and line.subject != fact.subject and line.confidence >= fact.confidence


def _said(fact: Fact) -> Hashable:
    """What the fact says, whoever it is said of."""
    predicate, _, _, *said = _identity(fact)
    return predicate, *said


def _identity(fact: Fact) -> tuple[Hashable, ...]:
    """What makes two findings the same statement, whatever their circumstances."""
    common = (fact.predicate, fact.subject.type, fact.subject.name)
    match fact:
        case Relation():
            return (*common, fact.object.type, fact.object.name)
        case Figure():
            return (*common, fact.value, fact.low, fact.high, fact.unit, fact.benchmark)
        case DateFact():
            return (*common, fact.date)
        case _:
            return (*common, fact.value, fact.access)
