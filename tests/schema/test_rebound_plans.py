"""A plan that was made for other values of the variables is the plan that is made for these."""

from typing import Any

import pytest
from graphql import GraphQLError
from graphql.execution.values import VariableValues, get_variable_values
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kb.errors import UsageError
from schema.cursors import Cursors
from schema.execution.plans import Plans, RootPlan
from schema.execution.prepared import Prepared, Texts
from schema.execution.shaper import root_fields
from schema.planner.roots import plan
from schema.planner.selection import Operation as Asked
from schema.planner.variables import Unknown, ValueNeeded, apply, known, opened, settled, used_with
from tests.schema.conftest import CURSORS, SCHEMA, TODAY
from tests.schema.operations import Operation, operations, variable_values

SOME = 40


def coerced(prepared: Prepared, given_values: dict[str, Any]) -> dict[str, Any]:
    found = get_variable_values(SCHEMA._schema, prepared.operation.variable_definitions or (), given_values)
    assert isinstance(found, VariableValues), found
    return found.coerced


def kept(root: RootPlan, values: dict[str, Any]) -> object:
    """The text and the parameters of a plan that may have been made for other values, or its error."""
    if root.plan is None:
        return None
    if isinstance(root.plan, Exception):
        return type(root.plan)
    try:
        return root.plan.text, root.plan.bound(values)
    except UsageError as error:
        return type(error)


def made(prepared: Prepared, values: dict[str, Any]) -> list[object]:
    """The text and the parameters of plans that are made with all values at hand, or their errors."""
    operation = Asked(prepared.schema, prepared.operation, prepared.fragments, values)
    found: list[object] = []
    for field in root_fields(operation, prepared.root):
        if field.name == "__typename":
            found.append(None)
            continue
        try:
            one = plan(operation, prepared.root, field.nodes, CURSORS, TODAY)
            found.append((one.text, dict(one.parameters)))
        except (UsageError, GraphQLError) as error:
            found.append(type(error))
    return found


@settings(max_examples=40)
@given(st.data(), operations())
def test_a_plan_serves_all_values_that_it_does_not_depend_on(data: st.DataObject, operation: Operation):
    plans = Plans()
    first = data.draw(variable_values(operation))
    prepared = Texts(SCHEMA._schema).prepare(operation.text, None, first)
    assume(prepared is not None)
    assert prepared is not None
    for given_values in (first, *(data.draw(variable_values(operation)) for _ in range(2)), first):
        values = coerced(prepared, given_values)
        roots = plans.of(prepared, values, CURSORS, TODAY)
        assert [kept(root, values) for root in roots] == made(prepared, values)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("query($id: ID!) { entity(id: $id) { name } }", [{"id": f"company/{n}"} for n in range(SOME)]),
        ("query($name: String!) { entity(name: $name) { name } }", [{"name": f"{n}"} for n in range(SOME)]),
        (
            """query($w: EntityFilter!, $after: String) {
                 entities(where: $w, after: $after) { pageInfo { endCursor } } }""",
            [
                {
                    "w": {
                        "name": {"startsWith": f"{n}", "in": ["a"] * n},
                        "id": [f"{n}"],
                        "country": [f"{n}"],
                    },
                    "after": f"{n}",
                }
                for n in range(SOME)
            ],
        ),
        (
            """query($v: Float!, $day: PartialDate!) {
                 figures(where: {value: {gte: $v}, asOf: {from: $day}}) { nodes { id } } }""",
            [{"v": float(n), "day": f"20{n + 10}"} for n in range(SOME)],
        ),
    ],
)
def test_one_plan_serves_many_values(text: str, values: list[dict[str, Any]]):
    plans = Plans()
    prepared = Texts(SCHEMA._schema).prepare(text, None, values[0])
    assert prepared is not None
    found = {id(plans.of(prepared, coerced(prepared, one), CURSORS, TODAY)) for one in values}
    assert len(found) == 1


def test_another_day_and_another_secret_are_other_plans():
    plans = Plans()
    prepared = Texts(SCHEMA._schema).prepare("{ figures { nodes { id } } }", None, {})
    assert prepared is not None
    one = plans.of(prepared, {}, CURSORS, TODAY)
    assert plans.of(prepared, {}, CURSORS, TODAY) is one
    assert plans.of(prepared, {}, CURSORS, TODAY.replace(day=2)) is not one
    assert plans.of(prepared, {}, Cursors(b"another"), TODAY) is not one


@pytest.mark.parametrize(
    "touch",
    [
        str,
        repr,
        len,
        list,
        bool,
        hash,
        int,
        lambda x: f"{x}",
        lambda x: x == 1,
        lambda x: x < 1,
        lambda x: x + 1,
        lambda x: "a" in x,
        lambda x: x in {1},
        lambda x: isinstance(x, str),
        lambda x: x.lower(),
        lambda x: x["a"],
        lambda x: str(apply(str.lower, [x])),
    ],
)
def test_nothing_can_be_learnt_of_an_unknown_value(touch: Any):
    with pytest.raises(ValueNeeded) as needed:
        touch(opened({"x": "A"}, frozenset())["x"])
    assert needed.value.paths == {("x",)}


def test_what_was_put_off_is_computed_of_the_variables_that_are_used():
    unknown = opened({"x": {"y": ["A", "B"], "kind": True, "none": None}}, frozenset())["x"]
    assert (unknown["kind"], unknown["none"]) == (True, None)
    later = apply("".join, unknown["y"])
    assert type(later) is Unknown
    assert settled({"in": [later]}, {"x": {"y": ["C", "D"]}}) == {"in": ["CD"]}
    with used_with({"x": {"y": ["E"]}}):
        assert known(later) == "E"
