"""Values that are costly to count, kept until the data changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kb.protocols import GraphReader
from schema.execution.lru import Lru
from schema.planner.roots import HELD, Plan

TOTALS: Final = 256


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
        """The value of a plan, by one query: where the plan is one of totals that were counted before in the
        data as it is, the query finds that out and counts nothing."""
        if not plan.kept:
            return (await reader.fetch(plan.text, parameters))[0]["value"]
        key = (plan.text, repr(sorted(parameters.items())))
        known = self.held.get(key)
        held = {HELD: "" if known is None else known.version}
        for record in await reader.fetch(plan.text, {**parameters, **held}):
            known = _Kept(record["version"], record["value"])
            self.held.put(key, known)
        if known is None:
            raise LookupError("The graph has no version: migrate it.")
        return known.value
