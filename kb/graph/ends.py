"""Which nodes a statement is tied to: the entities that stand for those that its mentions were resolved to.

What a mention was resolved to is kept, so that the ends of a statement follow from it and from who stands for
whom, whatever was merged or undone in between.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kb.ontology import RELATIONS, RelationType
from kb.statement_ids import SEPARATOR

EDGES: Final = {
    "subject": "SUBJECT",
    "object": "OBJECT",
    "speaker": "ATTRIBUTED_TO",
    "offered_by": "OFFERED_BY",
}
"""The edge of each end."""

_SYMMETRIC: Final = frozenset(kind.value for kind in RelationType if RELATIONS[kind].symmetric)


@dataclass(frozen=True, slots=True)
class End:
    """The entity that a statement is tied to, and the merged one that its mention was resolved to, if any."""

    id: str
    of: str | None = None

    @property
    def resolved(self) -> str:
        """What the mention was resolved to."""
        return self.of or self.id


@dataclass(frozen=True, slots=True)
class Ends:
    """The ends of a statement by name, and its slot."""

    predicate: str
    slot: str
    ends: Mapping[str, End]

    def under(self, stands_for: Mapping[str, str]) -> "Ends":
        """The same statement, tied to those who stand for its entities; `stands_for` tells what changes."""
        ends = {name: _end(end, stands_for) for name, end in self.ends.items()}
        if self.predicate in _SYMMETRIC:
            # stored once, smaller id first; the resolved ids decide between two that are one entity now
            first, second = sorted((ends["subject"], ends["object"]), key=lambda end: (end.id, end.resolved))
            ends |= {"subject": first, "object": second}
        return Ends(self.predicate, _slot(self.slot, ends), ends)


def _end(end: End, stands_for: Mapping[str, str]) -> End:
    new = stands_for.get(end.resolved, end.id)
    return End(new, None if new == end.resolved else end.resolved)


def _slot(slot: str, ends: Mapping[str, End]) -> str:
    parts = slot.split(SEPARATOR)
    parts[0] = ends["subject"].id
    if "object" in ends:
        parts[2] = ends["object"].id
    if "offered_by" in ends:
        parts[-1] = ends["offered_by"].id
    return SEPARATOR.join(parts)
