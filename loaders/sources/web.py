"""URLs: fetched one at a time from public addresses, as robots.txt allows."""

import tempfile
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Final, Protocol
from urllib.parse import urlsplit

import anyio

from kb.documents import RawDocument, sha256
from kb.partial_date import PartialDate
from loaders.cleaning.urls import canonical_url
from loaders.fetching.answers import Answers
from loaders.fetching.fetcher import MEDIA_TYPES, Bounds, Fetched, Fetcher, FetchError
from loaders.fetching.polite import PoliteFetcher
from loaders.fetching.validators import Validators
from loaders.sources.found import LARGEST, Linked, Problem

_FILES: Final = {
    "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "application/json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "text/csv": ".csv",
    "application/yaml": ".yaml",
    "text/yaml": ".yaml",
    "application/warc": ".warc",
    "application/vnd.apache.parquet": ".parquet",
}
"""Files of records, by the type that servers give them."""

TYPES: Final[Mapping[str, str]] = {**MEDIA_TYPES, **{kind: kind for kind in _FILES}}


class Fetching(Protocol):
    """Somebody who fetches."""

    async def fetch(self, url: str) -> Fetched:
        """What is at this URL.

        Raises:
            FetchError: when it is not fetched.
        """
        ...


class FetchingAgain(Fetching, Protocol):
    """Somebody who fetches what has changed."""

    async def fetch_changed(self, url: str, before: Validators | None) -> Fetched | None:
        """What is at this URL; None where that is what gave these validators before.

        Raises:
            FetchError: when it is not fetched.
        """
        ...


@dataclass(frozen=True, slots=True)
class Noting:
    """Fetches, and keeps by what each page is told from a later one at its address."""

    fetching: Fetching
    answers: Answers

    async def fetch(self, url: str) -> Fetched:
        """What is at this URL.

        Raises:
            FetchError: when it is not fetched.
        """
        page = await self.fetching.fetch(url)
        self.answers.note(canonical_url(page.url) or page.url, sha256(page.data), page.validators)
        return page


def usual() -> FetchingAgain:
    """The fetcher of a command."""
    return PoliteFetcher(Fetcher(bounds=Bounds(packed=LARGEST, unpacked=LARGEST), types=TYPES))


def fetched(fetch: Callable[[str], Awaitable[Fetched]], url: str) -> Fetched | Problem:
    """What is at the URL, or why it was not fetched."""
    try:
        return anyio.run(fetch, url)
    except FetchError as error:
        return Problem(url, str(error), error.code)


def is_file(page: Fetched) -> bool:
    """Whether what was fetched is a file of records and no document."""
    return page.media_type in _FILES


def as_document(page: Fetched, link: Linked) -> RawDocument | None:
    """The fetched page as a document, None where it is a file of records.

    Where it was found is known here; a page that names another address for itself is not believed.
    """
    if is_file(page):
        return None
    now = datetime.now(UTC)
    today = PartialDate.parse(now.date().isoformat())
    known = replace(link.metadata, url=page.url, retrieved=link.metadata.retrieved or today)
    return RawDocument(page.url, page.data, page.media_type, known, page.url, now)


@contextmanager
def as_file(page: Fetched) -> Generator[Path]:
    """The fetched bytes as a file that is gone afterwards, named so that its form is recognised."""
    name = PurePosixPath(urlsplit(page.url).path).name[-80:] or "file"
    suffix = "" if PurePosixPath(name).suffix else _FILES[page.media_type]
    with tempfile.TemporaryDirectory(prefix="kb-") as folder:
        file = Path(folder, f"{name}{suffix}")
        file.write_bytes(page.data)
        yield file
