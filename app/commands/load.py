"""Commands that read documents: load, extract."""

import sys
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from enum import StrEnum
from itertools import tee
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.console import say
from app.output import Format, print_rows
from app.wiring import answers, extractor, llm_extractor, open_graph, ray_cluster, registry
from kb.contract import extraction_lines
from kb.documents import Document, Metadata
from kb.errors import InputError, UsageError
from kb.protocols import Extractor
from kb.settings import Settings

if TYPE_CHECKING:
    from loaders.sources import Options, Stated


class Reading(StrEnum):
    """Who reads the documents; the facts of two extractors stand side by side."""

    RULES = "rules"
    LLM = "llm"
    BOTH = "both"


By = Annotated[
    Reading, typer.Option("--extractor", help="The rules, the language model at KB_LLM_URL, or both.")
]
Sources = Annotated[
    list[str],
    typer.Argument(
        help="Files, folders or URLs: text, Markdown, HTML, PDF, DOCX, EPUB; feeds, JSON Lines, CSV, "
        "Parquet, WARC; price files, Epoch's tables, Ecosystem Graphs, SPDX licences."
    ),
]
MappingFile = Annotated[
    Path | None,
    typer.Option("--map", help="YAML or JSON file that says which column of a table means what."),
]
Workers = Annotated[
    int,
    typer.Option(min=1, max=64, help="Processes that read by the rules; each takes about 400 MB of memory."),
]


LoadWorkers = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=64,
        help="Processes that read by the rules; each takes about 400 MB of memory. [default: 1; with --ray "
        "all processors of this machine]",
    ),
]


def load(
    sources: Sources,
    *,
    mapping: MappingFile = None,
    meta: Annotated[
        Path | None,
        typer.Option(help="JSON file with what is known of all of them: publisher, published, authors."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")
    ] = False,
    complete: Annotated[
        bool,
        typer.Option(
            "--complete",
            help="Files of records have all of theirs: retract what an earlier load had of them that "
            "they have no more, until they have it again.",
        ),
    ] = False,
    form: Annotated[
        Format, typer.Option("--format", help="jsonl prints a line per document as it is acknowledged.")
    ] = Format.TABLE,
    by: By = Reading.RULES,
    workers: LoadWorkers = None,
    over_ray: Annotated[
        bool,
        typer.Option(
            "--ray",
            help="Read over the Ray cluster at KB_RAY_ADDRESS or RAY_ADDRESS, else one on this machine; "
            "needs the extra `ray`.",
        ),
    ] = False,
    shards: Annotated[
        Path | None,
        typer.Option(help="Folder that keeps what --ray has read; shards/ in KB_HOME unless given."),
    ] = None,
) -> None:
    """Read documents and write their facts with evidence into the graph.

    What cannot be read, be it a document, a row or a page, is named with its reason and its place, and the
    rest is loaded (exit code 1). Loading a document again changes nothing; one that has changed since takes
    the place of its older version, whose facts are retracted. A run that was cut off continues where it
    stopped, also with --ray, which keeps what it has read.
    """
    from app.ingesting import ingest, preview
    from app.leaving import NOT_ALL_READ, foresee, leave
    from kb.graph.corrections import Corrections
    from kb.graph.lookup import Lookup
    from kb.graph.writer import Writer
    from loaders.preview import Preview
    from loaders.sources import discover

    settings = Settings.read()
    _refuse_missing(sources)
    if over_ray and by is not Reading.RULES:
        raise UsageError("--ray reads by the rules alone: a language model is one endpoint for all.")
    options = _options(mapping, meta)
    if not dry_run:
        options = replace(options, answers=answers(settings))
    failed = 0
    with (
        ray_cluster(settings, workers, shards) if over_ray else nullcontext() as cluster,
        readers(settings, by, workers or 1) if cluster is None else nullcontext([cluster.reader]) as several,
        open_graph(settings, migrated=not dry_run) as graph,
    ):
        writer = Writer(graph.driver, graph.database, registry(settings.seeds_folder))
        for reader in several:
            found = discover(sources, options)
            items = found if cluster is None else cluster.read(found)
            if dry_run:
                looking = Preview(writer, Lookup(graph.driver, graph.database))
                failed += preview(items, looking, reader, form).failed
            else:
                failed += ingest(items, writer, reader, form).failed
        if complete and failed:
            say(NOT_ALL_READ, style="yellow")
        elif complete and dry_run:
            foresee(Lookup(graph.driver, graph.database), options.records.kept, form)
        elif complete:
            leave(Corrections(graph.driver, graph.database, "kb load"), options.records.kept)
    raise typer.Exit(1 if failed else 0)


def extract(
    sources: Sources,
    *,
    mapping: MappingFile = None,
    meta: Annotated[
        Path | None,
        typer.Option(
            help="JSON file with what is known of the document: title, publisher, published, url, authors."
        ),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="jsonl is the contract's form.")] = Format.JSONL,
    by: By = Reading.RULES,
    workers: Workers = 1,
) -> None:
    """Print each document's line, entities and facts as JSON lines; no database is used."""
    from app.ingesting import cleaned, readings
    from loaders.ingest import unread_end
    from loaders.metadata_file import read_metadata
    from loaders.sources import Options, Skipped, Stated, discover
    from loaders.sources.mapping import read_mapping

    settings = Settings.read()
    _refuse_missing(sources)
    known = Metadata() if meta is None else read_metadata(meta)
    options = Options(None if mapping is None else read_mapping(mapping))
    failed: list[str] = []
    in_part: dict[str, None] = {}
    stated: deque[Stated] = deque()

    def documents() -> Iterator[Document]:
        for item in discover(sources, options):
            if isinstance(item, Skipped):
                continue
            if isinstance(item, Stated):
                stated.append(item)
                continue
            try:
                yield cleaned(item).with_metadata(known)
            except InputError as error:
                failed.append(str(error))

    def records(several: Sequence[Extractor]) -> Iterator[Mapping[str, Any]]:
        copies = tee(documents(), len(several))
        for found in zip(*map(readings, several, copies), strict=True):
            for document, extraction in found:
                if isinstance(extraction, InputError):
                    failed.append(f"{document.origin}: {extraction}")
                    continue
                yield from _records(stated)
                yield from extraction_lines(document, extraction)
                if (unread := unread_end(document, extraction)) is not None:
                    in_part.setdefault(f"{document.origin}: {unread}")
        yield from _records(stated)

    with readers(settings, by, workers) as several:
        print_rows(records(several), form)
    for reason in (*in_part, *failed):
        print(f"kb: {reason}", file=sys.stderr)
    raise typer.Exit(1 if failed else 0)


@contextmanager
def readers(settings: Settings, by: Reading, workers: int = 1) -> Generator[Sequence[Extractor]]:
    """The extractors in the order in which they read.

    What a language model cost, and what it told that the documents do not bear out, is said at the end,
    whatever the end is.
    """
    with extractor(settings, workers) as rules:
        if by is Reading.RULES:
            yield [rules]
        else:
            yield from _with_model(settings, [] if by is Reading.LLM else [rules])


def _with_model(settings: Settings, rules: Sequence[Extractor]) -> Iterator[Sequence[Extractor]]:
    model = llm_extractor(settings)
    try:
        yield [*rules, model]
    finally:
        reasons = ", ".join(f"{reason} ({number})" for reason, number in model.left_out.items())
        say(f"{model.name}: {model.tokens} tokens used; facts left out: {reasons or 'none'}.")


def _records(stated: "deque[Stated]") -> Iterator[Mapping[str, Any]]:
    """The lines of records whose fields are facts."""
    while stated:
        one = stated.popleft()
        yield from extraction_lines(one.document, one.extraction)


def _options(mapping: Path | None, meta: Path | None) -> "Options":
    from loaders.metadata_file import read_metadata
    from loaders.sources import Options
    from loaders.sources.mapping import read_mapping

    known = Metadata() if meta is None else read_metadata(meta)
    if known.url is not None or known.title is not None:
        raise UsageError(f"{meta}: title and url are one document's own, so a load of many takes neither.")
    return Options(None if mapping is None else read_mapping(mapping), known)


def _refuse_missing(sources: Sequence[str]) -> None:
    from loaders.sources.found import is_url

    missing = [source for source in sources if not is_url(source) and not Path(source).exists()]
    if missing:
        raise UsageError(f"There is no {', '.join(missing)}: check the spelling.")
