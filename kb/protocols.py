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
