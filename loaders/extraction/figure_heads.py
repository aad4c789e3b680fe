"""Numbers under a head of their own: `Headcount: 300 (Acme), 500 (Beta)`, `Value: Acme $3bn, Beta $1bn`."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from loaders.extraction.figure_places import Place
from loaders.extraction.figure_rules import FigureRule
from loaders.extraction.quantities import Quantity

_HEAD: Final = re.compile(r"[\s•*_-]*(?P<head>[A-Za-z][^<>:;.]{3,50}):")
_BEFORE: Final = re.compile(r"<[CMDP](\d+)>(?::| \(|,| at| [–—-])? $")
_AFTER: Final = re.compile(
    r"(?:[- ](?:tokens?|people|users|parameters))?(?: \(| for | at | in )<[CMDP](\d+)>"
)


def headed(
    place: Place, rules: Sequence[FigureRule], fits: Callable[[FigureRule, Quantity], bool]
) -> FigureRule | None:
    """The rule that the head of a list says of each of its numbers that stands beside a name."""
    head = _HEAD.match(place.sentence.text)
    if head is None or (_BEFORE.search(place.left) is None and _AFTER.match(place.right) is None):
        return None
    words = head["head"] + ": "
    for rule in rules:
        alone = rule.right is None or rule.right.match("") is not None
        if rule.left is not None and alone and fits(rule, place.quantity) and rule.left.search(words):
            return rule
    return None


def beside_head(place: Place) -> re.Match[str] | None:
    """The slot of the name beside a number of such a list."""
    if _HEAD.match(place.sentence.text) is None:
        return None
    return _AFTER.match(place.right) or _BEFORE.search(place.left)
