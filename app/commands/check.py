"""The quality gate: is a graph fit to be used, what is wrong in it, and what changed."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.console import say
from app.reporting import ReportFormat, print_report
from app.whole_file import write_whole
from app.wiring import open_graph
from kb.errors import UsageError
from kb.settings import Settings

if TYPE_CHECKING:
    from kb.graph.connection import Graph
    from kb.quality.limits import Limits
    from kb.quality.report import Report


def check(
    *,
    against: Annotated[
        Path | None, typer.Option(help="A report that --save wrote earlier: what changed too far since.")
    ] = None,
    limits: Annotated[
        Path | None, typer.Option(help="TOML file of least and greatest counts and fill rates.")
    ] = None,
    save: Annotated[
        Path | None, typer.Option(help="Write the report there, if the graph is not refused.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse for warnings too: those that are more than before.")
    ] = False,
    form: Annotated[ReportFormat, typer.Option("--format")] = ReportFormat.TABLE,
) -> None:
    """Check the graph: the contract, counts and fill rates, doubtful values, sudden changes.

    Errors refuse the graph (exit code 1); warnings name what a person should look at.
    """
    if save is not None and not save.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {save.parent}: make it, or name another file.")
    demanded = None if limits is None else _limits(limits)
    earlier = None if against is None else _report(against)
    with open_graph(Settings.read()) as graph:
        report = _examine(graph, demanded, earlier)
    refused = report.refused(strict=strict)
    if save is not None:
        _save(report, save, refused=bool(refused))
    print_report(report, form)
    errors = sum(finding.severity == "ERROR" for finding in report.broken)
    holding = sum(not finding.count for finding in report.findings)
    say(f"{errors} errors, {len(report.broken) - errors} warnings; {holding} checks hold.")
    raise typer.Exit(1 if refused else 0)


def _examine(graph: "Graph", limits: "Limits | None", earlier: "Report | None") -> "Report":
    from kb.graph.census import take_census
    from kb.graph.checks import run_checks
    from kb.quality.changes import DEFAULT
    from kb.quality.report import Report

    census = take_census(graph.driver, graph.database)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    report = Report(at, census, tuple(run_checks(graph.driver, graph.database)))
    if limits is not None:
        report = report.with_findings(limits.findings(census))
    return (
        report if earlier is None else report.against(earlier, DEFAULT if limits is None else limits.bounds)
    )


def _limits(path: Path) -> "Limits":
    from kb.quality.limits import parse_limits

    return parse_limits(_text(path), path.name)


def _report(path: Path) -> "Report":
    from kb.quality.report import parse_report

    return parse_report(_text(path), str(path))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.") from error


def _save(report: "Report", path: Path, *, refused: bool) -> None:
    """A refused graph is nothing to compare later ones with, so what is there stays."""
    if refused:
        say(f"kb: {path} is not written: the graph is refused.", style="yellow")
        return
    write_whole(path, [json.dumps(report.as_json(), ensure_ascii=False, indent=1), "\n"])
