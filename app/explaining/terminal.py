"""An explanation in the terminal: sentence by sentence, then the entities and the lines left out."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.explaining.inert import inert
from app.explaining.rows import Entity, LetGo, Numbered, Row, entities, rows
from app.explaining.wording import told, told_origin, told_reason
from kb.documents import Document
from kb.ontology import Kind
from loaders.cleaning.cuts import Cut
from loaders.extraction.explanation import Explanation

_COLOURS: Final = {Kind.RELATION: "blue", Kind.FIGURE: "magenta", Kind.DATE: "yellow", Kind.TERM: "green"}
_PLACES: Final = 60


def print_explanation(explanation: Explanation, cuts: Sequence[Cut]) -> None:
    """Print to stdout; colours only where that is a terminal."""
    console = Console(emoji=False, highlight=False)
    document = explanation.document
    console.print(Text(inert(document.metadata.title or document.source_key), style="bold"))
    console.print(Text(inert(" · ".join(_summary(explanation, cuts))), style="dim"))
    for row in rows(explanation):
        _print_row(console, document, row)
    named = entities(explanation)
    if named:
        console.print(Text("\nEntities", style="bold"))
        console.print(_table(document, named))
    if cuts:
        console.print(Text("\nLines left out before reading", style="bold"))
        for cut in cuts:
            _indented(console, Text(f"- {_short(cut.line)}: {cut.why}"))


def _summary(explanation: Explanation, cuts: Sequence[Cut]) -> Iterator[str]:
    known = explanation.document.metadata
    yield explanation.document.source_key
    if known.published is not None:
        yield f"published {known.published}"
    yield f"{len(explanation.findings)} facts"
    yield f"{len(explanation.candidates)} candidates let go"
    yield f"{len(explanation.extraction.entities)} entities"
    yield f"{len(cuts)} lines left out"


def _print_row(console: Console, document: Document, row: Row) -> None:
    if row.opens:
        console.print()
    console.print(Text(inert(document.text[row.start : row.end])))
    for one in row.findings:
        _print_fact(console, one, row)
    for one in row.let_go:
        words = f"- {_words(one)}: {inert(told_reason(one))} ({'; '.join(one.origins)})"
        _indented(console, Text(words, style="dim"))
    if row.bare:
        words = ", ".join(_words(one) for one in row.bare)
        _indented(console, Text(f"- {words}: {row.bare[0].reason}", style="dim"))


def _print_fact(console: Console, one: Numbered, row: Row) -> None:
    fact, finding = one.finding.fact, one.finding
    words = told(fact)
    line = Text("+ ")
    line.append(words.predicate, style=f"bold {_COLOURS[fact.kind]}")
    line.append(inert(f"  {words.subject}  {words.said}".rstrip()))
    if words.details:
        line.append(inert(f"  ({', '.join(words.details)})"))
    _indented(console, line)
    also = "".join(f"; also {told_origin(origin)}" for origin in finding.also)
    origin = f"{told_origin(finding.origin)}; confidence {fact.confidence}{also}"
    _indented(console, Text(origin, style="dim"), by=4)
    if (fact.evidence.start, fact.evidence.end) != (row.start, row.end):
        _indented(console, Text(f"“{inert(fact.evidence.text)}”", style="dim italic"), by=4)


def _indented(console: Console, text: Text, by: int = 2) -> None:
    for line in text.wrap(console, max(console.width - by, 1), overflow="fold"):
        console.print(Text(" " * by) + line)


def _words(one: LetGo) -> str:
    often = f" ×{len(one.places)}" if len(one.places) > 1 else ""
    says = f" ({', '.join(one.says)})" if one.says else ""
    return f"“{_short(one.words)}”{often}{says}"


def _short(words: str) -> str:
    words = " ".join(inert(words).split())
    return words if len(words) <= _PLACES else f"{words[: _PLACES - 1]}…"


def _table(document: Document, named: Sequence[Entity]) -> Table:
    table = Table("name", "type", "resolved", "mentions", box=box.SIMPLE_HEAD, pad_edge=False)
    for one in named:
        forms = ", ".join(f"{form} ×{count}" if count > 1 else form for form, count in one.forms(document))
        cells = (one.ref.name, one.ref.type.value, one.resolved, forms)
        table.add_row(*(Text(inert(cell), overflow="fold") for cell in cells))
    return table
