"""The example queries that GraphiQL opens with, and how many queries to the graph any operation takes."""

import asyncio
from collections.abc import Iterator

import pytest

from kb.embedded import Address
from kb.graph.connection import open_driver
from kb.graph.reader import AsyncReader
from kb.graph.writer import Writer
from kb.registry import Registry
from schema.context import Context
from schema.core import core_schema
from schema.examples import Example, examples
from schema.execution import warming
from schema.execution.executor import Executor
from schema.execution.warming import warm
from tests.schema import world
from tests.schema.conftest import PATIENCE, SCHEMA, Ask, asking


@pytest.fixture(scope="module")
def ask_of_known(neo4j: Address, seed_registry: Registry) -> Iterator[Ask]:
    """Asks a graph that has the entities of the registry, which the examples ask about."""
    with asking(neo4j, world.documents()) as put:
        with open_driver(neo4j) as driver:
            Writer(driver, neo4j.database, seed_registry).write_registry()
        yield put


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_an_example_is_one_query_and_has_no_error(ask_of_known: Ask, example: Example):
    found = ask_of_known(example.query)
    assert found.errors == []
    assert len(found.queries) == 1


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_an_example_begins_with_the_question_it_answers(example: Example):
    assert example.query.startswith("# ")
    assert example.query.splitlines()[0].endswith("?")


@pytest.mark.usefixtures("ask")
def test_a_graph_that_lacks_whom_the_examples_ask_about_is_warmed_without_a_warning(
    neo4j: Address, caplog: pytest.LogCaptureFixture
):
    async def warmed() -> None:
        reader = AsyncReader(neo4j, timeout=PATIENCE)
        await warm(Executor(core_schema(SCHEMA)), lambda: Context(reader))
        await reader.close()

    asyncio.run(warmed())
    assert [record.message for record in caplog.records if record.name == warming.__name__] == []


def test_each_root_field_is_one_query(ask: Ask):
    found = ask('{ a: entity(id: "x") { id } b: figures { nodes { id } } documents { total { value } } }')
    assert len(found.queries) == 3


def test_fragments_aliases_and_directives_are_resolved_before_the_query_is_made(ask: Ask):
    found = ask(
        """query($no: Boolean = false) {
             entity(name: "Orbit") { ...Names again: name ... on Product { models { nodes { name } } }
               figures(where: {metric: VALUATION}) @include(if: $no) { nodes { id } }
               few: figures(where: {metric: VALUATION}, first: 1) { nodes { ...Worth ...Worth } }
               many: figures(where: {metric: VALUATION}, pick: ALL) { nodes { ...Worth } } } }
           fragment Names on Entity { name kind: type
             ... on Company @skip(if: true) { products { nodes { name } } } }
           fragment Worth on Figure { exact }"""
    )
    assert found.errors == []
    assert found.data["entity"].pop("many")["nodes"]
    assert found.data["entity"] == {
        "name": "Orbit",
        "kind": "COMPANY",
        "again": "Orbit",
        "few": {"nodes": [{"exact": "300000000000"}]},
    }
    assert "OFFERS" not in found.queries[0]


def test_no_word_of_the_user_is_in_the_query_text(ask: Ask):
    word = "x'})-[:SECRET]-() //"
    found = ask(
        """query($w: String!, $id: ID!) {
             entity(name: $w) { name }
             entities(where: {name: {contains: $w, in: [$w]}, id: [$id], qid: [$w]}) { nodes { name } }
             figures(where: {unit: [$w], evidence: {publisher: {eq: $w}, id: [$id]}, benchmark: {eq: $w}}) {
               nodes { id } }
             search(text: $w) { nodes { name } }
             paths(from: $id, to: "y") { length }
             timeSeries(metric: VALUATION, unit: $w, subjects: [$id]) { value }
             compare(ids: [$id], metrics: [USERS]) { unit }
             stats(where: {unit: [$w]}, subject: {country: [$w]}) { count }
             relations(where: {role: {contains: $w}, roleCode: [$w]}) { nodes { id } } }""",
        w=word,
        id=word,
    )
    assert found.errors == [f"There is no entity with the id '{word}': `search` finds ids by names."]
    assert not [query for query in found.queries if "SECRET" in query]


def test_values_change_the_parameters_and_not_the_text(ask: Ask):
    query = """query($name: String!, $first: Int!) { entity(name: $name) {
               figures(first: $first, where: {metric: VALUATION}) { nodes { id } } } }"""
    one, other = ask(query, name="Orbit", first=1), ask(query, name="Meadow", first=7)
    assert one.queries == other.queries
    assert one.parameters != other.parameters


@pytest.mark.parametrize(
    "others",
    [
        pytest.param("documents { nodes { title id } } id type dates { event }", id="what most ask for"),
        pytest.param("dates { id date modality } documents { nodes { title } } id", id="in another order"),
    ],
)
def test_scalars_that_most_ask_for_do_not_change_the_text(ask: Ask, others: str):
    one = ask('{ entity(name: "Orbit") { name dates { date } documents { nodes { url } } } }')
    other = ask(f'{{ entity(name: "Orbit") {{ {others} }} }}')
    assert one.queries == other.queries


def test_further_scalars_give_one_other_text(ask: Ask):
    texts = {
        ask(f'{{ entity(name: "Orbit") {{ name dates {{ {scalars} }} }} }}').queries[0]
        for scalars in ("confidence", "date speaker validTo", "recordedAt event extractor confidence")
    }
    assert len(texts) == 1
