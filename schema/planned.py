"""Fields whose values were planned: fetched by the one query of their root field."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.extensions import FieldExtension
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from schema.rows import Readable

DEFAULT_FIRST: Final = 20
MAX_FIRST: Final = 100


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a planned field, by its name in GraphQL."""

    name: str
    type: object
    description: str
    default: object = None

    def build(self) -> StrawberryArgument:
        """The argument as Strawberry takes it."""
        return StrawberryArgument(
            python_name=self.name,
            graphql_name=self.name,
            type_annotation=StrawberryAnnotation(self.type),
            description=self.description,
            default=self.default,
        )


FIRST: Final = Argument("first", int, f"How many at most, up to {MAX_FIRST}.", DEFAULT_FIRST)
PAGE: Final = (
    Argument(
        "first",
        int | None,
        f"How many at most, from the beginning or after `after`: up to {MAX_FIRST}, else {DEFAULT_FIRST}.",
    ),
    Argument("after", str | None, "What follows this cursor: the `endCursor` of the page before."),
    Argument("last", int | None, "How many at most, up to the end or up to `before`; not beside `first`."),
    Argument("before", str | None, "What comes before this cursor: the `startCursor` of the page after."),
)


class Planned(FieldExtension):
    """Gives a field its arguments, and reads its value from the source's row."""

    def __init__(self, arguments: Sequence[Argument] = ()) -> None:
        """Hold the arguments that the field takes."""
        self.arguments = tuple(arguments)

    def apply(self, field: StrawberryField) -> None:
        """Declare the arguments; the planner reads their values from the operation itself."""
        field.arguments = [argument.build() for argument in self.arguments]

    def resolve(self, next_: object, source: Readable, info: strawberry.Info, **_: object) -> object:  # noqa: ARG002  # the protocol's name
        """The value that the root field's query brought."""
        raw = info._raw_info  # pyright: ignore[reportPrivateUsage]  # the only way to path and type
        return source.child(raw.parent_type.name, str(raw.path.key))


def planned(description: str, *arguments: Argument) -> Any:  # noqa: ANN401  # the annotation says the type
    """A field that the planner fills; the annotation beside it is its type."""
    return strawberry.field(description=description, extensions=[Planned(arguments)])


def plain(description: str) -> Any:  # noqa: ANN401  # the annotation says the type
    """A field whose value is part of every row of its type."""
    return strawberry.field(description=description)
