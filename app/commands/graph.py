"""Commands about the graph as a whole: export, import, rebuild-edges."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.console import say
from app.output import Format, line, print_rows
from app.whole_file import write_whole
from app.wiring import open_graph
from kb.errors import UsageError
from kb.settings import Settings

if TYPE_CHECKING:
    from kb.graph.connection import Graph


class ExportFormat(StrEnum):
    """The forms of an export: those that are printed, and those of folders."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    GRAPHML = "graphml"
    NT = "nt"
    JSONLD = "jsonld"
    NEO4J = "neo4j"


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
    documents: Annotated[
        bool,
        typer.Option("--documents", help="The documents instead, with the texts that may be handed on."),
    ] = False,
    all_texts: Annotated[
        bool, typer.Option("--all-texts", help="With every text, whatever the document's licence.")
    ] = False,
    since: Annotated[
        Path | None, typer.Option(help="An earlier whole export: only what is new or changed since.")
    ] = None,
    form: Annotated[
        ExportFormat, typer.Option("--format", help="csv, parquet and neo4j make a folder.")
    ] = ExportFormat.JSONL,
) -> None:
    """Write every statement that stands with its evidence, sorted by id; all that there is with --whole."""
    from app.graphml import graphml
    from app.json_ld import json_ld
    from app.n_triples import n_triples
    from app.rdf import resources
    from kb.graph.export import export_statements
    from kb.graph.papers import papers

    if documents or all_texts:
        _refuse_texts(documents and not (whole or canonical or history), output, form)
    if whole and (canonical or history or form is not ExportFormat.JSONL):
        raise UsageError("A whole export has all there is: leave out --canonical, --history and --format.")
    if since is not None and not whole:
        raise UsageError("What changed is told of a whole export: add --whole.")
    if canonical and history:
        raise UsageError("What was retracted has its times: leave out --canonical, or leave out --history.")
    _refuse_output(output, form)
    with open_graph(Settings.read()) as graph:
        if whole:
            _write_lines(output, _whole(graph, since))
            return
        if form is ExportFormat.NEO4J and output is not None:
            _write_bulk(output, graph)
            return
        told = papers(graph.driver, graph.database, all_texts=all_texts)
        rows = (
            told
            if documents
            else export_statements(graph.driver, graph.database, canonical=canonical, history=history)
        )
        if output is None:
            print_rows(rows, Format(form.value))
        elif form is ExportFormat.JSONL:
            write_whole(output, (line(row) + "\n" for row in rows))
        elif form is ExportFormat.GRAPHML:
            write_whole(output, (one + "\n" for one in graphml(rows)))
        elif form is ExportFormat.NT:
            write_whole(output, (one + "\n" for one in n_triples(resources(rows))))
        elif form is ExportFormat.JSONLD:
            write_whole(output, (one + "\n" for one in json_ld(resources(rows))))
        else:
            _write_folder(output, rows, told, form)


def _refuse_texts(documents: bool, output: Path | None, form: ExportFormat) -> None:  # noqa: FBT001
    """Documents are lines, or lie beside tables."""
    if documents and form in (ExportFormat.TABLE, ExportFormat.JSON, ExportFormat.JSONL):
        return
    if documents or output is None or form not in (ExportFormat.CSV, ExportFormat.PARQUET):
        raise UsageError(
            "Texts are in what --documents writes as lines and in folders of csv and parquet: leave out the "
            "other options."
        )


def _refuse_output(output: Path | None, form: ExportFormat) -> None:
    if output is None and form not in list(Format):
        raise UsageError(f"As {form.value} it is not printed: name with --output what is written.")
    if output is not None and form.value in (Format.TABLE, Format.JSON):
        raise UsageError("A file is written as jsonl: leave out --format, or leave out --output.")
    if output is not None and not output.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {output.parent}: make it, or name another file.")


def _write_folder(
    folder: Path,
    rows: Iterable[Mapping[str, Any]],
    documents: Iterable[Mapping[str, Any]],
    form: ExportFormat,
) -> None:
    from app.facts_folder import write_folder
    from app.tabular import Form

    tables = write_folder(folder, rows, documents, Form(form.value))
    say(f"{folder} has {sum(tables.values())} statements in {len(tables)} tables.")


def _write_bulk(folder: Path, graph: "Graph") -> None:
    from app.bulk_folder import COMMAND, write_bulk

    written = write_bulk(folder, graph)
    say(f"{folder} has {written:,} nodes and relationships. In it: {COMMAND}")


def _whole(graph: "Graph", earlier: Path | None) -> Iterator[str]:
    from kb.graph.whole import since, whole_lines

    lines = whole_lines(graph.driver, graph.database)
    return lines if earlier is None else since(_lines(earlier), lines)


def _write_lines(output: Path | None, lines: Iterable[str]) -> None:
    if output is not None:
        write_whole(output, (one + "\n" for one in lines))
        return
    for one in lines:
        print(one)


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            for one in file:
                yield one.rstrip("\n")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path} is no text. `kb import` takes what `kb export --whole` wrote; "
            "what `kb backup` wrote goes to `kb restore`."
        ) from error


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


def rebuild_edges() -> None:
    """Make all derived edges and ranks again from the statements."""
    from kb.graph.edges import rebuild_edges as rebuild

    with open_graph(Settings.read()) as graph:
        say(f"{rebuild(graph.driver, graph.database)} edges made.")
