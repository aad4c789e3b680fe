"""The ingest run: raw documents are cleaned, read and written, one outcome for each.

A document that cannot be read is reported and the rest goes on. A document that the graph has already
acknowledged is passed over before anything is extracted, so a run that was cut off continues where it
stopped, and a second run changes nothing.
"""

import logging
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from kb.documents import Document, RawDocument
from kb.errors import InputError, KbError
from kb.facts import Extraction
from kb.protocols import Extractor
from loaders.refusals import code_of
from loaders.sources.found import Found, Problem, Skipped, Stated

BATCH: Final = 8
"""Documents that are cleaned and looked up together; extraction pipes them, writing takes one each."""

_RECORDS: Final = 12
"""Records that are written together for each document of a batch."""

NO_ARTICLE: Final = "No article was found in it, only menus, links or nothing."

log = logging.getLogger(__name__)


class State(StrEnum):
    """What became of a document."""

    LOADED = "loaded"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    FAILED = "failed"


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

    def acknowledged(self, documents: Iterable[str], extractor: str) -> frozenset[str]:
        """Those document ids that are in the graph whole."""
        ...

    def write(self, document: Document, extraction: Extraction, ingest: str) -> object:
        """Write one document whole; returns when that is acknowledged.

        Raises:
            InputError: when the store cannot hold this document; others can still be written.
        """
        ...

    def write_together(self, found: Sequence[tuple[Document, Extraction]], ingest: str) -> object:
        """Write several small documents of one extractor, all or none.

        Raises:
            InputError: when the store cannot hold one of them.
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

    def outcomes(self, items: Iterable[Found]) -> Iterator[Outcome]:
        """Take the documents in, batch by batch; an outcome is given when its document is acknowledged."""
        failed: list[str] = []
        wrote = False
        for batch in _batches(items, BATCH):
            for outcome in self._batch(batch):
                wrote = wrote or outcome.state is State.LOADED
                if outcome.state is State.FAILED:
                    failed.append(f"{outcome.origin}: {outcome.reason}")
                yield outcome
        if wrote:
            self._store.finish(self.id, failed)

    def _batch(self, batch: Sequence[Found]) -> Iterator[Outcome]:
        documents: list[Document] = []
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
        yield from self._taken(documents)

    def _stated(self, records: Sequence[Stated]) -> Iterator[Outcome]:
        """Write the records that the graph lacks, those of one extractor together."""
        by_extractor: dict[str, dict[str, Stated]] = {}
        for record in records:
            by_extractor.setdefault(record.extraction.extractor, {})[record.document.id] = record
        for extractor, found in by_extractor.items():
            known = self._store.acknowledged(found, extractor)
            fresh = [record for key, record in found.items() if key not in known]
            for record in found.values():
                if record not in fresh:
                    document = record.document
                    yield Outcome(State.UNCHANGED, record.origin, document.id, document.metadata.title)
            yield from self._written_together(fresh)

    def _written_together(self, records: Sequence[Stated]) -> Iterator[Outcome]:
        """Write all in one transaction; where the store cannot hold that, one by one."""
        if not records:
            return
        sound = [(one.document, one.extraction.borne_out(one.document.text)) for one in records]
        try:
            self._store.write_together(sound, self.id)
        except InputError:
            for document, extraction in sound:
                yield self._written(document, extraction)
            return
        for document, extraction in sound:
            title = document.metadata.title
            yield Outcome(State.LOADED, document.origin, document.id, title, facts=len(extraction.facts))

    def _taken(self, documents: Sequence[Document]) -> Iterator[Outcome]:
        """Read and write what the graph lacks; a document that occurs again is looked up afterwards."""
        known = self._store.acknowledged((d.id for d in documents), self._extractor.name)
        fresh: dict[str, Document] = {}
        again: list[Document] = []
        for document in documents:
            if document.id in known:
                yield Outcome(State.UNCHANGED, document.origin, document.id, document.metadata.title)
            elif fresh.setdefault(document.id, document) is not document:
                again.append(document)
        yield from self._extracted(list(fresh.values()))
        if again:
            yield from self._taken(again)

    def _cleaned(self, item: RawDocument | Problem | Skipped) -> Document | Outcome:
        if isinstance(item, Problem):
            return Outcome(State.FAILED, item.origin, reason=item.reason, code=item.code)
        if isinstance(item, Skipped):
            return Outcome(State.SKIPPED, item.origin)
        try:
            document = self._clean(item)
            if document.text.strip():
                return document
            return Outcome(State.FAILED, item.origin, reason=NO_ARTICLE)
        except InputError as error:
            return Outcome(State.FAILED, item.origin, reason=str(error), code=code_of(error))
        except Exception:  # noqa: BLE001 - logged; one document's fault may not end the run
            return _unexpected(item.origin)

    def _extracted(self, documents: Sequence[Document]) -> Iterator[Outcome]:
        """Extract all together; when one makes the extractor fail, go on one by one from there."""
        extractions = self._extractor.extract(documents)
        for position, document in enumerate(documents):
            try:
                extraction = next(extractions)
            except KbError as error:
                title = document.metadata.title
                failed = Outcome(State.FAILED, document.origin, document.id, title, reason=str(error))
            except Exception:  # noqa: BLE001 - logged; one document's fault may not end the run
                failed = _unexpected(document.origin)
            else:
                yield self._written(document, extraction)
                continue
            yield failed
            yield from self._extracted(documents[position + 1 :])
            return

    def _written(self, document: Document, extraction: Extraction) -> Outcome:
        title = document.metadata.title
        sound = extraction.borne_out(document.text)
        try:
            self._store.write(document, sound, self.id)
        except InputError as error:
            return Outcome(State.FAILED, document.origin, document.id, title, reason=str(error))
        return Outcome(
            State.LOADED,
            document.origin,
            document.id,
            title,
            facts=len(sound.facts),
            reason=unread_end(document, sound),
        )


def unread_end(document: Document, extraction: Extraction) -> str | None:
    """A sentence on the part of a long document that was not read; None where all was."""
    if not extraction.unread:
        return None
    read = len(document.text) - extraction.unread
    whole = len(document.text)
    return f"Only the first {read:,} of its {whole:,} characters were read; split it to have the rest read."


def _unexpected(origin: str) -> Outcome:
    """The boundary at which one document's fault may not end the run."""
    incident = uuid.uuid4().hex[:8]
    log.exception("incident=%s origin=%s", incident, origin)
    reason = f"This document hit a fault of the program (incident {incident} in the log); the others go on."
    return Outcome(State.FAILED, origin, reason=reason)


def _batches(items: Iterable[Found], size: int) -> Iterator[Sequence[Found]]:
    """So many documents, or so many times as many records: those cost no reading."""
    batch: list[Found] = []
    weight = 0
    for item in items:
        batch.append(item)
        weight += 1 if isinstance(item, Stated) else _RECORDS
        if weight >= size * _RECORDS:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch
