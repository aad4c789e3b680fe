"""Which of several facts about one thing is shown first, and which facts disagree.

The rule works within a slot: subject, predicate, for relations the object, unit, period, scope,
basis, active, benchmark and offered_by. Order: ASSERTED and REPORTED facts whose `as_of` is not after
the moment asked about, before everything PLANNED or later than it; then the newest `as_of` (a partial
date ranks by its last day, none ranks last); then ASSERTED before REPORTED; then confidence; then the
statement's id. DENIED is never the value.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from kb.facts import Number
from kb.ontology import Comparator, Modality
from kb.partial_date import PartialDate

TOLERANCE: Final = 0.005
"""Values within half a per cent of each other count as the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """What the rule looks at. `value` is a number for figures, else the date or access as text."""

    id: str
    slot: str
    modality: Modality
    as_of: PartialDate | None
    confidence: float
    value: Number | str | None = None
    low: Number | None = None
    high: Number | None = None
    comparator: Comparator = Comparator.EQ


def rank_key(fact: Ranked, moment: date) -> tuple[bool, int, bool, float, str]:
    """Sort key: the fact that comes first is shown. DENIED facts are to be left out before."""
    told_as_so = fact.modality in (Modality.ASSERTED, Modality.REPORTED)
    not_later = fact.as_of is None or fact.as_of.first <= moment
    newest = 0 if fact.as_of is None else -fact.as_of.last.toordinal()
    return (
        not (told_as_so and not_later),
        newest,
        fact.modality is not Modality.ASSERTED,
        -fact.confidence,
        fact.id,
    )


def best(facts: Iterable[Ranked], moment: date) -> Ranked | None:
    """The fact of one slot that is shown first, or none when all are denied."""
    candidates = [fact for fact in facts if fact.modality is not Modality.DENIED]
    return min(candidates, key=lambda fact: rank_key(fact, moment), default=None)


def why_first(first: Ranked, other: Ranked, moment: date) -> str:
    """By which part of the rule the one fact is shown before the other, which may be denied."""
    if other.modality is Modality.DENIED:
        return "the other one is a denial, which is never the value"
    one, two = rank_key(first, moment), rank_key(other, moment)
    if one[0] is not two[0]:
        return f"it is told as so by {moment}, the other one is planned or of a later time"
    if one[1] != two[1]:
        return f"it is newer: {first.as_of or 'no date'} against {other.as_of or 'no date'}"
    if one[2] is not two[2]:
        return "it is asserted, the other one only reported"
    if one[3] != two[3]:
        return f"its confidence is {first.confidence:g} against {other.confidence:g}"
    return "nothing tells them apart, so that the smaller id decides"


def disagree(one: Ranked, other: Ranked) -> bool:
    """Whether two facts of one slot, with overlapping `as_of`, cannot both be so.

    Facts without `as_of` speak of an unknown time and so may speak of the same.
    """
    if one.slot != other.slot or one.id == other.id or not _same_time(one.as_of, other.as_of):
        return False
    denied = Modality.DENIED in (one.modality, other.modality)
    if denied and one.modality is not other.modality:
        return True
    return not denied and not _compatible(one, other)


def _same_time(one: PartialDate | None, other: PartialDate | None) -> bool:
    return one is None or other is None or one.overlaps(other)


def _compatible(one: Ranked, other: Ranked) -> bool:
    if isinstance(one.value, str) or isinstance(other.value, str):
        return _same_text(one.value, other.value)
    first, second = _interval(one), _interval(other)
    return first is None or second is None or (first[0] <= second[1] and second[0] <= first[1])


def _same_text(one: Number | str | None, other: Number | str | None) -> bool:
    """Dates of different precision agree when one begins with the other."""
    a, b = str(one), str(other)
    return one is None or other is None or a.startswith(b) or b.startswith(a)


def _interval(fact: Ranked) -> tuple[float, float] | None:
    """The numbers that the fact allows, widened by the tolerance."""
    if fact.low is not None and fact.high is not None:
        return _widened(fact.low, fact.high)
    if fact.value is None or isinstance(fact.value, str):
        return None
    match fact.comparator:
        case Comparator.GT | Comparator.GTE:
            return _widened(fact.value, float("inf"))
        case Comparator.LT | Comparator.LTE:
            return _widened(float("-inf"), fact.value)
        case Comparator.ABOUT:
            return _widened(fact.value, fact.value, share=10 * TOLERANCE)
        case Comparator.EQ:
            return _widened(fact.value, fact.value)


def _widened(low: Number, high: Number, share: float = TOLERANCE) -> tuple[float, float]:
    """Half of the tolerance on each side, so that two facts together have the whole."""
    return low - abs(low) * share / 2, high + abs(high) * share / 2
