"""A look at what a load would change: it stands in the store's place, and writes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from kb.documents import Document
from kb.facts import Extraction


class Change(StrEnum):
    """What a load would do with a document."""

    NEW = "new"
    CHANGED = "changed"


class Looking(Protocol):
    """Somebody who knows what is there; `kb.graph.held.Held` is one."""

    def has_source(self, document: Document) -> bool:
        """Whether the document's source is known, with this or another text."""
        ...

    def new_facts(self, extraction: Extraction) -> int:
        """How many of the facts are not there yet."""
        ...


class Knowing(Protocol):
    """Somebody who knows which documents were read."""

    def acknowledged(self, documents: Iterable[str], extractor: str) -> frozenset[str]:
        """Those document ids that are in the graph whole."""
        ...


@dataclass(frozen=True, slots=True)
class Planned:
    """What would become of a document, and how many facts that the graph lacks it states."""

    change: Change
    new_facts: int


class Preview:
    """A store that writes nothing."""

    def __init__(self, written: Knowing, held: Looking) -> None:
        """Compare with what was written."""
        self._written: Final = written
        self._held: Final = held
        self.planned: Final[dict[str, Planned]] = {}

    def acknowledged(self, documents: Iterable[str], extractor: str) -> frozenset[str]:
        """Those document ids that are in the graph, or were seen by this preview."""
        wanted = frozenset(documents)
        return self._written.acknowledged(wanted, extractor) | (wanted & self.planned.keys())

    def write(self, document: Document, extraction: Extraction, ingest: str) -> None:
        """Note what would be written."""
        del ingest
        change = Change.CHANGED if self._held.has_source(document) else Change.NEW
        self.planned[document.id] = Planned(change, self._held.new_facts(extraction))

    def write_together(self, found: Sequence[tuple[Document, Extraction]], ingest: str) -> None:
        """Note what would be written."""
        for document, extraction in found:
            self.write(document, extraction, ingest)

    def finish(self, ingest: str, failed: Sequence[str]) -> None:
        """Nothing was begun."""
