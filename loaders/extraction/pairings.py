"""Lists that `respectively` joins item by item: `Acme and Beta offer Foo and Bar, respectively`."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from kb.facts import EntityRef, Fact, Relation
from kb.ontology import EntityType, RelationType
from loaders.extraction.annotations import EXTRACTOR, Annotated, EntityMention
from loaders.extraction.circumstances import modality
from loaders.extraction.quantities import Quantity
from loaders.extraction.slots import Slotted, all_slotted

_WORD: Final = "respectively"
_LIST: Final = re.compile(
    r"<[A-Z]\d+>(?:'s)?(?: [a-z]+)?(?:, (?:the |about |some )?<[A-Z]\d+>(?:'s)?(?: [a-z]+)?)*"
    r",? and (?:the |about |some )?<[A-Z]\d+>"
)
_SLOT: Final = re.compile(r"<[A-Z](\d+)>")
_NO_OWNERS: Final = re.compile(
    r"\b(?:rival|compet|beat|outperform|invest|back|acqui|buy|bought|use[sd]?\b|using|support|host"
    r"|run on|valu|rais)"
)
_CONFIDENCE: Final = 0.82


def paired(sentence: Slotted, index: int) -> EntityMention | None:
    """The entity that goes with the number at this index, where the sentence pairs entities and numbers."""
    if _WORD not in sentence.text:
        return None
    lists = _lists(sentence)
    for numbers in lists:
        if index not in numbers or not all(isinstance(sentence.fillers[n], Quantity) for n in numbers):
            continue
        for owners in lists:
            named = [sentence.fillers[n] for n in owners]
            if len(owners) == len(numbers) and all(isinstance(one, EntityMention) for one in named):
                found = named[numbers.index(index)]
                return found if isinstance(found, EntityMention) else None
    return None


def companions(sentence: Slotted, index: int) -> Sequence[int]:
    """The other numbers of the list that this number stands in, where the sentence pairs lists."""
    if _WORD not in sentence.text:
        return ()
    return next(([n for n in numbers if n != index] for numbers in _lists(sentence) if index in numbers), ())


class PairingFinder:
    """Reads firms and their models or products out of two lists of one length."""

    def find(self, annotated: Annotated) -> Iterator[Fact]:
        """Whose each model and product is, where the sentence says so item by item."""
        if _WORD not in annotated.text:
            return
        for sentence in all_slotted(annotated):
            if _WORD in sentence.text:
                yield from _owned(annotated, sentence)


def _owned(annotated: Annotated, sentence: Slotted) -> Iterator[Fact]:
    lists = _lists(sentence)
    for owners, things in pairwise(lists):
        firms, named = _refs(sentence, owners), _refs(sentence, things)
        between = sentence.text[sentence.ends[owners[-1]] : sentence.starts[things[0]]]
        if len(firms) != len(named) or _NO_OWNERS.search(between):
            continue
        if not all(ref.type is EntityType.COMPANY for ref in firms):
            continue
        start, end = sentence.original(sentence.starts[owners[0]], sentence.ends[things[-1]])
        for firm, thing in zip(firms, named, strict=True):
            if thing.type in _OWNS:
                yield Relation(
                    subject=firm,
                    predicate=_OWNS[thing.type],
                    object=thing,
                    modality=modality(annotated, start, end),
                    evidence=annotated.evidence(start, end),
                    extractor=EXTRACTOR,
                    confidence=_CONFIDENCE,
                )


_OWNS: Final = {EntityType.MODEL: RelationType.DEVELOPS, EntityType.PRODUCT: RelationType.OFFERS}


def _refs(sentence: Slotted, indices: Sequence[int]) -> list[EntityRef]:
    return [f.ref for n in indices if isinstance(f := sentence.fillers[n], EntityMention)]


def _lists(sentence: Slotted) -> list[list[int]]:
    return [[int(n) for n in _SLOT.findall(found[0])] for found in _LIST.finditer(sentence.text)]
