"""Of several findings of one fact, the one to keep."""

from bisect import bisect_left
from collections.abc import Hashable, Iterable

from kb.facts import DateFact, Fact, Figure, Relation


def distinct(facts: Iterable[Fact]) -> list[Fact]:
    """One finding of each fact at overlapping words: the most certain, of equals the earliest."""
    kept: dict[Hashable, list[tuple[int, int, Fact]]] = {}
    ranked = sorted(facts, key=lambda f: (-f.confidence, f.evidence.start, f.evidence.end, repr(f)))
    for fact in ranked:
        group = kept.setdefault(_identity(fact), [])
        start, end = fact.evidence.start, fact.evidence.end
        place = bisect_left(group, start, key=lambda one: one[0])
        beside = group[max(place - 1, 0) : place + 1]
        if not any(begin < end and start < finish for begin, finish, _ in beside):
            group.insert(place, (start, end, fact))
    chosen = [fact for group in kept.values() for _, _, fact in group]
    return sorted(chosen, key=lambda f: (f.evidence.start, f.evidence.end, f.predicate, repr(f)))


def _identity(fact: Fact) -> Hashable:
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
