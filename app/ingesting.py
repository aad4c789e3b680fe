"""An ingest run as a person sees it: a progress bar, the broken documents by name, a summary."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from app.console import console, say
from app.output import Format, line
from kb.documents import Difference, Document, RawDocument
from kb.errors import InputError
from kb.facts import Extraction
from kb.protocols import Extractor
from loaders.cleaning import Cleaned
from loaders.ingest import HALF, IngestRun, Outcome, State, is_named_in_text
from loaders.parsing import parser
from loaders.preview import Change, Preview
from loaders.sources.found import Found, Problem, Read

if TYPE_CHECKING:
    from kb.graph.writer import Writer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Summary:
    """How many documents ended in which state, and the facts of the loaded ones."""

    loaded: int
    unchanged: int
    failed: int
    facts: int


def ingest(items: Iterable[Found | Read], writer: "Writer", extractor: Extractor, form: Format) -> Summary:
    """Run an ingest to its end, or until Ctrl-C: what was acknowledged by then stays."""
    return tell(IngestRun(writer, extractor, parser().clean).outcomes(items), form)


def tell(outcomes: Iterable[Outcome], form: Format, total: int | None = None) -> Summary:
    """Tell of each document as it comes, and of all at the end; `total` is how many will come."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    counted: Counter[State] = Counter()
    facts = 0
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console(), disable=not console().is_terminal) as bar:
            task = bar.add_task("Reading documents", total=total)
            for outcome in outcomes:
                counted[outcome.state] += 1
                facts += outcome.facts
                _tell(outcome, form)
                bar.advance(task)
    except KeyboardInterrupt:
        say(f"Interrupted: {counted[State.LOADED]} documents are in; run it again to go on.")
        raise
    summary = Summary(counted[State.LOADED], counted[State.UNCHANGED], counted[State.FAILED], facts)
    say(
        f"{summary.loaded} documents loaded with {summary.facts} facts, {summary.unchanged} unchanged, "
        f"{summary.failed} failed, {counted[State.SKIPPED]} files of other types passed over."
    )
    if counted[State.WITHDRAWN]:
        say(f"{counted[State.WITHDRAWN]} withdrawn before, not read; `kb withdraw --undo` lets them in.")
    return summary


def preview(items: Iterable[Found | Read], looking: Preview, extractor: Extractor, form: Format) -> Summary:
    """Tell what an ingest would change, document by document; nothing is written."""
    counted: Counter[str] = Counter()
    facts = gone = 0
    for outcome in IngestRun(looking, extractor, parser().clean).outcomes(items):
        planned = looking.planned.get(outcome.document or "") if outcome.state is State.LOADED else None
        state = outcome.state.value if planned is None else planned.change.value
        counted[state] += 1
        of = Difference(outcome.facts, 0) if planned is None else planned.facts
        facts, gone = facts + (of.new if planned else 0), gone + of.gone
        if form is not Format.TABLE:
            print(_record(outcome, state, of.new, retracted=of.gone), flush=True)
        elif outcome.state is State.FAILED:
            _tell(outcome, form)
        elif planned is not None:
            retracted = f", {of.gone} retracted" if of.gone else ""
            say(f"{state:>8}: {of.new:4d} new facts{retracted}  {outcome.title or outcome.origin}")
    new, changed, known = counted[Change.NEW], counted[Change.CHANGED], counted[State.UNCHANGED]
    failed = counted[State.FAILED]
    say(
        f"A load would write {new} new and {changed} changed documents with {facts} new facts, and "
        f"retract {gone} that are told no more; {known} are known, {failed} fail, "
        f"{counted[State.SKIPPED]} files of other types are passed over. Nothing was written."
    )
    return Summary(new + changed, known, failed, facts)


def readings(
    reader: Extractor, documents: Iterable[Document]
) -> Iterator[tuple[Document, Extraction | InputError]]:
    """Each document with its extraction, or with why it cannot be read; the others go on.

    The reader may ask for documents ahead of the one whose extraction it gives next.
    """
    coming = iter(documents)
    asked: deque[Document] = deque()
    while True:
        again, asked = asked, deque()
        try:
            for extraction in reader.extract(_noted(chain(_drained(again), coming), asked)):
                yield asked.popleft(), extraction
            return
        except InputError as error:
            if not asked:
                raise
            yield asked.popleft(), error
            asked.extend(again)


def _noted(documents: Iterable[Document], asked: deque[Document]) -> Iterator[Document]:
    for document in documents:
        asked.append(document)
        yield document


def _drained(documents: deque[Document]) -> Iterator[Document]:
    while documents:
        yield documents.popleft()


def cleaned(item: RawDocument | Problem) -> Document:
    """The cleaned document of what was found.

    Raises:
        InputError: when it cannot be read, naming it and the reason.
    """
    return _named(item, parser().clean)


def cleaned_with_cuts(item: RawDocument | Problem) -> Cleaned:
    """The cleaned document of what was found, and the lines that were left out.

    Raises:
        InputError: when it cannot be read, naming it and the reason.
    """
    return _named(item, parser().clean_with_cuts)


def _named(item: RawDocument | Problem, read: Callable[[RawDocument], T]) -> T:
    if isinstance(item, Problem):
        raise InputError(f"{item.origin}: {item.reason}")
    if not is_named_in_text(item):
        raise InputError(f"{item.origin}: {HALF}")
    try:
        return read(item)
    except InputError as error:
        raise InputError(f"{item.origin}: {error}") from error


def _tell(outcome: Outcome, form: Format) -> None:
    if form is not Format.TABLE:
        print(_record(outcome, outcome.state.value, outcome.facts), flush=True)
    elif outcome.state is State.FAILED:
        say(f"failed: {outcome.origin}: {outcome.reason}", style="red")
    elif outcome.state is State.LOADED:
        say(f"{outcome.facts:4d} facts  {outcome.title or outcome.origin}")
        if outcome.reason is not None:
            say(f"in part: {outcome.origin}: {outcome.reason}", style="yellow")


def _record(outcome: Outcome, state: str, facts: int, **more: int) -> str:
    return line(
        {
            "state": state,
            "origin": outcome.origin,
            "document": outcome.document,
            "facts": facts,
            "reason": outcome.reason,
            "code": outcome.code,
            **more,
        }
    )
