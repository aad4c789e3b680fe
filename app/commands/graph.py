"""Commands about the graph as a whole: export, rebuild-edges, check."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from app.console import say
from app.output import Format, line, print_rows
from app.wiring import open_graph
from kb.errors import UsageError
from kb.settings import Settings


def export(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write; else stdout.")] = None,
    *,
    canonical: Annotated[
        bool,
        typer.Option("--canonical", help="Without recording times, so that two exports can be compared."),
    ] = False,
    history: Annotated[
        bool, typer.Option("--history", help="With what was retracted, when and why.")
    ] = False,
    form: Annotated[Format, typer.Option("--format")] = Format.JSONL,
) -> None:
    """Write every statement that stands with its evidence, sorted by id."""
    from kb.graph.export import export_statements

    if canonical and history:
        raise UsageError("What was retracted has its times: leave out --canonical, or leave out --history.")
    if output is not None and form is not Format.JSONL:
        raise UsageError("A file is written as jsonl: leave out --format, or leave out --output.")
    if output is not None and not output.parent.is_dir():
        raise UsageError(f"There is no folder {output.parent}: make it, or name another file.")
    with open_graph(Settings.read()) as graph:
        rows = export_statements(graph.driver, graph.database, canonical=canonical, history=history)
        if output is None:
            print_rows(rows, form)
        else:
            _write_whole(output, (line(row) + "\n" for row in rows))


def _write_whole(path: Path, lines: Iterable[str]) -> None:
    """Write beside the file and put it in place at the end, so that half an export never looks whole."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8") as file:
            file.writelines(lines)
        part.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def rebuild_edges() -> None:
    """Make all derived edges and ranks again from the statements."""
    from kb.graph.edges import rebuild_edges as rebuild

    with open_graph(Settings.read()) as graph:
        say(f"{rebuild(graph.driver, graph.database)} edges made.")


def check(form: Annotated[Format, typer.Option("--format")] = Format.TABLE) -> None:
    """Check the graph against the contract; exit code 1 when something is wrong."""
    from kb.graph.checks import run_checks

    with open_graph(Settings.read()) as graph:
        findings = run_checks(graph.driver, graph.database)
    print_rows(
        [{"check": f.check, "violations": f.count, "example": f.example, "do": f.advice} for f in findings],
        form,
        ("check", "violations", "example", "do"),
    )
    raise typer.Exit(1 if any(f.count for f in findings) else 0)
