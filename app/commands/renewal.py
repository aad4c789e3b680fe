"""Commands that bring the graph up to date: reextract, refresh."""

from typing import Annotated

import typer

from app.commands.load import By, Reading, Workers, readers
from app.output import Format
from app.wiring import answers, open_graph, registry
from kb.settings import Settings

Form = Annotated[Format, typer.Option("--format", help="jsonl prints a line per document as it is read.")]


def reextract(form: Form = Format.TABLE, by: By = Reading.RULES, workers: Workers = 1) -> None:
    """Read the stored texts again that an earlier version of the extractor read, or with another registry.

    Facts that are new are added, those that are found no more are retracted. A run that was cut off goes on
    where it stopped.
    """
    from app.ingesting import tell
    from kb.graph import held
    from kb.graph.writer import Writer
    from loaders.cleaning import clean
    from loaders.ingest import IngestRun

    settings = Settings.read()
    failed = 0
    with readers(settings, by, workers) as several, open_graph(settings) as graph:
        writer = Writer(graph.driver, graph.database, registry(settings.seeds_folder))
        for reader in several:
            reading = held.Reading(reader.name, writer.registry_digest)
            documents = held.stale(graph.driver, graph.database, reading)
            count = held.count_stale(graph.driver, graph.database, reading)
            outcomes = IngestRun(writer, reader, clean).outcomes_again(documents)
            failed += tell(outcomes, form, total=count).failed
    raise typer.Exit(1 if failed else 0)


def refresh(
    form: Form = Format.TABLE,
    workers: Workers = 1,
    *,
    complete: Annotated[
        bool,
        typer.Option(
            "--complete",
            help="Files of records at URLs have all of theirs: retract what they have no more, until they "
            "have it again.",
        ),
    ] = False,
) -> None:
    """Look again at the files and URLs that documents were read from, and load those that changed.

    A page is fetched only where its server does not tell that it is as it was. Files of records at URLs are
    read as `kb load URL` reads them. What is not there any more is named, and its facts stand until you
    withdraw them (exit code 1).
    """
    from app.console import say
    from app.ingesting import tell
    from app.leaving import leave
    from kb.graph import held
    from kb.graph.corrections import Corrections
    from kb.graph.writer import Writer
    from loaders.ingest import IngestRun
    from loaders.parsing import parser
    from loaders.refreshing import Refresh
    from loaders.sources import web

    settings = Settings.read()
    with readers(settings, Reading.RULES, workers) as (reader,), open_graph(settings) as graph:
        writer = Writer(graph.driver, graph.database, registry(settings.seeds_folder))
        places = held.held(graph.driver, graph.database)
        refreshed = Refresh(web.usual(), answers(settings), complete=complete)
        run = IngestRun(writer, reader, parser().clean)
        summary = tell(refreshed.noted(run.outcomes(refreshed.found(places))), form)
        if complete:
            leave(Corrections(graph.driver, graph.database, "kb refresh"), refreshed.files.kept)
        refreshed.files.keep(held.held(graph.driver, graph.database))
    say(str(refreshed))
    raise typer.Exit(1 if summary.failed else 0)
