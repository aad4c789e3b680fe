"""The sum that a relation has with it, and where it stands."""

from collections.abc import Mapping

from kb.facts import Amount
from loaders.extraction.slots import Slotted


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
