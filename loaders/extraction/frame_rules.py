"""The frames of `rules/frames.toml`, compiled: words that name a relation, and the places of its ends."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kb.ontology import Derivation, RelationType
from loaders.extraction.rules import Rule, load_rules


@dataclass(frozen=True, slots=True)
class Frame:
    """One way of naming a relation; `a` and `b` say which places of the word its ends fill.

    Places of a verb: `agent`, `patient`, and a preposition; of a noun: `self` (what the noun describes),
    `poss`, `compound`, `governor` (the subject of the verb that it is the object of), and a preposition.
    `round` is the firm whose funding the text tells of. `object` is a noun that a verb's object must be.
    """

    predicate: RelationType
    word: re.Pattern[str]
    noun: bool
    a: tuple[str, ...]
    b: tuple[str, ...]
    confidence: float
    object: re.Pattern[str] | None
    particle: str | None
    how: Derivation | None
    lead: bool
    former: bool
    role: bool
    passing: bool
    where: str


def _compiled(rule: Rule) -> Frame:
    word, noun = rule.text_or_none("verb"), rule.text_or_none("noun")
    how, thing = rule.text_or_none("how"), rule.text_or_none("object")
    return Frame(
        RelationType(rule.text("says")),
        re.compile(word or noun or ""),
        noun is not None,
        tuple(rule.text("a").split()),
        tuple(rule.text("b").split()),
        rule.confidence,
        re.compile(thing) if thing else None,
        rule.text_or_none("particle"),
        Derivation(how) if how else None,
        rule.flag("lead"),
        rule.flag("former"),
        rule.flag("role"),
        rule.flag("in_passing"),
        rule.where,
    )


_KEY: Final = 2
"""Frames are looked up by the first letters of their words, each written out in the file."""


def _by_beginning() -> dict[str, tuple[Frame, ...]]:
    found: defaultdict[str, list[Frame]] = defaultdict(list)
    for rule in load_rules("frames"):
        frame = _compiled(rule)
        for beginning in sorted({word[:_KEY] for word in frame.word.pattern.split("|")}):
            found[beginning].append(frame)
    return {beginning: tuple(frames) for beginning, frames in found.items()}


_FRAMES_OF: Final = _by_beginning()


@lru_cache(maxsize=20_000)
def frames_of(word: str) -> tuple[Frame, ...]:
    """The frames that a word names."""
    return tuple(frame for frame in _FRAMES_OF.get(word[:_KEY], ()) if frame.word.fullmatch(word))
