"""What one part of the house needs of another, so that neither imports it."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from kb.documents import Document
from kb.facts import Extraction
from kb.jobs import Job, Problem, Submission


class Extractor(Protocol):
    """Text in, facts with evidence out; `docs/extractors.md` shows how to write one.

    What it gives for a document depends on the document and on how the extractor was made, not on what was
    read before. Each fact quotes the document: `text[start:end]` of its evidence, in code points, is its
    evidence's text. Facts that do not are dropped and counted before anything is written.
    """

    @property
    def name(self) -> str:
        """Name and version, such as `spacy-rules/1`, which every fact and extraction carries.

        A document is read once under one name: a change that should reach documents which are in the
        graph already needs a new version.
        """
        ...

    def extract(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        """One extraction per document, in the order of the documents, also for those without a fact.

        Raises:
            KbError: when the next document cannot be read; the message is shown to people. The caller goes
                on with another call, for the documents behind it.
        """
        ...


class GraphReader(Protocol):
    """Somebody who runs read queries for the GraphQL layer."""

    async def fetch(self, query: str, parameters: Mapping[str, object]) -> list[Mapping[str, Any]]:
        """All records of one query in read access mode, as maps by column name."""
        ...


class Ingestor(Protocol):
    """Somebody who takes documents in, in the background, and keeps what he has accepted."""

    async def submit(self, documents: Sequence[Submission]) -> Job | Problem:
        """The job that takes these documents in, written down; the same one for the same documents.

        A problem where they cannot be accepted: nothing of them is kept then.
        """
        ...

    async def cancel(self, job: str) -> Job | Problem:
        """Begin no further document of a job; what has been read stays."""
        ...

    def watch(self, job: str) -> AsyncIterator[Job]:
        """A job as it is, then each time that it has changed, until it has ended.

        Who takes long to ask for the next state gets the newest one, not those between.

        Raises:
            UsageError: when there is no such job.
        """
        ...


class Arrivals(Protocol):
    """Somebody who notices that something was written, by this process or by another one."""

    def stamps(self) -> AsyncIterator[datetime]:
        """When the newest write was recorded: as it is, then each time that there has been another one.

        What is in the graph and recorded not later than a stamp was there when the stamp was given. Who
        takes long to ask for the next stamp gets the newest one, not those between.
        """
        ...
