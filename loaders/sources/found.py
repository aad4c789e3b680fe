"""What a source gives, and what a source is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kb.documents import Document, Metadata, RawDocument
from kb.facts import Extraction
from loaders.refusals import Code
from loaders.sources.mapping import Mapping

LARGEST: Final = 20 * 1024 * 1024
"""In bytes. A larger document, or record of a file, is none that a person wrote."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that cannot be loaded, with its place; `reason` is one sentence for people."""

    origin: str
    reason: str
    code: str = Code.NOT_READ


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file in a folder that is of no form that is read."""

    origin: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A record whose fields are facts: the document that renders it, and those facts with their evidence."""

    document: Document
    extraction: Extraction

    @property
    def origin(self) -> str:
        """Where the record stands."""
        return self.document.origin


@dataclass(frozen=True, slots=True)
class Read:
    """A document that was cleaned and read elsewhere, with what was found in it."""

    document: Document
    extraction: Extraction

    @property
    def origin(self) -> str:
        """Where the document stands."""
        return self.document.origin


@dataclass(frozen=True, slots=True)
class Linked:
    """A page that a feed points to, and what the feed tells of it; it is still to be fetched."""

    url: str
    metadata: Metadata = field(default_factory=Metadata)


Found = RawDocument | Stated | Problem | Skipped


@dataclass(frozen=True, slots=True)
class Glance:
    """What a file is recognised by: its name's ending and how its content begins."""

    suffix: str
    beginning: bytes

    @property
    def text(self) -> str:
        """The beginning as text, without a byte order mark and blanks before it."""
        return self.beginning.decode("utf-8", errors="replace").removeprefix("\ufeff").lstrip()


@dataclass(frozen=True, slots=True)
class Given:
    """A file to read: the path, the key of its source, how people know it, and what its columns mean."""

    path: Path
    key: str
    origin: str
    mapping: Mapping | None = None
    known: Metadata = field(default_factory=Metadata)


Reader = Callable[[Given], Iterator[Found | Linked]]


@dataclass(frozen=True, slots=True)
class Form:
    """One form that files of records come in: what it is called, what it looks like, how it is read.

    `read` gives one item for each record, and a `Problem` with its place for each that cannot be read; it
    runs in a process apart and is a function of a module, therefore.
    """

    name: str
    recognises: Callable[[Glance], bool]
    read: Reader


def is_url(source: str) -> bool:
    """Whether a source is given by a URL."""
    return source.lower().startswith(("http://", "https://"))
