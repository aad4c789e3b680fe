"""Entities by their ids in Wikidata, which the registry tells."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from kb.embedded import Address
from kb.graph.connection import open_driver
from kb.graph.judging import Judge
from kb.graph.writer import Writer
from kb.judgements import Opinion, Verdict
from tests.merging import entry, with_entries
from tests.schema import world
from tests.schema.conftest import Ask, asking

BY_QID = "query($qid: String!) { entity(qid: $qid) { id qid } }"


@pytest.fixture(scope="module")
def ask_known(neo4j: Address) -> Iterator[Ask]:
    """Asks the world when the registry has taken up three of its companies, of which two are one."""
    known = {"Orbit": "Q101", "Zeta": "Q102", "Meadow": "Q103"}
    registry = with_entries(*(replace(entry(name), qid=qid) for name, qid in known.items()))
    with asking(neo4j, world.documents()) as put:
        with open_driver(neo4j) as driver:
            Writer(driver, neo4j.database, registry).write_registry()
            Judge(driver, neo4j.database).judge(
                Opinion("company/orbit", "company/zeta", Verdict.SAME, "a tester")
            )
        yield put


def test_an_entity_is_found_by_its_qid(ask_known: Ask):
    found = ask_known(BY_QID, qid="Q103")
    assert (found.data["entity"], len(found.queries)) == ({"id": "company/meadow", "qid": "Q103"}, 1)


def test_a_qid_of_a_merged_entity_leads_to_the_one_that_stands_for_it(ask_known: Ask):
    assert ask_known(BY_QID, qid="Q102").data["entity"] == {"id": "company/orbit", "qid": "Q101"}


def test_a_qid_that_nobody_has_is_nothing_and_no_error(ask_known: Ask):
    found = ask_known(BY_QID, qid="Q999")
    assert (found.data, found.errors) == ({"entity": None}, [])


def test_lists_are_filtered_by_qids(ask_known: Ask):
    found = ask_known('{ entities(where: {qid: ["Q101", "Q103"]}) { nodes { id } } }')
    assert [node["id"] for node in found.data["entities"]["nodes"]] == ["company/meadow", "company/orbit"]
