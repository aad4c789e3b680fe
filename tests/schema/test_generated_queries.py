"""Any query that the schema allows is one query to the graph for each root field, and has no error."""

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.schema.conftest import SCHEMA, Ask

TYPES = SCHEMA._schema.type_map
DEEPEST = 5
VALUES = {
    "id": ['"company/alpha"', '"model/base"', '"nobody"'],
    "name": ['"Alpha"', '"Base 2"'],
    "from": ['"company/alpha"', '"2024"'],
    "to": ['"product/app"', '"2025-03"'],
    "text": ['"alpha"'],
    "ids": ['["company/alpha", "company/beta"]'],
    "subjects": ['["company/alpha", "product/app"]'],
    "metric": ["USERS", "HEADCOUNT"],
    "metrics": ["[USERS, VALUATION]"],
    "first": ["1", "3"],
    "last": ["2"],
    "at": ['{valid: "2025-02"}', '{known: "2999-01-01T00:00:00Z"}'],
    "role": ['"CEO"'],
    "where": ["{}", "{minConfidence: 0.5}"],
    "entity": ['{name: {contains: "a"}}'],
}
"""Values of arguments by name; those of another type there are told apart by `fitting`."""


def fitting(name: str, argument: GraphQLArgument) -> list[str]:
    named = get_named_type(argument.type)
    if isinstance(named, GraphQLEnumType) and name not in ("metric", "metrics"):
        return list(named.values)[:3]
    if name == "where" and "minConfidence" not in getattr(named, "fields", {}):
        return ["{}"]
    if name in ("from", "to"):
        return [VALUES[name][named.name == "PartialDate"]]
    return VALUES.get(name, [])


@st.composite
def arguments(draw: st.DrawFn, field: GraphQLField) -> str:
    chosen: list[str] = []
    for name, argument in field.args.items():
        values = fitting(name, argument)
        wanted = is_required_argument(argument) or name == "first"
        if values and (wanted or (name != "last" and draw(st.integers(0, 4)) == 0)):
            chosen.append(f"{name}: {draw(st.sampled_from(values))}")
    return f"({', '.join(chosen)})" if chosen else ""


@st.composite
def selection(draw: st.DrawFn, kind: GraphQLType, depth: int) -> str:
    named = get_named_type(kind)
    assert isinstance(named, GraphQLObjectType | GraphQLInterfaceType)
    allowed = [n for n, f in named.fields.items() if depth < DEEPEST or is_leaf_type(get_named_type(f.type))]
    names = draw(st.lists(st.sampled_from(allowed), max_size=2, unique=True)) if allowed else []
    parts = ["__typename"]
    for name in names:
        field = named.fields[name]
        body = "" if is_leaf_type(get_named_type(field.type)) else draw(selection(field.type, depth + 1))
        parts.append(f"{name}{draw(arguments(field))}{body}")
    if isinstance(named, GraphQLInterfaceType) and depth < DEEPEST:
        concrete = draw(st.sampled_from(SCHEMA._schema.get_possible_types(named)))
        parts.append(f"... on {concrete.name} {draw(selection(concrete, depth + 1))}")
    return "{ " + " ".join(parts) + " }"


@st.composite
def operations(draw: st.DrawFn) -> tuple[int, str]:
    root = TYPES["Query"]
    assert isinstance(root, GraphQLObjectType)
    names = draw(st.lists(st.sampled_from(list(root.fields)), min_size=1, max_size=2, unique=True))
    parts = [f"{n}{draw(arguments(root.fields[n]))} {draw(selection(root.fields[n].type, 0))}" for n in names]
    return len(names), "{ " + " ".join(parts) + " }"


@pytest.mark.long
def test_a_generated_query_is_one_query_to_the_graph_for_each_root_field(ask_industry: Ask):
    @settings(max_examples=10)
    @given(operations())
    def one_each(operation: tuple[int, str]) -> None:
        fields, text = operation
        found = ask_industry(text.replace("entity {", 'entity(name: "Alpha") {'))
        refused = [error for error in found.errors if "went wrong in here" in error or "longer than" in error]
        assert refused == []
        if not found.errors:
            assert len(found.queries) == fields

    one_each()
