"""Operations that the schema allows: aliases, fragments, directives, and variables in place of values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)
from hypothesis import strategies as st

from tests.schema.conftest import SCHEMA

ROOT = SCHEMA._schema.query_type
assert ROOT is not None
DEEPEST = 4
KNOWN = {
    "id": ["company/alpha", "model/base 2", "nobody"],
    "ids": [["company/alpha", "company/beta"]],
    "subjects": [["company/alpha", "product/app"]],
    "name": ["Alpha", "Base 2", "nobody"],
    "text": ["alpha", "Base two"],
    "first": [0, 1, 3],
    "role": [["CEO"], ["chair", "CTO"]],
    "unit": ["USD", "user"],
}
SCALARS: Mapping[str, list[Any]] = {
    "String": ["a", "Alpha", "USD"],
    "ID": ["company/alpha", "x"],
    "Int": [0, 1, 2, 5],
    "Float": [0, 0.5, 1e9],
    "Boolean": [True, False],
    "PartialDate": ["2024", "2025-03", "2025-01-10"],
    "DateTime": ["2024-01-01T00:00:00Z", "2999-01-01T00:00:00+02:00"],
}


@dataclass(frozen=True)
class Operation:
    """A text, and the types of its variables."""

    text: str
    variables: Mapping[str, tuple[str, GraphQLInputType]]


@dataclass
class Writing:
    """An operation that is being written."""

    variables: dict[str, tuple[str, GraphQLInputType]] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    keys: int = 0

    def key(self, prefix: str) -> str:
        self.keys += 1
        return f"{prefix}{self.keys}"


def values(  # noqa: PLR0911  # one for each kind of type
    name: str, kind: GraphQLInputType, depth: int = 0
) -> st.SearchStrategy[Any]:
    """Values that a variable in the place of an argument can have; most of them mean something."""
    if isinstance(kind, GraphQLNonNull):
        return values(name, kind.of_type, depth)
    if name in KNOWN and depth == 0:
        return st.sampled_from(KNOWN[name])
    if isinstance(kind, GraphQLList):
        return st.lists(values("", kind.of_type, depth), max_size=2)
    if isinstance(kind, GraphQLEnumType):
        return st.sampled_from(list(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        if depth > 2:
            return st.just({})
        fields = {n: values(n, f.type, depth + 1) for n, f in kind.fields.items()}
        required = {n: fields.pop(n) for n, f in kind.fields.items() if isinstance(f.type, GraphQLNonNull)}
        picked = st.lists(st.sampled_from(sorted(fields)), max_size=2, unique=True) if fields else st.just([])
        return picked.flatmap(
            lambda names: st.fixed_dictionaries({**required, **{n: fields[n] for n in names}})
        )
    return st.sampled_from(SCALARS[kind.name])


@st.composite
def variable_values(draw: st.DrawFn, operation: Operation) -> dict[str, Any]:
    return {name: draw(values(argument, kind)) for name, (argument, kind) in operation.variables.items()} | {
        "yes": True,
        "no": False,
    }


@st.composite
def arguments(draw: st.DrawFn, found: GraphQLField, writing: Writing) -> str:
    chosen: list[str] = []
    for name, argument in found.args.items():
        # pages have their own tests, and two sizes or cursors that are made up are refused
        if name in ("last", "before", "after"):
            continue
        if is_required_argument(argument) or name == "first" or draw(st.integers(0, 3)) == 0:
            variable = writing.key("v")
            writing.variables[variable] = (name, argument.type)
            chosen.append(f"{name}: ${variable}")
    return f"({', '.join(chosen)})" if chosen else ""


@st.composite
def selection(draw: st.DrawFn, kind: GraphQLType, depth: int, writing: Writing) -> str:
    named = get_named_type(kind)
    assert isinstance(named, GraphQLObjectType | GraphQLInterfaceType)
    allowed = [n for n, f in named.fields.items() if depth < DEEPEST or is_leaf_type(get_named_type(f.type))]
    names = draw(st.lists(st.sampled_from(allowed), max_size=3)) if allowed else []
    parts = [draw(st.sampled_from(["__typename", f"{writing.key('t')}: __typename"]))]
    for name in names:
        found = named.fields[name]
        body = (
            ""
            if is_leaf_type(get_named_type(found.type))
            else draw(selection(found.type, depth + 1, writing))
        )
        given = draw(arguments(found, writing))
        alias = f"{writing.key('f')}: " if given or draw(st.booleans()) else ""
        directive = draw(
            st.sampled_from(["", "", "", " @include(if: $yes)", " @skip(if: $no)", " @skip(if: $yes)"])
        )
        part = f"{alias}{name}{given}{directive}{body}"
        parts.append(draw(wrapped(part, named, writing)))
    if isinstance(named, GraphQLInterfaceType) and depth < DEEPEST:
        concrete = draw(st.sampled_from(SCHEMA._schema.get_possible_types(named)))
        parts.append(f"... on {concrete.name} {draw(selection(concrete, depth + 1, writing))}")
    return "{ " + " ".join(parts) + " }"


@st.composite
def wrapped(draw: st.DrawFn, part: str, kind: GraphQLType, writing: Writing) -> str:
    """A field as it is, in an inline fragment, or in a fragment that is spread."""
    way = draw(st.sampled_from(["", "", "inline", "named"]))
    if way == "inline":
        return f"... on {kind} @include(if: $yes) {{ {part} }}"
    if way == "named":
        name = writing.key("F")
        writing.fragments.append(f"fragment {name} on {kind} {{ {part} }}")
        return f"...{name}"
    return part


@st.composite
def operations(draw: st.DrawFn, most: int = 2) -> Operation:
    """An operation of at most so many root fields."""
    writing = Writing()
    names = draw(st.lists(st.sampled_from(sorted(ROOT.fields)), min_size=1, max_size=most, unique=True))
    parts = [
        f"{writing.key('r')}: {n}{draw(arguments(ROOT.fields[n], writing))} "
        f"{draw(selection(ROOT.fields[n].type, 0, writing))}"
        for n in names
    ]
    declared = "".join(f", ${name}: {kind}" for name, (_, kind) in writing.variables.items())
    # so that both are used
    parts.append("end: __typename @include(if: $yes) @skip(if: $no)")
    head = f"query($yes: Boolean!, $no: Boolean!{declared})"
    text = f"{head} {{ {' '.join(parts)} }} {' '.join(writing.fragments)}"
    return Operation(text, writing.variables)
