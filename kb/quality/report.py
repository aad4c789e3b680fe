"""A report on a graph, and the file of it that later reports are compared with."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from pydantic import BaseModel, NonNegativeInt, ValidationError

from kb.errors import UsageError
from kb.quality.census import Census, Fill
from kb.quality.changes import Bounds, changes
from kb.quality.findings import Finding, Severity

FORM: Final = 1


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a graph and what was counted in it, at a moment."""

    at: str
    census: Census
    findings: tuple[Finding, ...]

    @property
    def broken(self) -> list[Finding]:
        """What was found, errors first."""
        return sorted((f for f in self.findings if f.count), key=lambda f: f.severity is Severity.WARNING)

    def refused(self, *, strict: bool) -> list[Finding]:
        """What the graph is refused for: errors, and with `strict` warnings that are more than before."""
        return [f for f in self.broken if f.severity is Severity.ERROR or (strict and f.grown)]

    def against(self, earlier: "Report", bounds: Bounds) -> "Report":
        """The same with what changed since an earlier report, and how often each rule was broken then."""
        before = {finding.check: finding.count for finding in earlier.findings}
        known = (replace(finding, before=before.get(finding.check)) for finding in self.findings)
        return replace(self, findings=(*known, *changes(earlier.census, self.census, bounds)))

    def with_findings(self, more: Sequence[Finding]) -> "Report":
        """The same with further findings."""
        return replace(self, findings=(*self.findings, *more))

    def as_json(self) -> dict[str, Any]:
        """The report as a file holds it."""
        return {
            "form": FORM,
            "at": self.at,
            "findings": [finding_json(finding) for finding in self.findings],
            "counts": self.census.counts,
            "fills": {name: asdict(fill) for name, fill in self.census.fills.items()},
        }


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding as reports and lines hold it."""
    return {
        "check": finding.check,
        "severity": finding.severity.value,
        "violations": finding.count,
        "before": finding.before,
        "told": finding.told,
        "examples": [asdict(example) for example in finding.examples],
        "do": finding.advice or None,
    }


class _Finding(BaseModel):
    check: str
    violations: NonNegativeInt


class _Fill(BaseModel):
    filled: NonNegativeInt
    of: NonNegativeInt


class _File(BaseModel):
    form: int
    at: str
    findings: list[_Finding]
    counts: Mapping[str, Mapping[str, NonNegativeInt]]
    fills: Mapping[str, _Fill]


def parse_report(text: str, name: str) -> Report:
    """Read what `as_json` wrote; of its findings only how often is read again.

    Raises:
        UsageError: when the text is no such report, naming the field.
    """
    try:
        file = _File.model_validate(json.loads(text))
    except json.JSONDecodeError as error:
        raise UsageError(
            f"{name} is no report of `kb check --save`: line {error.lineno}: {error.msg}."
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise UsageError(
            f"{name} is no report of `kb check --save`: {place or 'it'}: {first['msg']}."
        ) from error
    if file.form != FORM:
        raise UsageError(f"{name} is of form {file.form}, this program reads {FORM}: save a report again.")
    fills = {name: Fill(fill.filled, fill.of) for name, fill in file.fills.items()}
    findings = tuple(Finding(one.check, one.violations) for one in file.findings)
    return Report(file.at, Census(file.counts, fills), findings)
