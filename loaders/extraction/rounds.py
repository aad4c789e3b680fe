"""Which firm's round it is, where the sentence about the investors does not say so."""

import re
from collections.abc import Iterable
from typing import Final

from kb.facts import EntityRef
from kb.ontology import EntityType
from loaders.extraction.annotations import Annotated, EntityMention, Span
from loaders.extraction.syntax import has_unknown_owner

_RAISED: Final = re.compile(
    r"\b(?:rais(?:e|es|ed|ing)|clos(?:es|ed|ing)|secur(?:es|ed|ing)|landed|valued|values|valuation)\b"
)
_RAISES: Final = frozenset(
    "raise raises raised raising closes closed closing secures secured securing landed valued".split()
)
_OWNED: Final = frozenset("round valuation raise financing funding series".split())
_VALUES: Final = frozenset(("values", "valued", "valuing"))
_VALUING: Final = re.compile(r"\b(?:that|which) (?:puts?|values?|valued) (?:the )?|\binto (?=[A-Z])")
_LOOK_BACK: Final = 3
_SUBJECTS: Final = frozenset(("nsubj", "nsubjpass"))


def receiver(
    annotated: Annotated, position: int, but_not: Iterable[EntityRef]
) -> tuple[EntityRef | None, bool]:
    """The firm of the nearest words of the paragraph before that tell of money for one.

    The second value tells whether such words were found at all: then a guess from elsewhere is none.
    """
    others = set(but_not)
    sentence = annotated.sentence_at(position)
    ahead = _valued_ahead(annotated, Span(position, sentence.end), others)
    if ahead is not None:
        return ahead, True
    stretch = Span(sentence.start, position)
    for _ in range(_LOOK_BACK + 1):
        if _RAISED.search(annotated.text, stretch.start, stretch.end):
            firms = [
                m
                for m in annotated.mentions_in(stretch.start, stretch.end, EntityType.COMPANY)
                if m.ref not in others and _is_owner(annotated, m)
            ]
            if firms:
                return firms[0].ref, True
            money = _RAISED.search(annotated.text, stretch.start, stretch.end)
            if money and has_unknown_owner(annotated, money.start(), money.end()):
                return None, True
        before = annotated.sentence_before(sentence)
        if before is None or "\n\n" in annotated.text[before.end : sentence.start]:
            break
        sentence = stretch = before
    return None, False


def _valued_ahead(annotated: Annotated, stretch: Span, others: set[EntityRef]) -> EntityRef | None:
    """The firm that the same sentence goes on to value: `led a round that puts Acme at …`."""
    for found in _VALUING.finditer(annotated.text, stretch.start, stretch.end):
        mention = annotated.mention_at(found.end())
        if mention is not None and mention.type is EntityType.COMPANY and mention.ref not in others:
            return mention.ref
    return None


def _is_owner(annotated: Annotated, mention: EntityMention) -> bool:
    """`Acme raised …`, `values Acme at …`, `Acme's round`."""
    words = annotated.tokens(mention.start, mention.end)
    if not len(words):
        return False
    name, head = words.root, words.root.head.lower_
    if name.dep_ in _SUBJECTS:
        return head in _RAISES
    return head in (_OWNED if name.dep_ == "poss" else _VALUES)
