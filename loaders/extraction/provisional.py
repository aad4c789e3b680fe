"""Names that no registry holds, where the words around them make the type plain."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from spacy.tokens import Doc

from kb.ontology import EntityType
from loaders.extraction.cover import Cover
from loaders.extraction.gazetteer import masked_spans
from loaders.extraction.geography import city_country
from loaders.extraction.lazy_pattern import LazyPattern
from loaders.extraction.model_names import free_names
from loaders.extraction.phrases import places
from loaders.extraction.rules import load_rules

_PATTERNS: Final = tuple(
    (EntityType(rule.text("says")), LazyPattern(rule.text("pattern"), str)) for rule in load_rules("names")
)
_PERSON: Final = (
    r"[A-Z][\w'’-]+(?:\s(?:[A-Z]\.|(?:de|van|von|da|del|der|la|bin|al)(?=\s)|[A-Z][\w'’-]+)){1,3}(?<!['’]s)"
)
_TWO_WORDS: Final = re.compile(
    r"(?<![\w'’-])[A-Z][a-zé]+ (?:[A-Z]\. )?[A-Z][a-zé]+(?:-[A-Z][a-zé]+)?(?![\w-])"
)
COMMON_CAPITALISED: Final = frozenset(
    (
        "The A An This That These Those It Its He She They We I You Our Their His Her In On At By For "
        "From With As And But Or If When While What Who How Why Where There Here Then Now Not No Yes All "
        "Some Many Most More One Two Three Last Next Monday Tuesday Wednesday Thursday Friday Saturday "
        "Sunday January February March April May June July August September October November December "
        "CEO AI Inc Corp Chief Former Also Both Each Like Read Series Photo Image Chart Figure Table "
        "Under After Before Since Of To Is Are Was Were New Among Only Such Another Other Chinese "
        "American French German Generative API APIs LLM LLMs GPU GPUs CPU IPO Select Granted Note See "
        "Params Parameters Active Total Tokens Context Use Using Enterprise Open Large Model Models Language"
    ).split()
)
"""Words that begin with a capital and alone are no name of ours."""


_KINDS_OF_FIRM: Final = frozenset(
    "Finance Financial Health Healthcare Media News Times Post Journal Review University College"
    " School Hospital Labs Lab Group Capital Ventures Partners Systems Technologies Technology"
    " Robotics Studios Motors Energy Foundation Institute Bank Fund Holdings Street Avenue Road"
    " Square Park Valley Beach Island County Prize Award Center Centre Museum Airport Building Tower"
    " Model Models Pro Plus Max Mini Lite Ultra Flash".split()
)
"""Last words of firms, places and things that begin like a person's name."""
_REGIONS: Final = frozenset("European Asian African Western Eastern Global Latin Arab Nordic Gulf".split())
_PLAIN: Final = frozenset(("PRON", "DET", "ADV", "ADP", "SCONJ", "CCONJ", "AUX", "NUM", "INTJ"))
_LEAST: Final = 4


@dataclass(frozen=True, slots=True)
class Proposal:
    """A name that no registry holds, and the type that the text gives it."""

    start: int
    end: int
    type: EntityType


def proposals(
    doc: Doc,
    first_names: frozenset[str] = frozenset(),
    variants: frozenset[str] = frozenset(),
    demonyms: frozenset[str] = frozenset(),
) -> list[Proposal]:
    """The plain cases in the text, in order, none overlapping another.

    A name in two capitalised words of which the first is among `first_names` is a person's;
    `variants` are words that a model's name may end in, `demonyms` words that begin no firm's name
    before a noun of the field (`Indian AI companies`).
    """
    text = doc.text
    found = [*_by_pattern(text), *_people(doc), *_by_first_name(text, first_names)]
    found.extend(Proposal(start, end, EntityType.MODEL) for start, end in free_names(text, variants))
    masked = Cover(len(text), masked_spans(text))
    found = [p for p in found if not masked.touches(p.start, p.start + 1)]
    things = {text[p.start : p.end] for p in found if p.type is not EntityType.PERSON}
    found = [p for p in found if p.type is not EntityType.PERSON or text[p.start : p.end] not in things]
    found.sort(key=lambda p: (p.start, -p.end))
    common = frozenset(re.findall(r"(?<![\w-])[a-z]{3,}(?![\w-])", text))
    kept: list[Proposal] = []
    for proposal in found:
        name = text[proposal.start : proposal.end]
        if (
            _is_plain_word(doc, proposal)
            or "-based" in name
            or _is_common(name, proposal.type, common)
            or _is_field(name, demonyms)
        ):
            continue
        if not kept or proposal.start >= kept[-1].end:
            kept.append(proposal)
    return kept


def repeated(text: str, found: Sequence[Proposal], taken: Cover) -> list[Proposal]:
    """The other places of the names of firms and things that one place of the text makes plain."""
    again: list[Proposal] = []
    kept = Cover(len(text), ((p.start, p.end) for p in found))
    named = {text[p.start : p.end]: p.type for p in reversed(found) if p.type is not EntityType.PERSON}
    plain = (n for n in named if len(n) >= _LEAST and n not in COMMON_CAPITALISED and "\n" not in n)
    for name, start in places(text, plain):
        end = start + len(name)
        if not taken.touches(start, end) and not kept.touches(start, end):
            again.append(Proposal(start, end, named[name]))
    return again


def _is_common(name: str, kind: EntityType, common: frozenset[str]) -> bool:
    """Whether the text uses a word of the name as a common word, too (`Copyright License`)."""
    words = [word.lower() for word in re.findall(r"[A-Za-z]{3,}", name)]
    if kind is EntityType.COMPANY:
        return bool(words) and words[0] in common
    return bool(words) and all(word in common for word in words) and not any(c.isdigit() for c in name)


def _is_plain_word(doc: Doc, proposal: Proposal) -> bool:
    """Whether the only word of a firm's name is a pronoun, particle or plural that begins a sentence."""
    span = doc.char_span(proposal.start, proposal.end)
    if proposal.type is not EntityType.COMPANY or span is None or len(span) != 1:
        return False
    return span[0].pos_ in _PLAIN or span[0].tag_ == "NNS"


def _is_field(name: str, demonyms: frozenset[str]) -> bool:
    """Whether the words describe a kind of AI, not a firm: `Indian AI`, `Open-source AI`."""
    first, _, rest = name.partition(" ")
    return rest.endswith("AI") and (first in demonyms or first in _REGIONS or "-" in first)


def _by_pattern(text: str) -> Iterator[Proposal]:
    for kind, pattern in _PATTERNS:
        for found in pattern.finditer(text):
            start, end = _trim(text, found.start("n"), found.end("n"))
            if end - start > 1 and "\n" not in text[start:end]:
                yield Proposal(start, end, kind)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out function words that begin the name because a sentence does."""
    while start < end:
        word = re.match(r"[\w'’-]+", text[start:end])
        if word is None or word[0] not in COMMON_CAPITALISED:
            break
        start += len(word[0])
        start += len(text[start:end]) - len(text[start:end].lstrip(" .,"))
    name = text[start:end].rstrip(" .,")
    return (start, start + len(name)) if name and name[0].isupper() else (start, start)


def _people(doc: Doc) -> Iterator[Proposal]:
    for entity in doc.ents:
        if entity.label_ == "PERSON":
            words = re.match(_PERSON, entity.text)
            if words is not None and _is_full_name(words[0].split()) and "\n" not in words[0]:
                yield Proposal(entity.start_char, entity.start_char + words.end(), EntityType.PERSON)


def _by_first_name(text: str, first_names: frozenset[str]) -> Iterator[Proposal]:
    for found in _TWO_WORDS.finditer(text):
        words = found[0].split()
        plain = words[-1] not in COMMON_CAPITALISED and words[-1] not in _KINDS_OF_FIRM
        if words[0] in first_names and plain and "\n" not in found[0] and city_country(found[0]) is None:
            yield Proposal(found.start(), found.end(), EntityType.PERSON)


def _is_full_name(words: Sequence[str]) -> bool:
    plain = all(word not in COMMON_CAPITALISED and not word.isupper() for word in words)
    return 2 <= len(words) <= 4 and plain and not any(c.isdigit() for word in words for c in word)
