"""What one part of the house needs of another, so that neither imports it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

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


class GraphReader(Protocol):
    """Somebody who runs read queries for the GraphQL layer."""

    async def fetch(self, query: str, parameters: Mapping[str, object]) -> list[Mapping[str, Any]]:
        """All records of one query in read access mode, as maps by column name."""
        ...
