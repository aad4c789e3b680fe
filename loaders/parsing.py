"""Parsing of what may be hostile, apart: documents to text, and files of many records to their records."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Final, TypeVar

from kb.documents import Document, RawDocument
from loaders.apart import Apart, Bounds
from loaders.cleaning import Cleaned, clean, clean_with_cuts

MEMORY: Final = 512 * 2**20
"""Bytes that a process which parses may map, its program included."""

SECONDS: Final = 10.0
"""Seconds of a processor that one document, or one record of a file, may take."""

_PATIENCE: Final = 60.0
"""Seconds that it is waited for on a machine that has much to do beside."""

_HARMLESS: Final = frozenset({"text/plain", "text/markdown"})
_SMALL: Final = 2**20

Given = TypeVar("Given")
Result = TypeVar("Result")


class Parser:
    """Parses in processes apart that are bounded in memory and time; one caller at a time.

    Documents and files of records have a process each, since a file goes on while its documents are read.
    """

    def __init__(self, *, trusting: bool = False) -> None:
        """Start nothing yet; `trusting` has small plain texts cleaned in the caller's own process."""
        bounds = Bounds(MEMORY, SECONDS)
        self._documents: Final = Apart(patience=_PATIENCE, bounds=bounds)
        self._files: Final = Apart(patience=_PATIENCE, bounds=bounds)
        self._trusting: Final = trusting

    def clean(self, raw: RawDocument) -> Document:
        """The cleaned document.

        Raises:
            InputError: when it cannot be cleaned within the bounds, or at all.
        """
        return self._cleaned(clean, raw)

    def clean_with_cuts(self, raw: RawDocument) -> Cleaned:
        """The cleaned document, and the lines that were left out.

        Raises:
            InputError: as `clean` does.
        """
        return self._cleaned(clean_with_cuts, raw)

    def records(self, read: Callable[[Given], Iterable[Result]], given: Given) -> Iterator[Result]:
        """What a reader of files gives, one by one.

        Raises:
            InputError: when the next one cannot be read within the bounds; the file ends there.
        """
        return self._files.stream(read, given)

    def close(self) -> None:
        """End what is being parsed; all that would come fails."""
        self._documents.close()
        self._files.close()

    def _cleaned(self, function: Callable[[RawDocument], Result], raw: RawDocument) -> Result:
        if self._trusting and raw.media_type in _HARMLESS and len(raw.data) <= _SMALL:
            return function(raw)
        return self._documents.call(function, raw)


@cache
def parser() -> Parser:
    """The parser of a command, whose processes end with it."""
    return Parser(trusting=True)
