"""What one part of the house needs of another, so that neither imports it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from kb.documents import Document
from kb.facts import Extraction


class Extractor(Protocol):
    """Text in, facts with evidence out; `docs/extractors.md` shows how to write one.

    What it gives for a document depends on the document and on how the extractor was made, not on what was
    read before. Each fact quotes the document: `text[start:end]` of its evidence, in code points, is its
    evidence's text. Facts that do not are dropped and counted before anything is written.
    """

    @property
    def name(self) -> str:
        """Name and version, such as `spacy-rules/1`, which every fact and extraction carries.

        A document is read once under one name: a change that should reach documents which are in the
        graph already needs a new version.
        """
        ...

    def extract(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        """One extraction per document, in the order of the documents, also for those without a fact.

        Raises:
            KbError: when the next document cannot be read; the message is shown to people. The caller goes
                on with another call, for the documents behind it.
        """
        ...


class GraphReader(Protocol):
    """Somebody who runs read queries for the GraphQL layer."""

    async def fetch(self, query: str, parameters: Mapping[str, object]) -> list[Mapping[str, Any]]:
        """All records of one query in read access mode, as maps by column name."""
        ...
