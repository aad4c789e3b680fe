"""The command that shows why: explain."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.console import say
from app.output import line
from app.wiring import explainer
from kb.documents import Metadata
from kb.errors import UsageError
from kb.settings import Settings


class Form(StrEnum):
    """How an explanation is shown."""

    TEXT = "text"
    HTML = "html"
    JSONL = "jsonl"


def explain(
    file: Annotated[Path, typer.Argument(help="A file: text, Markdown, HTML, PDF, DOCX, EPUB.")],
    meta: Annotated[
        Path | None,
        typer.Option(
            help="JSON file with what is known of the document: title, publisher, published, url, authors."
        ),
    ] = None,
    form: Annotated[
        Form, typer.Option("--format", help="html is one page that needs nothing else, to keep or to send.")
    ] = Form.TEXT,
) -> None:
    """Show a document with its facts beside their words: who made each, and why the rest became none.

    The facts are those of `kb extract`; no database is used.
    """
    from app.explaining.page import page
    from app.explaining.records import records
    from app.explaining.terminal import print_explanation
    from app.ingesting import cleaned_with_cuts
    from kb.documents import RawDocument
    from loaders.ingest import unread_end
    from loaders.metadata_file import read_metadata
    from loaders.sources import Problem, discover

    if not file.is_file():
        raise UsageError(f"There is no file {file}: check the spelling.")
    known = Metadata() if meta is None else read_metadata(meta)
    item = next(discover([file]), None)
    if not isinstance(item, RawDocument | Problem):
        raise UsageError(f"{file} holds records, whose facts are their fields; only documents are explained.")
    cleaned = cleaned_with_cuts(item)
    explanation = explainer(Settings.read()).explain(cleaned.document.with_metadata(known))
    if (unread := unread_end(explanation.document, explanation.extraction)) is not None:
        say(f"{file}: {unread}", style="yellow")
    match form:
        case Form.TEXT:
            print_explanation(explanation, cleaned.cuts)
        case Form.HTML:
            print(page(explanation, cleaned.cuts))
        case Form.JSONL:
            for record in records(explanation, cleaned.cuts):
                print(line(record))
