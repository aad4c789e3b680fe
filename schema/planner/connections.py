"""Pages: keyset paging over a sorted list, the total only when it is asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from kb.errors import UsageError
from schema.cursors import Key
from schema.planned import MAX_FIRST
from schema.planner.compiled import Part, Pattern, RowPart
from schema.planner.query import Query
from schema.planner.selection import Field, Selection
from schema.rows import Child, Row, Shape, Values

MAX_ORDERS: Final = 3
_AFTER_ALL: Final = "\U0010ffff"
_SECOND: Final = 1


@dataclass(frozen=True, slots=True)
class SortKey:
    """An expression with no null in it, and the direction."""

    expression: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """What a page is taken from."""

    pattern: Pattern
    order: tuple[SortKey, ...]
    node: Callable[[Selection], RowPart]


def text_key(expression: str, *, descending: bool) -> SortKey:
    """A sort key of text; nothing sorts last in either direction."""
    absent = "''" if descending else f"'{_AFTER_ALL}'"
    return SortKey(f"coalesce({expression}, {absent})", descending)


def number_key(expression: str, *, descending: bool) -> SortKey:
    """A sort key of numbers; nothing sorts last in either direction."""
    absent = "-1.7e308" if descending else "1.7e308"
    return SortKey(f"coalesce({expression}, {absent})", descending)


def first_of(arguments: Mapping[str, Any]) -> int:
    """The page's size.

    Raises:
        UsageError: when it is negative or too large.
    """
    first = arguments.get("first")
    if not isinstance(first, int) or not 0 <= first <= MAX_FIRST:
        raise UsageError(f"`first` is a number from 0 to {MAX_FIRST}.")
    return first


def orders_of(arguments: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The sort keys that were asked for.

    Raises:
        UsageError: when there are too many.
    """
    orders = cast("Sequence[Mapping[str, Any]]", arguments.get("orderBy") or ())
    if len(orders) > MAX_ORDERS:
        raise UsageError(f"`orderBy` takes at most {MAX_ORDERS} keys.")
    return orders


def connection(query: Query, field: Field, listing: Listing) -> Part:
    """A page of the listing: `[rows, total]`, each row its sort keys, its id, then its nodes."""
    first = first_of(field.arguments)
    of_list = _identity(field)
    nodes = _nodes(field.selection, listing)
    wants_rows = bool(nodes.positions) or any(field.selection.has(name) for name in ("edges", "pageInfo"))
    rows = _rows(query, field, listing, of_list, nodes.expressions) if wants_rows else "[]"
    total = _total(listing.pattern) if field.selection.has("total") else "null"
    keys = len(listing.order) + 1

    def cursor(values: Values) -> str:
        return query.cursors.write(cast("tuple[Key, ...]", tuple(values[:keys])), of_list)

    shape = _connection_shape(field.selection, nodes, cursor, first, after=bool(field.arguments.get("after")))
    return Part(f"[{rows}, {total}]", lambda value, _parent: Row(shape, cast("Values", value)))


@dataclass(frozen=True, slots=True)
class _Nodes:
    """The selected nodes: their expressions, and by signature where each lies in a row."""

    expressions: list[str]
    positions: Mapping[str, tuple[int, RowPart]]


def _nodes(selection: Selection, listing: Listing) -> _Nodes:
    offset = len(listing.order) + 1
    expressions: list[str] = []
    positions: dict[str, tuple[int, RowPart]] = {}
    for found in selection.distinct():
        inner = found.selection.distinct() if found.name == "edges" else [found]
        for node in inner:
            if node.name in ("node", "nodes") and node.signature not in positions:
                part = listing.node(node.selection)
                positions[node.signature] = (offset + len(expressions), part)
                expressions.append(part.expression)
    return _Nodes(expressions, positions)


def _identity(field: Field) -> str:
    bound = sorted((k, v) for k, v in field.arguments.items() if k not in ("first", "after"))
    return f"{field.name}{bound!r}"


def _rows(query: Query, field: Field, listing: Listing, of_list: str, nodes: list[str]) -> str:
    v, after, pattern = listing.pattern.variable, field.arguments.get("after"), listing.pattern
    if after is not None:
        keys = query.cursors.read(after, of_list, len(listing.order) + 1)
        pattern = replace(pattern, conditions=(*pattern.conditions, _beyond(query, listing, keys)))
    order = ", ".join(
        [f"{k.expression}{' DESC' if k.descending else ''}" for k in listing.order] + [f"{v}.id"]
    )
    limit = query.parameter(first_of(field.arguments) + 1)
    values = ", ".join([*(k.expression for k in listing.order), f"{v}.id", *nodes])
    return (
        f"COLLECT {{ {pattern.text} WITH {pattern.bound} ORDER BY {order} LIMIT {limit} RETURN [{values}] }}"
    )


def _beyond(query: Query, listing: Listing, keys: tuple[Key, ...]) -> str:
    """What comes after the keys: greater in the first key that differs."""
    condition = f"{listing.pattern.variable}.id > {query.parameter(keys[-1])}"
    for key, value in reversed(list(zip(listing.order, keys[:-1], strict=True))):
        bound = query.parameter(value)
        sign = "<" if key.descending else ">"
        condition = f"({key.expression} {sign} {bound} OR ({key.expression} = {bound} AND {condition}))"
    return condition


def _total(pattern: Pattern) -> str:
    return f"COUNT {{ {pattern.text} RETURN {pattern.bound} }}"


def _connection_shape(
    selection: Selection, nodes: _Nodes, cursor: Callable[[Values], str], first: int, *, after: bool
) -> Shape:
    def page(value: object) -> Sequence[Values]:
        return cast("Sequence[Values]", value)[:first]

    def page_info(value: object, _parent: Row) -> Row:
        found = cast("Sequence[Values]", value)
        shown = page(found)
        ends = (cursor(shown[0]), cursor(shown[-1])) if shown else (None, None)
        return Row(_PAGE_INFO, (len(found) > first, after, *ends))

    children: dict[tuple[str, str], Child] = {}
    for key, found in selection.fields.items():
        match found.name:
            case "nodes":
                position, part = nodes.positions[found.signature]
                children[key] = Child(0, _read_nodes(page, position, part))
            case "edges":
                shape = _edge_shape(found.selection, nodes, cursor)
                children[key] = Child(0, _read_edges(page, shape))
            case "pageInfo":
                children[key] = Child(0, page_info)
            case _:
                children[key] = Child(_SECOND, lambda value, _parent: Row(_COUNT, (value, True)))
    return Shape(lambda _values: "Connection", {}, children)


def _read_nodes(
    page: Callable[[object], Sequence[Values]], position: int, part: RowPart
) -> Callable[[object, Row], object]:
    return lambda value, _parent: [part.read(values[position]) for values in page(value)]


def _read_edges(page: Callable[[object], Sequence[Values]], shape: Shape) -> Callable[[object, Row], object]:
    return lambda value, _parent: [Row(shape, values) for values in page(value)]


def _edge_shape(selection: Selection, nodes: _Nodes, cursor: Callable[[Values], str]) -> Shape:
    children: dict[tuple[str, str], Child] = {}
    for key, found in selection.fields.items():
        if found.name == "node":
            position, part = nodes.positions[found.signature]
            children[key] = Child(position, _read_node(part))
    return Shape(lambda _values: "Edge", {"cursor": cursor}, children)


def _read_node(part: RowPart) -> Callable[[object, Row], object]:
    return lambda value, _parent: part.read(value)


_PAGE_INFO: Final = Shape(
    lambda _values: "PageInfo",
    {
        name: (lambda values, index=index: values[index])
        for index, name in enumerate(("has_next_page", "has_previous_page", "start_cursor", "end_cursor"))
    },
    {},
)
_COUNT: Final = Shape(
    lambda _values: "Count", {"value": lambda values: values[0], "exact": lambda values: values[1]}, {}
)
