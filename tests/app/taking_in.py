"""A server that takes documents in, with a small extractor of the tests' own, and a client of it."""

import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from app.jobs import Ingesting
from app.tokens import Scope
from kb.documents import Document, RawDocument
from kb.embedded import Address
from kb.errors import InputError
from kb.facts import Extraction
from kb.registry import Registry
from loaders.cleaning import clean
from loaders.fetching.fetcher import Fetcher
from tests.app.serving import access, bearer, served
from tests.valuations import ValuationReader

INGEST = """mutation ($documents: [IngestInput!]!) { ingest(documents: $documents) { %s } }"""
CANCEL = """mutation ($id: ID!) { cancelIngest(id: $id) { %s } }"""
PROGRESS = """subscription ($id: ID!) {
  ingestProgress(id: $id) { id state documents done factsAdded factsSeenBefore
    problems { code message document } }
}"""
RESULT = """__typename ... on Problem { code message document }
  ... on IngestJob {
    id state documents done factsAdded factsSeenBefore problems { code message document }
  }"""


@dataclass
class Slow:
    """Reads valuations, each document when it is let through; or fails with an error."""

    inner: ValuationReader = field(default_factory=ValuationReader)
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    gate: threading.Semaphore | None = None
    closed: threading.Event = field(default_factory=threading.Event)
    fails: Exception | None = None

    @property
    def name(self) -> str:
        return self.inner.name

    def clean(self, raw: RawDocument) -> Document:
        return clean(raw)

    def extract(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        for document in documents:
            if self.fails is not None:
                raise self.fails
            self.begun.release()
            while self.gate is not None and not self.gate.acquire(timeout=0.02):
                if self.closed.is_set():
                    raise InputError("closed")
            yield from self.inner.extract([document])

    def close(self) -> None:
        self.closed.set()


@dataclass
class Client:
    """Asks a server over HTTP with a token that may ingest."""

    port: int
    headers: Mapping[str, str]

    def ask(self, query: str, headers: Mapping[str, str] | None = None, **variables: Any) -> dict[str, Any]:
        sent = json.dumps({"query": query, "variables": variables}).encode()
        given = self.headers if headers is None else headers
        kind = {"content-type": "application/json"}
        return httpx.post(self.url, content=sent, headers={**given, **kind}, timeout=30).json()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    def ingest(self, *documents: Mapping[str, Any]) -> dict[str, Any]:
        return self.ask(INGEST % RESULT, documents=list(documents))["data"]["ingest"]

    def cancel(self, job: str) -> dict[str, Any]:
        return self.ask(CANCEL % RESULT, id=job)["data"]["cancelIngest"]

    def events(self, query: str, headers: Mapping[str, str] | None = None, **variables: Any) -> Iterator[Any]:
        """What a subscription gives as server-sent events."""
        sent = {"query": query, "variables": variables}
        given = {**(self.headers if headers is None else headers), "accept": "text/event-stream"}
        with httpx.stream("POST", self.url, json=sent, headers=given, timeout=30) as response:
            assert response.status_code == 200
            event = ""
            for line in response.iter_lines():
                if line.startswith("event: "):
                    event = line[7:]
                elif line.startswith("data: ") and event == "next":
                    yield json.loads(line[6:])

    def progress(self, job: str) -> Iterator[dict[str, Any]]:
        for event in self.events(PROGRESS, id=job):
            yield event["data"]["ingestProgress"]

    def ended(self, job: str) -> dict[str, Any]:
        """The job when it has ended."""
        return list(self.progress(job))[-1]


@contextmanager
def taking_in(
    address: Address,
    folder: Path,
    reader: Slow | None = None,
    fetcher: Fetcher | None = None,
    origins: Sequence[str] = (),
) -> Iterator[Client]:
    """A client of a server that takes documents in."""
    parts = Ingesting(reader or Slow(), lambda: Registry({}, {}), fetcher or Fetcher())
    headers = bearer(folder, Scope.READ, Scope.INGEST, per_minute=10_000)
    with served(address, access(folder), parts, origins) as port:
        yield Client(port, headers)
    access(folder).tokens.revoke("read+ingest")


def text(key: str, body: str = "Acme is valued at $5 billion.") -> dict[str, Any]:
    return {"idempotencyKey": key, "text": body}


def page(key: str, url: str) -> dict[str, Any]:
    return {"idempotencyKey": key, "url": url}
