"""Commands about the graph as a whole: export, import, rebuild-edges, check."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.console import say
from app.output import Format, line, print_rows
from app.wiring import open_graph
from kb.errors import UsageError
from kb.settings import Settings

if TYPE_CHECKING:
    from kb.graph.connection import Graph


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
    whole: Annotated[
        bool,
        typer.Option("--whole", help="All that the graph holds, with documents' texts, for `kb import`."),
    ] = False,
    since: Annotated[
        Path | None, typer.Option(help="An earlier whole export: only what is new or changed since.")
    ] = None,
    form: Annotated[Format, typer.Option("--format")] = Format.JSONL,
) -> None:
    """Write every statement that stands with its evidence, sorted by id; all that there is with --whole."""
    from kb.graph.export import export_statements

    if whole and (canonical or history or form is not Format.JSONL):
        raise UsageError("A whole export has all there is: leave out --canonical, --history and --format.")
    if since is not None and not whole:
        raise UsageError("What changed is told of a whole export: add --whole.")
    if canonical and history:
        raise UsageError("What was retracted has its times: leave out --canonical, or leave out --history.")
    if output is not None and form is not Format.JSONL:
        raise UsageError("A file is written as jsonl: leave out --format, or leave out --output.")
    if output is not None and not output.parent.is_dir():
        raise UsageError(f"There is no folder {output.parent}: make it, or name another file.")
    with open_graph(Settings.read()) as graph:
        if whole:
            _write_lines(output, _whole(graph, since))
            return
        rows = export_statements(graph.driver, graph.database, canonical=canonical, history=history)
        if output is None:
            print_rows(rows, form)
        else:
            _write_whole(output, (line(row) + "\n" for row in rows))


def _whole(graph: "Graph", earlier: Path | None) -> Iterator[str]:
    from kb.graph.whole import since, whole_lines

    lines = whole_lines(graph.driver, graph.database)
    return lines if earlier is None else since(_lines(earlier), lines)


def _write_lines(output: Path | None, lines: Iterable[str]) -> None:
    if output is not None:
        _write_whole(output, (one + "\n" for one in lines))
        return
    for one in lines:
        print(one)


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            for one in file:
                yield one.rstrip("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.") from error


def import_(
    file: Annotated[Path, typer.Argument(help="What `kb export --whole` wrote, with --since or without.")],
) -> None:
    """Write what a whole export holds into the graph; what is there already stays as it is.

    In an empty graph an equal one comes of it, with documents, history, judgements and rejections. A delta
    (`--since`) brings the graph that it was made since to the later state. What cannot be written is named,
    and the rest is written (exit code 1).
    """
    from kb.graph.imports import import_lines

    with open_graph(Settings.read()) as graph:
        done = import_lines(graph.driver, graph.database, _lines(file))
    for reason in done.failed:
        say(f"kb: {file}: {reason}", style="yellow")
    say(f"{done.records} records read, {done.written} written, {len(done.failed)} left out.")
    raise typer.Exit(1 if done.failed else 0)


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
