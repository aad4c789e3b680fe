"""A quality report for people (text, Markdown) and for programs (JSON, JSON Lines)."""

import json
import re
from collections.abc import Iterator
from enum import StrEnum
from html import escape
from typing import Any, Final

from app.console import printable
from app.output import Format, line, print_rows
from kb.quality.census import Census
from kb.quality.findings import Example, Finding, Severity
from kb.quality.report import Report, finding_json

_PUBLISHERS: Final = 10
_WORDS: Final = 200
_MARKS: Final = re.compile(r"([\\`*_{}\[\]()#|~])")


class ReportFormat(StrEnum):
    """How a report is printed; md is for the summary of a CI run, json is what --save writes."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    MARKDOWN = "md"


def print_report(report: Report, form: ReportFormat) -> None:
    """Print a report to stdout."""
    match form:
        case ReportFormat.TABLE:
            _print_text(report)
        case ReportFormat.JSON:
            print(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
        case ReportFormat.JSONL:
            for record in _records(report):
                print(line(record))
        case ReportFormat.MARKDOWN:
            print("\n".join(_markdown(report)))


def _records(report: Report) -> Iterator[dict[str, Any]]:
    for finding in report.findings:
        yield {"record": "finding", **finding_json(finding)}
    for group, counts in report.census.counts.items():
        for name, n in counts.items():
            yield {"record": "count", "group": group, "name": name, "n": n}
    for name, fill in report.census.fills.items():
        yield {"record": "fill", "field": name, "filled": fill.filled, "of": fill.of}


def _print_text(report: Report) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(emoji=False, markup=False, highlight=False, soft_wrap=True)
    for finding in report.broken:
        style = "red" if finding.severity is Severity.ERROR else "yellow"
        console.print(Text(printable(f"{finding.severity}  {_headline(finding)}"), style=style))
        for example in finding.examples:
            console.print(Text(printable(f"  {_told(example)}")))
        console.print(Text(f"  {finding.advice}", style="italic"))
        console.print()
    print_rows(_counts(report.census), Format.TABLE, ("counted", "name", "n"))
    print_rows(_fills(report.census), Format.TABLE, ("field", "filled", "of", "share"))


def _headline(finding: Finding) -> str:
    more = [f"{finding.count:,}"]
    if finding.told:
        more = [finding.told]
    elif finding.before is not None:
        more.append(f"{finding.before:,} before")
    return f"{finding.check}: {', '.join(more)}"


def _told(example: Example) -> str:
    words = "" if example.words is None else f"“{_short(example.words)}”"
    return " · ".join(part for part in (example.id, example.name, words, example.document) if part)


def _short(words: str) -> str:
    one_line = " ".join(words.split())
    return one_line if len(one_line) <= _WORDS else one_line[:_WORDS] + "…"


def _counts(census: Census) -> list[dict[str, Any]]:
    """Every count, but of the publishers those with most documents."""
    rows: list[dict[str, Any]] = []
    for group, counts in census.counts.items():
        names = (
            sorted(counts, key=lambda name: (-counts[name], name)) if group == "publishers" else list(counts)
        )
        shown = names[:_PUBLISHERS] if group == "publishers" else names
        rows += [{"counted": group, "name": name, "n": counts[name]} for name in shown]
        if left := names[len(shown) :]:
            rest = sum(counts[name] for name in left)
            rows.append({"counted": group, "name": f"{len(left)} others", "n": rest})
    return rows


def _fills(census: Census) -> list[dict[str, Any]]:
    return [
        {"field": name, "filled": fill.filled, "of": fill.of, "share": f"{fill.rate:.1%}"}
        for name, fill in census.fills.items()
    ]


def _markdown(report: Report) -> Iterator[str]:
    yield f"## Quality of the graph, {report.at}"
    yield ""
    yield "Nothing was found." if not report.broken else "What was found:"
    for finding in report.broken:
        yield ""
        yield f"- **{finding.severity}** {_marked(_headline(finding))}. {finding.advice}"
        for example in finding.examples:
            yield f"  - {_marked(_told(example))}"
    for title, rows in (("Counts", _counts(report.census)), ("Fill rates", _fills(report.census))):
        if rows:
            yield ""
            yield f"<details><summary>{title}</summary>"
            yield ""
            yield f"| {' | '.join(rows[0])} |"
            yield f"| {' | '.join('---' for _ in rows[0])} |"
            for row in rows:
                yield f"| {' | '.join(_marked(str(cell)) for cell in row.values())} |"
            yield ""
            yield "</details>"


def _marked(text: str) -> str:
    """Text that Markdown shows as it is, whatever a document wrote."""
    return escape(_MARKS.sub(r"\\\1", " ".join(printable(text).split())), quote=False)
