"""A look at what a load would change: it stands in the store's place, and writes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from kb.documents import Difference, Document, Standing
from kb.facts import Extraction


class Change(StrEnum):
    """What a load would do with a document."""

    NEW = "new"
    CHANGED = "changed"


class Looking(Protocol):
    """Somebody who knows what is there; `kb.graph.lookup.Lookup` is one."""

    def has_source(self, document: Document) -> bool:
        """Whether the document's source is known, with this or another text."""
        ...

    def difference(self, document: Document, extraction: Extraction) -> Difference:
        """Which facts are not there yet, and which would be told no more."""
        ...


class Knowing(Protocol):
    """Somebody who knows which documents were read."""

    def standing(
        self, documents: Iterable[Document], extractor: str, *, noted: bool = True
    ) -> Mapping[str, Standing]:
        """What is there of documents, by their ids; where else they were found is `noted` or not."""
        ...

    def held_as(self, documents: Iterable[Document]) -> Mapping[str, str]:
        """The keys that files are held under, by their places, where those are not their own."""
        ...


@dataclass(frozen=True, slots=True)
class Planned:
    """What would become of a document and of its facts."""

    change: Change
    facts: Difference


class Preview:
    """A store that writes nothing."""

    def __init__(self, written: Knowing, held: Looking) -> None:
        """Compare with what was written."""
        self._written: Final = written
        self._held: Final = held
        self.planned: Final[dict[str, Planned]] = {}

    def standing(self, documents: Iterable[Document], extractor: str) -> Mapping[str, Standing]:
        """What is in the graph of documents, or was seen by this preview."""
        wanted = list(documents)
        seen = {one.id: Standing.READ for one in wanted if one.id in self.planned}
        return {**self._written.standing(wanted, extractor, noted=False), **seen}

    def held_as(self, documents: Iterable[Document]) -> Mapping[str, str]:
        """The keys that files are held under in the graph, where those are not their own."""
        return self._written.held_as(documents)

    def write_together(
        self, found: Sequence[tuple[Document, Extraction]], ingest: str, *, placed: bool = True
    ) -> None:
        """Note what would be written."""
        del ingest, placed
        for document, extraction in found:
            change = Change.CHANGED if self._held.has_source(document) else Change.NEW
            self.planned[document.id] = Planned(change, self._held.difference(document, extraction))

    def finish(self, ingest: str, failed: Sequence[str]) -> None:
        """Nothing was begun."""
