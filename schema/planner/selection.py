"""What an operation asks of one field: fragments, aliases, @include and @skip resolved.

A selection holds the fields of every type that the value can have, by type and response key. The same
field asked for twice, under two keys or on two types, is one `Field`, so that it is fetched once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_subfields
from graphql.execution.values import VariableValues, get_argument_values
from graphql.type import GraphQLResolveInfo

from kb.errors import UsageError

MAX_NESTING = 24
"""Deeper selections are refused before any Cypher is made of them."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field with its arguments by their GraphQL names, and what is selected of its value.

    `owner` is the interface that declares the field, else the type that has it.
    """

    owner: str
    name: str
    arguments: Mapping[str, Any]
    selection: "Selection"
    signature: str = field(compare=False)

    @property
    def definition(self) -> str:
        """The field as the schema names it, such as `Company.models`."""
        return f"{self.owner}.{self.name}"


@dataclass(frozen=True, slots=True)
class Selection:
    """Fields by the type that they are read on and the key that they are answered under."""

    fields: Mapping[tuple[str, str], Field]

    def distinct(self) -> list[Field]:
        """Every different field once, in an order that the writing of the operation does not change."""
        return [found for _, found in sorted({f.signature: f for f in self.fields.values()}.items())]

    def has(self, name: str) -> bool:
        """Whether the field is selected on any type."""
        return any(found.name == name for found in self.fields.values())


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation that was found valid, with the coerced values of its variables."""

    schema: GraphQLSchema
    node: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]

    @classmethod
    def of(cls, info: GraphQLResolveInfo[Any]) -> "Operation":
        """The operation that is being executed."""
        variables = cast(
            "Mapping[str, Any]", info.variable_values
        )  # Strawberry hands the coerced values alone
        return cls(info.schema, info.operation, info.fragments, variables)

    @property
    def details(self) -> dict[str, FragmentDetails]:
        """The fragments as graphql-core collects fields from them."""
        return {name: FragmentDetails(node) for name, node in self.fragments.items()}

    @property
    def values(self) -> VariableValues:
        """The variables as graphql-core takes them."""
        return VariableValues({}, dict(self.variables))


@dataclass(frozen=True, slots=True)
class _Symbol:
    """A variable where fields are told apart, which its value never does."""

    name: str

    def __repr__(self) -> str:
        return f"${self.name}"


class Reader:
    """Reads one root field of one operation."""

    def __init__(self, operation: Operation) -> None:
        """Hold what the operation brings."""
        self._operation = operation
        self._fragments = operation.details
        self._variables = operation.values
        self._symbols = VariableValues(
            {}, {name: None if v is None else _Symbol(name) for name, v in operation.variables.items()}
        )
        self._seen: dict[tuple[object, ...], Field] = {}

    def root(self, parent: GraphQLObjectType, nodes: Iterable[FieldNode]) -> Field:
        """The root field that these nodes ask for."""
        return self._field(parent, [FieldDetails(node, None) for node in nodes], 0)

    def _field(self, parent: GraphQLObjectType, nodes: list[FieldDetails], depth: int) -> Field:
        if depth > MAX_NESTING:
            raise UsageError(f"The query nests more than {MAX_NESTING} levels: ask for less at once.")
        first: FieldNode = nodes[0].node
        definition = parent.fields[first.name.value]
        name, owner = first.name.value, _owner(parent, first.name.value)
        key = (owner, *(id(details.node) for details in nodes))
        if key not in self._seen:
            arguments = get_argument_values(definition, first, self._variables)
            selection = self._selection(definition.type, nodes, depth)
            told = get_argument_values(definition, first, self._symbols)
            signature = _signature(f"{owner}.{name}", told, selection)
            self._seen[key] = Field(owner, name, arguments, selection, signature)
        return self._seen[key]

    def _selection(self, kind: GraphQLOutputType, nodes: list[FieldDetails], depth: int) -> Selection:  # pyright: ignore[reportUnknownParameterType]  # list and non-null are generic there
        named = get_named_type(kind)
        if is_leaf_type(named):
            return Selection({})
        possible = self._operation.schema.get_possible_types(named) if is_abstract_type(named) else [named]
        fields: dict[tuple[str, str], Field] = {}
        for concrete in possible:
            assert isinstance(concrete, GraphQLObjectType)  # noqa: S101  # what remains after the two tests above
            grouped = collect_subfields(
                self._operation.schema,
                self._fragments,
                self._variables,
                self._operation.node,
                concrete,
                nodes,
            ).grouped_field_set
            for response_key, details in grouped.items():
                if details[0].node.name.value != "__typename":
                    fields[concrete.name, response_key] = self._field(concrete, details, depth + 1)
        return Selection(fields)


def _owner(parent: GraphQLObjectType, name: str) -> str:
    return next((i.name for i in parent.interfaces if name in i.fields), parent.name)


def _signature(name: str, arguments: Mapping[str, Any], selection: Selection) -> str:
    children = sorted(f"{kind}.{key}={child.signature}" for (kind, key), child in selection.fields.items())
    return f"{name}({sorted(arguments.items())!r}){{{','.join(children)}}}"
