"""What would be so only if something were that is not: `if Acme sold shares, it would be worth $6`."""

import re
from typing import Final

from spacy.tokens import Token

from loaders.extraction.annotations import Annotated

_MAY_SUPPOSE: Final = re.compile(r"\b(?:if|had|were)\b", re.IGNORECASE)
_IRREAL: Final = frozenset(("would", "could", "might", "'d", "’d"))
_INVERTED: Final = frozenset(("had", "were"))
_SUBJECTS: Final = frozenset(("nsubj", "nsubjpass"))
_OF_ITS_OWN: Final = frozenset(("relcl", "acl", "advcl", "ccomp"))
"""Clauses whose words are not told as the clause above them is."""
_CLIMB: Final = 12


def is_supposed(annotated: Annotated, start: int, end: int) -> bool:
    """Whether the words are part of a condition told as unreal, or what would follow from it.

    A condition in the present (`if the deal closes`) is open, and what follows from it is a plan.
    """
    sentence = annotated.sentence_at(start)
    words = annotated.tokens(start, end)
    if not len(words) or _MAY_SUPPOSE.search(annotated.text, sentence.start, sentence.end) is None:
        return False
    token = words.root
    for _ in range(_CLIMB):
        if (token.dep_ != "ccomp" and _follows(token)) or _is_condition(token):
            return True
        if token.dep_ in _OF_ITS_OWN or token.head.i == token.i:
            return False
        token = token.head
    return False


def _follows(verb: Token) -> bool:
    return any(_is_condition(child) for child in verb.children)


def _is_condition(verb: Token) -> bool:
    """Whether the verb's clause is the unreal condition of that above it."""
    above = verb.head.children
    irreal = any(child.dep_ == "aux" and child.lower_ in _IRREAL for child in above)
    return irreal and verb.dep_ == "advcl" and _is_unreal(verb)


def _is_unreal(verb: Token) -> bool:
    """`if it sold`, `if it had sold`, `had it sold`, `were it to sell`."""
    children = list(verb.children)
    subject = next((child for child in children if child.dep_ in _SUBJECTS), None)
    if subject is None:
        return False
    helpers = [child for child in children if child.dep_ in {"aux", "auxpass"}]
    past = verb.tag_ == "VBD" or any(child.tag_ == "VBD" for child in helpers)
    if any(child.dep_ == "mark" and child.lower_ == "if" for child in children):
        return past
    return any(one.lower_ in _INVERTED and one.i < subject.i for one in (verb, *helpers))
