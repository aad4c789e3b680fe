"""Reading in a process apart: what a hostile document can do, it does to that process alone.

The process cleans and extracts. One that dies, or works on a document for too long, is replaced, and the
document is reported; the caller's own process neither waits for it nor dies of it.
"""

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Final, TypeVar

from kb.documents import Document, RawDocument
from kb.errors import InputError
from kb.facts import Extraction
from loaders.cleaning import clean
from loaders.extraction.language import SpacyModel, require
from loaders.extraction.parallel import extraction_of, start
from loaders.extraction.pipeline import extractor_name

LONGEST: Final = 600.0
"""Seconds that one step may take; the longest text takes about two minutes on an idle machine."""

Given = TypeVar("Given")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _Process:
    pool: ProcessPoolExecutor
    id: int

    def end(self) -> None:
        """End it now, whatever it does."""
        with suppress(ProcessLookupError):
            os.kill(self.id, signal.SIGKILL)
        self.pool.shutdown(wait=False, cancel_futures=True)


class ReadingProcess:
    """An extractor, and a cleaner, in one process that starts at the first document; one caller at a time."""

    def __init__(self, seeds: Path, model: SpacyModel = SpacyModel.SMALL, longest: float = LONGEST) -> None:
        """Remember how to make the process.

        `seeds` is the folder that holds `registry/`; `longest` is how many seconds one step may take.

        Raises:
            SetupError: when the model is not installed.
        """
        require(model)
        self._seeds: Final = seeds
        self._model: Final = model
        self._longest: Final = longest
        self._process: _Process | None = None
        self._closed = False

    @property
    def name(self) -> str:
        """The name of the extractor in the process."""
        return extractor_name(self._model)

    def clean(self, raw: RawDocument) -> Document:
        """The cleaned document.

        Raises:
            InputError: when it cannot be cleaned, or its cleaning killed the process or took too long.
        """
        return self._call(clean, raw)

    def extract(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        """One extraction per document, in their order.

        Raises:
            InputError: when the next document killed the process or took too long.
        """
        for document in documents:
            yield self._call(extraction_of, document)

    def close(self) -> None:
        """End the process, whatever it does; what it was and will be asked for fails."""
        self._closed = True
        self._drop()

    def _call(self, function: Callable[[Given], Result], given: Given) -> Result:
        try:
            process = self._process = self._process or self._started()
            if self._closed:
                self._drop()
                raise InputError("Reading was ended before this document.")
            return process.pool.submit(function, given).result(self._longest)
        except BrokenProcessPool as error:
            self._drop()
            raise InputError("The process that read it died, perhaps for want of memory.") from error
        except TimeoutError as error:
            self._drop()
            raise InputError(
                f"Reading it took longer than {self._longest:g} seconds, and was ended."
            ) from error

    def _drop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.end()

    def _started(self) -> _Process:
        pool = ProcessPoolExecutor(
            1, mp_context=get_context("spawn"), initializer=_begin, initargs=(self._seeds, self._model)
        )
        return _Process(pool, pool.submit(os.getpid).result())


def _begin(seeds: Path, model: SpacyModel) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    start(seeds, model)
