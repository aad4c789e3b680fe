"""Of several findings of one fact, the one to keep."""

from collections.abc import Hashable, Iterable

from kb.facts import DateFact, Fact, Figure, Relation


def distinct(facts: Iterable[Fact]) -> list[Fact]:
    """One finding of each fact at overlapping words: the most certain, of equals the earliest."""
    kept: dict[Hashable, list[Fact]] = {}
    ranked = sorted(facts, key=lambda f: (-f.confidence, f.evidence.start, f.evidence.end, repr(f)))
    for fact in ranked:
        group = kept.setdefault(_identity(fact), [])
        if not any(_overlap(fact, other) for other in group):
            group.append(fact)
    chosen = [fact for group in kept.values() for fact in group]
    return sorted(chosen, key=lambda f: (f.evidence.start, f.evidence.end, f.predicate, repr(f)))


def _overlap(one: Fact, other: Fact) -> bool:
    return one.evidence.start < other.evidence.end and other.evidence.start < one.evidence.end


def _identity(fact: Fact) -> Hashable:
    """What makes two findings the same statement, whatever their circumstances."""
    common = (fact.predicate, fact.subject.type, fact.subject.name)
    match fact:
        case Relation():
            return (*common, fact.object.type, fact.object.name, fact.status)
        case Figure():
            return (*common, fact.value, fact.low, fact.high, fact.unit, fact.benchmark)
        case DateFact():
            return (*common, fact.date)
        case _:
            return (*common, fact.value, fact.access)
