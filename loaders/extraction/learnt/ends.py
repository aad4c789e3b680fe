"""What may be an end of a relation in a sentence: its names, its dates, and whom it speaks of unnamed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kb.facts import EntityRef
from kb.ontology import EntityType
from loaders.extraction.annotations import Annotated, EntityMention, MentionKind, Span
from loaders.extraction.dates import DateMention
from loaders.extraction.focus import focus, is_source
from loaders.extraction.pairs.words import Words
from loaders.extraction.slots import LETTERS

DATE: Final = "T"
_UNNAMED: Final = (EntityType.COMPANY, EntityType.MODEL, EntityType.PRODUCT)
_KINDS: Final = {MentionKind.NAME: "n", MentionKind.NOMINAL: "d", MentionKind.PRONOUN: "p"}
_MOST_ENDS: Final = 25
_MOST_WORDS: Final = 200


@dataclass(frozen=True, slots=True, eq=False)
class End:
    """The tokens from `first` up to `last`; `first` is -1 for an entity that the sentence leaves unnamed.

    One that the text only cites has no `ref`. `letter` tells the type: that of an entity as in `LETTERS`,
    T a date, Q money, `%` a share, Z a number.
    """

    first: int
    last: int
    root: int
    letter: str
    kind: str
    place: Span
    ref: EntityRef | None = None
    date: DateMention | None = None

    @property
    def is_named(self) -> bool:
        """Whether the sentence itself has words for it."""
        return self.first >= 0


def find_ends(annotated: Annotated, words: Words, sentence: Span) -> Sequence[End]:
    """The ends in the sentence in order, those left unnamed last; none for a sentence too long to judge."""
    tokens = annotated.tokens(sentence.start, sentence.end)
    if not tokens or tokens.end - tokens.start > _MOST_WORDS:
        return ()
    mentions = annotated.mentions_in(sentence.start, sentence.end)
    found = [
        *(_mentioned(annotated, words, m) for m in mentions),
        *(
            _other(annotated, words, Span(q.start, q.end), "Q" if q.currency else "%" if q.percent else "Z")
            for q in annotated.quantities_in(sentence.start, sentence.end)
        ),
        *(
            _other(annotated, words, Span(d.start, d.end), DATE, d)
            for d in annotated.dates_in(sentence.start, sentence.end)
        ),
    ]
    if not mentions or len(found) > _MOST_ENDS:
        return ()
    found.sort(key=lambda end: (end.first, -end.last))
    return [*found, *_unnamed(annotated, sentence, {m.ref for m in mentions})]


def _mentioned(annotated: Annotated, words: Words, mention: EntityMention) -> End:
    tokens = annotated.tokens(mention.start, mention.end)
    root = words.root(tokens.start, tokens.end)
    place = Span(mention.start, mention.end)
    kind = _KINDS[mention.kind]
    ref = None if is_source(annotated.text, mention) else mention.ref
    return End(tokens.start, tokens.end, root, LETTERS[mention.type], kind, place, ref)


def _other(
    annotated: Annotated, words: Words, place: Span, letter: str, date: DateMention | None = None
) -> End:
    tokens = annotated.tokens(place.start, place.end)
    root = words.root(tokens.start, tokens.end)
    return End(tokens.start, tokens.end, root, letter, letter, place, date=date)


def _unnamed(annotated: Annotated, sentence: Span, named: set[EntityRef]) -> list[End]:
    """The firm, model and product that the text speaks of here, where the sentence does not name them."""
    spoken_of = (focus(annotated, sentence.start, (kind,)) for kind in _UNNAMED)
    return [
        End(-1, -1, -1, LETTERS[ref.type], "f", Span(sentence.start, sentence.start), ref)
        for ref in spoken_of
        if ref is not None and ref not in named
    ]
