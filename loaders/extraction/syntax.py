"""Which words the parse ties together: whose number or whose verb it is."""

import re
from collections.abc import Iterator
from typing import Final

from spacy.tokens import Token

from loaders.extraction.annotations import Annotated, EntityMention

_SUBJECTS: Final = frozenset(("nsubj", "nsubjpass"))
_SIZE: Final = re.compile(r"\d+(?:\.\d+)?[BMT]")
_CLIMB: Final = 12
_ANOTHER: Final = frozenset(
    "preview update upgrade version successor predecessor variant generation rival competitor sibling"
    " prototype"
    " subsidiary parent estimate estimates".split()
)
_MEASURES: Final = frozenset(
    "arr mau maus dau daus wau waus capex headcount turnover revenue revenues valuation capitalisation"
    " capitalization downloads users subscribers customers tokens input output prompts completions parameters"
    " context actives losses sales spending staff daily weekly monthly answers".split()
)
_TELLING: Final = frozenset(
    "put puts said says estimates estimated counts counted reports reported told tells spoke speaks gave"
    " gives"
    " values valued led leads invested invests paid pays announced".split()
)


def has_unknown_owner(annotated: Annotated, start: int, end: int) -> bool:
    """Whether the verb's subject is a name that is nobody known: then the number is nobody known's.

    Who only tells the number (`Doe put it at …`) is not its owner.
    """
    words = annotated.tokens(start, end)
    token = words.root if len(words) else None
    for _ in range(_CLIMB):
        if token is None:
            return False
        subjects = [child for child in token.children if child.dep_ in _SUBJECTS]
        if subjects:
            unknown = all(_is_unknown(annotated, s) or _is_another(annotated, s) for s in subjects)
            return unknown and token.lower_ not in _TELLING
        token = None if token.head.i == token.i else token.head
    return False


def _is_unknown(annotated: Annotated, subject: Token) -> bool:
    round_of_money = subject.i > 0 and subject.nbor(-1).lower_ == "series"
    if round_of_money or subject.lower_ in _MEASURES:
        return False
    return subject.pos_ == "PROPN" and annotated.mention_at(subject.idx) is None


def _is_another(annotated: Annotated, subject: Token) -> bool:
    """`The successor has …`: a thing beside what the text is about, which nobody has named here."""
    if subject.lower_ in {"fund", "funds"}:
        return True  # what a fund raises is no money of the firm that runs it
    if annotated.mention_at(subject.idx) is not None:
        return False
    if any(_SIZE.fullmatch(child.text) for child in subject.children):
        return True  # `the 27B model`: one of several sizes
    if subject.lower_ not in _ANOTHER:
        return False
    return not any(annotated.mention_at(word.idx) for word in subject.subtree)


def owner(annotated: Annotated, start: int, end: int) -> tuple[EntityMention | None, bool]:
    """The mention that is subject of the verb, or possessor of the noun, over these words.

    The second value tells whether the parse found any subject at all: then another entity of the
    sentence is no good guess.
    """
    words = annotated.tokens(start, end)
    if not len(words):
        return None, False
    token = words.root
    for _ in range(_CLIMB):
        for candidate in _candidates(token):
            mention = annotated.mention_at(candidate.idx)
            if mention is not None and not (start <= mention.start < end):
                return mention, True
        subjects = [c for c in token.children if c.dep_ in _SUBJECTS]
        if token.pos_ in {"VERB", "AUX"} and subjects:
            # A number within the subject (`half of the market is …`) is nobody else's by that.
            return None, not any(words.root in one.subtree for one in subjects)
        if token.head.i == token.i:
            break
        token = token.head
    return None, False


def _candidates(token: Token) -> Iterator[Token]:
    """Possessors of the token, its subjects, what it modifies as a relative clause or apposition."""
    for child in token.children:
        if child.dep_ == "poss":
            yield child
        if child.dep_ in _SUBJECTS:
            yield child
            yield from (grand for grand in child.children if grand.dep_ in {"poss", "compound", "appos"})
            for preposition in child.children:
                if preposition.dep_ == "prep" and preposition.lower_ in {"of", "at", "for"}:
                    yield from (noun for noun in preposition.children if noun.dep_ == "pobj")
    if token.dep_ in {"relcl", "acl", "appos"}:
        yield token.head
