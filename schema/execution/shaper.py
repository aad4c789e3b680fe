"""From the rows of a root field to what JSON holds of them: what graphql-core's execution gives, field by field.

A writer is compiled once for a place in the selection. What a row's type is asked for is collected when the
first row of that type comes, and bound to the row's shape; from then on each row is a loop over functions.
A null where none may be, and whatever a reader raises, becomes an error with its path, and null at the
nearest place that may be null.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

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
    is_abstract_type,
    is_leaf_type,
)
from graphql.error import located_error
from graphql.execution.collect_fields import FieldDetails, collect_fields, collect_subfields
from graphql.pyutils import Undefined, inspect
from strawberry.types.field import StrawberryField

from schema.planned import Planned
from schema.planner.selection import Operation
from schema.rows import Row, Shape

Path = tuple[Any, ...]
"""A step, and the path before it: nested pairs, since most paths are never told."""
Errors = list[GraphQLError]
Writer = Callable[[Any, Path, Errors], object]
"""Gives what JSON holds of a value; the errors on the way are added to the list."""
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


@dataclass(frozen=True, slots=True)
class _Bound:
    """A field of one type, bound to a shape: how its value is read of a row, and how it is written."""

    key: str
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

    def writer(self, kind: GraphQLOutputType, details: list[FieldDetails], name: str) -> Writer:
        """Writes values of a type; `details` are the nodes of the field, `name` is its own."""
        if isinstance(kind, GraphQLNonNull):
            return _required(self.writer(kind.of_type, details, name), name)
        if isinstance(kind, GraphQLList):
            inner: GraphQLOutputType = kind.of_type
            nodes = [one.node for one in details]
            nullable = not isinstance(inner, GraphQLNonNull)
            return _listed(self.writer(inner, details, name), nodes, name, nullable=nullable)
        if is_leaf_type(kind):
            return _leaf(kind)
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
            return _Bound(key, lambda _row: kind.name, lambda value, _path, _errors: value, False, nodes)  # noqa: FBT003  # as the record has it
        definition = kind.fields[name]
        read = _reader(definition.extensions["strawberry-definition"], shape, kind.name, key)
        write = self.writer(definition.type, details, f"{kind.name}.{name}")
        return _Bound(key, read, write, not isinstance(definition.type, GraphQLNonNull), nodes)


def _reader(definition: StrawberryField, shape: Shape, type_name: str, key: str) -> Callable[[Row], object]:
    """How a field's value is read, as its resolver would."""
    if any(isinstance(one, Planned) for one in definition.extensions):
        child = shape.children[type_name, key]
        position, read = child.position, child.read
        return lambda row: read(row.values[position], row)
    scalar = shape.scalars[definition.python_name]
    return lambda row: scalar(row.values)


def _write_fields(fields: Sequence[_Bound], row: Row, path: Path, errors: Errors) -> dict[str, object]:
    written: dict[str, object] = {}
    for one in fields:
        try:
            written[one.key] = one.write(one.read(row), (path, one.key), errors)
        except Exception as error:  # noqa: BLE001  # whatever a field raises is an entry of the answer's errors
            if not isinstance(error, Nulled):
                errors.append(failed(error, one.nodes, (path, one.key)))
            if not one.nullable:
                raise Nulled from None
            written[one.key] = None
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


def _leaf(kind: GraphQLLeafType) -> Writer:
    names = _enum_names(kind) if isinstance(kind, GraphQLEnumType) else {}
    exact = _EXACT.get(kind)

    def write(value: object, _path: Path, _errors: Errors) -> object:
        if value is None or type(value) is exact:
            return value
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
