"""How much one operation may ask for, measured before it is validated.

One pass over the parsed document; each fragment is measured once, however often it is spread, so the
time is linear in the document. What is measured: nesting, fields after spreading, aliases, directives,
repeats of one key in one selection (which make validation quadratic), and a cost in which a list
counts its `first` times.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from typing import Any, Final

from graphql import (
    DefinitionNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    TokenKind,
    VariableNode,
    get_nullable_type,
)
from strawberry.extensions import SchemaExtension

from kb.errors import UsageError
from schema.core import core_schema
from schema.measure import Heavy, Measure
from schema.planned import DEFAULT_FIRST, MAX_FIRST

MAX_TOKENS: Final = 2000
MAX_DEPTH: Final = 16
"""GraphiQL's introspection nests 15 levels."""
MAX_FIELDS: Final = 1000
MAX_WRITTEN: Final = 500
MAX_ALIASES: Final = 50
MAX_DIRECTIVES: Final = 50
MAX_FRAGMENTS: Final = 50
MAX_REPEATS: Final = 12
MAX_DIGITS: Final = 400
MAX_COST: Final = 50_000

_TOO_MANY_TOKENS: Final = "tokens. Parsing aborted."
"""How graphql-core's parser ends what it says of more tokens than it was allowed."""

_COUNTLESS: Final = 10**12
_STACK: Final = 60
_PLAIN_LIST: Final = 3
"""How long a list without `first` is taken to be."""
_LENGTHS: Final = {"disagrees": 25, "choice": 25, "compare": 25, "cells": 20}
"""Fields without `first` that look at many facts."""
_PAGES: Final = frozenset({"nodes", "edges"})
"""Lists whose length their connection has counted already."""


class TooLargeError(UsageError):
    """An operation that asks for more than one may."""


@dataclass(slots=True)
class Measurer:
    """Measures one document with the variables of one request."""

    document: DocumentNode
    variables: Mapping[str, Any]
    lengths: Mapping[str, int]
    _fragments: dict[str, FragmentDefinitionNode] = field(default_factory=dict[str, FragmentDefinitionNode])
    _defaults: Mapping[str, int] = field(default_factory=dict[str, int])
    _measured: dict[str, Measure | None] = field(default_factory=dict[str, Measure | None])
    _written: int = 0
    _directives: int = 0

    def check(self) -> Measure:
        """The largest measure of the document's operations.

        Raises:
            TooLargeError: when the document goes beyond a limit.
        """
        definitions = self.document.definitions
        _hold_numbers(self.document)
        self._fragments = {d.name.value: d for d in definitions if isinstance(d, FragmentDefinitionNode)}
        if len(self._fragments) > MAX_FRAGMENTS:
            raise _too("fragments", MAX_FRAGMENTS)
        self._defaults = _variable_defaults(definitions)
        most = Measure()
        for definition in definitions:
            if isinstance(definition, OperationDefinitionNode):
                measure = self._selection(definition.selection_set, 0)
                _hold(measure)
                most = measure if measure.cost >= most.cost else most
        for name in self._fragments:
            _hold(self._spread(name, 0))
        return most

    def _selection(self, selection_set: SelectionSetNode, stack: int) -> Measure:
        if stack > _STACK:
            raise _too("levels", MAX_DEPTH)
        total = Measure()
        repeats: Counter[str] = Counter()
        for node in _flat(selection_set):
            self._count(node)
            if isinstance(node, FieldNode):
                repeats[node.alias.value if node.alias else node.name.value] += 1
                total = total.beside(self._field(node, stack))
            else:
                total = total.beside(self._spread(node.name.value, stack))
        if repeats and max(repeats.values()) > MAX_REPEATS:
            raise _too("repeats of one field in one selection", MAX_REPEATS)
        return total

    def _count(self, node: FieldNode | FragmentSpreadNode) -> None:
        self._written += 1
        self._directives += len(node.directives or ())
        if self._written > MAX_WRITTEN:
            raise _too("selections", MAX_WRITTEN)
        if self._directives > MAX_DIRECTIVES:
            raise _too("directives", MAX_DIRECTIVES)

    def _field(self, node: FieldNode, stack: int) -> Measure:
        inner = Measure() if node.selection_set is None else self._selection(node.selection_set, stack + 1)
        length, name = self._length(node), node.alias.value if node.alias else node.name.value
        own = Heavy((length - 1) * inner.cost, length, (name, None))
        return Measure(
            depth=inner.depth + 1,
            fields=inner.fields + 1,
            aliases=inner.aliases + (node.alias is not None),
            cost=1 + length * inner.cost,
            most=max(own, inner.most.within(name, length), key=attrgetter("added")),
        )

    def _spread(self, name: str, stack: int) -> Measure:
        """A fragment's measure; a cycle or an unknown name is left for validation to name."""
        if name not in self._measured and name in self._fragments:
            self._measured[name] = None
            self._measured[name] = self._selection(self._fragments[name].selection_set, stack + 1)
        return self._measured.get(name) or Measure()

    def _length(self, node: FieldNode) -> int:
        name = node.name.value
        asked = [
            self._first(argument.value, name)
            for argument in node.arguments or ()
            if argument.name.value in ("first", "last")
        ]
        return max(asked, default=self.lengths.get(name, 1))

    def _first(self, value: object, name: str) -> int:
        """What `first` or `last` says; what is no sensible number is refused later, by type or by planner."""
        given: object = None
        if isinstance(value, IntValueNode):
            given = _int(value)
        elif isinstance(value, VariableNode):
            default = self._defaults.get(value.name.value, self.lengths.get(name, 1))
            given = self.variables.get(value.name.value, default)
        return max(0, min(given, MAX_FIRST)) if isinstance(given, int) else MAX_FIRST


def _variable_defaults(definitions: Iterable[DefinitionNode]) -> Mapping[str, int]:
    """The largest default of each variable, over all operations, since fragments do not tell theirs."""
    defaults: dict[str, int] = {}
    for definition in definitions:
        if isinstance(definition, OperationDefinitionNode):
            for variable in definition.variable_definitions or ():
                if isinstance(variable.default_value, IntValueNode):
                    name = variable.variable.name.value
                    defaults[name] = max(defaults.get(name, 0), _int(variable.default_value))
    return defaults


def _int(node: IntValueNode) -> int:
    """The number, or the bound where it has more digits than a size has."""
    return int(node.value) if len(node.value) < 10 else MAX_FIRST


def _flat(selection_set: SelectionSetNode) -> Iterator[FieldNode | FragmentSpreadNode]:
    """Fields and spreads of a selection, those in inline fragments included."""
    waiting = list(selection_set.selections)
    while waiting:
        node = waiting.pop()
        if isinstance(node, InlineFragmentNode):
            waiting.extend(node.selection_set.selections)
        elif isinstance(node, FieldNode | FragmentSpreadNode):
            yield node


def _hold_numbers(document: DocumentNode) -> None:
    """Refuse a number that Python would not read."""
    token = document.loc.start_token if document.loc else None
    while token is not None:
        if token.kind in (TokenKind.INT, TokenKind.FLOAT) and len(token.value or "") > MAX_DIGITS:
            raise TooLargeError(
                f"A number in the query has more than {MAX_DIGITS} digits: write a shorter one."
            )
        token = token.next


def _hold(measure: Measure) -> None:
    for name, value, limit in (
        ("levels", measure.depth, MAX_DEPTH),
        ("fields", measure.fields, MAX_FIELDS),
        ("aliases", measure.aliases, MAX_ALIASES),
    ):
        if value > limit:
            raise _too(name, limit)
    if measure.cost > MAX_COST:
        told = f"{measure.cost:,}" if measure.cost < _COUNTLESS else "more than anyone counts"
        raise TooLargeError(
            f"The query has more than {MAX_COST:,} units of cost, which counts each list as often as it may "
            f"be long: it has {told}, most of them by `{measure.most}`, which counts {measure.most.length} "
            "times. Give that a smaller `first`, or ask for less in it."
        )


def _too(what: str, limit: int) -> TooLargeError:
    return TooLargeError(f"The query has more than {limit} {what}: ask for less at once.")


@cache
def list_lengths(schema: GraphQLSchema) -> Mapping[str, int]:
    """How long the list of a field is when `first` is not given, by the field's name."""
    lengths: dict[str, int] = dict(_LENGTHS)
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__"):
            for name, definition in kind.fields.items():
                if "first" in definition.args:
                    default = int(definition.args["first"].default_value or DEFAULT_FIRST)
                    lengths[name] = max(lengths.get(name, 1), default)
                elif name not in _PAGES and isinstance(get_nullable_type(definition.type), GraphQLList):
                    lengths.setdefault(name, _PLAIN_LIST)
    return lengths


def beyond_limits(error: GraphQLError) -> bool:
    """Whether an operation was refused for its size: for its cost, or as it has too many tokens to parse."""
    return isinstance(error.original_error, TooLargeError) or error.message.endswith(_TOO_MANY_TOKENS)


class Limited(SchemaExtension):
    """Refuses an operation that is too large, before it is validated."""

    def on_operation(self) -> Iterator[None]:
        """Bound the parser."""
        self.execution_context.parse_options["max_tokens"] = MAX_TOKENS
        yield

    def on_validate(self) -> Iterator[None]:
        """Measure; an error set here keeps validation from running."""
        context = self.execution_context
        if context.graphql_document is not None:
            schema: GraphQLSchema = core_schema(context.schema)
            measurer = Measurer(context.graphql_document, context.variables or {}, list_lengths(schema))
            try:
                measurer.check()
            except TooLargeError as error:
                context.pre_execution_errors = [
                    GraphQLError(str(error), original_error=error, extensions={"code": "TOO_LARGE"})
                ]
        yield
