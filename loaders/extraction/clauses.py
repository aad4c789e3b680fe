"""Later verbs with the subject that they share: `Acme is old and offers X` also reads `Acme offers X`."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from spacy.tokens import Token

from kb.ontology import Modality
from loaders.extraction.annotations import Annotated
from loaders.extraction.circumstances import modality
from loaders.extraction.slots import Slotted

_FINITE: Final = frozenset(("VBD", "VBZ", "VBP"))
_SUBJECTS: Final = frozenset(("nsubj", "nsubjpass"))
_BEFORE_VERB: Final = frozenset(("aux", "auxpass", "advmod"))
_JOINTS: Final = frozenset(("CCONJ", "PUNCT"))
_RELATIVES: Final = frozenset(("which", "who", "that"))
_SLOT: Final = re.compile(r"<[A-Z]\d+>")
_AHEAD: Final = re.compile(
    r"\b(?:will|would|plans?|planned|expects?|wants?|hopes?|aims?|intends?|agreed|pledged)\b"
)
_CLIMB: Final = 4


def clauses(annotated: Annotated, sentence: Slotted) -> Iterator[Slotted]:
    """The sentence's verbs without a subject of their own, each behind the subject that it shares.

    Only finite and unnegated ones: an infinitive's time is that of the verb before it.
    """
    for token in annotated.tokens(sentence.sentence.start, sentence.sentence.end):
        if token.dep_ != "conj" or not _is_finite(token):
            continue
        subject = _subject(token)
        mention = None if subject is None else annotated.mention_at(subject.idx)
        if mention is None or mention not in sentence.fillers:
            continue
        index = sentence.fillers.index(mention)
        slot = _SLOT.match(sentence.text, sentence.starts[index])
        first = min([token, *(c for c in token.children if c.dep_ in _BEFORE_VERB)], key=lambda t: t.i)
        if first.i == 0 or first.nbor(-1).pos_ not in _JOINTS:
            continue  # the parser overlooked a subject of its own
        start = first.idx
        position = sentence.position(start)
        if slot is not None and position > sentence.ends[index]:
            head = f"{slot[0]} "
            yield replace(
                sentence,
                text=head + sentence.text[position:],
                head=len(head),
                skip=position - len(head),
                first=sentence.places[index],
                verb=start,
            )


def told_by_clause(annotated: Annotated, sentence: Slotted, end: int) -> Modality:
    """How a clause of `clauses` tells what its words up to `end` say: no verb before it has a say."""
    start = sentence.verb or 0
    if _AHEAD.search(annotated.text, start, end):
        return Modality.PLANNED
    told = modality(annotated, start, end)
    return told if told is Modality.REPORTED else Modality.ASSERTED


def _is_finite(token: Token) -> bool:
    children = list(token.children)
    if any(c.dep_ in _SUBJECTS or c.dep_ == "neg" or c.tag_ == "MD" for c in children):
        return False
    passive = any(c.dep_ in {"auxpass", "aux"} and c.tag_ in _FINITE for c in children)
    return token.tag_ in _FINITE or (token.tag_ == "VBN" and passive)


def _subject(verb: Token) -> Token | None:
    """The subject of the verb that this one is joined to; of a relative pronoun what it stands for."""
    token = verb
    for _ in range(_CLIMB):
        token = token.head
        subjects = [child for child in token.children if child.dep_ in _SUBJECTS]
        if subjects:
            relative = subjects[0].lower_ in _RELATIVES and token.dep_ == "relcl"
            return token.head if relative else subjects[0]
        if token.dep_ != "conj":
            return None
    return None
