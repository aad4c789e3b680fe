"""Ingest jobs: documents that a client hands over, what may be handed over, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kb.documents import sha256
from kb.partial_date import PartialDate
from kb.surrogates import is_text

MOST_DOCUMENTS: Final = 20
"""Documents of one job."""
LONGEST_TEXT: Final = 1_000_000
"""Code points of a text; as much of a document as is read."""
LONGEST_KEY: Final = 200
LONGEST_TITLE: Final = 500
"""Code points of a title, of a publisher's name, and of a licence."""
LONGEST_URL: Final = 2048


class JobState(StrEnum):
    """How far a job is."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens."""
        return self not in (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something was not done: a code for programs, a sentence for people, the document's key."""

    code: str
    message: str
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """A document to take in: a URL to fetch, or its text; `key` names it once and for all."""

    key: str
    url: str | None = None
    text: str | None = None
    title: str | None = None
    published: PartialDate | None = None
    publisher: str | None = None
    licence: str | None = None

    @property
    def digest(self) -> str:
        """What tells this document from another one under the same key.

        A document without a publisher and licence has the digest that it had before there were any.
        """
        parts = (self.url, self.text, self.title, None if self.published is None else str(self.published))
        more = (self.publisher, self.licence)
        return sha256(repr(parts + more if any(more) else parts).encode())


@dataclass(frozen=True, slots=True)
class Job:
    """A job as far as it is; `done` counts the documents that were dealt with, the failed ones too."""

    id: str
    state: JobState
    documents: int
    done: int
    facts_added: int
    facts_seen_before: int
    problems: tuple[Problem, ...] = ()


def objection(documents: Sequence[Submission]) -> Problem | None:
    """Why these documents are no job: the first thing that is wrong, none when they are one."""
    if not 1 <= len(documents) <= MOST_DOCUMENTS:
        return Problem("BAD_INPUT", f"Give 1 to {MOST_DOCUMENTS} documents at a time.")
    digests: dict[str, str] = {}
    for document in documents:
        wrong = _wrong(document)
        if wrong is None and digests.setdefault(document.key, document.digest) != document.digest:
            wrong = "Two different documents have this key: each needs one of its own."
        if wrong is not None:
            return Problem("BAD_INPUT", wrong, document.key[:LONGEST_KEY] if is_text(document.key) else None)
    return None


def _wrong(document: Submission) -> str | None:
    bounds = (
        ("idempotencyKey", document.key, LONGEST_KEY),
        ("url", document.url, LONGEST_URL),
        ("text", document.text, LONGEST_TEXT),
        ("title", document.title, LONGEST_TITLE),
        ("publisher", document.publisher, LONGEST_TITLE),
        ("licence", document.licence, LONGEST_TITLE),
    )
    if any(not is_text(value) for _, value, _ in bounds if value is not None):
        return "It holds half of a character (a lone surrogate): send whole ones."
    for name, value, longest in bounds:
        if value is not None and len(value) > longest:
            return f"`{name}` has more than {longest:,} characters."
    if not document.key.strip():
        return "`idempotencyKey` is empty: make one up for each document, such as a UUID."
    if (document.url is None) == (document.text is None):
        return "Give `url` or `text`, one of them."
    if document.text is not None and not document.text.strip():
        return "`text` is empty."
    return None
