"""From the rows of a root field to what JSON holds of them, as graphql-core's execution would give it.

A writer is compiled once for a place in the selection. What a row's type is asked for is collected when the
first row of that type comes, and bound to the row's shape; from then on each row is a loop over functions.
A null where none may be, and whatever a reader raises, becomes an error with its path, and null at the
nearest place that may be null.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, cast

from graphql import (
    FieldNode,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLError,
    GraphQLID,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLString,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
)
from graphql.error import located_error
from graphql.execution.collect_fields import FieldDetails, collect_fields, collect_subfields
from graphql.pyutils import Undefined, inspect
from strawberry.types.field import StrawberryField

from schema.planned import Planned
from schema.planner.selection import Operation
from schema.rows import Child, Row, Scalar, Shape

Path = tuple[Any, ...]
"""A step, and the path before it: nested pairs, since most paths are never told."""
Errors = list[GraphQLError]
Writer = Callable[[Any, Path, Errors], object]
"""Gives what JSON holds of a value; the errors on the way are added to the list."""
Leaf = Callable[[object], object]
"""A writer of values that have no places within."""
Nodes = list[FieldNode]

_EXACT: Final[Mapping[GraphQLLeafType, type]] = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}
"""Scalars that give a value of this type as it is."""


class Nulled(Exception):  # noqa: N818  # the error is in the list; this carries it past what may not be null
    """A place that may not be null has no value."""


@dataclass(frozen=True, slots=True)
class RootField:
    """A field of the query itself: its nodes, and what writes its value."""

    key: str
    name: str
    nodes: Nodes
    nullable: bool
    write: Writer


class _Bound(NamedTuple):
    """A field of one type, bound to a shape: how its value is read of a row, and how it is written.

    A plain scalar is read of the row's values by `scalar`, and written by `leaf`, which needs no path.
    """

    key: str
    scalar: Scalar | None
    leaf: Leaf
    read: Callable[[Row], object]
    write: Writer
    nullable: bool
    nodes: Nodes


def root_fields(operation: Operation, root: GraphQLObjectType) -> list[RootField]:
    """The fields of a query, in the order of the answer."""
    grouped = collect_fields(
        operation.schema, operation.details, operation.values, root, operation.node
    ).grouped_field_set
    shaper = _Shaper(operation)
    fields: list[RootField] = []
    for key, details in grouped.items():
        nodes = [one.node for one in details]
        name = nodes[0].name.value
        kind = GraphQLNonNull(GraphQLString) if name == "__typename" else root.fields[name].type
        write = shaper.writer(kind, details, f"{root.name}.{name}")
        fields.append(RootField(key, name, nodes, not isinstance(kind, GraphQLNonNull), write))
    return fields


def failed(error: Exception, nodes: Nodes, path: Path) -> GraphQLError:
    """The error at its place in the query and in the answer."""
    return located_error(error, nodes, _steps(path))


def _steps(path: Path) -> list[str | int]:
    steps: list[str | int] = []
    while path:
        path, step = path
        steps.append(step)
    return steps[::-1]


@dataclass(slots=True)
class _Shaper:
    """Compiles writers for the places of one operation."""

    operation: Operation
    _details: Mapping[str, Any] = field(init=False)
    _values: Any = field(init=False)

    def __post_init__(self) -> None:
        self._details = self.operation.details
        self._values = self.operation.values

    def writer(self, kind: GraphQLOutputType, details: list[FieldDetails], name: str) -> Writer:  # pyright: ignore[reportUnknownParameterType]  # list and non-null are generic there
        """Writes values of a type; `details` are the nodes of the field, `name` is its own."""
        if isinstance(kind, GraphQLNonNull):
            if is_leaf_type(kind.of_type):
                return _pathless(_leaf(kind.of_type, name, nullable=False))
            return _required(self.writer(kind.of_type, details, name), name)
        if isinstance(kind, GraphQLList):
            inner: GraphQLOutputType = kind.of_type
            nodes = [one.node for one in details]
            nullable = not isinstance(inner, GraphQLNonNull)
            return _listed(self.writer(inner, details, name), nodes, name, nullable=nullable)
        if is_leaf_type(kind):
            return _pathless(_leaf(kind, name, nullable=True))
        return self._object(kind, details)

    def _object(self, kind: Any, details: list[FieldDetails]) -> Writer:  # noqa: ANN401  # an object type or an abstract one
        abstract = is_abstract_type(kind)
        possible = {t.name: t for t in self.operation.schema.get_possible_types(kind)} if abstract else {}
        checked = not abstract and kind.is_type_of is not None
        nodes = [one.node for one in details]
        bound: dict[tuple[int, str], tuple[Shape, list[_Bound]]] = {}

        def write(row: Row | None, path: Path, errors: Errors) -> object:
            if row is None:
                return None
            shape = row.shape
            name = shape.type_name(row.values) if abstract or checked else kind.name
            if checked and name != kind.name:
                raise GraphQLError(f"Expected value of type '{kind.name}' but got: {inspect(row)}.", nodes)
            found = bound.get((id(shape), name))
            if found is None:
                # the shape is held too, so that no other one comes to its address
                found = shape, self._bind(possible[name] if abstract else kind, details, shape)
                bound[id(shape), name] = found
            return _write_fields(found[1], row, path, errors)

        return write

    def _bind(self, kind: GraphQLObjectType, details: list[FieldDetails], shape: Shape) -> list[_Bound]:
        grouped = collect_subfields(
            self.operation.schema, dict(self._details), self._values, self.operation.node, kind, details
        ).grouped_field_set
        return [self._field(kind, key, found, shape) for key, found in grouped.items()]

    def _field(self, kind: GraphQLObjectType, key: str, details: list[FieldDetails], shape: Shape) -> _Bound:
        nodes = [one.node for one in details]
        name = nodes[0].name.value
        if name == "__typename":
            scalar: Scalar = lambda _values: kind.name  # noqa: E731  # as short as those of shapes
            return _Bound(key, scalar, _as_it_is, _whole, _pathless(_as_it_is), nullable=True, nodes=nodes)
        definition = kind.fields[name]
        field: StrawberryField = definition.extensions["strawberry-definition"]
        told = f"{kind.name}.{name}"
        nullable = not isinstance(definition.type, GraphQLNonNull)
        write = self.writer(definition.type, details, told)
        if any(isinstance(one, Planned) for one in field.extensions):
            read = _child(shape.children[kind.name, key])
            return _Bound(key, None, _as_it_is, read, write, nullable, nodes)
        plain = shape.scalars[field.python_name]
        bare = get_nullable_type(definition.type)
        if is_leaf_type(bare):
            return _Bound(key, plain, _leaf(bare, told, nullable=nullable), _whole, write, nullable, nodes)
        return _Bound(key, None, _as_it_is, _plain(plain), write, nullable, nodes)


def _write_fields(fields: Sequence[_Bound], row: Row, path: Path, errors: Errors) -> dict[str, object]:
    written: dict[str, object] = {}
    values = row.values
    for key, scalar, leaf, read, write, nullable, nodes in fields:
        try:
            if scalar is not None:
                written[key] = leaf(scalar(values))
            else:
                written[key] = write(read(row), (path, key), errors)
        except Exception as error:  # noqa: BLE001  # whatever a field raises is an entry of the answer's errors
            if not isinstance(error, Nulled):
                errors.append(failed(error, nodes, (path, key)))
            if not nullable:
                raise Nulled from None
            written[key] = None
    return written


def _required(write: Writer, name: str) -> Writer:
    def write_required(value: object, path: Path, errors: Errors) -> object:
        written = write(value, path, errors)
        if written is None:
            raise TypeError(f"Cannot return null for non-nullable field {name}.")
        return written

    return write_required


def _listed(write: Writer, nodes: Nodes, name: str, *, nullable: bool) -> Writer:
    def write_item(item: object, path: Path, errors: Errors) -> object:
        try:
            return write(item, path, errors)
        except Exception as error:  # noqa: BLE001  # as in `_write_fields`
            if not isinstance(error, Nulled):
                errors.append(failed(error, nodes, path))
            if not nullable:
                raise Nulled from None
            return None

    def write_list(values: object, path: Path, errors: Errors) -> object:
        if values is None:
            return None
        if not isinstance(values, list):
            raise GraphQLError(f"Expected Iterable, but did not find one for field '{name}'.")
        items = enumerate(cast("list[object]", values))
        return [write_item(item, (path, index), errors) for index, item in items]

    return write_list


def _pathless(leaf: Leaf) -> Writer:
    return lambda value, _path, _errors: leaf(value)


def _as_it_is(value: object) -> object:
    return value


def _whole(row: Row) -> Row:
    return row


def _plain(scalar: Scalar) -> Callable[[Row], object]:
    return lambda row: scalar(row.values)


def _child(child: Child) -> Callable[[Row], object]:
    position, read = child.position, child.read
    return lambda row: read(row.values[position], row)


def _leaf(kind: GraphQLLeafType, name: str, *, nullable: bool) -> Leaf:
    names = _enum_names(kind) if isinstance(kind, GraphQLEnumType) else {}
    exact = _EXACT.get(kind)

    def write(value: object) -> object:
        if type(value) is exact:
            return value
        if value is None:
            if not nullable:
                raise TypeError(f"Cannot return null for non-nullable field {name}.")
            return None
        found = names.get(value) if type(value) is str else None
        return _serialized(kind, value) if found is None else found

    return write


def _serialized(kind: GraphQLLeafType, value: object) -> object:
    written = kind.coerce_output_value(value)
    if written is None or written is Undefined:
        raise TypeError(
            f"Expected `{inspect(kind)}.coerce_output_value({inspect(value)})` to return non-nullable value, "
            f"returned: {inspect(written)}"
        )
    return written


def _enum_names(kind: GraphQLEnumType) -> Mapping[object, str]:
    """The names of an enum's values by the text that the graph has."""
    return {str(getattr(one.value, "value", one.value)): name for name, one in kind.values.items()}
