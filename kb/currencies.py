"""Currencies by their codes of ISO 4217, also those of the past, as `babel` has them from Unicode."""

from functools import cache
from typing import Final

from babel.core import get_global

_NONE: Final = frozenset({"XXX", "XTS"})
"""The codes of ISO 4217 for no currency and for tests."""


@cache
def currencies() -> frozenset[str]:
    """The codes of all currencies that are or were in use."""
    return frozenset(get_global("all_currencies")) - _NONE
