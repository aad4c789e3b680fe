"""Figures: numbers that the words around them make a metric of an entity."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kb.facts import EntityRef, Fact, Figure
from kb.ontology import METRICS, Basis, Metric, Period, Scope
from kb.partial_date import PartialDate
from loaders.extraction.annotations import EXTRACTOR, Annotated
from loaders.extraction.circumstances import clause_around, modality, speaker
from loaders.extraction.conditions import is_supposed
from loaders.extraction.figure_heads import headed
from loaders.extraction.figure_limits import fits_context, why_nobodys
from loaders.extraction.figure_places import Place, without_hearsay
from loaders.extraction.figure_rules import (
    ACTIVE,
    FIGURE_RULES,
    LEFT_OVER,
    LIKE_A_BENCHMARK,
    MARKET_CAP,
    NOT_HEADCOUNT,
    SAME_AGAIN,
    TOTAL,
    FigureRule,
)
from loaders.extraction.figure_subjects import subjects_of
from loaders.extraction.pairings import companions
from loaders.extraction.quantities import Quantity
from loaders.extraction.releases import size_lists
from loaders.extraction.slots import Slotted, all_slotted
from loaders.extraction.told_dates import as_of
from loaders.extraction.trace import Reason

_WINDOW: Final = 130
_SCALED: Final = 10**6
_MOST_STAFF: Final = 3 * 10**6
_TIMELESS: Final = frozenset(
    (
        Metric.PARAMETERS,
        Metric.CONTEXT_WINDOW,
        Metric.TRAINING_TOKENS,
        Metric.TRAINING_COMPUTE,
        Metric.TRAINING_COST,
        Metric.BENCHMARK_SCORE,
    )
)
_PERIODS: Final = (
    (
        Period.ANNUALISED,
        re.compile(r"annuali[sz]ed|run[- ]rate|\bARR\b|recurring|at the current rate", re.IGNORECASE),
    ),
    (Period.QUARTER, re.compile(r"\bquarter|three months|(?<!<)\bQ[1-4]\b", re.IGNORECASE)),
    (
        Period.HALF,
        re.compile(
            r"half[- ]year|six months|\bH[12]\b|(?:first|second) half|January and June", re.IGNORECASE
        ),
    ),
    (Period.MONTH, re.compile(r"\bmonthly\b|(?:per|a|each|every) month|\bMAU", re.IGNORECASE)),
    (Period.WEEK, re.compile(r"\bweekly\b|(?:per|a|each|every) week|\bWAU", re.IGNORECASE)),
    (Period.DAY, re.compile(r"\bdaily\b|(?:per|a|each|every) day|\bDAU", re.IGNORECASE)),
)
_YEARLY: Final = re.compile(
    r"\b(?:annual(?:ly)?|yearly|fiscal|full[- ]year|(?:a|per|each|every|this|last|next|calendar) year"
    r"|in the year|(?:two|three|same|both)(?: \w+)? years)\b",
    re.IGNORECASE,
)
_OUT_OF: Final = re.compile(
    r"\b[Oo]f (?:<M\d+>'s|its|the|their) <Z\d+> parameters,?(?: (?:just|only|about|some|a mere|roughly))*\s*$"
)
_OF_WHICH: Final = re.compile(r"\bof (?:which|them|these|those)\b[^<>.;]{0,20}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Last:
    """The figure before in the sentence, for `up from 400 million last month`."""

    rule: FigureRule
    figure: Figure
    index: int


class FigureFinder:
    """Tries the rules on every quantity of every sentence."""

    def find(self, annotated: Annotated) -> Iterator[Fact]:
        """The figures that the sentences state."""
        for sentence in all_slotted(annotated):
            last: _Last | None = None
            for place in _places(sentence):
                for found in _figures(annotated, place, last):
                    last = found
                    at = place.quantity.start, place.quantity.end
                    yield annotated.trace.made(found.figure, found.rule.where, at)


def _places(sentence: Slotted) -> Iterator[Place]:
    sizes = {index for one in size_lists(sentence) for index in (*one.sizes, *one.active)}
    places = (_place(sentence, index) for index in range(len(sentence.fillers)) if index not in sizes)
    yield from (place for place in places if place is not None)


def _place(sentence: Slotted, index: int) -> Place | None:
    filler, start, end = sentence.fillers[index], sentence.starts[index], sentence.ends[index]
    if not isinstance(filler, Quantity):
        return None
    left = sentence.text[max(0, start - _WINDOW) : start]
    right = sentence.text[end : end + _WINDOW]
    return Place(sentence, index, filler, left, right, without_hearsay(left))


def _figures(annotated: Annotated, place: Place, last: _Last | None) -> list[_Last]:
    rule = _rule_for(place) or _rule_of_list(place) or headed(place, FIGURE_RULES, _fits_kind)
    if rule is None:
        again = _again(annotated, place, last)
        return [] if again is None else [again]
    if (reason := _why_not(annotated, place, rule)) is not None:
        place.let_go(annotated, rule, reason)
        return []
    if rule.metric is Metric.PARAMETERS and _OF_WHICH.search(place.left):
        if last is None or last.rule.metric is not Metric.PARAMETERS:
            place.let_go(annotated, rule, Reason.PART_OF_NOTHING)
            return []
        owners = [(last.figure.subject, 0.95)]
    else:
        owners = subjects_of(annotated, place, rule)
    return [_Last(rule, _build(annotated, place, rule, *one), place.index) for one in owners]


def _why_not(annotated: Annotated, place: Place, rule: FigureRule) -> Reason | None:
    """Why the number is no figure of anybody, whatever the rule's words are; None where it is one."""
    cut = rule.metric is Metric.HEADCOUNT and NOT_HEADCOUNT.search(place.sentence.text)
    if cut and not LEFT_OVER.search(place.left):
        return Reason.JOBS_CUT
    if rule.metric is Metric.BENCHMARK_SCORE:
        written = _benchmark(rule, place)
        if written is None or not (place.quantity.percent or LIKE_A_BENCHMARK.match(written)):
            return Reason.MERE_COUNT
    if not fits_context(annotated, place, rule):
        return Reason.OTHER_CONTEXT
    if is_supposed(annotated, place.quantity.start, place.quantity.end):
        return Reason.SUPPOSITION
    return why_nobodys(place, rule)


def _rule_for(place: Place) -> FigureRule | None:
    for rule in FIGURE_RULES:
        if _fits_kind(rule, place.quantity) and _fits_words(rule, place):
            return rule
    return None


def _rule_of_list(place: Place) -> FigureRule | None:
    """The rule of another number of the list: `3,000 and 400 people, respectively` says it of both."""
    for index in companions(place.sentence, place.index):
        other = _place(place.sentence, index)
        rule = None if other is None else _rule_for(other)
        if rule is not None and _fits_kind(rule, place.quantity):
            return rule
    return None


def _fits_kind(rule: FigureRule, quantity: Quantity) -> bool:
    if rule.scaled and quantity.magnitude < _SCALED:
        return False
    if rule.money:
        return quantity.currency is not None and not quantity.percent
    if rule.metric is Metric.HEADCOUNT and (quantity.value or 0) > _MOST_STAFF:
        return False
    if rule.metric is Metric.BENCHMARK_SCORE:
        return quantity.currency is None and (quantity.percent or quantity.magnitude == 1)
    return quantity.currency is None and quantity.percent == rule.percent


def _fits_words(rule: FigureRule, place: Place) -> bool:
    return (rule.left is None or rule.left.search(place.told) is not None) and (
        rule.right is None or rule.right.match(place.right) is not None
    )


def _again(annotated: Annotated, place: Place, last: _Last | None) -> _Last | None:
    """The same metric of the same entity at another time: `…, up from 400 million last month`."""
    if last is None or last.index + 1 != place.index or not _fits_kind(last.rule, place.quantity):
        return None
    between = place.sentence.text[place.sentence.ends[last.index] : place.sentence.starts[place.index]]
    if SAME_AGAIN.match(between) is None:
        return None
    figure = _build(
        annotated, place, last.rule, last.figure.subject, 0.9, period=last.figure.period, again=True
    )
    return _Last(last.rule, figure, place.index)


def _build(
    annotated: Annotated,
    place: Place,
    rule: FigureRule,
    subject: EntityRef,
    sureness: float,
    *,
    period: Period | None = None,
    again: bool = False,
) -> Figure:
    quantity, metric = place.quantity, rule.metric
    start, end = _evidence(annotated, place)
    sign = -1 if rule.loss else 1
    how = modality(annotated, quantity.start, quantity.end)
    date = _date(annotated, metric, quantity)
    around = place.left[-80:] + " " + place.right[:60]
    return Figure(
        subject=subject,
        predicate=metric,
        unit=quantity.currency or _unit(rule, quantity),
        value=None if quantity.value is None else sign * quantity.value,
        low=quantity.low,
        high=quantity.high,
        comparator=quantity.comparator,
        period=period if again else _period(metric, place, date),
        basis=_basis(metric, around),
        scope=_scope(metric, place),
        benchmark=_benchmark(rule, place),
        active=True if metric is Metric.PARAMETERS and _is_active(place) else None,
        as_of=date,
        modality=how,
        speaker=speaker(annotated, quantity.start, quantity.end),
        evidence=annotated.evidence(start, end),
        extractor=EXTRACTOR,
        confidence=round(rule.confidence * sureness, 3),
    )


def _unit(rule: FigureRule, quantity: Quantity) -> str:
    return "points" if rule.metric is Metric.BENCHMARK_SCORE and not quantity.percent else rule.unit


def _is_active(place: Place) -> bool:
    """`32 billion active parameters`, `of its 355 billion parameters just 32 billion …`."""
    return ACTIVE.match(place.right) is not None or _OUT_OF.search(place.left) is not None


def _evidence(annotated: Annotated, place: Place) -> tuple[int, int]:
    """The clause with the number; a sentence that is one clause is quoted whole."""
    clause = clause_around(annotated.text, place.sentence.sentence, place.quantity.start, place.quantity.end)
    return clause.start, clause.end


def _date(annotated: Annotated, metric: Metric, quantity: Quantity) -> PartialDate | None:
    return None if metric in _TIMELESS else as_of(annotated, quantity.start, quantity.end)


def _period(metric: Metric, place: Place, date: PartialDate | None) -> Period | None:
    """The period that the words name; a number of money for a year's date is a year's."""
    allowed = METRICS[metric].periods
    is_flow = metric in {Metric.REVENUE, Metric.PROFIT}
    near = place.left[-60:] + " " + place.right[:45]
    for stretch in (near, place.left) if is_flow else (near,):
        for period, words in _PERIODS:
            if period in allowed and words.search(stretch):
                return period
        if is_flow and _YEARLY.search(stretch):
            return Period.YEAR
    return Period.YEAR if is_flow and date is not None and date.month is None else None


def _basis(metric: Metric, around: str) -> Basis | None:
    if metric is not Metric.VALUATION:
        return None
    return Basis.MARKET_CAP if MARKET_CAP.search(around) else Basis.PRIVATE


def _scope(metric: Metric, place: Place) -> Scope | None:
    if metric is not Metric.FUNDING_RAISED:
        return None
    return Scope.TOTAL if TOTAL.search(place.left[-60:] + place.right[:40]) else Scope.ROUND


def _benchmark(rule: FigureRule, place: Place) -> str | None:
    """The benchmark that the words beside a score name."""
    if rule.metric is not Metric.BENCHMARK_SCORE:
        return None
    after = rule.right.match(place.right) if rule.right else None
    before = rule.left.search(place.told) if rule.left else None
    groups = (before.groupdict() if before else {}) | (after.groupdict() if after else {})
    return groups.get("benchmark") or groups.get("before")
