"""What customers have signed for: `contracts worth $5 bn … come from one customer. … It is Acme`."""

import re
from collections.abc import Iterator
from typing import Final

from kb.facts import EntityRef, Fact, Figure
from kb.ontology import EntityType, Metric
from loaders.extraction.annotations import EXTRACTOR, Annotated, EntityMention, Span
from loaders.extraction.circumstances import modality
from loaders.extraction.quantities import Quantity
from loaders.extraction.slots import Slotted, slotted
from loaders.extraction.told_dates import as_of

_FROM_ONE: Final = re.compile(
    r"<Q(\d+)> (?:[a-z]+ ){0,2}(?:comes?|came|stems?|is due|are due) from (?:just )?(?:<Z\d+>"
    r"|a single) (?:customer|client|buyer)\b"
)
_NAMED: Final = re.compile(
    r"^(?:It|That|This|<C\d+>|The (?:customer|client|buyer)|That (?:customer|client|buyer)) (?:is"
    r"|was) <C(\d+)>"
)
_SIGNED: Final = re.compile(
    r"<C(\d+)>(?:, [^<>;.]{3,60},)?(?: has| have| had)? (?:signed|placed|awarded) (?:it |<C\d+> "
    r"|the (?:company|firm) )?"
    r"(?:an? |several )?(?:[a-z-]+ ){0,3}(?:contracts?|orders?)(?: for [^<>.;]{3,40})?,? worth <Q(\d+)>"
)
_AHEAD: Final = 2
_CONFIDENCE: Final = 0.76


class CommitmentFinder:
    """Reads who has signed for how much; a customer whom only a later sentence names counts, too."""

    def find(self, annotated: Annotated) -> Iterator[Fact]:
        """The committed sums as the customers' spending."""
        for sentence in annotated.sentences():
            if not annotated.quantities_in(sentence.start, sentence.end):
                continue
            words = slotted(annotated, sentence)
            for found in _SIGNED.finditer(words.text):
                firm, amount = _firm(words, found[1]), words.fillers[int(found[2])]
                if firm is not None and isinstance(amount, Quantity):
                    yield _spending(annotated, firm, amount, words.original(found.start(), found.end()))
            found = _FROM_ONE.search(words.text)
            if found is not None:
                yield from _named_later(annotated, sentence, words, int(found[1]))


def _named_later(annotated: Annotated, sentence: Span, words: Slotted, index: int) -> Iterator[Fact]:
    amount, position = words.fillers[index], sentence.end
    for _ in range(_AHEAD):
        following = annotated.sentence_at(position + 2)
        if following.start < position or not isinstance(amount, Quantity):
            return
        later = slotted(annotated, following)
        named = _NAMED.match(later.text)
        firm = _firm(later, named[1]) if named is not None else None
        if named is not None and firm is not None:
            end = later.original(named.start(), named.end())[1]
            yield _spending(annotated, firm, amount, (sentence.start, end))
            return
        position = following.end


def _firm(words: Slotted, index: str) -> EntityRef | None:
    filler = words.fillers[int(index)]
    return filler.ref if isinstance(filler, EntityMention) and filler.type is EntityType.COMPANY else None


def _spending(annotated: Annotated, firm: EntityRef, amount: Quantity, place: tuple[int, int]) -> Figure:
    return Figure(
        subject=firm,
        predicate=Metric.SPENDING,
        unit=amount.currency or "USD",
        value=amount.value,
        low=amount.low,
        high=amount.high,
        comparator=amount.comparator,
        as_of=as_of(annotated, amount.start, amount.end),
        modality=modality(annotated, amount.start, amount.end),
        evidence=annotated.evidence(*place),
        extractor=EXTRACTOR,
        confidence=_CONFIDENCE,
    )
