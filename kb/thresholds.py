"""Whether a service exceeds the user threshold of a licence.

The clause sets a bound B over a period T, such as 700 million users a month. A figure over a period P
says something about the number over T:
1. Users of a shorter period are users of a longer one too (day <= week <= month), so a lower bound over
   P <= T is a lower bound over T, and an upper bound over P >= T is an upper bound over T.
2. A lower bound beyond B says EXCEEDS, an upper bound not beyond B says WITHIN, anything else nothing.
   "Over" bounds from below only, "under" from above only, "about" by a tenth either way.
3. A total without a period is over no period, so it decides only a bound without a period.
4. Only ASSERTED figures decide: no plan, rumour or denial.
5. Only figures that are not later than the day asked about, and less than twelve months older, decide.
   A partial date counts by its last day, or by today where that is earlier: nothing is told of the future.
6. Of each period the newest figure speaks. Of those that decide, the newest does; when the newest
   contradict each other, nothing is decided.
Figures of several products are never added up: their users overlap.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from kb.facts import Number
from kb.ontology import Comparator, Modality, Period
from kb.partial_date import PartialDate


class Verdict(StrEnum):
    """What a service's users say about a licence's threshold."""

    EXCEEDS = "EXCEEDS"
    WITHIN = "WITHIN"
    UNDECIDED = "UNDECIDED"


ABOUT_SHARE: Final = 0.1
"""How far the true number may lie from one that is told as "about"."""

FRESH_MONTHS: Final = 12

_LENGTH: Final = {
    period: length
    for length, period in enumerate(
        (Period.DAY, Period.WEEK, Period.MONTH, Period.QUARTER, Period.HALF, Period.YEAR)
    )
}
_WORDS: Final = {
    Comparator.EQ: "",
    Comparator.ABOUT: "about ",
    Comparator.GT: "over ",
    Comparator.GTE: "at least ",
    Comparator.LT: "under ",
    Comparator.LTE: "at most ",
}
_SAID: Final = {Period.DAY: "daily", Period.WEEK: "weekly", Period.MONTH: "monthly"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """The licence's bound: GT means that more than `value` meets the consequence, GTE that `value` does."""

    value: Number
    comparator: Comparator
    period: Period | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Users:
    """A figure of a service's users; a range has `low` and `high` and no `value`."""

    id: str
    modality: Modality
    comparator: Comparator
    period: Period | None
    as_of: PartialDate | None
    value: Number | None = None
    low: Number | None = None
    high: Number | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict, one sentence why, and the figure that it rests on, or that comes nearest."""

    verdict: Verdict
    reason: str
    figure: Users | None = None
    ratio: float | None = None


def decide(threshold: Threshold, figures: Iterable[Users], at: date, today: date | None = None) -> Decision:
    """The verdict on one service at a day; `figures` are all of its figures of users.

    `today` is the day on which the figures are known, `at` itself when it is not given.
    """
    latest = max(at, today or at)
    known = sorted(figures, key=lambda figure: (_newness(figure), figure.id), reverse=True)
    if not known:
        return Decision(Verdict.UNDECIDED, "No figure of users is known.")
    fit = [figure for figure in known if _unfit(figure, at, latest) is None]
    newest = _newest_of_each_period(fit)
    decided = [(figure, verdict) for figure in newest if (verdict := judge(threshold, figure)) is not None]
    if decided:
        return _decided(threshold, decided)
    shown = newest[0] if newest else known[0]
    reason = _unfit(shown, at, latest) or _open(threshold, shown)
    return Decision(Verdict.UNDECIDED, reason, shown, _ratio(threshold, shown))


def judge(threshold: Threshold, figure: Users) -> Verdict | None:
    """What one figure says by its numbers and periods alone; nothing when it leaves the question open."""
    low, high = _bounds(figure)
    strict_low = figure.comparator is Comparator.GT
    strict_high = figure.comparator is Comparator.LT
    at_bound = threshold.comparator is Comparator.GTE
    beyond = low is not None and (
        low > threshold.value or (low == threshold.value and (strict_low or at_bound))
    )
    if beyond and _not_longer(figure.period, threshold.period):
        return Verdict.EXCEEDS
    short = high is not None and (
        high < threshold.value or (high == threshold.value and (strict_high or not at_bound))
    )
    if short and _not_longer(threshold.period, figure.period):
        return Verdict.WITHIN
    return None


def _bounds(figure: Users) -> tuple[float | None, float | None]:
    if figure.value is None:
        return figure.low, figure.high
    match figure.comparator:
        case Comparator.EQ:
            return figure.value, figure.value
        case Comparator.ABOUT:
            return figure.value * (1 - ABOUT_SHARE), figure.value * (1 + ABOUT_SHARE)
        case Comparator.GT | Comparator.GTE:
            return figure.value, None
        case Comparator.LT | Comparator.LTE:
            return None, figure.value


def _not_longer(one: Period | None, other: Period | None) -> bool:
    """Whether all who are counted over the one period are counted over the other too."""
    if one is None or other is None:
        return one is other
    return one in _LENGTH and other in _LENGTH and _LENGTH[one] <= _LENGTH[other]


def _unfit(figure: Users, at: date, today: date) -> str | None:
    """Why the figure decides nothing on that day, whatever its number."""
    if figure.modality is not Modality.ASSERTED:
        return f"The figure is {figure.modality.value.lower()}, not asserted, so it decides nothing."
    if figure.as_of is None:
        return "The figure has no date, so it says nothing about that day."
    if figure.as_of.first > at or min(figure.as_of.last, today) > at:
        return f"The figure is of {figure.as_of}, which is or may be later than {at.isoformat()}."
    if figure.as_of.last <= _months_before(at, FRESH_MONTHS):
        return f"The figure is stale: {figure.as_of} is twelve months or more before {at.isoformat()}."
    return None


def _months_before(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    last = PartialDate(year, month + 1).last.day
    return date(year, month + 1, min(day.day, last))


def _newness(figure: Users) -> date:
    return date.min if figure.as_of is None else figure.as_of.last


def _newest_of_each_period(figures: Sequence[Users]) -> list[Users]:
    """Per period all figures of its newest day, in the order given."""
    newest: dict[Period | None, date] = {}
    for figure in figures:
        newest.setdefault(figure.period, _newness(figure))
    return [figure for figure in figures if _newness(figure) == newest[figure.period]]


def _decided(threshold: Threshold, decided: Sequence[tuple[Users, Verdict]]) -> Decision:
    figure, verdict = decided[0]
    rivals = {v for f, v in decided if _newness(f) == _newness(figure)}
    ratio = _ratio(threshold, figure)
    if len(rivals) > 1:
        reason = f"Sources contradict each other as of {figure.as_of}: some figures exceed, some do not."
        return Decision(Verdict.UNDECIDED, reason, figure, ratio)
    told, bound = _told(figure), _amount(threshold.value)
    if verdict is Verdict.EXCEEDS:
        shorter = figure.period is not threshold.period
        because = f", and {_over(threshold.period)} there are at least as many" if shorter else ""
        reason = f"{told} as of {figure.as_of} are beyond {bound} {_period(threshold.period)}users{because}."
    else:
        short = f"{told} as of {figure.as_of} are not beyond {bound} {_period(threshold.period)}users"
        reason = f"{short}; of other services of its company this says nothing."
    return Decision(verdict, reason[0].upper() + reason[1:], figure, ratio)


def _open(threshold: Threshold, figure: Users) -> str:
    told, bound = _told(figure), f"{_amount(threshold.value)} {_period(threshold.period)}users"
    told = told[0].upper() + told[1:]
    if figure.period is None and threshold.period is not None:
        return f"{told} are a total without a period, which says nothing about {bound}."
    if figure.period is not threshold.period and _not_longer(figure.period, threshold.period):
        longer = _over(threshold.period)
        return f"{told} leave open whether there are more than {bound}: {longer} there can be more."
    return f"{told} leave open whether there are more than {bound}."


def _told(figure: Users) -> str:
    number = (
        f"{_amount(figure.low or 0)} to {_amount(figure.high or 0)}"
        if figure.value is None
        else _amount(figure.value)
    )
    return f"{_WORDS[figure.comparator]}{number} {_period(figure.period)}users"


def _amount(value: Number) -> str:
    for size, word in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if value >= size:
            return f"{value / size:g} {word}"
    return f"{value:g}"


def _period(period: Period | None) -> str:
    return "" if period is None else f"{_SAID.get(period, period.value.lower())} "


def _over(period: Period | None) -> str:
    return "in all" if period is None else f"over a {period.value.lower()}"


def _ratio(threshold: Threshold, figure: Users) -> float | None:
    """The figure over the threshold; of a range its lower end."""
    value = figure.low if figure.value is None else figure.value
    return None if value is None or not threshold.value else value / threshold.value
