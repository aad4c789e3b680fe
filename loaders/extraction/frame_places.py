"""Where in the parse the ends of a verb's or noun's relation stand."""

from collections.abc import Iterator
from typing import Final

from spacy.tokens import Token

_OBJECTS: Final = frozenset(("dobj", "obj"))
_SUBJECTS: Final = frozenset(("nsubj", "nsubjpass"))
_BE: Final = frozenset("is was are were be been being became become becomes remains remained".split())
_HAVE: Final = frozenset(("has", "have", "had"))
_AS_VERBS: Final = frozenset(
    "serve serves served serving works worked acts acted acting joined joins join".split()
)
_INCLUDE: Final = frozenset(("include", "includes", "included"))
_CLIMB: Final = 4


def is_passive(verb: Token) -> bool:
    """Whether the verb's subject is what it is done to."""
    if any(c.dep_ in {"nsubjpass", "auxpass"} for c in verb.children):
        return True
    if verb.dep_ == "advcl" and verb.head.lower_ in _HAVE:
        return False  # `has, not for the first time, invested`
    return verb.tag_ == "VBN" and (
        verb.dep_ == "acl" or not any(c.dep_ in {"aux", "nsubj"} for c in verb.children)
    )


def agents(verb: Token) -> Iterator[Token]:
    """By whom it is done, where the verb says so with `by`."""
    for child in verb.children:
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by"):
            yield from (c for c in child.children if c.dep_ == "pobj")


def patients(verb: Token) -> Iterator[Token]:
    """What it is done to: the object, or the subject of a passive verb."""
    if not is_passive(verb):
        yield from (c for c in verb.children if c.dep_ in _OBJECTS)
        if verb.dep_ == "relcl" and any(c.dep_ in _SUBJECTS for c in verb.children):
            pronouns = [
                c for c in verb.children if c.lower_ in {"which", "that", "who"} and c.dep_ in _OBJECTS
            ]
            if not pronouns and not any(c.dep_ in _OBJECTS for c in verb.children):
                yield verb.head
        return
    own = [c for c in verb.children if c.dep_ == "nsubjpass"]
    yield from own
    if not own and verb.dep_ == "acl":
        yield verb.head
    elif not own and verb.dep_ == "conj":
        yield from patients(verb.head)
    elif not own and verb.dep_ == "advcl" and verb.head.lower_ in _BE:
        yield from (c for c in verb.head.children if c.dep_ in _SUBJECTS)


def bearers(noun: Token) -> Iterator[Token]:
    """Whom or what the noun describes: `X, maker of …`, `X is the maker of …`, `maker X`, `as maker of …`."""
    token = noun
    for _ in range(_CLIMB):
        yield from (c for c in token.children if c.dep_ == "appos")
        yield from (
            c for p in token.children if p.dep_ == "prep" and p.lower_ == "including" for c in p.children
        )
        yield from _described_by(token)
        one_of = token.dep_ == "pobj" and token.head.lower_ == "of" and token.head.head.lower_ == "one"
        if not one_of and token.dep_ != "conj":
            return
        token = token.head.head if one_of else token.head


def _described_by(noun: Token) -> Iterator[Token]:
    """What a noun at this place of the sentence describes."""
    head = noun.head
    if noun.dep_ == "appos" or (noun.dep_ in {"compound", "nmod"} and head.i > noun.i):
        yield head
    elif noun.dep_ in {"attr", "nsubj"} and head.lower_ in _BE:
        yield from (c for c in head.children if c.dep_ in {"nsubj", "attr"} and c is not noun)
    elif noun.dep_ == "nsubj" and head.lower_ in _INCLUDE:
        yield from (c for c in head.children if c.dep_ in _OBJECTS)
    elif noun.dep_ == "pobj" and head.lower_ == "among":
        yield from (c for c in head.head.children if c.dep_ in _SUBJECTS)
    elif noun.dep_ == "pobj" and head.lower_ == "as" and head.head.lower_ in _AS_VERBS:
        yield from (c for c in head.head.children if c.dep_ == "nsubj")
