"""The sum that a relation has with it, and where it stands."""

import re
from collections.abc import Mapping
from typing import Final

from kb.facts import Amount
from loaders.extraction.slots import Slotted

_EACH: Final = re.compile(r"\b(?:each|apiece)\b")
_BEHIND: Final = 20


def amount_in(sentence: Slotted, groups: Mapping[str, str | None]) -> Amount | None:
    """The money in the group `q` of a rule's match."""
    quantity = sentence.quantity(groups.get("q"))
    if quantity is None or quantity.value is None or quantity.currency is None:
        return None
    return Amount(quantity.value, quantity.currency, quantity.comparator)


def place_of_number(sentence: Slotted, groups: Mapping[str, str | None]) -> tuple[int, int] | None:
    """Where the sum or share stands that the relation has with it."""
    quantity = sentence.quantity(groups.get("q")) or sentence.quantity(groups.get("share"))
    return None if quantity is None else (quantity.start, quantity.end)


def is_of_each(sentence: Slotted, found: re.Match[str]) -> bool:
    """Whether a sum is told of each of several: `each put in $5`, `put in $5 apiece`."""
    return _EACH.search(sentence.text, found.start(), found.end() + _BEHIND) is not None
