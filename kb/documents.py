"""Documents: what was read, where it came from, and the cleaned text that all offsets refer to."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from typing import Final
from urllib.parse import unquote, urlsplit

from kb.licences import licence_id
from kb.partial_date import PartialDate

FILE: Final = "file:"
"""What the places of files begin with."""
GONE: Final = "gone"
"""What stands for the next version of a record that its source has no more."""


def sha256(data: bytes) -> str:
    """The digest that ids and hashes use, as `sha256:` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def keys_of_file(place: str) -> list[str]:
    """The keys that a file can have, by its `file:` URI: its path within any of the folders above it."""
    parts = unquote(urlsplit(place).path).strip("/").split("/")
    return ["/".join(parts[start:]) for start in range(len(parts))]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about a document beside its text; every field may be missing."""

    title: str | None = None
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    published: PartialDate | None = None
    url: str | None = None
    retrieved: PartialDate | None = None
    licence: str | None = None
    """The document's own: however it is told, `kb.licences.licence_id` gives what is held."""

    def __post_init__(self) -> None:
        """Hold the licence by its id."""
        if self.licence is not None:
            object.__setattr__(self, "licence", licence_id(self.licence))

    def or_else(self, other: "Metadata") -> "Metadata":
        """These fields where they are known, the other's where they are not."""
        return Metadata(
            title=self.title or other.title,
            publisher=self.publisher or other.publisher,
            authors=self.authors or other.authors,
            published=self.published or other.published,
            url=self.url or other.url,
            retrieved=self.retrieved or other.retrieved,
            licence=self.licence or other.licence,
        )


@dataclass(frozen=True, slots=True)
class RawDocument:
    """The bytes of one source as they were found.

    `source_key` is the canonical URL, else the id that the file names, else the path relative to
    what was loaded: what stays the same when the content changes. `place` is where one version is at a
    time, so that the next one found there takes its place: the file or URL; the source's key unless given.
    """

    source_key: str
    data: bytes
    media_type: str
    metadata: Metadata = Metadata()
    origin: str = ""
    retrieved: datetime | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A document that stands, by its id: a place at which it was found, its source, its bytes' hash then."""

    id: str
    place: str
    source_key: str
    raw_hash: str
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class Difference:
    """What a new text or reading changes: how many facts are told that were not, and how many no more."""

    new: int
    gone: int


class Standing(Enum):
    """What is known already of a document that was found."""

    READ = auto()
    """It stands as it was found, and was read."""
    WITHDRAWN = auto()
    """Its source was withdrawn, so that it is not to be read."""


@dataclass(frozen=True, slots=True)
class Document:
    """A cleaned document. Offsets in evidence count the code points of `text` (NFC, `\\n` line ends)."""

    source_key: str
    text: str
    media_type: str
    raw_hash: str
    cleaner: str
    metadata: Metadata = Metadata()
    origin: str = ""
    place: str = ""

    @property
    def held_at(self) -> str:
        """Where the next version will be found: its place, or its source where that is all that is known."""
        return self.place or self.source_key

    @property
    def id(self) -> str:
        """Hash of the source's key and the cleaned text: a changed text is another document."""
        return sha256(f"{self.source_key}\n{self.text}".encode())

    @property
    def text_hash(self) -> str:
        """Hash of the cleaned text alone."""
        return sha256(self.text.encode())

    def with_metadata(self, known: Metadata) -> "Document":
        """The same document with what is known from outside put before what was found inside."""
        return replace(self, metadata=known.or_else(self.metadata))
