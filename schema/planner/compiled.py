"""Pieces of Cypher that give positional lists, with the functions that read them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from strawberry.utils.str_converters import to_camel_case

from schema.planner.query import Query
from schema.planner.selection import Field, Selection
from schema.rows import Child, Row, Scalar, Shape, Values

ChildReader = Callable[[object, Row], object]
_SUBQUERY: Final = "COLLECT {"


@dataclass(frozen=True, slots=True)
class Part:
    """An expression, and how its value is read; the row that holds it is at hand.

    It is `costly` where the database looks at all there is for it, however little it gives.
    """

    expression: str
    read: ChildReader
    costly: bool = False


Compiler = Callable[[Query, str, Field], Part]
"""Compiles a field of the thing that is bound to a variable."""


@dataclass(frozen=True, slots=True)
class Block:
    """What the rows of a type hold, whatever is selected of it, so that few distinct texts arise.

    `lean` is the same block with nothing but what most ask for, for rows of which no more is asked: the
    database takes longer for each property that it reads.
    """

    properties: tuple[str, ...]
    scalars: Mapping[str, Scalar]
    type_name: Callable[[Values], str]
    lean: "Block | None" = None

    def expressions(self, variable: str) -> list[str]:
        """The block's values for the thing that is bound to the variable."""
        return [p.replace("@", variable) for p in self.properties]

    def holds(self, names: Iterable[str]) -> bool:
        """Whether the block has all of these fields, by their names in GraphQL."""
        held = {to_camel_case(name) for name in self.scalars}
        return held.issuperset(names)


@dataclass(frozen=True, slots=True)
class RowPart:
    """A whole row: its expression, and the shape of its values."""

    expression: str
    shape: Shape

    def read(self, value: object) -> Row | None:
        """The row, or none where there was nothing."""
        return None if value is None else Row(self.shape, cast("Values", value))

    def read_list(self, values: object) -> list[Row]:
        """Rows of a list."""
        return [Row(self.shape, value) for value in cast("Sequence[Values]", values)]


def row(
    query: Query,
    variable: str,
    block: Block,
    compilers: Mapping[str, Compiler],
    selection: Selection,
    *,
    whole: bool = False,
) -> RowPart:
    """The row of the thing that is bound to the variable: its block, then what else is selected.

    Who reads scalars of the row that are not selected asks for a `whole` block.
    """
    plain = [found.name for found in selection.distinct() if found.definition not in compilers]
    if block.lean is not None and not whole and block.lean.holds(plain):
        block = block.lean
    expressions = block.expressions(variable)
    positions: dict[str, Child] = {}
    for found in selection.distinct():
        compiler = compilers.get(found.definition)
        if compiler is not None:
            part = compiler(query, variable, found)
            positions[found.signature] = Child(len(expressions), part.read)
            expressions.append(part.expression)
    children = {
        key: positions[found.signature]
        for key, found in selection.fields.items()
        if found.signature in positions
    }
    return RowPart(f"[{', '.join(expressions)}]", Shape(block.type_name, block.scalars, children))


@dataclass(frozen=True, slots=True)
class Pattern:
    """What binds a variable: a pattern and conditions; `distinct` when it can bind one thing twice.

    `source` is the clause that the pattern stands in; a WITH can stand in for MATCH.
    """

    variable: str
    match: str
    conditions: tuple[str, ...] = ()
    distinct: bool = False
    source: str = "MATCH"

    def where(self, *conditions: str) -> "Pattern":
        """The pattern with more conditions, before those it has."""
        return replace(self, conditions=(*conditions, *self.conditions))

    @property
    def text(self) -> str:
        """The clause that binds.

        Conditions that hold a subquery come in a clause of their own: the database would plan the subquery
        again with each way to match the pattern, which takes it seconds.
        """
        late = [condition for condition in self.conditions if _SUBQUERY in condition]
        early = [condition for condition in self.conditions if _SUBQUERY not in condition]
        text = f"{self.source} {self.match}{where(early)}"
        return f"{text} WITH *{where(late)}" if late else text

    @property
    def bound(self) -> str:
        """The variable as WITH and RETURN take it."""
        return f"DISTINCT {self.variable}" if self.distinct else self.variable


def where(conditions: Sequence[str]) -> str:
    """The conditions as a clause; nothing where there are none."""
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def rows_list(pattern: Pattern, order: str, element: RowPart, carried: str = "") -> Part:
    """The rows that a pattern finds, as a list; `carried` names further variables that the rows use."""
    ordered = f"{pattern.text} WITH {pattern.bound}{carried} ORDER BY {order}"
    return Part(
        f"COLLECT {{ {ordered} RETURN {element.expression} }}",
        lambda values, _parent: element.read_list(values),
    )


def first_row(found: str, element: RowPart) -> Part:
    """The first row that clauses find, or none.

    It is taken from the list here: with a function of a subquery anywhere in a query, the database takes no
    property from an index in all of the query.
    """

    def read(value: object, _parent: Row) -> Row | None:
        rows = cast("Sequence[Values]", value)
        return element.read(rows[0]) if rows else None

    return Part(f"COLLECT {{ {found} RETURN {element.expression} }}", read)


def at(index: int) -> Scalar:
    """The value at a position."""
    return lambda values: values[index]
