"""Values that are costly to count, kept until the data changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from kb.protocols import GraphReader
from schema.execution.lru import Lru
from schema.planner.roots import HELD, Plan

TOTALS: Final = 256
LARGEST: Final = 5_000
"""Of how many scalars a value is at most that is kept: a page of a hundred with fifty each."""
_CHARACTERS: Final = 50
"""So many characters of a text weigh as much as a scalar."""


@dataclass(frozen=True, slots=True)
class _Kept:
    version: str
    value: object


class Totals:
    """The values of plans, each under the version of the data that it was counted in."""

    def __init__(self) -> None:
        """Hold none."""
        self.held = Lru[tuple[str, str], _Kept](TOTALS)

    async def value(self, reader: GraphReader, plan: Plan, parameters: Mapping[str, object]) -> object:
        """The value of a plan of totals, by one query.

        Where they were counted before in the data as it is, the query finds that out and counts nothing.
        """
        key = (plan.text, repr(sorted(parameters.items())))
        known = self.held.get(key)
        held = {HELD: "" if known is None else known.version}
        for record in await reader.fetch(plan.text, {**parameters, **held}):
            known = _Kept(record["version"], record["value"])
            if _is_small(known.value):
                self.held.put(key, known)
        if known is None:
            raise LookupError("The graph has no version: migrate it.")
        return known.value


def _is_small(value: object) -> bool:
    """Whether a value is small enough to be kept."""
    left, rest = LARGEST, [value]
    while rest and left >= 0:
        match rest.pop():
            case list() as items:
                rest += cast("list[object]", items)
            case str() as text:
                left -= 1 + len(text) // _CHARACTERS
            case _:
                left -= 1
    return left >= 0
