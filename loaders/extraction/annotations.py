"""What the finders of facts share: an annotated document, and the mentions and quantities in it.

All offsets are code points of `Document.text`; the spaCy tokens lie over exactly that text.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final, Protocol

from spacy.tokens import Doc
from spacy.tokens import Span as TokenSpan

from kb.documents import Document
from kb.facts import EntityRef, Evidence, Fact
from kb.ontology import EntityType, ModelLevel
from kb.partial_date import PartialDate
from loaders.extraction.dates import DateMention, find_dates
from loaders.extraction.gazetteer import squash
from loaders.extraction.quantities import Quantity, find_quantities
from loaders.extraction.trace import NO_TRACE, Trace

if TYPE_CHECKING:
    from loaders.extraction.sections import Sections

EXTRACTOR: Final = "spacy-rules/1"
"""Name and version of the rules; the pipeline adds which model read the text, if not the small one."""

_TIME: Final = re.compile(
    r"[ -](?:(?:more|full|whole|business|calendar) )?(?:seconds?|minutes?|hours?(?! (?:on|of) [A-Z]+\d)"
    r"|days?|weeks?|months?"
    r"|quarters?"
    r"|years?|decades?)\b",
    re.IGNORECASE,
)
_LONGEST: Final = 3_000
_MARKS: Final = 8
"""So many letters before a number show whether it is a heading's."""

_ENDED: Final = re.compile(r"[.!?:;…。！？|\])”\"*\n>]")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the document's text."""

    start: int
    end: int

    def overlaps(self, start: int, end: int) -> bool:
        """Whether some code point lies in both."""
        return self.start < end and start < self.end


class MentionKind(StrEnum):
    """How the text refers to an entity."""

    NAME = "NAME"
    NOMINAL = "NOMINAL"
    PRONOUN = "PRONOUN"


@dataclass(frozen=True, slots=True)
class EntityMention:
    """Words that refer to an entity; `ref` has the entity's name in this document after coreference."""

    start: int
    end: int
    ref: EntityRef
    kind: MentionKind = MentionKind.NAME
    level: ModelLevel | None = None

    @property
    def type(self) -> EntityType:
        """The entity's type."""
        return self.ref.type


@dataclass(frozen=True, slots=True)
class Group:
    """Words that refer to several people at once, each by an earlier mention."""

    start: int
    end: int
    members: tuple[EntityMention, ...]


class Annotated:
    """A document with its sentences, mentions and quantities, and the means to quote it."""

    def __init__(
        self,
        document: Document,
        doc: Doc,
        mentions: Iterable[EntityMention],
        sections: "Sections",
        groups: Sequence[Group] = (),
        *,
        trace: Trace = NO_TRACE,
    ) -> None:
        """Hold mentions sorted by place, and find the quantities that are no part of a name.

        `doc` lies over the beginning of the document's text, or over all of it.
        `trace` is told what the finders do with the document.
        """
        self.trace: Final = trace
        self.document: Final = document
        self.doc: Final = doc
        self.text: Final = doc.text
        self._id: Final = document.id
        self.mentions: Final = tuple(sorted(mentions, key=lambda m: (m.start, -m.end)))
        self.sections: Final = sections
        self.groups: Final = tuple(sorted(groups, key=lambda g: g.start))
        self._group_starts: Final = [group.start for group in self.groups]
        self._mention_starts: Final = [mention.start for mention in self.mentions]
        self.topics: Final[dict[tuple[EntityType, ...], EntityRef | None]] = {}
        self.dates: Final[tuple[DateMention, ...]] = tuple(find_dates(self.text, self.document_date))
        self._date_starts: Final = [found.start for found in self.dates]
        self.quantities: Final = tuple(
            q for q in find_quantities(self.text) if not self._in_name(q) and not self._in_date(q)
        )
        self._quantity_starts: Final = [quantity.start for quantity in self.quantities]
        self._sentences: Final = tuple(_sentences(doc, self.text))
        self._sentence_starts: Final = [sentence.start for sentence in self._sentences]

    @property
    def document_date(self) -> PartialDate | None:
        """When the document was published, where that is known."""
        return self.document.metadata.published

    def sentences(self) -> Sequence[Span]:
        """The sentences in order, without the blanks around them."""
        return self._sentences

    def sentence_at(self, offset: int) -> Span:
        """The sentence that holds the offset, or the one before it; an empty span in an empty text."""
        if not self._sentences:
            return Span(0, 0)
        return self._sentences[max(bisect_right(self._sentence_starts, offset) - 1, 0)]

    def sentence_before(self, sentence: Span) -> Span | None:
        """The sentence before this one."""
        index = bisect_left(self._sentence_starts, sentence.start)
        return self._sentences[index - 1] if index > 0 else None

    def mentions_in(self, start: int, end: int, *types: EntityType) -> list[EntityMention]:
        """The mentions that begin in the stretch, of these types, or of any where none is named."""
        low, high = bisect_left(self._mention_starts, start), bisect_left(self._mention_starts, end)
        return [m for m in self.mentions[low:high] if not types or m.type in types]

    def mention_at(self, offset: int) -> EntityMention | None:
        """The mention whose words cover the offset."""
        index = bisect_right(self._mention_starts, offset) - 1
        for mention in reversed(self.mentions[max(index - 3, 0) : index + 1]):
            if mention.start <= offset < mention.end:
                return mention
        return None

    def model_called(self, name: str, *, by_name: bool = False) -> EntityRef | None:
        """The first model mentioned whose name is this but for case, blanks and hyphens.

        `by_name` asks for a mention by its name.
        """
        return self._models.get((squash(name), by_name))

    @cached_property
    def _models(self) -> Mapping[tuple[str, bool], EntityRef]:
        found: dict[tuple[str, bool], EntityRef] = {}
        for mention in self.mentions:
            if mention.type is EntityType.MODEL:
                name = squash(mention.ref.name)
                found.setdefault((name, False), mention.ref)
                if mention.kind is MentionKind.NAME:
                    found.setdefault((name, True), mention.ref)
        return found

    def quantities_in(self, start: int, end: int) -> Sequence[Quantity]:
        """The quantities that begin in the stretch; numbers inside names (`Llama 3 70B`) are none."""
        low, high = bisect_left(self._quantity_starts, start), bisect_left(self._quantity_starts, end)
        return self.quantities[low:high]

    def groups_in(self, start: int, end: int) -> Sequence[Group]:
        """The groups that begin in the stretch."""
        low, high = bisect_left(self._group_starts, start), bisect_left(self._group_starts, end)
        return self.groups[low:high]

    def dates_in(self, start: int, end: int) -> Sequence[DateMention]:
        """The dates that begin in the stretch."""
        low, high = bisect_left(self._date_starts, start), bisect_left(self._date_starts, end)
        return self.dates[low:high]

    def tokens(self, start: int, end: int) -> TokenSpan:
        """The tokens that cover the stretch, widened to whole tokens."""
        found = self.doc.char_span(start, end, alignment_mode="expand")
        return self.doc[0:0] if found is None else found

    def evidence(self, start: int, end: int) -> Evidence:
        """The words from `start` to `end` without the blanks around them.

        Raises:
            ContractError: when there is nothing but blanks.
        """
        words = self.text[start:end]
        start += len(words) - len(words.lstrip())
        words = words.strip()
        return Evidence(self._id, start, start + len(words), words)

    def _in_date(self, quantity: Quantity) -> bool:
        """Whether it counts time: part of a date, or so many weeks."""
        if quantity.currency is not None or quantity.percent:
            return False
        if _TIME.match(self.text, quantity.end):
            return True
        index = bisect_right(self._date_starts, quantity.number_start) - 1
        return index >= 0 and quantity.end <= self.dates[index].end

    def _in_name(self, quantity: Quantity) -> bool:
        if (
            self.text[quantity.start - 1 : quantity.start] == "["
            and self.text[quantity.end : quantity.end + 1] == "]"
        ):
            return True  # a footnote's mark
        since = max(quantity.number_start - _MARKS, 0)
        line = self.text[since : quantity.number_start].rpartition("\n")[2]
        if line and not line.strip("# "):
            return True  # a heading's number
        mention = self.mention_at(quantity.number_start)
        return mention is not None and mention.kind is MentionKind.NAME


class FactFinder(Protocol):
    """A component that reads facts of some kinds out of an annotated document."""

    def find(self, annotated: Annotated) -> Iterable[Fact]:
        """The facts, each with its evidence; doubles are put aside by the pipeline."""
        ...


def _sentences(doc: Doc, text: str) -> Iterator[Span]:
    """The parser's sentences; one that it has begun in the middle of a line goes on with the one before."""
    start = end = -1
    for sentence in doc.sents:
        words = text[sentence.start_char : sentence.end_char]
        if not words.strip():
            continue
        begin = sentence.start_char + len(words) - len(words.lstrip())
        if end >= 0 and _ENDED.search(text, max(end - 2, 0), begin) is None:
            end = sentence.start_char + len(words.rstrip())
            continue
        if end >= 0:
            yield from _bounded(text[start:end], start)
        start, end = begin, sentence.start_char + len(words.rstrip())
    if end >= 0:
        yield from _bounded(text[start:end], start)


def _bounded(words: str, start: int) -> Iterator[Span]:
    """The sentence, in pieces where no writer would have made it so long: work grows with its square."""
    position = 0
    while len(words) - position > _LONGEST:
        cut = words.rfind(" ", position, position + _LONGEST) + 1
        end = cut if cut > position else position + _LONGEST
        if piece := words[position:end].rstrip():
            yield Span(start + position, start + position + len(piece))
        position = end
    yield Span(start + position, start + len(words))
