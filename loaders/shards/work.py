"""The work of one task: the documents of a shard are cleaned and read, each in processes apart.

What a hostile document can do, it does to those processes; it costs itself, and neither the worker nor the
documents beside it.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from typing import Final

from kb.documents import RawDocument, sha256
from kb.errors import InputError, SetupError
from kb.facts import Extraction
from kb.registry import Registry
from loaders.extraction.language import SpacyModel
from loaders.extraction.pipeline import extractor_name
from loaders.reading import ReadingProcess
from loaders.refusals import Code, code_of
from loaders.shards.outputs import FORM, Entry, encoded
from loaders.sources.found import Problem, Read

_PROGRAM: Final = "ai-industry-kb"
_BY_CHANCE: Final = frozenset({Code.DIED, Code.TOO_SLOW, Code.OUT_OF_MEMORY, Code.FAULT})
"""Failures that another machine, or another day, may not see."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Edition:
    """Who reads: the program's version, the spaCy model, and the registry of known names."""

    registry: Registry
    model: SpacyModel
    program: str

    @classmethod
    def here(cls, registry: Registry, model: SpacyModel) -> "Edition":
        """The edition that this process would read with."""
        return cls(registry, model, metadata.version(_PROGRAM))

    @cached_property
    def name(self) -> str:
        """What tells it from all others."""
        entries = self.registry.entries.values()
        known = sha256("\n".join(f"{entry.id} {entry.text}" for entry in entries).encode())
        return f"{FORM} {self.program} {extractor_name(self.model)} {known}"


@dataclass(frozen=True, slots=True)
class Output:
    """The file of a shard that was read; it is `final` where no failure in it came about by chance."""

    content: bytes
    final: bool


class _Reader:
    """What a worker keeps from one task to the next."""

    def __init__(self) -> None:
        self._process: ReadingProcess | None = None

    def process(self, edition: Edition) -> ReadingProcess:
        if self._process is None:
            here = metadata.version(_PROGRAM)
            if here != edition.program:
                raise SetupError(
                    f"A node of the Ray cluster has version {here} of this program, and this machine "
                    f"{edition.program}: install the same one on all."
                )
            self._process = ReadingProcess(edition.registry, edition.model)
        return self._process


_reader: Final = _Reader()


def read_shard(name: str, documents: Sequence[RawDocument], edition: Edition) -> Output:
    """Clean and read the documents of a shard; the processes for it stay for the next one.

    Raises:
        SetupError: when this machine lacks what the edition needs.
    """
    reader = _reader.process(edition)
    entries = [_entry(reader, raw) for raw in documents]
    by_chance = any(isinstance(entry, Problem) and entry.code in _BY_CHANCE for entry in entries)
    return Output(encoded(name, entries), final=not by_chance)


def _entry(reader: ReadingProcess, raw: RawDocument) -> Entry:
    try:
        document = reader.clean(raw)
        if not document.text.strip():
            return Read(document, Extraction(document.id, reader.name, (), ()))
        (extraction,) = reader.extract([document])
        return Read(document, extraction)
    except InputError as error:
        return Problem(raw.origin, str(error), code_of(error))
    except Exception as error:
        log.exception("origin=%s", raw.origin)
        reason = f"This document hit a fault of the program ({type(error).__name__}); the others go on."
        return Problem(raw.origin, reason, Code.FAULT)
