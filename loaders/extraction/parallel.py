"""The default extractor in several processes: the same extractions, in the same order.

Each process loads the model once. Documents are handed out one by one, a few ahead of the one whose
extraction is awaited, so that memory does not grow with the number of documents. A process that dies takes
its documents' extraction with it, not the run: the next call makes new processes.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Final, Self

from kb.documents import Document
from kb.errors import InputError
from kb.facts import Extraction
from kb.registry import Registry, load_registry
from loaders.extraction.language import SpacyModel, require
from loaders.extraction.pipeline import SpacyExtractor, extractor_name

_AHEAD: Final = 4
"""Documents per process that are handed out before their extractions are asked for."""


class ParallelExtractor:
    """`SpacyExtractor` over `workers` processes; close it, or use it as a context."""

    def __init__(self, seeds: Path, workers: int, model: SpacyModel = SpacyModel.SMALL) -> None:
        """Remember how to make the processes, which start at the first document.

        `seeds` is the folder that holds `registry/`; each process reads it.

        Raises:
            SetupError: when the model is not installed.
        """
        require(model)
        self._seeds: Final = seeds
        self._workers: Final = workers
        self._model: Final = model
        self._pool: ProcessPoolExecutor | None = None

    @property
    def name(self) -> str:
        """The name of the extractor in the processes: who reads does not depend on how many do."""
        return extractor_name(self._model)

    def extract(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        """One extraction per document, in their order.

        Raises:
            InputError: when the process that read the next document died; the caller goes on with another
                call, for the documents behind it.
        """
        pool = self._pool = self._pool or self._started()
        waiting = iter(documents)
        submitted = (pool.submit(extraction_of, document) for document in waiting)
        try:
            ahead: deque[Future[Extraction]] = deque(islice(submitted, _AHEAD * self._workers))
            while ahead:
                extraction = ahead.popleft().result()
                ahead.extend(islice(submitted, 1))
                yield extraction
        except BrokenProcessPool as error:
            self.close()
            raise InputError(
                "The process that read this document died, perhaps for want of memory; it may be read alone "
                "with --workers 1."
            ) from error

    def close(self) -> None:
        """End the processes; documents not yet read are given up."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def __enter__(self) -> Self:
        """Itself; nothing is started yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes."""
        self.close()

    def _started(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._workers,
            mp_context=get_context("spawn"),
            initializer=start,
            initargs=(self._seeds, self._model),
        )


_reader: SpacyExtractor | None = None


def start(known: Path | Registry, model: SpacyModel) -> None:
    """Make a process one that reads, with a registry or the seeds that hold it; the model loads later."""
    global _reader  # noqa: PLW0603 - what a process of the pool holds for all its documents
    registry = known if isinstance(known, Registry) else load_registry(known / "registry")
    _reader = SpacyExtractor(registry, model=model)


def extraction_of(document: Document) -> Extraction:
    """The extraction of a document, in a process that `start` was called in."""
    if _reader is None:
        raise RuntimeError("A process of the pool was not set up.")
    return next(_reader.extract([document]))
