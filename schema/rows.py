"""One value of the graph as GraphQL reads it: a positional list, and the shape that says what is where."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

Values = Sequence[object]
Scalar = Callable[[Values], object]


@dataclass(frozen=True, slots=True)
class Child:
    """A selected field with a selection of its own: where its raw value lies, and how to read it."""

    position: int
    read: Callable[[object, "Row"], object]


@dataclass(frozen=True, slots=True)
class Shape:
    """How a row is read. Children go by type and response key, since one type can select another field
    under the same key as its sibling."""

    type_name: Callable[[Values], str]
    scalars: Mapping[str, Scalar]
    children: Mapping[tuple[str, str], Child]


@dataclass(frozen=True, slots=True)
class Row:
    """A value together with its shape."""

    shape: Shape
    values: Values

    @property
    def type_name(self) -> str:
        """The GraphQL type of the value."""
        return self.shape.type_name(self.values)

    def scalar(self, name: str) -> object:
        """The value of a field without a selection, by its name in Python."""
        return self.shape.scalars[name](self.values)

    def child(self, type_name: str, response_key: str) -> object:
        """The value of a field with a selection or with arguments."""
        found = self.shape.children[type_name, response_key]
        return found.read(self.values[found.position], self)


class Readable(Protocol):
    """What resolvers get as their source."""

    def scalar(self, name: str) -> object:
        """The value of a field without a selection."""
        ...

    def child(self, type_name: str, response_key: str) -> object:
        """The value of a field with a selection or with arguments."""
        ...


def read_scalar(source: Readable, name: str) -> object:
    """Strawberry's default resolver in this schema."""
    return source.scalar(name)
