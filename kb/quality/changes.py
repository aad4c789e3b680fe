"""What changed since an earlier report by more than chance and growth explain.

Facts persist: from one report to the next each item of a group is lost with a small probability, when its
document is withdrawn or a later extractor reads better. `Bounds.lost` is how large that may be. A group of
which `gone` of `n` are lost is alarming when so many would be lost by chance less than once in a thousand
times even at that probability. The chance is bounded by Chernoff's inequality,

    P(X >= gone) <= exp(-n * KL(gone/n || lost)),

which is in closed form, never too small, and silent about small numbers by itself: 3 that become 2 are no
alarm, and neither are 10 that become 5, but 14 that become 7 are. Growth is measured the same way against
a share of new ones, and fields against the share that was empty before, by the rule of succession, plus what
it may grow by. A hundred groups at their very bound give one false alarm in ten reports.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log
from typing import Final

from kb.quality.census import Census, Fill, lacking
from kb.quality.findings import Finding, Severity

_ALARM: Final = log(1000)

_FALLING_IS_GOOD: Final = frozenset({"provisional", "aside"})

_ADVICE_FALL: Final = (
    "See `kb status` for the last load and `kb export --history` for what was retracted and why; load what "
    "is missing again. If it is meant so, run `kb check --save FILE` without --against."
)
_ADVICE_RISE: Final = (
    "Look whether one thing was loaded twice under two names. If it is meant so, run `kb check --save FILE`."
)
_ADVICE_FILL: Final = (
    "The form of what is loaded may have changed. If it is meant so, run `kb check --save FILE` without "
    "--against."
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The share that may be lost, the share that may be new, and by how much a fill rate may fall."""

    lost: float = 0.1
    new: float = 0.5
    fill: float = 0.05


DEFAULT: Final = Bounds()


def alarming(n: int, happened: int, share: float) -> bool:
    """Whether `happened` of `n` is more than chance explains where each happens with probability `share`."""
    if n == 0 or happened <= share * n:
        return False
    if share <= 0:
        return True
    p = happened / n
    distance = p * log(p / share) + ((1 - p) * log((1 - p) / (1 - share)) if p < 1 else 0.0)
    return n * distance >= _ALARM


def changes(earlier: Census, now: Census, bounds: Bounds) -> list[Finding]:
    """Findings about what fell (errors) and what rose (warnings) too far; none of what is as before."""
    return [*_counts(earlier, now, bounds), *_fills(earlier, now, bounds)]


def _counts(earlier: Census, now: Census, bounds: Bounds) -> Iterator[Finding]:
    for group in sorted({*earlier.counts, *now.counts}):
        for name in sorted({*earlier.counts.get(group, {}), *now.counts.get(group, {})}):
            was, is_ = earlier.count(group, name), now.count(group, name)
            told = f"{was} before, {is_} now"
            if group not in _FALLING_IS_GOOD and alarming(was, was - is_, bounds.lost):
                yield Finding(f"fewer {group}: {name}", was - is_, _ADVICE_FALL, told=told)
            elif alarming(is_, is_ - was, bounds.new):
                check = f"more {group}: {name}"
                yield Finding(check, is_ - was, _ADVICE_RISE, severity=Severity.WARNING, told=told)


def _fills(earlier: Census, now: Census, bounds: Bounds) -> Iterator[Finding]:
    for name in sorted({*earlier.fills} & {*now.fills}):
        was, is_ = earlier.fills[name], now.fills[name]
        empty = is_.of - is_.filled
        if alarming(is_.of, empty, min(1.0, _empty_share(was) + bounds.fill)):
            told = f"{was.rate:.1%} of {was.of} before, {is_.rate:.1%} of {is_.of} now"
            look = lacking(name)
            advice = f"See which: `{look}`. {_ADVICE_FILL}" if look else _ADVICE_FILL
            yield Finding(f"emptier field: {name}", empty, advice, told=told)


def _empty_share(fill: Fill) -> float:
    """The share of empty ones that is to be expected; of few that were all filled it is not none."""
    return (fill.of - fill.filled + 1) / (fill.of + 2)
