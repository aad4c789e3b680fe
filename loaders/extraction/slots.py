"""Sentences in which every mention and quantity is a slot, so that relations are plain patterns.

`Sam Altman, CEO of OpenAI` reads `<P0>, CEO of <C1>`. The letters: C company, M model, D product,
P person, L licence, N country, Q amount of money,
Z other number, T date (where asked for). `’` reads `'`. A possessive pronoun
reads as its entity with `'s`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from kb.ontology import EntityType
from loaders.extraction.annotations import Annotated, EntityMention, Group, MentionKind, Span
from loaders.extraction.dates import DateMention
from loaders.extraction.lazy_pattern import LazyPattern
from loaders.extraction.quantities import Quantity

LETTERS: Final = {
    EntityType.COMPANY: "C",
    EntityType.MODEL: "M",
    EntityType.PRODUCT: "D",
    EntityType.PERSON: "P",
    EntityType.LICENCE: "L",
    EntityType.COUNTRY: "N",
}
_SLOT: Final = re.compile(r"<([CMDPLNQZT])(\d+)>")
_IN_BRACKETS: Final = re.compile(r"(?<=\d> )\([^()]*\)|, <C\d+>'s [\w -]{2,40}(?=,)")
_POSSESSIVE_PRONOUNS: Final = frozenset(("its", "his", "her", "their"))
_LIST_SEPARATOR: Final = (
    r"(?:, (?:and |or |as well as |along with )?| and | or | as well as | along with | & "
    r"|/)(?:the (?:[a-z-]+ ){0,3}|from )?"
)
_LONGEST_LIST: Final = 40
_ASIDE: Final = r"(?: \([^()]{1,60}\))?(?:, (?:<C\d+>'s|one of the|the|an?) [\w -]{2,40}(?=,))?"
_POSSESSOR: Final = r"(?:<C\d+>'s )?"
_UNKNOWN: Final = r"[A-Z][\w.&]*(?: [A-Z][\w.&]*){0,3}"
"""A name within a list that is nobody known: the names around it are still one list."""

_VERB_AFTER: Final = (
    r"(?! (?:is|was|are|were|has|had|have|will|would|can|does|did|said|says|plans|makes|offers|bought|took"
    r"|led|reported|reports|wrote)\b)"
)
_LAST_LIST: Final = re.compile(r"\{(\w+:[CMDPLNQZT]+)s\}$")
_POSSESSED: Final = re.compile(r"<C\d+>'s (?=<)")
_APPOSED: Final = re.compile(r" (?:family|series|line|line-up|version) \S")
_MACRO: Final = re.compile(r"\{(?:(\w+):)?([CMDPLNQZT]+)([sS]?)\}")

_BLANK: Final = re.compile(r"\\.|\[(?:\\.|[^\]\\])+\]| \??")
_RUNS: Final = {" ": r"\s++", " ?": r"\s*+"}

Filler = EntityMention | Quantity | DateMention | Group


@dataclass(frozen=True, slots=True)
class Slotted:
    """A sentence with slots. `starts[i]` and `ends[i]` place the i-th filler in the slotted text, `places[i]`
    in the document, there with the Markdown of a link around it.

    A clause behind a subject that it shares begins with `head` characters for the subject, which stands at
    `first` in the document; the others stand `skip` further on in the whole sentence, and `verb` is where in
    the document the clause begins.
    """

    sentence: Span
    text: str
    fillers: tuple[Filler, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    places: tuple[tuple[int, int], ...]
    head: int = 0
    skip: int = 0
    first: tuple[int, int] = (0, 0)
    verb: int | None = None

    def mentions(self, words: str | None) -> list[EntityMention]:
        """The mentions whose slots stand in these matched words."""
        listed = _POSSESSED.sub("", _IN_BRACKETS.sub("", words or ""))
        fillers = (self.fillers[int(found[2])] for found in _SLOT.finditer(listed))
        return [
            mention
            for filler in fillers
            for mention in (filler.members if isinstance(filler, Group) else (filler,))
            if isinstance(mention, EntityMention)
        ]

    def quantity(self, words: str | None) -> Quantity | None:
        """The first quantity whose slot stands in these matched words."""
        fillers = (self.fillers[int(found[2])] for found in _SLOT.finditer(words or ""))
        return next((filler for filler in fillers if isinstance(filler, Quantity)), None)

    def date(self, words: str | None) -> DateMention | None:
        """The first date whose slot stands in these matched words."""
        fillers = (self.fillers[int(found[2])] for found in _SLOT.finditer(words or ""))
        return next((filler for filler in fillers if isinstance(filler, DateMention)), None)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The place in the document of a stretch of the slotted text."""
        begin = self.first[0] if start < self.head else self._offset(start + self.skip, last=False)
        finish = self.first[1] if end < self.head else self._offset(end + self.skip, last=True)
        return begin, finish

    def position(self, offset: int) -> int:
        """Where a place of the document, outside every filler, stands in the slotted sentence."""
        places = zip(self.places, self.starts, self.ends, strict=True)
        gained = (end - start - (last - first) for (first, last), start, end in places if last <= offset)
        return offset - self.sentence.start + sum(gained)

    def _offset(self, position: int, *, last: bool) -> int:
        shift = self.sentence.start
        for (begin, finish), start, end in zip(self.places, self.starts, self.ends, strict=True):
            if position < start or (last and position == start):
                break
            if position < end or (last and position == end):
                return finish if last else begin
            shift += (finish - begin) - (end - start)
        return position + shift


_KNOWN: Final[WeakKeyDictionary[Annotated, dict[tuple[Span, bool], Slotted]]] = WeakKeyDictionary()
"""What several finders ask for, built once for as long as the document is in hand."""


def slotted(annotated: Annotated, sentence: Span, *, dates: bool = False) -> Slotted:
    """The sentence with its mentions and quantities, and where asked for its dates, as slots."""
    known = _KNOWN.setdefault(annotated, {})
    found = known.get((sentence, dates))
    if found is None:
        found = known[sentence, dates] = _slotted(annotated, sentence, dates=dates)
    return found


def _slotted(annotated: Annotated, sentence: Span, *, dates: bool) -> Slotted:
    fillers: list[Filler] = list(annotated.dates_in(sentence.start, sentence.end)) if dates else []
    mentions = annotated.mentions_in(sentence.start, sentence.end)
    fillers.extend(m for m in mentions if not _only_describes(annotated.text, m))
    fillers.extend(
        q for q in annotated.quantities_in(sentence.start, sentence.end) if not _is_year(annotated.text, q)
    )
    fillers.extend(annotated.groups_in(sentence.start, sentence.end))
    fillers.sort(key=lambda filler: (filler.start, -filler.end))  # a date comes before the number in it
    kept: list[Filler] = []
    for filler in fillers:
        if filler.end <= sentence.end and (not kept or filler.start >= kept[-1].end):
            kept.append(filler)
    return _build(annotated.text, sentence, kept)


def _only_describes(text: str, mention: EntityMention) -> bool:
    """`the model family X`: the phrase refers to nothing named before."""
    return mention.kind is MentionKind.NOMINAL and _APPOSED.match(text, mention.end) is not None


def _is_year(text: str, quantity: Quantity) -> bool:
    if "," in text[quantity.number_start : quantity.end]:
        return False
    plain = quantity.magnitude == 1 and quantity.currency is None and not quantity.percent
    return plain and isinstance(quantity.value, int) and 1900 <= quantity.value <= 2100


def _build(text: str, sentence: Span, fillers: Sequence[Filler]) -> Slotted:
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    places: list[tuple[int, int]] = []
    length, position = 0, sentence.start
    for index, filler in enumerate(fillers):
        begin, end = _with_markup(text, filler, position, sentence.end)
        gap = _plain(text[position:begin])
        slot = _slot(text, filler, index)
        parts += [gap, slot]
        starts.append(length + len(gap))
        ends.append(length + len(gap) + len(slot))
        length += len(gap) + len(slot)
        position = end
        places.append((begin, end))
    parts.append(_plain(text[position : sentence.end]))
    return Slotted(sentence, "".join(parts), tuple(fillers), tuple(starts), tuple(ends), tuple(places))


_LINK_END: Final = re.compile(r"[`*]{0,2}\]\([^)\s]*\)")


def _with_markup(text: str, filler: Filler, least: int, most: int) -> tuple[int, int]:
    """The filler's place with the brackets and target of a Markdown link, or the marks of emphasis."""
    start, end = filler.start, filler.end
    while start > least and text[start - 1] in "`*":
        start -= 1
    if start > least and text[start - 1] == "[":
        link = _LINK_END.match(text, end, most)
        return (start - 1, link.end()) if link else (filler.start, filler.end)
    while end < most and text[end] in "`*" and start < filler.start:
        end += 1
    return start, end


_TABLE: Final = str.maketrans("’‘\u00a0\n\t“”<>", "''   \"\"()")


def _plain(words: str) -> str:
    """One character for one: curly quotes become straight, odd blanks and line ends plain ones."""
    return words.translate(_TABLE)


def _slot(text: str, filler: Filler, index: int) -> str:
    if isinstance(filler, DateMention):
        return f"<T{index}>"
    if isinstance(filler, Group):
        return f"<P{index}>"
    if isinstance(filler, Quantity):
        return f"<{'Q' if filler.currency else 'Z'}{index}>"
    slot = f"<{LETTERS[filler.type]}{index}>"
    words = text[filler.start : filler.end].lower()
    possessive = filler.kind is MentionKind.PRONOUN and words in _POSSESSIVE_PRONOUNS
    return slot + "'s" if possessive else slot


def pattern(source: str) -> LazyPattern:
    """A pattern in which `{a:C}` is a slot named a, `{CM}` either of two, `{a:Ps}` a list of them.

    A blank stands for a whole run of blanks, so that long runs cannot be split in many ways.
    """
    return LazyPattern(source, _written_out)


def _written_out(source: str) -> str:
    guarded = _LAST_LIST.sub(r"{\1S}", source)  # what follows a list at the end may begin a clause of its own
    return _MACRO.sub(_expand, _with_runs(guarded))


def _with_runs(source: str) -> str:
    """The pattern in which blanks outside of character classes stand for runs."""
    return _BLANK.sub(lambda found: _RUNS.get(found[0], found[0]), source)


def _expand(found: re.Match[str]) -> str:
    name, letters, many = found.groups()
    body = rf"<[{letters}]\d+>(?!-[a-z])"
    if many:
        after = _VERB_AFTER if many == "S" else ""
        one = f"{_POSSESSOR if letters == 'CD' else ''}{body}{_ASIDE}"
        more = rf"(?:{_LIST_SEPARATOR}{_UNKNOWN}(?=,| and | or ))*{_LIST_SEPARATOR}{one}{after}"
        listed = f"{one}(?:{more}){{0,{_LONGEST_LIST}}}"
        body = _with_runs(listed)
    return rf"(?P<{name}>{body})" if name else rf"(?:{body})"


def all_slotted(annotated: Annotated, *, dates: bool = False) -> Iterator[Slotted]:
    """Every sentence that has a slot at all."""
    for sentence in annotated.sentences():
        built = slotted(annotated, sentence, dates=dates)
        if built.fillers:
            yield built
