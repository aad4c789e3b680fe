"""Records as documents: one line for each of the cells that say something, which is their facts' evidence."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kb.documents import Document, Metadata, sha256
from kb.errors import ContractError
from kb.facts import EntityRecord, EntityRef, Evidence, Extraction, Fact, Figure, Relation
from loaders.cleaning.decoding import normalise
from loaders.refusals import Code
from loaders.sources.found import Problem, Stated

Make = Callable[..., Fact]
"""Makes a fact of evidence, extractor and confidence."""


@dataclass(frozen=True, slots=True)
class Line:
    """Some cells of a record in words, and the facts that they state."""

    words: str
    makes: Sequence[Make] = ()
    confidence: float = 0.9


@dataclass(slots=True)
class Keys:
    """The keys of a file's records: the second one of a name is numbered, so that each is a source."""

    _seen: Counter[str] = field(default_factory=Counter)

    def unique(self, key: str) -> str:
        """The key, with a number where it was given before."""
        self._seen[key] += 1
        count = self._seen[key]
        return key if count == 1 else f"{key}~{count}"


def stated(
    key: str, origin: str, lines: Sequence[Line], *, extractor: str, media_type: str, metadata: Metadata
) -> Iterator[Stated | Problem]:
    """The record as a document with its facts, and a problem for each cell that makes none.

    A record all of whose cells are problems is no document: it would be one that failed, and be there.
    """
    kept = [(line, words) for line in lines if (words := one_line(line.words))]
    text = "\n".join(words for _, words in kept)
    if not text:
        return
    document = Document(key, text, media_type, sha256(text.encode()), extractor, metadata, origin)
    facts: list[Fact] = []
    objections: list[str] = []
    start = 0
    for line, words in kept:
        evidence = Evidence(document.id, start, start + len(words), words)
        start += len(words) + 1
        for made in _made(line, evidence, extractor):
            if isinstance(made, str):
                objections.append(made)
            else:
                facts.append(made)
    yield from (Problem(origin, objection, Code.BAD_ROW) for objection in objections)
    if facts or not objections:
        entities = tuple(map(EntityRecord, dict.fromkeys(ref for fact in facts for ref in _ends(fact))))
        yield Stated(document, Extraction(document.id, extractor, entities, tuple(facts)))


def _made(line: Line, evidence: Evidence, extractor: str) -> Iterator[Fact | str]:
    """The facts of a line, and a sentence for each that cannot be."""
    for make in line.makes:
        try:
            yield make(evidence=evidence, extractor=extractor, confidence=line.confidence)
        except ContractError as error:
            yield f"{evidence.text[:100]}: {error}"
        except TypeError:
            yield f"{evidence.text[:100]}: It has a field that facts of this kind do not have."


def _ends(fact: Fact) -> Iterator[EntityRef]:
    yield fact.subject
    if isinstance(fact, Relation):
        yield fact.object
    if isinstance(fact, Figure) and fact.offered_by is not None:
        yield fact.offered_by


def one_line(words: str) -> str:
    """The words as they stand in a document: normalised, with single blanks."""
    return " ".join(normalise(words).split())


def content_key(cells: Mapping[str, Any]) -> str:
    """What a record without a name of its own is known by: its content."""
    told = "\n".join(f"{name}\t{plain(value)}" for name, value in sorted(cells.items()))
    return hashlib.sha256(told.encode("utf-8", errors="replace")).hexdigest()[:16]


def plain(value: object) -> str:
    """A cell in words: numbers without an exponent where that is short, texts as they are."""
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal) and value.is_finite():
        number = value.normalize()
        return f"{number:f}" if -12 < number.adjusted() < 15 else str(number)
    return "" if value is None else str(value)
