"""Reading in processes apart: what a hostile document can do, it does to them alone.

One cleans, within tight bounds of memory and time, and one extracts. One that dies, or works on a document
for too long, is replaced, and the document is reported.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from kb.documents import Document, RawDocument
from kb.facts import Extraction
from kb.registry import Registry
from loaders.apart import Apart
from loaders.extraction.language import SpacyModel, require
from loaders.extraction.parallel import extraction_of, start
from loaders.extraction.pipeline import extractor_name
from loaders.parsing import Parser

LONGEST: Final = 600.0
"""Seconds that one extraction may take; the longest text takes about two minutes on an idle machine."""


class ReadingProcess:
    """An extractor and a cleaner in processes that start at the first document; one caller at a time."""

    def __init__(
        self, known: Path | Registry, model: SpacyModel = SpacyModel.SMALL, longest: float = LONGEST
    ) -> None:
        """Remember how to make the process.

        `known` is the registry, or the folder of seeds that holds `registry/`; `longest` is how many seconds
        one extraction may take.

        Raises:
            SetupError: when the model is not installed.
        """
        require(model)
        self._model: Final = model
        self._parser: Final = Parser()
        self._extracting: Final = Apart(patience=longest, begin=partial(start, known, model))

    @property
    def name(self) -> str:
        """The name of the extractor in the process."""
        return extractor_name(self._model)

    def clean(self, raw: RawDocument) -> Document:
        """The cleaned document.

        Raises:
            InputError: when it cannot be cleaned, or not within the bounds of memory and time.
        """
        return self._parser.clean(raw)

    def extract(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        """One extraction per document, in their order.

        Raises:
            InputError: when the next document killed the process or took too long.
        """
        for document in documents:
            yield self._extracting.call(extraction_of, document)

    def close(self) -> None:
        """End the processes, whatever they do; what they were and will be asked for fails."""
        self._parser.close()
        self._extracting.close()
