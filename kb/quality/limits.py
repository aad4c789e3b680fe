"""What a person demands of a graph: a TOML file of least and greatest counts and fill rates.

    [min.statements]
    VALUATION = 40
    [min.fill]
    "VALUATION.as_of" = 0.8
    [max.provisional]
    Person = 500
    [change]
    lost = 0.02

Below a least number is an error, above a greatest one a warning. `[change]` sets the bounds of
`kb.quality.changes`. A fill rate of things that there are none of holds; a least count tells of those.
"""

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, cast

from kb.errors import UsageError
from kb.quality.census import FILLS, GROUPS, Census, lacking
from kb.quality.changes import DEFAULT, Bounds
from kb.quality.findings import Finding, Severity

_FILL: Final = "fill"
_LEAST, _GREATEST, _CHANGE = "min", "max", "change"


@dataclass(frozen=True, slots=True)
class Limit:
    """A least or greatest number of one count or fill rate."""

    least: bool
    group: str
    name: str
    number: float

    @property
    def field(self) -> str:
        """Where it stands in the file."""
        return f"{_LEAST if self.least else _GREATEST}.{self.group}.{self.name}"


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits of a file, and the bounds of changes."""

    file: str
    limits: tuple[Limit, ...] = ()
    bounds: Bounds = DEFAULT

    def findings(self, census: Census) -> list[Finding]:
        """One for each limit; a count of 1 where the graph does not keep it."""
        return [self._finding(limit, census) for limit in self.limits]

    def _finding(self, limit: Limit, census: Census) -> Finding:
        check = f"limit {limit.field} of {self.file}"
        severity = Severity.ERROR if limit.least else Severity.WARNING
        there = _there(limit, census)
        if there is None or (there >= limit.number if limit.least else there <= limit.number):
            return Finding(check, 0, severity=severity)
        bound = "at least" if limit.least else "at most"
        rates = limit.group == _FILL
        told = f"{_said(there, rates)}, {bound} {_said(limit.number, rates)} wanted"
        return Finding(check, 1, _advice(limit), severity=severity, told=told)


def parse_limits(text: str, file: str) -> Limits:
    """Read a file of limits.

    Raises:
        UsageError: when it cannot be understood, naming file and field, or the line that is no TOML.
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file} is no TOML: {error}.") from error
    if unknown := sorted(told.keys() - {_LEAST, _GREATEST, _CHANGE}):
        raise UsageError(f"{file}: [{unknown[0]}] is unknown: there are [min.…], [max.…] and [change].")
    limits = [
        limit
        for key in (_LEAST, _GREATEST)
        for limit in _limits(file, key, _table(file, key, told.get(key, {})))
    ]
    return Limits(file, tuple(limits), _bounds(file, _table(file, _CHANGE, told.get(_CHANGE, {}))))


def _limits(file: str, key: str, groups: Mapping[str, Any]) -> Iterator[Limit]:
    for group, members in groups.items():
        field = f"{key}.{group}"
        if group not in GROUPS and group != _FILL:
            raise UsageError(f"{file}: [{field}] is unknown: there are {', '.join((*GROUPS, _FILL))}.")
        known = FILLS if group == _FILL else GROUPS[group]
        for name, number in _table(file, field, members).items():
            if known is not None and name not in known:
                raise UsageError(f"{file}: {field}.{name} is unknown: there are {', '.join(sorted(known))}.")
            yield Limit(
                key == _LEAST, group, name, _number(file, f"{field}.{name}", number, rate=group == _FILL)
            )


def _bounds(file: str, told: Mapping[str, Any]) -> Bounds:
    known = asdict(DEFAULT)
    if unknown := sorted(told.keys() - known.keys()):
        raise UsageError(f"{file}: {_CHANGE}.{unknown[0]} is unknown: there are {', '.join(known)}.")
    return replace(
        DEFAULT, **{name: _number(file, f"{_CHANGE}.{name}", told[name], rate=True) for name in told}
    )


def _table(file: str, field: str, told: object) -> Mapping[str, Any]:
    if not isinstance(told, dict):
        raise UsageError(f"{file}: {field} must be a table, such as [{field}].")
    return cast("Mapping[str, Any]", told)


def _number(file: str, field: str, told: object, *, rate: bool) -> float:
    if isinstance(told, bool) or not isinstance(told, int | float) or not math.isfinite(told):
        raise UsageError(f"{file}: {field} must be a number.")
    if told < 0 or (rate and told > 1):
        raise UsageError(f"{file}: {field} must be {'from 0 to 1' if rate else 'at least 0'}, not {told}.")
    return told


def _there(limit: Limit, census: Census) -> float | None:
    if limit.group != _FILL:
        return census.count(limit.group, limit.name)
    fill = census.fills.get(limit.name)
    return None if fill is None else fill.rate


def _said(number: float, rates: bool) -> str:  # noqa: FBT001 - one word at both calls
    return f"{number:.1%}" if rates else f"{number:,}"


def _advice(limit: Limit) -> str:
    if limit.group == _FILL and limit.least and (look := lacking(limit.name)):
        return f"See which lack it: `{look}`; or lower the limit."
    if limit.least:
        return "Load what is missing, or lower the limit."
    return "See what is too much, or raise the limit."
