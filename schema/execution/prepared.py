"""What is known of a query's text, whatever the values of its variables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    parse,
    validate,
)

from schema.execution.lru import Lru
from schema.limits import MAX_TOKENS, Measurer, TooLargeError, list_lengths

TEXTS: Final = 512
LONGEST: Final = 16 * 1024
"""Longer texts are not kept."""

_SIZES: Final = ("first", "last")
_INTROSPECTION: Final = ("__schema", "__type")
_DIRECTIVES: Final = ("include", "skip")
_OTHERS: Final = "for Strawberry"
_TOO_MUCH: Final = -1


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A query that this package answers: one valid operation without introspection.

    `sizes` are the variables that say how long a list is, on which the measure depends; `costs` holds
    the measures taken, by their values.
    """

    size: int
    schema: GraphQLSchema
    document: DocumentNode
    operation: OperationDefinitionNode
    root: GraphQLObjectType
    fragments: Mapping[str, FragmentDefinitionNode]
    sizes: tuple[str, ...]
    costs: Lru[tuple[object, ...], int] = field(default_factory=lambda: Lru[tuple[object, ...], int](64))

    def cost(self, variables: Mapping[str, Any]) -> int | None:
        """What the operation costs with these values of its variables; none where that is too much."""
        asked = tuple(_size(variables, name) for name in self.sizes)
        cost = self.costs.get(asked)
        if cost is None:
            cost = _cost(self.document, variables, self.schema)
            self.costs.put(asked, cost)
        return None if cost == _TOO_MUCH else cost


class Texts:
    """The queries of which the text was seen before."""

    def __init__(self, schema: GraphQLSchema) -> None:
        """Prepare for queries of a schema."""
        self._schema = schema
        self.held = Lru[tuple[str, str | None], Prepared | str](TEXTS)

    def prepare(self, text: str, name: str | None, variables: Mapping[str, Any]) -> Prepared | None:
        """The operation of this name in the text; none where it is for Strawberry to answer or refuse."""
        found = self.held.get((text, name))
        if found is None:
            document = _parsed(text)
            # a text that is too large is never validated, which takes long
            if document is None or _cost(document, variables, self._schema) == _TOO_MUCH:
                return None
            found = _prepare(self._schema, document, name, len(text)) or _OTHERS
            if len(text) <= LONGEST:
                self.held.put((text, name), found)
        return found if isinstance(found, Prepared) else None


def _parsed(text: str) -> DocumentNode | None:
    try:
        return parse(text, max_tokens=MAX_TOKENS)
    except GraphQLError:
        return None


def _prepare(schema: GraphQLSchema, document: DocumentNode, name: str | None, size: int) -> Prepared | None:
    operation = _operation(document, name)
    root = schema.query_type
    if operation is None or root is None or operation.operation is not OperationType.QUERY:
        return None
    nodes = list(_nodes(document))
    if not all(_plain(node) for node in nodes) or validate(schema, document):
        return None
    fields = [node for node in nodes if isinstance(node, FieldNode)]
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    sizes = {
        argument.value.name.value
        for node in fields
        for argument in node.arguments or ()
        if argument.name.value in _SIZES and isinstance(argument.value, VariableNode)
    }
    return Prepared(size, schema, document, operation, root, fragments, tuple(sorted(sizes)))


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    """The operation that is meant, where it is plain which."""
    found = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    if name is None:
        return found[0] if len(found) == 1 else None
    return next((one for one in found if one.name is not None and one.name.value == name), None)


def _plain(node: SelectionNode) -> bool:
    """Whether a selection is neither introspection nor under a directive that is not known here."""
    asks_the_schema = isinstance(node, FieldNode) and node.name.value in _INTROSPECTION
    return not asks_the_schema and all(one.name.value in _DIRECTIVES for one in node.directives or ())


def _nodes(document: DocumentNode) -> Iterator[SelectionNode]:
    """All selections of a document."""
    waiting: list[SelectionSetNode] = [
        d.selection_set
        for d in document.definitions
        if isinstance(d, OperationDefinitionNode | FragmentDefinitionNode)
    ]
    while waiting:
        for node in waiting.pop().selections:
            yield node
            inner: SelectionSetNode | None = getattr(node, "selection_set", None)
            if inner is not None:
                waiting.append(inner)


def _cost(document: DocumentNode, variables: Mapping[str, Any], schema: GraphQLSchema) -> int:
    try:
        return Measurer(document, variables, list_lengths(schema)).check().cost
    except TooLargeError:
        return _TOO_MUCH


def _size(variables: Mapping[str, Any], name: str) -> object:
    """What the measure sees of a variable: its number, that it is none, or that it is not given."""
    if name not in variables:
        return ()
    value = variables[name]
    return value if isinstance(value, int) else None
