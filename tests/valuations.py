"""A small extractor for tests, which reads valuations alone."""

import re
from collections.abc import Iterable, Iterator

from kb.documents import Document
from kb.facts import EntityRecord, Extraction
from tests import facts as make

WORTH = re.compile(r"(\w+) is valued at \$(\d+) billion")


class ValuationReader:
    """A small extractor: finds sentences such as "Acme is valued at $5 billion"."""

    def __init__(self, name: str = "valuations/1", chokes_on: str = "\0") -> None:
        self._name = name
        self._chokes_on = chokes_on
        self.read: list[str] = []

    @property
    def name(self) -> str:
        return self._name

    def extract(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        for document in documents:
            self.read.append(document.source_key)
            if self._chokes_on in document.text:
                raise ZeroDivisionError(document.source_key)
            yield self._extraction(document)

    def _extraction(self, document: Document) -> Extraction:
        facts = tuple(
            make.valuation(document, found[0], int(found[2]) * 10**9, found[1], extractor=self._name)
            for found in WORTH.finditer(document.text)
        )
        entities = {fact.subject.name: EntityRecord(fact.subject) for fact in facts}
        return Extraction(document.id, self._name, tuple(entities.values()), facts)
