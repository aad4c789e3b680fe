"""Pronouns and phrases like `the company`: the words that refer to something named elsewhere."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from spacy.tokens import Doc, Token

from kb.ontology import EntityType
from loaders.extraction.annotations import EntityMention, MentionKind
from loaders.extraction.cover import Cover

_C, _M, _D, _P = EntityType.COMPANY, EntityType.MODEL, EntityType.PRODUCT, EntityType.PERSON
_THINGS: Final = (_C, _M, _D)
_PRONOUNS: Final = {
    **dict.fromkeys(("he", "she", "his", "her", "him"), (_P,)),
    **dict.fromkeys(("it", "its"), _THINGS),
}
_NOMINALS: Final = re.compile(
    r"""(?<![\w-])(?:[Tt]he|[Tt]his|[Tt]hat)\s(?:
        (?:[A-Z]\w+,?\s){1,4}?[A-Z]\w+[-–]based\s
      | (?:[A-Z]\w+\s){1,3}?[A-Z]\w+,\s[A-Z][\w.]+,\s
      | [A-Z]\w+,\s[A-Z][\w.]+,\s
      | (?!other|only|next|same|first|second|last|\d+(?:\.\d+)?[BM]\b)
        (?:(?!the\s|this\s|that\s)[\w.–-]+\s){1,2}
      )?(?:
        (?P<company>company|start-?up|firm|lab|chipmaker|retailer|maker|unicorn|newcomer|developer|vendor|group
        |giant|operator|specialist|designer|outfit)
      | (?P<model>model|LLM)
      | (?P<product>chatbot|app|assistant|bot|tool|product)
      )(?![\w-])""",
    re.VERBOSE,
)
_QUALIFIED: Final = re.compile(r"\s(?:from|of|by|behind)\s(?:the\s)?")
_OF_NOMINAL: Final = {"company": (_C,), "model": (_M,), "product": (_D,)}
_HEADING: Final = re.compile(r"^#{1,4} ", re.MULTILINE)
_WE: Final = re.compile(r"\b(?:[Ww]e|[Oo]ur)\b")
_QUOTED: Final = re.compile(r"[”\"] (?:said|says)\b|\b(?:said|says|told|wrote)\b[^.]{0,40}[“\"]|\bsaid\b")
_OWN_VOICE: Final = 4
WE: Final = frozenset(("we", "our"))
"""Who writes a document with headings of its own is the firm that it is about."""


@dataclass(frozen=True, slots=True)
class Anaphor:
    """Words that refer back, and the types of what they can refer to, the likeliest first."""

    start: int
    end: int
    types: tuple[EntityType, ...]
    kind: MentionKind


def find_anaphors(doc: Doc, mentions: Sequence[EntityMention]) -> list[Anaphor]:
    """The anaphors of a text in order; none that a name among the mentions stands in or explains."""
    return sorted([*_pronouns(doc), *_nominals(doc, mentions)], key=lambda a: a.start)


def _pronouns(doc: Doc) -> Iterator[Anaphor]:
    own_voice = _HEADING.search(doc.text) is not None or _is_announcement(doc.text)
    for token in doc:
        types = _PRONOUNS.get(token.lower_)
        if own_voice and token.lower_ in WE:
            types = (_C,)
        if types is not None and token.tag_ in {"PRP", "PRP$"} and not _expletive(token):
            yield Anaphor(token.idx, token.idx + len(token), types, MentionKind.PRONOUN)


def _is_announcement(text: str) -> bool:
    """Whether a text without headings is told by those whom it is about: they say `we`, and quote nobody."""
    return len(_WE.findall(text)) >= _OWN_VOICE and not _QUOTED.search(text)


def _expletive(token: Token) -> bool:
    clauses = any(child.dep_ in {"ccomp", "xcomp"} for child in token.head.children)
    bare = token.lower_ == "it" and clauses and token.head.lower_ in {"is", "was", "seems", "appears", "'s"}
    return token.dep_ == "expl" or bare


def _nominals(doc: Doc, mentions: Sequence[EntityMention]) -> Iterator[Anaphor]:
    text = doc.text
    starts = {m.start for m in mentions}
    names = Cover(len(text), ((m.start, m.end) for m in mentions if m.type is not EntityType.COUNTRY))
    for found in _NOMINALS.finditer(text):
        followed = found.end() + 1 in starts and text[found.end() : found.end() + 1] == " "
        qualified = _QUALIFIED.match(text, found.end())
        described = qualified is not None and qualified.end() in starts
        inside = names.touches(found.start(), found.end())
        if found.lastgroup is not None and not followed and not described and not inside:
            yield Anaphor(found.start(), found.end(), _OF_NOMINAL[found.lastgroup], MentionKind.NOMINAL)
