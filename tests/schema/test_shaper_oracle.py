"""The writers of answers against graphql-core's execution, over the same records."""

import asyncio
import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from graphql import GraphQLError
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.embedded import Address
from kb.graph.reader import AsyncReader
from schema import Context
from schema.execution.executor import Executor
from tests.schema import industry
from tests.schema.conftest import CURSORS, SCHEMA, TODAY, asking
from tests.schema.operations import Operation, operations, variable_values

DAMAGES = [None, None, None, "?", 12345678901, 0.5, True, [], [None], {}]


@dataclass
class Recorded:
    """Asks the database once for each query, and gives the records again, damaged where that is asked for."""

    reader: AsyncReader
    damage: int = 0
    asked: int = 0
    records: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)

    async def fetch(self, query: str, parameters: Mapping[str, object]) -> list[Mapping[str, Any]]:
        key = query + json.dumps(parameters, default=str)
        self.asked += 1
        if key not in self.records:
            self.records[key] = await self.reader.fetch(query, parameters)
        if not self.damage:
            return self.records[key]
        chance = random.Random(f"{self.damage}{key}")
        often = 1 / chance.choice([2, 8, 30])
        return [{**one, "value": damaged(one["value"], chance, often)} for one in self.records[key]]


def damaged(value: Any, chance: random.Random, often: float) -> Any:
    """The value with nulls, and values of other types, in some places of it."""
    if isinstance(value, list):
        return [
            chance.choice(DAMAGES) if chance.random() < often / 4 else damaged(item, chance, often)
            for item in value
        ]
    return chance.choice(DAMAGES) if chance.random() < often else value


@dataclass
class Both:
    """Executes an operation in both ways."""

    runner: asyncio.Runner
    recorded: Recorded

    def alike(self, text: str, variables: Mapping[str, Any]) -> None:
        ours = self.runner.run(self._ours(text, variables))
        assert ours is not None, "the operation is none of ours"
        theirs = self.runner.run(SCHEMA.execute(text, dict(variables), context_value=self._context()))
        assert shown(ours.errors) == shown(theirs.errors or ())
        assert ours.data == theirs.data
        assert json.dumps(ours.data) == json.dumps(theirs.data), "the order of fields"

    async def _ours(self, text: str, variables: Mapping[str, Any]) -> Any:
        return await Executor(SCHEMA._schema).answer(text, None, variables, self._context())

    def _context(self) -> Context:
        return Context(self.recorded, cursors=CURSORS, today=lambda: TODAY)


def shown(errors: Any) -> list[str]:
    """What a client sees of errors, whatever the incident, in the order of paths."""
    return sorted(json.dumps(plain(error), sort_keys=True) for error in errors)


def plain(error: GraphQLError) -> dict[str, Any]:
    told = dict(error.formatted)
    extensions = dict(told.get("extensions") or {})
    incident = extensions.pop("incident", "")
    # a row's own address stands in the message for a row of the wrong type
    return {**told, "message": error.message.replace(incident, "…") if incident else error.message,
            "extensions": extensions}  # fmt: skip


@pytest.fixture(scope="module")
def both(neo4j: Address) -> Iterator[Both]:
    with asking(neo4j, industry.documents()), asyncio.Runner() as runner:
        reader = AsyncReader(neo4j, timeout=60)
        yield Both(runner, Recorded(reader))
        runner.run(reader.close())


def test_generated_operations_are_answered_as_graphql_core_answers_them(both: Both):
    @settings(max_examples=6)
    @given(st.data(), operations(1))
    def alike(data: st.DataObject, operation: Operation) -> None:
        variables = data.draw(variable_values(operation))
        for damage in range(12):
            both.recorded.damage = damage
            both.alike(operation.text, variables)

    alike()


WIDE = """query($id: ID!, $yes: Boolean = true) {
  one: entity(id: $id) { ...Told ... on Company @include(if: $yes) {
    people { edges { cursor node { name } facts { role status evidence { text sentence verified } } }
             pageInfo { startCursor endCursor hasNextPage } total { value exact } }
    country { id name } founded: dates { event date confidence }
    models(first: 5) { nodes { __typename id level developer { name } } }
    investors { nodes { __typename ... on Person { name roles { nodes { object { name } } } } } } } }
  figures(where: {metric: [VALUATION, USERS]}, pick: ALL, first: 8) {
    nodes { metric exact value unit modality asOf recordedAt subject { ...Told }
            choice { isCurrent reason passedOver { reason fact { id } } } disagrees { id } documentCount } }
  other: __typename
  nothing: entity(id: "nobody") { name }
}
fragment Told on Entity { id name type: type aliases @skip(if: false) provisional }"""


def test_a_wide_operation_is_answered_alike_however_its_records_are_damaged(both: Both):
    for damage in range(60):
        both.recorded.damage = damage
        both.alike(WIDE, {"id": "company/alpha"})


def test_root_fields_of_one_operation_are_one_query_each(both: Both):
    both.recorded.damage, both.recorded.asked = 0, 0
    both.runner.run(both._ours(WIDE, {"id": "company/alpha"}))
    assert both.recorded.asked == 3


@pytest.mark.parametrize(
    "text",
    [
        '{ entity(id: "x", name: "y") { id } documents { nodes { id } } }',
        "{ figures(first: 1000) { nodes { id } } }",
        '{ entity(id: "x", name: "y") { id } stats(first: -1) { count } }',
        'query($after: String = "x") { entities(after: $after) { nodes { id } } }',
        'query($n: Int) { figures(first: $n, at: {valid: "2025"}) { nodes { id } } }',
        "query($p: Pick) { figures(pick: $p) { nodes { id } } }",
    ],
)
def test_refusals_of_the_planner_are_told_alike(both: Both, text: str):
    both.recorded.damage = 0
    both.alike(text, {"p": None} if "$p" in text else {})


@pytest.mark.parametrize(
    "text",
    [
        "{ __schema { types { name } } }",
        "{ entity(id: 3.5) { id } }",
        "{ nothing }",
        "{",
        "query a { __typename } query b { __typename }",
        "subscription { __typename }",
        "mutation { __typename }",
        "query($id: ID!) { entity(id: $id) { id } }",
        "{ figures(first: 100) { nodes { disagrees { disagrees { disagrees { id } } } } } }",
    ],
)
def test_what_is_not_answered_here_is_left_to_strawberry(both: Both, text: str):
    assert both.runner.run(both._ours(text, {})) is None


def test_requests_at_the_same_time_get_their_own_answers(both: Both):
    both.recorded.damage = 0
    text = "query($name: String!) { entity(name: $name) { name figures { pageInfo { endCursor } } } }"
    names = ["Alpha", "Beta", "Gamma", "Delta", "App"] * 5
    executor = Executor(SCHEMA._schema)

    async def together() -> list[Any]:
        context = both._context()
        return await asyncio.gather(*(executor.answer(text, None, {"name": n}, context) for n in names))

    for name, answer in zip(names, both.runner.run(together()), strict=True):
        assert answer.data["entity"]["name"] == name
        assert answer == both.runner.run(executor.answer(text, None, {"name": name}, both._context()))
