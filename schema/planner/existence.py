"""Ids that are asked about as such: one that no entity has is a mistake, where no answer would say so."""

from collections.abc import Sequence
from typing import cast

from kb.errors import UsageError


def unknown(ids: Sequence[str]) -> str:
    """An expression for those ids, of expressions that `Query.entity_id` gave, that no entity has."""
    return f"[x IN [{', '.join(ids)}] WHERE NOT EXISTS {{ (:Entity {{id: x}}) }}]"


def refuse_unknown(value: object) -> None:
    """Refuse ids that were found to be unknown.

    Raises:
        UsageError: when there is one.
    """
    for id_ in cast("Sequence[str]", value):
        raise UsageError(f"There is no entity with the id '{id_[:100]}': `search` finds ids by names.")
