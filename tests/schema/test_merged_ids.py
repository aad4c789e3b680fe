"""The id of an entity that was merged goes on to answer, as the one that stands for it, in one query."""

import re
from collections.abc import Iterator

import pytest

from kb.embedded import Address
from kb.graph.connection import open_driver
from kb.graph.judging import Judge
from kb.judgements import Opinion, Verdict
from tests.schema import world
from tests.schema.conftest import Ask, asking

MERGED = {"company/orbit": "company/zeta", "person/ann-lee": "person/bob-ray"}

OF_A_COMPANY = {
    "entity": """query($id: ID!) { entity(id: $id) {
      id name aliases ... on Company { people { nodes { id } } } } }""",
    "node": "query($id: ID!) { node(id: $id) { __typename id } }",
    "entities": """query($id: ID!) { entities(where: {or: [{id: [$id]}, {name: {eq: "Tiny"}}]}) {
      nodes { id } total { value } } }""",
    "entities by value": """query($id: ID!) {
      entities(where: {id: [$id]}, orderBy: {by: VALUE, metric: VALUATION, unit: "USD"}) {
        nodes { id } } }""",
    "related": "query($id: ID!) { entities(where: {related: {entity: {id: [$id]}}}) { nodes { id } } }",
    "figures": """query($id: ID!) { figures(subject: {id: [$id]}, where: {metric: VALUATION}) {
      nodes { exact subject { id } } total { value } } }""",
    "figures by value": """query($id: ID!) {
      figures(subject: {id: [$id]}, orderBy: {by: VALUE}) { nodes { exact } } }""",
    "relations": """query($id: ID!) { relations(object: {id: [$id]}) { nodes { subject { id } role } } }""",
    "paths": """query($id: ID!) { paths(from: $id, to: "product/chatter") {
      nodes { id } relations { type } } }""",
    "timeSeries": """query($id: ID!) { timeSeries(metric: VALUATION, unit: "USD", subjects: [$id]) {
      subjectId seriesName: series value } }""",
    "compare": """query($id: ID!) { compare(ids: ["company/meadow", $id], metrics: [VALUATION]) {
      metric cells { entity { id } figure { exact } } } }""",
    "stats": """query($id: ID!) { stats(subject: {id: [$id]}, by: [SUBJECT]) {
      count keys { value } } }""",
    "licenceThresholds": """query($id: ID!) { licenceThresholds(company: $id) {
      verdict company { id } service { id } } }""",
}
OF_A_PERSON = {
    "speaker": """query($id: ID!) { figures(where: {speaker: $id}, pick: ALL) {
      nodes { exact speaker } } }""",
    "speaker of an entity's figures": """query($id: ID!) { entity(id: "company/orbit") {
      figures(where: {speaker: $id}, pick: ALL) { nodes { exact } } } }""",
}


@pytest.fixture(scope="module")
def ask_merged(neo4j: Address) -> Iterator[Ask]:
    """Asks the world in which two companies and two people turned out to be one."""
    with asking(neo4j, world.documents()) as put:
        with open_driver(neo4j) as driver:
            judge = Judge(driver, neo4j.database)
            for one, other in MERGED.items():
                judge.judge(Opinion(one, other, Verdict.SAME, "a tester"))
        yield put


@pytest.mark.parametrize(
    ("query", "id_"),
    [
        *(pytest.param(q, "company/orbit", id=name) for name, q in OF_A_COMPANY.items()),
        *(pytest.param(q, "person/ann-lee", id=name) for name, q in OF_A_PERSON.items()),
    ],
)
def test_an_old_id_is_answered_as_the_one_that_stands_for_it(ask_merged: Ask, query: str, id_: str):
    stands, old = ask_merged(query, id=id_), ask_merged(query, id=MERGED[id_])
    assert (old.data, old.errors, len(old.queries)) == (stands.data, [], 1)
    assert re.search(r"[1-9a-z]", re.sub(r"'\w+':|None|total", "", str(stands.data)))


def test_the_facts_of_both_are_under_the_one_id(ask_merged: Ask):
    found = ask_merged(
        """{ entity(id: "company/zeta") { id aliases ... on Company {
             relations(type: OFFERS) { nodes { object { name } } } } } }"""
    )
    offers = [node["object"]["name"] for node in found.data["entity"]["relations"]["nodes"]]
    assert (found.data["entity"]["id"], found.data["entity"]["aliases"]) == ("company/orbit", ["Zeta"])
    assert sorted(offers) == ["Chatter", "Pinger"]


def test_a_merged_entity_is_in_no_list_and_is_found_by_its_name(ask_merged: Ask):
    found = ask_merged('{ entities(where: {type: COMPANY}) { nodes { id } } entity(name: "Zeta") { id } }')
    assert [node["id"] for node in found.data["entities"]["nodes"]] == ["company/meadow", "company/orbit"]
    assert found.data["entity"] == {"id": "company/orbit"}


def test_search_finds_a_merged_entity_by_its_name(ask_merged: Ask):
    found = ask_merged('{ search(text: "Zeta", types: [COMPANY]) { nodes { id } } }')
    assert [node["id"] for node in found.data["search"]["nodes"]] == ["company/orbit"]


def test_an_entity_asked_for_by_an_id_that_nobody_has_is_nothing(ask_merged: Ask):
    assert ask_merged('{ entity(id: "company/nobody") { id } }').data == {"entity": None}
