"""Ingest jobs of a server: accepted at once, read in the background, one document after the other."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final, Protocol

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

from app.telemetry import Metrics
from kb.documents import Document, Metadata, RawDocument
from kb.embedded import Address
from kb.errors import DatabaseError, UsageError
from kb.graph.connection import open_driver
from kb.graph.jobs import Ended, JobStore
from kb.graph.writer import Writer
from kb.incidents import log_incident
from kb.jobs import Job, Problem, Submission, objection
from kb.partial_date import PartialDate
from kb.protocols import Extractor
from kb.registry import Registry
from loaders.fetching.fetcher import Bounds, Fetched, Fetcher, FetchError
from loaders.fetching.polite import PoliteFetcher
from loaders.ingest import IngestRun, Outcome, State
from loaders.refusals import Code

PAGE: Final = Bounds(packed=5 * 2**20, unpacked=10 * 2**20)
"""A larger page is no document that a person wrote."""
POLL: Final = 0.5
"""Seconds between two looks at a job that somebody follows."""
_LOOK: Final = 15.0
"""Seconds between two looks for jobs that another server left behind."""
_BEAT: Final = 10.0
_PAUSE: Final = 5.0
"""Seconds after which a database that was away is asked again."""
_AWAY: Final = (DriverError, Neo4jError, DatabaseError)
_LOG: Final = logging.getLogger(__name__)


class Reader(Extractor, Protocol):
    """An extractor that cleans as well."""

    def clean(self, raw: RawDocument) -> Document:
        """The cleaned document."""
        ...

    def close(self) -> None:
        """Give up what it works on."""
        ...


class Fetching(Protocol):
    """Somebody who fetches pages."""

    def objection(self, url: str) -> str | None:
        """Why this URL will not be fetched, as far as it can be told without a look at its host."""
        ...

    async def fetch(self, url: str) -> Fetched:
        """The document at this URL.

        Raises:
            FetchError: when it is not fetched, with the reason.
        """
        ...


@dataclass(frozen=True, slots=True)
class Ingesting:
    """What a server takes documents in with."""

    reader: Reader
    registry: Callable[[], Registry]
    fetcher: Fetching = field(default_factory=lambda: PoliteFetcher(Fetcher(bounds=PAGE)))


class JobRunner:
    """The `Ingestor` of a server."""

    def __init__(
        self, address: Address, driver: neo4j.AsyncDriver, parts: Ingesting, metrics: Metrics
    ) -> None:
        """Keep jobs through this driver; nothing is read before `running`."""
        self._address = address
        self._store = JobStore(driver, address.database)
        self._reader = parts.reader
        self._registry = parts.registry
        self._fetcher = parts.fetcher
        self._metrics = metrics
        self._news = asyncio.Event()
        self._open = ExitStack()
        self._writer: Writer | None = None

    async def submit(self, documents: Sequence[Submission]) -> Job | Problem:
        """Accept documents: written down when this returns."""
        wrong = objection(documents) or self._refused(documents)
        if wrong is not None:
            return wrong
        accepted = await self._store.accept(documents)
        self._news.set()
        return accepted

    async def cancel(self, job: str) -> Job | Problem:
        """Begin no further document of a job."""
        return await self._store.cancel(job) or Problem("NOT_FOUND", "There is no job with this id.")

    async def watch(self, job: str) -> AsyncGenerator[Job]:
        """Follow a job until it has ended."""
        given: Job | None = None
        while given is None or not given.state.is_final:
            found = await self._store.read(job)
            if found is None:
                raise UsageError("There is no job with this id.")
            if found != given:
                given = found
                yield found
            else:
                await asyncio.sleep(POLL)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Work on jobs while the block runs; what is not done by then is left for the next server."""
        working = asyncio.create_task(self._run())
        try:
            yield
        finally:
            working.cancel()
            await asyncio.wait({working})
            self._reader.close()
            with suppress(*_AWAY):
                await self._store.release()
            self._open.close()

    async def _run(self) -> None:
        while True:
            try:
                await self._work()
            except _AWAY as error:
                _LOG.warning("ingest waits for the database: %s", type(error).__name__)
                await asyncio.sleep(_PAUSE)

    async def _work(self) -> None:
        self._news.clear()
        while (job := await self._store.claim()) is not None:
            beating = asyncio.create_task(self._beat(job))
            try:
                await self._read(job)
            finally:
                beating.cancel()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), _LOOK)

    async def _beat(self, job: str) -> None:
        while True:
            await asyncio.sleep(_BEAT)
            with suppress(DriverError, Neo4jError):
                await self._store.beat(job)

    async def _read(self, job: str) -> None:
        self._writer = self._writer or await asyncio.to_thread(self._opened)
        run = IngestRun(self._writer, self._reader, self._reader.clean)
        while (document := await self._store.next_document(job)) is not None:
            begun = time.perf_counter()
            ended = await self._ended(run, document)
            added = await self._store.record(document.key, ended)
            self._metrics.ingested(added, time.perf_counter() - begun, failed=ended.failed)
        state = await self._store.finish(job)
        if state is not None:
            self._metrics.jobs.labels(state.value).inc()
            _LOG.info("ingest job ended", extra={"job": job, "state": state.value})

    def _opened(self) -> Writer:
        driver = self._open.enter_context(open_driver(self._address))
        return Writer(driver, self._address.database, self._registry())

    async def _ended(self, run: IngestRun, document: Submission) -> Ended:
        """What became of a document that was fetched, read and written."""
        try:
            return _told(await self._taken(run, await self._raw(document)))
        except FetchError as error:
            return Ended(problem=Problem(error.code.value, str(error)), failed=True)
        except _AWAY:
            raise
        except Exception as error:  # noqa: BLE001 - logged; one document's fault may not end the others
            incident = log_incident(_LOG, f"document={document.key}", error)
            message = (
                f"This document hit a fault of the program; the log tells more under incident {incident}."
            )
            return Ended(problem=Problem(Code.FAULT, message), failed=True)

    async def _taken(self, run: IngestRun, raw: RawDocument) -> Outcome:
        """The outcome of one document; when this is cancelled, a write that has begun still ends."""
        taking = asyncio.ensure_future(asyncio.to_thread(_only, run, raw))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            self._reader.close()
            await asyncio.gather(taking, return_exceptions=True)
            raise

    async def _raw(self, document: Submission) -> RawDocument:
        now = datetime.now(UTC)
        known = Metadata(
            title=document.title,
            published=document.published,
            publisher=document.publisher,
            licence=document.licence,
            retrieved=PartialDate.parse(now.date().isoformat()),
        )
        if document.url is None:
            origin = f"ingest:{document.key}"
            return RawDocument(origin, (document.text or "").encode(), "text/plain", known, origin, now)
        fetched = await self._fetcher.fetch(document.url)
        # where it was found is known here; a page that names another address for itself is not believed
        known = replace(known, url=fetched.url)
        return RawDocument(fetched.url, fetched.data, fetched.media_type, known, fetched.url, now)

    def _refused(self, documents: Sequence[Submission]) -> Problem | None:
        for document in documents:
            wrong = None if document.url is None else self._fetcher.objection(document.url)
            if wrong is not None:
                return Problem("URL_REFUSED", wrong, document.key)
        return None


def _only(run: IngestRun, raw: RawDocument) -> Outcome:
    (outcome,) = run.outcomes([raw])
    return outcome


def _told(outcome: Outcome) -> Ended:
    if outcome.state is State.WITHDRAWN:
        why = "This document was withdrawn, so it was not read; undo that with kb withdraw --undo."
        return Ended(outcome.document, Problem("WITHDRAWN", why), failed=True)
    failed = outcome.state is State.FAILED
    code = outcome.code or Code.NOT_READ if failed else "READ_IN_PART"
    problem = None if outcome.reason is None else Problem(code, outcome.reason)
    return Ended(outcome.document, problem, failed)
