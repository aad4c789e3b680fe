"""Names set against those of which something is told: `invested in Acme, not in Beta or Gamma`."""

import re
from typing import Final

from loaders.extraction.annotations import Annotated, EntityMention

_NOT: Final = re.compile(
    r"(?:\b[Nn]ot|\bnor|\bnever|\brather\s+than|\binstead\s+of)\s+"
    r"(?:(?:in|into|with|by|from|on|to|at|for|of|against)\s+)?(?:the\s+)?$"
)
_LISTED: Final = re.compile(r",?\s+n?or\s+(?:(?:in|with|by|from|on|to|at|for|of)\s+)?(?:the\s+)?|,\s+")
_BEFORE: Final = 40
_MOST: Final = 8


def ends_in_denial(before: str) -> bool:
    """Whether the words right before a name leave it out."""
    return _NOT.search(before, max(len(before) - _BEFORE, 0)) is not None


def is_set_apart(annotated: Annotated, mention: EntityMention) -> bool:
    """Whether the words right before the name, or before the list that it goes on, leave it out."""
    listed = False
    for _ in range(_MOST):
        sentence = annotated.sentence_at(mention.start)
        since = max(sentence.start, mention.start - _BEFORE)
        if ends_in_denial(annotated.text[since : mention.start]):
            return True
        before = annotated.mentions_in(since, mention.start)
        joint = _LISTED.fullmatch(annotated.text, before[-1].end, mention.start) if before else None
        listed = listed or (joint is not None and "or" in joint[0])
        if joint is None or not listed:
            return False
        mention = before[-1]
    return False
