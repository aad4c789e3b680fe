"""Commands that read documents: load, extract."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from app.output import Format, print_rows
from app.wiring import extractor, open_graph, registry
from kb.contract import extraction_lines
from kb.documents import Metadata
from kb.errors import InputError, UsageError
from kb.settings import Settings


def load(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders: text, Markdown, HTML.")],
    form: Annotated[
        Format, typer.Option("--format", help="jsonl prints a line per document as it is acknowledged.")
    ] = Format.TABLE,
) -> None:
    """Read documents and write their facts with evidence into the graph.

    A document that cannot be read is named with its reason, and the rest is loaded (exit code 1).
    Loading a document again changes nothing; a run that was cut off continues where it stopped.
    """
    from app.ingesting import ingest
    from kb.graph.writer import Writer
    from loaders.sources import discover

    settings = Settings.read()
    _refuse_missing(paths)
    with open_graph(settings) as graph:
        writer = Writer(graph.driver, graph.database, registry(settings.seeds_folder))
        summary = ingest(discover(paths), writer, extractor(settings), form)
    raise typer.Exit(1 if summary.failed else 0)


def extract(
    files: Annotated[list[Path], typer.Argument(help="Files: text, Markdown, HTML.")],
    meta: Annotated[
        Path | None,
        typer.Option(
            help="JSON file with what is known of the document: title, publisher, published, url, authors."
        ),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="jsonl is the contract's form.")] = Format.JSONL,
) -> None:
    """Print each document's line, entities and facts as JSON lines; no database is used."""
    from app.ingesting import cleaned
    from loaders.metadata_file import read_metadata
    from loaders.sources import Skipped, discover

    settings = Settings.read()
    _refuse_missing(files)
    known = Metadata() if meta is None else read_metadata(meta)
    reader = extractor(settings)
    failed: list[str] = []

    def records() -> Iterator[Mapping[str, Any]]:
        for item in discover(files):
            if isinstance(item, Skipped):
                continue
            try:
                document = cleaned(item).with_metadata(known)
            except InputError as error:
                failed.append(str(error))
                continue
            for extraction in reader.extract([document]):
                yield from extraction_lines(document, extraction)

    print_rows(records(), form)
    for reason in failed:
        print(f"kb: {reason}", file=sys.stderr)
    raise typer.Exit(1 if failed else 0)


def _refuse_missing(paths: Sequence[Path]) -> None:
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise UsageError(f"There is no {', '.join(missing)}: check the spelling.")
