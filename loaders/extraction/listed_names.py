"""Names that nobody knows in a list with others: `led by Acme, Foo and Bar` makes firms of all three."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from spacy.tokens import Doc

from kb.ontology import EntityType
from loaders.extraction.geography import city_country, state_country
from loaders.extraction.provisional import COMMON_CAPITALISED, Proposal

_C, _P = EntityType.COMPANY, EntityType.PERSON
_ITEM: Final = r"[A-Z][\w&.+-]*\w(?:[ ](?:of[ ]|&[ ])?[A-Z0-9][\w&+-]*){0,4}"
_COMMA: Final = r",\s"
_LAST: Final = r",?\s(?:and|or|as\swell\sas|plus)\s(?:the\s|by\s|from\s|with\s)?|\s&\s"
_AFTER: Final = re.compile(rf"(?P<join>{_LAST}|{_COMMA})(?P<n>{_ITEM})(?=[,.;:)\n]|\s[a-z(&—–]|['’]s\b|$)")
_BEFORE: Final = re.compile(rf"(?<![\w.'’-])(?P<n>{_ITEM})(?P<join>{_LAST}|{_COMMA})$")
_ENDS: Final = re.compile(rf"(?:{_COMMA}{_ITEM}){{0,6}}(?:{_LAST}){_ITEM}")
_WINDOW: Final = 90
_LISTED: Final = frozenset((_C, _P, EntityType.MODEL, EntityType.PRODUCT))
_NAMES: Final = frozenset(("ORG", "PERSON", "PRODUCT", "GPE", "WORK_OF_ART"))


class _Named(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def type(self) -> EntityType: ...


def listed(doc: Doc, named: Sequence[_Named]) -> list[Proposal]:
    """The unknown items beside known ones of a list that an `and` closes, of the type of their neighbour.

    Between persons only a name of several words is one of them, between models and products only one with
    a digit or a capital within; countries, cities and licences are no neighbours to learn from.
    """
    text = doc.text
    starts, ends = {n.start for n in named}, {n.end for n in named}
    found: dict[int, Proposal] = {}
    for one in named:
        if one.type in _LISTED:
            for item in (*_following(text, one, starts), *_preceding(text, one, ends)):
                if _is_proper(doc, item):
                    found.setdefault(item.start, item)
    return [found[start] for start in sorted(found)]


def _is_proper(doc: Doc, item: Proposal) -> bool:
    """Whether the parser, too, takes the first word for a name, not for a noun that begins a sentence."""
    span = doc.char_span(item.start, item.end, alignment_mode="expand")
    if span is None or (item.type is _P and span[0].ent_type_ not in {"PERSON", "ORG"}):
        return False
    return span[0].pos_ == "PROPN" or span[0].ent_type_ in _NAMES


def _following(text: str, known: _Named, starts: set[int]) -> Iterator[Proposal]:
    position = known.end
    while (found := _AFTER.match(text, position)) is not None:
        start = found.start("n")
        if start in starts or (found["join"] == ", " and _ENDS.match(text, found.end()) is None):
            return
        if not _is_name(found["n"], known.type):
            return
        yield Proposal(start, found.end("n"), known.type)
        position = found.end()


def _preceding(text: str, known: _Named, ends: set[int]) -> Iterator[Proposal]:
    position = known.start
    closed = False
    while True:
        found = _BEFORE.search(text, max(0, position - _WINDOW), position)
        if found is None or found.end("n") in ends or not _is_name(found["n"], known.type):
            return
        closed = closed or not found["join"].startswith(",") or len(found["join"]) > 2
        if not closed and _ENDS.match(text, known.end) is None:
            return
        yield Proposal(found.start("n"), found.end("n"), known.type)
        position = found.start()


def _is_name(words: str, kind: EntityType) -> bool:
    parts = words.split()
    if any(part in COMMON_CAPITALISED for part in parts) or len(words) < 3:
        return False
    if kind is _P:
        return len(parts) in {2, 3} and all(part.isalpha() or "-" in part[1:] for part in parts)
    if kind is _C:
        return city_country(words) is None and state_country(words) is None
    return any(c.isdigit() for c in words) or any(c.isupper() for part in parts for c in part[1:])
