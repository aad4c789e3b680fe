"""Pages: keyset paging over a sorted list, the total only when it is asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Final, cast

from kb.errors import UsageError
from schema.cursors import Key
from schema.planned import DEFAULT_FIRST, MAX_FIRST, PAGE
from schema.planner.compiled import ChildReader, Part, Pattern, RowPart
from schema.planner.indexed import Branch, Cut, Indexed, Seek, rows_in_order
from schema.planner.query import Query
from schema.planner.selection import Field, Selection
from schema.planner.variables import apply, known
from schema.rows import Child, Row, Shape, Values

MAX_ORDERS: Final = 3
PAGE_ARGUMENTS: Final = frozenset(argument.name for argument in PAGE)
_ABSENT_FIRST: Final = "''"
_ABSENT_LAST: Final = "'\U0010ffff'"
"""Keys of what has no text to sort by: it comes last, in a descending order and in an ascending one."""
NO_NUMBER_FIRST: Final = "-1.7e308"
NO_NUMBER_LAST: Final = "1.7e308"
_SECOND: Final = 1


@dataclass(frozen=True, slots=True)
class SortKey:
    """An expression with no null in it, and the direction."""

    expression: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """What a page is taken from: a list by its order, then by ids.

    `edge` compiles what its edges tell beside cursor and node, over the variables of the pattern that
    `carried` names; `whole` what the connection tells of the whole list beside the total. `indexed` is the
    same list where an index gives its one order; `of_all` is true of lists of all that there are of a kind.
    """

    pattern: Pattern
    order: tuple[SortKey, ...]
    node: Callable[[Selection], RowPart]
    edge: Mapping[str, Callable[[Field], Part]] = field(default_factory=dict[str, Callable[[Field], Part]])
    carried: tuple[str, ...] = ()
    whole: Mapping[str, Callable[[Field], Part]] = field(default_factory=dict[str, Callable[[Field], Part]])
    indexed: Indexed | None = None
    of_all: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for."""

    size: int
    backward: bool
    after: str | None
    before: str | None


def text_key(expression: str, *, descending: bool) -> SortKey:
    """A sort key of text; nothing sorts last in either direction."""
    return SortKey(f"coalesce({expression}, {_absent(descending)})", descending)


def indexed_by_text(branch: Branch, pattern: Pattern, *, descending: bool) -> Indexed:
    """The list of a pattern whose key is a text, or nothing; the branch gives what has one."""
    return Indexed((branch,), rest=pattern.where(f"{branch.key} IS NULL"), absent=_absent(descending))


def _absent(descending: bool) -> str:  # noqa: FBT001  # as the order has it
    return _ABSENT_FIRST if descending else _ABSENT_LAST


def number_key(expression: str, *, descending: bool) -> SortKey:
    """A sort key of numbers; nothing sorts last in either direction."""
    absent = NO_NUMBER_FIRST if descending else NO_NUMBER_LAST
    return SortKey(f"coalesce({expression}, {absent})", descending)


def first_of(arguments: Mapping[str, Any]) -> int:
    """The length of a plain list.

    Raises:
        UsageError: when it is negative or too large.
    """
    return _size("first", arguments.get("first"))


def page_of(arguments: Mapping[str, Any]) -> Page:
    """The part of a list that is asked for.

    Raises:
        UsageError: when sizes are out of bounds, or arguments of both directions stand together.
    """
    first, last = arguments.get("first"), arguments.get("last")
    after, before = arguments.get("after"), arguments.get("before")
    if last is None:
        return Page(
            _size("first", DEFAULT_FIRST if first is None else first),
            backward=False,
            after=after,
            before=before,
        )
    if first is not None:
        raise UsageError("`first` and `last` stand for the two ends of a list: give one of them.")
    if after is not None:
        raise UsageError("`last` reads backward, up to `before`: `after` goes with `first`.")
    return Page(_size("last", last), backward=True, after=None, before=before)


def _size(name: str, value: object) -> int:
    if not isinstance(value, int) or not 0 <= value <= MAX_FIRST:
        raise UsageError(f"`{name}` is a number from 0 to {MAX_FIRST}.")
    return value


def orders_of(arguments: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The sort keys that were asked for.

    Raises:
        UsageError: when there are too many.
    """
    orders = cast("Sequence[Mapping[str, Any]]", arguments.get("orderBy") or ())
    if len(orders) > MAX_ORDERS:
        raise UsageError(f"`orderBy` takes at most {MAX_ORDERS} keys.")
    return orders


def connection(query: Query, found: Field, listing: Listing) -> Part:
    """A page of the listing: `[rows, total, …]`; each row its sort keys, its id, what is selected of it."""
    page = page_of(found.arguments)
    of_list = _identity(found)
    elements = _elements(found.selection, listing)
    wants_rows = bool(elements.places) or any(found.selection.has(name) for name in ("edges", "pageInfo"))
    rows = _rows(query, page, listing, of_list, elements.expressions) if wants_rows else "[]"
    total = _total(listing.pattern) if found.selection.has("total") else "null"
    whole = _whole(found.selection, listing)
    keys = len(listing.order) + 1

    def cursor(values: Values) -> str:
        return query.cursors.write(cast("tuple[Key, ...]", tuple(values[:keys])), known(of_list))

    shape = _connection_shape(found.selection, elements, cursor, page, whole.places)
    expressions = ", ".join([rows, total, *whole.expressions])
    counts = total != "null" or bool(whole.places)
    costly = listing.of_all and (counts or listing.indexed is None)
    return Part(f"[{expressions}]", lambda value, _parent: Row(shape, cast("Values", value)), costly)


@dataclass(frozen=True, slots=True)
class _Elements:
    """What is selected of each row: the expressions, and by signature where each lies and how it is read."""

    expressions: list[str]
    places: Mapping[str, Child]


def _whole(selection: Selection, listing: Listing) -> _Elements:
    """What is selected of the whole list."""
    parts = {
        found.signature: listing.whole[found.name](found)
        for found in selection.distinct()
        if found.name in listing.whole
    }
    places = {
        signature: Child(_SECOND + place, part.read)
        for place, (signature, part) in enumerate(parts.items(), start=1)
    }
    return _Elements([part.expression for part in parts.values()], places)


def _elements(selection: Selection, listing: Listing) -> _Elements:
    offset = len(listing.order) + 1
    expressions: list[str] = []
    places: dict[str, Child] = {}
    for found in selection.distinct():
        for element in found.selection.distinct() if found.name == "edges" else [found]:
            part = None if element.signature in places else _element(listing, element)
            if part is not None:
                places[element.signature] = Child(offset + len(expressions), part.read)
                expressions.append(part.expression)
    return _Elements(expressions, places)


def _element(listing: Listing, found: Field) -> Part | None:
    if found.name in ("node", "nodes"):
        row = listing.node(found.selection)
        return Part(row.expression, lambda value, _parent: row.read(value))
    compiler = listing.edge.get(found.name)
    return None if compiler is None else compiler(found)


def _identity(found: Field) -> str:
    bound = sorted((k, v) for k, v in found.arguments.items() if k not in PAGE_ARGUMENTS)
    return apply(repr, (found.name, bound))


def _rows(query: Query, page: Page, listing: Listing, of_list: str, elements: list[str]) -> str:
    pattern, v = listing.pattern, listing.pattern.variable
    names = [query.name("k") for _ in listing.order]
    keys = [SortKey(n, k.descending) for n, k in zip(names, listing.order, strict=True)]
    tied = listing.indexed is not None and listing.indexed.tied
    keys.append(SortKey(f"{v}.id", descending=tied and keys[0].descending))
    held = [
        (_held(query, cursor, of_list, len(keys)), forward)
        for cursor, forward in ((page.after, True), (page.before, False))
        if cursor is not None
    ]
    beyond = " AND ".join(_beyond(query, keys, values, forward=forward) for values, forward in held)
    limit = query.parameter(page.size + 1)
    values = ", ".join([*(k.expression for k in keys), *elements])
    if listing.indexed is not None:
        seeks = [_seek(query, keys[0], values, forward=forward) for values, forward in held]
        descending, ids_descending = (key.descending is not page.backward for key in keys)
        cut = Cut(names[0], descending, ids_descending, page.backward, limit, beyond, seeks, query.outer)
        return f"COLLECT {{ {rows_in_order(listing.indexed, v, cut)} RETURN [{values}] }}"
    carried = ", ".join([v, *names, *listing.carried])
    aliases = "".join(f", {k.expression} AS {n}" for k, n in zip(listing.order, names, strict=True))
    aliases += "".join(f", {name}" for name in listing.carried)
    within = f" WHERE {beyond} WITH {carried}" if beyond else ""
    order = ", ".join(f"{k.expression}{' DESC' if k.descending is not page.backward else ''}" for k in keys)
    return (
        f"COLLECT {{ {pattern.text} WITH {pattern.bound}{aliases}{within} "
        f"ORDER BY {order} LIMIT {limit} RETURN [{values}] }}"
    )


def _seek(query: Query, key: SortKey, values: Sequence[Key], *, forward: bool) -> Seek:
    """Where in an index what lies beyond a cursor begins."""
    sign = "<" if key.descending is forward else ">"
    return Seek(sign, *(query.parameter(value) for value in values))


def _held(query: Query, cursor: str, of_list: str, count: int) -> list[Key]:
    """The sort keys that a cursor holds."""
    keys = apply(query.cursors.read, cursor, of_list, count)
    return [apply(itemgetter(place), keys) for place in range(count)]


def _beyond(query: Query, keys: Sequence[SortKey], values: Sequence[Key], *, forward: bool) -> str:
    """What comes after the values in the list, or before them: beyond in the first key that differs."""
    condition = ""
    for key, value in reversed(list(zip(keys, values, strict=True))):
        bound = query.parameter(value)
        sign = "<" if key.descending is forward else ">"
        further = f" OR ({key.expression} = {bound} AND {condition})" if condition else ""
        condition = f"({key.expression} {sign} {bound}{further})"
    return condition


def _total(pattern: Pattern) -> str:
    return f"COUNT {{ {pattern.text} RETURN {pattern.bound} }}"


def _connection_shape(
    selection: Selection,
    elements: _Elements,
    cursor: Callable[[Values], str],
    page: Page,
    whole: Mapping[str, Child],
) -> Shape:
    def shown(value: object) -> Sequence[Values]:
        rows = cast("Sequence[Values]", value)[: page.size]
        return rows[::-1] if page.backward else rows

    def page_info(value: object, _parent: Row) -> Row:
        more = len(cast("Sequence[Values]", value)) > page.size
        rows = shown(value)
        ends = (cursor(rows[0]), cursor(rows[-1])) if rows else (None, None)
        following = page.before is not None or (more and not page.backward)
        preceding = page.after is not None or (more and page.backward)
        return Row(_PAGE_INFO, (following, preceding, *ends))

    children: dict[tuple[str, str], Child] = {}
    for key, found in selection.fields.items():
        match found.name:
            case "nodes":
                children[key] = Child(0, _read_nodes(shown, elements.places[found.signature]))
            case "edges":
                children[key] = Child(0, _read_edges(shown, _edge_shape(found.selection, elements, cursor)))
            case "pageInfo":
                children[key] = Child(0, page_info)
            case _ if found.signature in whole:
                children[key] = whole[found.signature]
            case _:
                children[key] = Child(_SECOND, lambda value, _parent: Row(_COUNT, (value, True)))
    return Shape(lambda _values: "Connection", {}, children)


def _read_nodes(shown: Callable[[object], Sequence[Values]], place: Child) -> ChildReader:
    return lambda value, parent: [place.read(values[place.position], parent) for values in shown(value)]


def _read_edges(shown: Callable[[object], Sequence[Values]], shape: Shape) -> ChildReader:
    return lambda value, _parent: [Row(shape, values) for values in shown(value)]


def _edge_shape(selection: Selection, elements: _Elements, cursor: Callable[[Values], str]) -> Shape:
    children = {
        key: elements.places[found.signature]
        for key, found in selection.fields.items()
        if found.signature in elements.places
    }
    return Shape(lambda _values: "Edge", {"cursor": cursor}, children)


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
