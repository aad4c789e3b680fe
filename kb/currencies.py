"""Currencies by their codes of ISO 4217, also those of the past, as `babel` has them from Unicode."""

from functools import cache

from babel.core import get_global


@cache
def currencies() -> frozenset[str]:
    """The codes of all currencies that are or were in use."""
    return frozenset(get_global("all_currencies"))
