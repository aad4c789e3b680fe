"""The ingest run: raw documents are cleaned, read and written, one outcome for each.

A document that cannot be read is reported and the rest goes on. A document that the graph has already
acknowledged is passed over before anything is extracted, so a run that was cut off continues where it
stopped, and a second run changes nothing. One whose source was withdrawn is passed over as well.
"""

import logging
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from kb.documents import Document, RawDocument, Standing
from kb.errors import InputError, KbError
from kb.facts import Extraction
from kb.incidents import log_incident
from kb.protocols import Extractor
from kb.surrogates import is_text
from loaders.refusals import Code, code_of
from loaders.sources.found import Found, Problem, Read, Skipped, Stated

BATCH: Final = 16
"""Documents that are cleaned and looked up together; extraction pipes them, writing takes so many at most."""

MOMENT: Final = 1.0
"""Seconds of finding or reading after which what there is goes on, so that a cut costs little."""

_RECORDS: Final = 12
"""Records that are written together for each document of a batch."""

NO_ARTICLE: Final = "No article was found in it, only menus, links or nothing."
HALF: Final = "It holds half of a character (a lone surrogate): write whole ones."
TWICE: Final = "Another text of this load has the same id: give each document an id of its own."

WithFacts = tuple[Document, Extraction]
"""A document with what was found in it."""

T = TypeVar("T")

log = logging.getLogger(__name__)


class State(StrEnum):
    """What became of a document."""

    LOADED = "loaded"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


_KNOWN: Final = {Standing.READ: State.UNCHANGED, Standing.WITHDRAWN: State.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One document's end: its state, where it came from, how many facts it gave, and why it failed.

    A loaded one has a reason where not all of it was read; a failed one has a code for programs.
    """

    state: State
    origin: str
    document: str | None = None
    title: str | None = None
    facts: int = 0
    reason: str | None = None
    code: str | None = None


class Store(Protocol):
    """Where documents are written; `kb.graph.writer.Writer` is one."""

    def standing(self, documents: Iterable[Document], extractor: str) -> Mapping[str, Standing]:
        """What is there of documents that were found, by their ids; those that are lacking have none."""
        ...

    def held_as(self, documents: Iterable[Document]) -> Mapping[str, str]:
        """The keys of the sources that files are held as, by their places, where those are not their own."""
        ...

    def write_together(
        self, found: Sequence[tuple[Document, Extraction]], ingest: str, *, placed: bool = True
    ) -> object:
        """Write documents of one extractor, all or none; returns when that is acknowledged.

        What was not found now but is read again is not `placed`.

        Raises:
            InputError: when the store cannot hold one of them; others can still be written.
        """
        ...

    def finish(self, ingest: str, failed: Sequence[str]) -> None:
        """Close the record of the run."""
        ...


class IngestRun:
    """One run over some documents; iterate `outcomes` to its end."""

    def __init__(self, store: Store, extractor: Extractor, clean: Callable[[RawDocument], Document]) -> None:
        """Read with this extractor and write to this store."""
        self.id: Final = uuid.uuid4().hex
        self._store = store
        self._extractor = extractor
        self._clean = clean
        self._first: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        self._failed: list[str] = []
        self._wrote = False

    def outcomes(self, items: Iterable[Found | Read]) -> Iterator[Outcome]:
        """Take the documents in, batch by batch; an outcome is given when its document is acknowledged.

        What was `Read` is written as it is; its extraction bears this run's extractor's name.
        """
        self._first.clear()
        self._keys.clear()
        for batch in _batches(items, BATCH * _RECORDS, _weight):
            yield from self._noted(self._batch(batch))
        self._finish()

    def outcomes_again(self, documents: Iterable[Document]) -> Iterator[Outcome]:
        """Read documents of the store again, as they stand there."""
        for batch in _batches(documents, BATCH):
            yield from self._noted(self._extracted(batch, placed=False))
        self._finish()

    def _noted(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        for outcome in outcomes:
            self._wrote = self._wrote or outcome.state is State.LOADED
            if outcome.state is State.FAILED:
                self._failed.append(f"{outcome.origin}: {outcome.reason}")
            yield outcome

    def _finish(self) -> None:
        failed, self._failed = self._failed, []
        if self._wrote:
            self._store.finish(self.id, failed)
        self._wrote = False

    def _batch(self, batch: Sequence[Found | Read]) -> Iterator[Outcome]:
        documents: list[Document] = []
        read = {item.document.id: item.extraction for item in batch if isinstance(item, Read)}
        stated = [item for item in batch if isinstance(item, Stated)]
        yield from self._stated(stated)
        for item in batch:
            if isinstance(item, Stated):
                continue
            cleaned = self._cleaned(item)
            if isinstance(cleaned, Outcome):
                yield cleaned
            else:
                documents.append(cleaned)
        yield from self._taken(self._as_held(documents), read)

    def _as_held(self, documents: Sequence[Document]) -> list[Document]:
        """The same documents; a file that was read from its place under another key goes on under that."""
        held = self._store.held_as(documents)
        for one in documents:
            if one.place:
                self._keys.setdefault(one.place, held.get(one.place, one.source_key))
        return [replace(one, source_key=self._keys.get(one.place, one.source_key)) for one in documents]

    def _stated(self, records: Sequence[Stated]) -> Iterator[Outcome]:
        """Write the records that the graph lacks, those of one extractor together."""
        by_extractor: dict[str, dict[str, Stated]] = {}
        for record in records:
            reason = self._objection(record.document)
            if reason is None:
                by_extractor.setdefault(record.extraction.extractor, {})[record.document.id] = record
            else:
                yield Outcome(State.FAILED, record.origin, reason=reason)
        for extractor, found in by_extractor.items():
            known = self._store.standing((one.document for one in found.values()), extractor)
            for key in known:
                document = found[key].document
                yield Outcome(_KNOWN[known[key]], document.origin, key, document.metadata.title)
            lacking = [one for key, one in found.items() if key not in known]
            yield from self._written_together(
                [(one.document, one.extraction.borne_out(one.document.text)) for one in lacking]
            )

    def _taken(self, documents: Sequence[Document], read: Mapping[str, Extraction]) -> Iterator[Outcome]:
        """Read and write what the graph lacks; a document that occurs again is looked up afterwards.

        `read` has the extractions that are there already, by their documents' ids.
        """
        known = self._store.standing(documents, self._extractor.name)
        fresh: dict[str, Document] = {}
        again: list[Document] = []
        for document in documents:
            if document.id in known:
                yield Outcome(
                    _KNOWN[known[document.id]], document.origin, document.id, document.metadata.title
                )
            elif fresh.setdefault(document.id, document) is not document:
                again.append(document)
        ready = [(one, read[key].borne_out(one.text)) for key, one in fresh.items() if key in read]
        yield from self._in_moments(ready, placed=True)
        yield from self._extracted([one for key, one in fresh.items() if key not in read])
        if again:
            yield from self._taken(again, read)

    def _cleaned(self, item: RawDocument | Read | Problem | Skipped) -> Document | Outcome:
        if isinstance(item, Problem):
            return Outcome(State.FAILED, item.origin, reason=item.reason, code=item.code)
        if isinstance(item, Skipped):
            return Outcome(State.SKIPPED, item.origin)
        try:
            document = item.document if isinstance(item, Read) else self._clean(item)
            reason = self._objection(document)
            return document if reason is None else Outcome(State.FAILED, item.origin, reason=reason)
        except InputError as error:
            return Outcome(State.FAILED, item.origin, reason=str(error), code=code_of(error))
        except Exception as error:  # noqa: BLE001 - logged; one document's fault may not end the run
            return _unexpected(item.origin, error)

    def _objection(self, document: Document) -> str | None:
        """Why a document is not taken: it holds nothing, or no text, or another text of this load has its id.

        Each load would put the one in the other's stead.
        """
        if not document.text.strip():
            return NO_ARTICLE
        if not (is_text(document.text) and is_named_in_text(document)):
            return HALF
        if not document.place and self._first.setdefault(document.source_key, document.id) != document.id:
            return TWICE
        return None

    def _extracted(self, documents: Sequence[Document], *, placed: bool = True) -> Iterator[Outcome]:
        """Read documents and write them."""
        yield from self._in_moments(self._read(documents), placed=placed)

    def _in_moments(self, found: Iterable[WithFacts | Outcome], *, placed: bool) -> Iterator[Outcome]:
        """Write together what is read within a moment.

        Of each source there is one among those: its versions take turns.
        """
        together: list[WithFacts] = []
        begun = time.monotonic()
        for one in found:
            if isinstance(one, Outcome) or any(
                one[0].source_key == other.source_key for other, _ in together
            ):
                yield from self._written_together(together, placed=placed)
                together = []
            if isinstance(one, Outcome):
                yield one
                continue
            together.append(one)
            if time.monotonic() - begun > MOMENT:
                yield from self._written_together(together, placed=placed)
                together, begun = [], time.monotonic()
        yield from self._written_together(together, placed=placed)

    def _read(self, documents: Sequence[Document]) -> Iterator[WithFacts | Outcome]:
        """Extract all together; when one makes the extractor fail, go on one by one from there."""
        extractions = self._extractor.extract(documents)
        for position, document in enumerate(documents):
            try:
                extraction = next(extractions)
            except KbError as error:
                title, code = document.metadata.title, code_of(error)
                yield Outcome(State.FAILED, document.origin, document.id, title, reason=str(error), code=code)
            except Exception as error:  # noqa: BLE001 - logged; one document's fault may not end the run
                yield _unexpected(document.origin, error)
            else:
                yield document, extraction.borne_out(document.text)
                continue
            yield from self._read(documents[position + 1 :])
            return

    def _written_together(self, found: Sequence[WithFacts], *, placed: bool = True) -> Iterator[Outcome]:
        """Write all in one transaction; where the store cannot hold that, one by one."""
        if not found:
            return
        try:
            self._store.write_together(found, self.id, placed=placed)
        except InputError as error:
            if len(found) > 1:
                for one in found:
                    yield from self._written_together([one], placed=placed)
                return
            document = found[0][0]
            title = document.metadata.title
            reason, code = str(error), code_of(error)
            yield Outcome(State.FAILED, document.origin, document.id, title, reason=reason, code=code)
            return
        yield from (_loaded(document, extraction) for document, extraction in found)


def is_named_in_text(found: Document | RawDocument) -> bool:
    """Whether all that is told of a document can be written as UTF-8."""
    known = found.metadata
    names = (found.source_key, known.title, known.publisher, known.url, known.licence, *known.authors)
    return all(is_text(name) for name in names if name)


def _loaded(document: Document, extraction: Extraction) -> Outcome:
    return Outcome(
        State.LOADED,
        document.origin,
        document.id,
        document.metadata.title,
        facts=len(extraction.facts),
        reason=unread_end(document, extraction),
    )


def unread_end(document: Document, extraction: Extraction) -> str | None:
    """A sentence on the part of a long document that was not read; None where all was."""
    if not extraction.unread:
        return None
    read = len(document.text) - extraction.unread
    whole = len(document.text)
    return f"Only the first {read:,} of its {whole:,} characters were read; split it to have the rest read."


def _unexpected(origin: str, error: Exception) -> Outcome:
    """The boundary at which one document's fault may not end the run."""
    incident = log_incident(log, f"origin={origin}", error)
    reason = f"This document hit a fault of the program (incident {incident} in the log); the others go on."
    return Outcome(State.FAILED, origin, reason=reason, code=Code.FAULT)


def _weight(item: Found | Read) -> int:
    """Records weigh little: they cost no reading."""
    return 1 if isinstance(item, Stated) else _RECORDS


def _batches(
    items: Iterable[T], size: int, weight: Callable[[T], int] = lambda _: 1
) -> Iterator[Sequence[T]]:
    """The items in lists of a weight; one that is slow to fill goes on as it is."""
    batch: list[T] = []
    total = 0
    begun = time.monotonic()
    for item in items:
        batch.append(item)
        total += weight(item)
        if total >= size or time.monotonic() - begun > MOMENT:
            yield batch
            batch, total, begun = [], 0, time.monotonic()
    if batch:
        yield batch
