"""Words of a text that may be an end of a relation: names, capitalised words, pronouns, dates."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from spacy.tokens import Doc

from loaders.extraction.pairs.words import Words


class Role(StrEnum):
    """What an end of a relation is to be."""

    ORGANISATION = "ORG"
    PERSON = "PER"
    PLACE = "LOC"
    DATE = "DATE"


_O, _P, _L = Role.ORGANISATION, Role.PERSON, Role.PLACE
PERSONAL: Final = frozenset("i me my myself he him his himself she her herself".split())
_IMPERSONAL: Final = frozenset("it its itself which that where we us our they them their".split())
_EITHER: Final = frozenset("who whose whom".split())
_PRONOUNS: Final = PERSONAL | _IMPERSONAL | _EITHER
_NAMES: Final = frozenset("ORG PERSON GPE LOC FAC NORP PRODUCT WORK_OF_ART EVENT LAW".split())
_PEOPLE: Final = frozenset("PERSON ORG NAME GPE NORP PRODUCT WORK_OF_ART".split())
_NUMBERS: Final = frozenset("CARDINAL MONEY PERCENT ORDINAL QUANTITY TIME DATE".split())
_YEAR: Final = re.compile(r"(?:1[5-9]|20)\d\d")
_LEADING: Final = frozenset("the a an ( ) [ ] , . \" ' “ ” ‘ - – : ;".split())
_TRAILING: Final = frozenset("'s ’s ' ’ , ( [ \" “ ” - – : ;".split())


_TITLES: Final = frozenset(
    "mr mr. mrs mrs. ms ms. dr dr. prof prof. professor sir lord lady dame rev rev. chief executive"
    " officer operating financial technology marketing senior junior vice president chairman"
    " chairwoman chair ceo cto cfo coo vp director managing manager general partner founder"
    " co-founder cofounder co- fellow editor head associate assistant board member coach captain"
    " lieutenant colonel major commander minister secretary president-elect co dean chancellor"
    " emeritus lecturer researcher engineer scientist january february march april may june july"
    " august september october november december monday tuesday wednesday thursday friday saturday"
    " sunday internet".split()
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words from token `first` up to `last`; `label` is spaCy's, NAME, PRONOUN or DATE."""

    first: int
    last: int
    root: int
    start: int
    end: int
    label: str
    roles: frozenset[Role]


def candidates(doc: Doc, words: Words) -> list[Candidate]:
    """The candidates of the document in order."""
    taken = [False] * len(words.lower)
    found = [*_entities(doc, words, taken), *_capitalised(words, taken), *_pronouns(words, taken)]
    return sorted(found, key=lambda c: (c.first, c.last))


def _entities(doc: Doc, words: Words, taken: list[bool]) -> Iterator[Candidate]:
    for entity in doc.ents:
        first, last = _trimmed(words, entity.start, entity.end)
        label = entity.label_
        if first >= last or (label in _NUMBERS and not _is_date(words, label, first)):
            continue
        taken[entity.start : entity.end] = [True] * (entity.end - entity.start)
        if label in _NUMBERS:
            yield _candidate(words, first, last, "DATE", frozenset((Role.DATE,)))
        elif label in _NAMES and not (label == "NORP" and words.pos[last - 1] == "ADJ"):
            yield _candidate(words, first, last, label, _roles(label))


def _trimmed(words: Words, first: int, last: int) -> tuple[int, int]:
    while first < last and (words.lower[first] in _LEADING or words.pos[first] == "SPACE"):
        first += 1
    while first < last and (words.lower[last - 1] in _TRAILING or words.pos[last - 1] == "SPACE"):
        last -= 1
    return first, last


def _is_date(words: Words, label: str, first: int) -> bool:
    return label == "DATE" or (label == "CARDINAL" and _YEAR.fullmatch(words.lower[first]) is not None)


def _roles(label: str) -> frozenset[Role]:
    return frozenset((_O, _L, _P)) if label in _PEOPLE else frozenset((_O, _L))


def _capitalised(words: Words, taken: list[bool]) -> Iterator[Candidate]:
    """Runs of proper nouns that are no part of an entity."""
    first, count = 0, len(words.lower)
    while first < count:
        last = first
        while (
            last < count and not taken[last] and words.pos[last] == "PROPN" and words.lower[last][0].isalnum()
        ):
            last += 1
        if last > first:
            taken[first:last] = [True] * (last - first)
            if all(word in _TITLES for word in words.lower[first:last]):
                first = last
                continue
            yield _candidate(words, first, last, "NAME", _roles("NAME"))
        first = max(last, first + 1)


def _pronouns(words: Words, taken: list[bool]) -> Iterator[Candidate]:
    for index, word in enumerate(words.lower):
        if word not in _PRONOUNS or taken[index] or (word == "that" and words.tag[index] != "WDT"):
            continue
        roles = frozenset((_P,)) if word in PERSONAL else frozenset((_O, _P) if word in _EITHER else (_O,))
        yield _candidate(words, index, index + 1, "PRONOUN", roles)


def _candidate(words: Words, first: int, last: int, label: str, roles: frozenset[Role]) -> Candidate:
    return Candidate(
        first, last, words.root(first, last), words.start[first], words.end[last - 1], label, roles
    )
