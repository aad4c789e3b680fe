"""What one part of the house needs of another, so that neither imports it."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from kb.documents import Document
from kb.facts import Extraction


class Extractor(Protocol):
    """Text in, facts with evidence out."""

    @property
    def name(self) -> str:
        """Name and version, such as `spacy-rules/1`."""
        ...

    def extract(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        """One extraction per document, in the order of the documents."""
        ...


class Progress(Protocol):
    """Somebody who is told how far a long step is."""

    def step(self, text: str, total: int | None = None) -> None:
        """A new step begins; `total` is its size where it is known."""
        ...

    def advance(self, amount: int = 1) -> None:
        """So much of the present step is done."""
        ...
