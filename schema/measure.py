"""What a selection of an operation asks for, in numbers."""

from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Heavy:
    """The list that adds most to a cost by being long; the path to it is a field and the path from there."""

    added: int = 0
    length: int = 0
    path: tuple[str, Any] | None = None

    def within(self, name: str, times: int) -> "Heavy":
        """The same list, seen from outside of a field that is there so many times."""
        return Heavy(self.added * times, self.length, (name, self.path)) if self.added else self

    def __str__(self) -> str:
        """The path, with dots."""
        steps: list[str] = []
        path = self.path
        while path is not None:
            name, path = path
            steps.append(name)
        return ".".join(steps)


_NOTHING: Final = Heavy()


@dataclass(frozen=True, slots=True)
class Measure:
    """What a selection asks for."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    cost: int = 0
    most: Heavy = _NOTHING

    def beside(self, other: "Measure") -> "Measure":
        """Both in one selection."""
        return Measure(
            max(self.depth, other.depth),
            self.fields + other.fields,
            self.aliases + other.aliases,
            self.cost + other.cost,
            max(self.most, other.most, key=attrgetter("added")),
        )
