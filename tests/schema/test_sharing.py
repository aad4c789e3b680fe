"""Look-ups that come together become few queries, and each gets what it would get alone."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from kb.embedded import Address
from kb.errors import UsageError
from kb.graph.connection import open_driver
from kb.graph.judging import Judge
from kb.graph.reader import AsyncReader
from kb.judgements import Opinion, Verdict
from schema import Context
from schema.execution.executor import Executor
from schema.execution.sharing import AT_ONCE, COST, FEW, MOST
from tests.schema import world
from tests.schema.conftest import CURSORS, PATIENCE, SCHEMA, TODAY, asking

PROFILE = """query($id: ID!, $first: Int = 2) { entity(id: $id) { __typename id name qid
  documents { nodes { title } total { value } }
  figures(first: $first, pick: ALL) { nodes { exact unit evidence { text } } pageInfo { endCursor } }
  ... on Company { products(first: $first) { nodes { name figures { nodes { value } } } } } } }"""
IDS = ["company/orbit", "company/zeta", "company/nobody", "person/ann-lee", "product/chatter", "model/lama"]
LOOK_UPS: Mapping[str, tuple[str, Sequence[str]]] = {
    "by id": (PROFILE, IDS),
    "by name": ("query($id: String!) { entity(name: $id) { id name } }", ["Orbit", "Lama", "Nobody", "zeta"]),
    "by name and type": ("query($id: String!) { entity(name: $id, type: MODEL) { id } }", ["Orbit", "Lama"]),
    "by Wikidata id": ("query($id: String!) { entity(qid: $id) { id qid } }", ["Q1", "Q2"]),
    "as a node": ("query($id: ID!) { node(id: $id) { __typename id } }", IDS),
    "then": (
        """query($id: ID!) { entity(id: $id, at: {valid: "2024-06-01"}) {
             ... on Company { figures { total { value } } } } }""",
        IDS,
    ),
}
"""Texts with the values of their variable."""


@dataclass
class Gate:
    """Passes queries on to a reader and notes them; the first ones wait until it opens."""

    reader: AsyncReader
    queries: list[str] = field(default_factory=list)
    refused: str = "nothing"
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    ended: list[str] = field(default_factory=list)

    async def fetch(self, query: str, parameters: Mapping[str, object]) -> list[Mapping[str, Any]]:
        self.queries.append(query)
        try:
            await self.opened.wait()
            if self.refused in repr(parameters):
                raise UsageError("The query took longer than 10 s.")
            return await self.reader.fetch(query, parameters)
        finally:
            self.ended.append(query)


@dataclass
class Application:
    """An application over the graph, which is asked much at once."""

    neo4j: Address

    def ask(
        self,
        text: str,
        asked: Sequence[Mapping[str, Any]],
        *,
        together: bool,
        refused: str = "nothing",
        opening: float = 0.05,
    ) -> tuple[list[Any], list[str]]:
        """The answers and errors in the order of what is asked, and the queries that they took.

        What is asked `together` waits for the first answers until the seconds of the `opening`.
        """

        async def answers() -> tuple[list[Any], list[str]]:
            gate = Gate(AsyncReader(self.neo4j, timeout=PATIENCE), refused=refused)
            executor = Executor(SCHEMA._schema)
            context = Context(gate, cursors=CURSORS, today=lambda: TODAY)
            asking = [executor.answer(text, None, variables, context) for variables in asked]
            if together:
                waiting = [asyncio.ensure_future(one) for one in asking]
                await asyncio.sleep(opening)
                gate.opened.set()
                given = await asyncio.gather(*waiting)
            else:
                gate.opened.set()
                given = [await one for one in asking]
            await gate.reader.close()
            told = [(one.data, [error.message for error in one.errors]) for one in given if one is not None]
            return told, gate.queries

        return asyncio.run(answers())


@pytest.fixture(scope="module")
def application(neo4j: Address) -> Iterator[Application]:
    """Over the world in which two companies turned out to be one."""
    with asking(neo4j, world.documents()):
        with open_driver(neo4j) as driver:
            opinion = Opinion("company/orbit", "company/zeta", Verdict.SAME, "a tester")
            Judge(driver, neo4j.database).judge(opinion)
            driver.execute_query(
                "MATCH (e:Entity) WHERE e.id IN ['company/orbit', 'model/lama'] "
                "SET e.qid = CASE e.id WHEN 'model/lama' THEN 'Q2' ELSE 'Q1' END",
                database_=neo4j.database,
            )
        yield Application(neo4j)


@pytest.mark.parametrize("look_up", LOOK_UPS)
def test_look_ups_that_come_together_give_what_each_gives_alone(application: Application, look_up: str):
    text, values = LOOK_UPS[look_up]
    asked = [{"id": value} for value in values] * 4
    alone, _ = application.ask(text, asked, together=False)
    together, queries = application.ask(text, asked, together=True)
    assert together == alone
    assert len(queries) < len(asked)
    assert {len(errors) for _, errors in alone} == {0}
    assert any(data["node" if look_up == "as a node" else "entity"] for data, _ in alone)


def test_look_ups_wait_for_two_of_their_kind_and_then_share_a_query(application: Application):
    number = AT_ONCE + MOST + 1
    _, queries = application.ask(PROFILE, [{"id": IDS[n % len(IDS)]} for n in range(number)], together=True)
    assert [query.startswith("UNWIND") for query in queries] == [False, False, True, False]


def test_look_ups_that_cost_much_are_few_in_a_query(application: Application):
    text = """query($id: ID!) { entity(id: $id) { ...Facts } }
      fragment Facts on Company {
        a: figures(first: 100) { nodes { id evidence { text } } }
        b: figures(first: 100, pick: ALL) { nodes { id evidence { text } } } }"""
    bound = Executor(SCHEMA._schema).bind(text, None, {"id": IDS[0]})
    assert bound is not None
    few = COST // bound.cost
    assert 1 < few < MOST
    asked = [{"id": IDS[0]}] * (AT_ONCE + 2 * few)
    _, queries = application.ask(text, asked, together=True)
    assert len(queries) == AT_ONCE + 2


def test_look_ups_that_cost_more_than_several_may_are_asked_alone(application: Application):
    text = """query($id: ID!) { entity(id: $id) { ...Facts } }
      fragment Facts on Company { figures(first: 100) { nodes { subject {
        documents(first: 100) { nodes { title url publisher } } } } } }"""
    bound = Executor(SCHEMA._schema).bind(text, None, {"id": IDS[0]})
    assert bound is not None
    assert bound.cost > COST
    _, queries = application.ask(text, [{"id": IDS[0]}] * 5, together=True)
    assert len(queries) == 5


def test_one_whose_turn_does_not_come_is_asked_alone(
    application: Application, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("schema.execution.sharing.LONGEST_WAIT", 0.1)
    text, _ = LOOK_UPS["as a node"]
    asked = [{"id": IDS[0]}] * (AT_ONCE + 2)
    _, queries = application.ask(text, asked, together=True, opening=1.0)
    assert len(queries) == len(asked)
    assert not any(query.startswith("UNWIND") for query in queries)


def test_look_ups_that_differ_in_other_values_too_do_not_share_a_query(application: Application):
    asked = [{"id": IDS[0], "first": first} for first in (1, 2, 3, 4) * AT_ONCE]
    together, queries = application.ask(PROFILE, asked, together=True)
    assert len(queries) == len(asked)
    assert together == application.ask(PROFILE, asked, together=False)[0]


def test_one_that_fails_does_not_make_those_fail_that_were_asked_with_it(application: Application):
    asked = [{"id": id_} for id_ in IDS * 2]
    alone, _ = application.ask(PROFILE, asked, together=False)
    together, _ = application.ask(PROFILE, asked, together=True, refused="company/zeta")
    for one, (data, errors), variables in zip(alone, together, asked, strict=True):
        if variables["id"] == "company/zeta":
            assert (data, errors) == ({"entity": None}, ["The query took longer than 10 s."])
        else:
            assert (data, errors) == one


def test_a_query_that_nobody_waits_for_any_more_is_ended(application: Application):
    async def left() -> list[str]:
        gate = Gate(AsyncReader(application.neo4j, timeout=PATIENCE))
        executor = Executor(SCHEMA._schema)
        context = Context(gate, cursors=CURSORS, today=lambda: TODAY)

        def asked() -> "asyncio.Task[Any]":
            return asyncio.ensure_future(executor.answer(PROFILE, None, {"id": IDS[0]}, context))

        first, *others = (asked() for _ in range(AT_ONCE + FEW))
        await asyncio.sleep(0.05)
        first.cancel()
        await asyncio.sleep(0.05)  # those that waited are asked together now
        assert len(gate.queries) == AT_ONCE + 1
        for one in others[AT_ONCE - 1 :]:
            one.cancel()
        await asyncio.sleep(0.05)
        ended = list(gate.ended)
        gate.opened.set()
        for one in others:
            with suppress(asyncio.CancelledError):
                await one
        await gate.reader.close()
        return ended

    assert [query.startswith("UNWIND") for query in asyncio.run(left())] == [False, True]
