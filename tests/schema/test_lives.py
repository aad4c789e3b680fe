"""What stands is what answers tell of; copies of one text are one voice; the past is still known."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from kb.embedded import Address
from kb.graph.connection import open_driver
from kb.graph.corrections import Corrections
from kb.graph.writer import Writer
from kb.partial_date import PartialDate
from kb.registry import Registry
from tests import facts as make
from tests.kb.graph.lives import FILLER
from tests.schema.conftest import Ask, asking

DAY = PartialDate.parse("2025-05")


def told(key: str, worth: int, rest: str) -> Any:
    text = f"Acme is worth ${worth} billion. {rest}"
    source = replace(make.document(text, key, title=f"{key} {worth}"), place=key)
    return source, make.extraction(
        source, make.valuation(source, f"worth ${worth} billion", worth * 10**9, as_of=DAY)
    )


OWN = " ".join(f"other{number}" for number in range(80))


@pytest.fixture(scope="module")
def moments() -> list[datetime]:
    return []


@pytest.fixture(scope="module")
def ask_lives(neo4j: Address, moments: list[datetime]) -> Iterator[Ask]:
    """Two papers print one text, a third its own; the fourth said 6, then 7, then 6 again; one is a hoax."""
    papers = [told("one", 5, FILLER), told("two", 5, f"{FILLER} More."), told("three", 5, OWN)]
    with asking(neo4j, [*papers, told("hoax", 9, "")]) as put, open_driver(neo4j) as driver:
        writer = Writer(driver, neo4j.database, Registry({}, {}))
        for worth in (6, 7, 6):
            writer.write(*told("four", worth, "And no more"), "tests")
            moments.append(datetime.now(UTC))
        corrections = Corrections(driver, neo4j.database, "ann")
        corrections.withdraw([corrections.find("hoax")[0].id], "a hoax")
        yield put


FIGURES = """query($known: DateTime) { entity(name: "Acme") { figures(pick: ALL, at: {known: $known}) {
  nodes { exact documentCount } } } }"""


def figures(ask: Ask, known: datetime | None = None) -> list[tuple[str, int]]:
    found = ask(FIGURES, known=None if known is None else known.isoformat())
    assert found.errors == []
    assert len(found.queries) == 1
    nodes = found.data["entity"]["figures"]["nodes"]
    return sorted((node["exact"][0], node["documentCount"]) for node in nodes)


def test_copies_of_one_text_count_as_one_document(ask_lives: Ask):
    assert figures(ask_lives) == [("5", 2), ("5", 2), ("5", 2), ("6", 1)]


@pytest.mark.parametrize(("moment", "worth"), [(0, "6"), (1, "7"), (2, "6")])
def test_what_was_known_at_a_moment_is_the_version_that_stood_then(
    ask_lives: Ask, moments: list[datetime], moment: int, worth: str
):
    shown = [exact for exact, _ in figures(ask_lives, moments[moment]) if exact in "67"]
    assert shown == [worth]


def test_every_fact_says_when_it_was_recorded(ask_lives: Ask):
    found = ask_lives("{ figures(pick: ALL) { nodes { recordedAt evidence { document { recordedAt } } } } }")
    assert found.errors == []
    assert all(node["recordedAt"] for node in found.data["figures"]["nodes"])


def test_documents_are_those_that_stand(ask_lives: Ask):
    found = ask_lives("{ documents { nodes { title } } }").data["documents"]["nodes"]
    assert sorted(one["title"] for one in found) == ["four 6", "one 5", "three 5", "two 5"]


def test_a_series_has_the_present_version_alone(ask_lives: Ask):
    found = ask_lives('{ timeSeries(metric: VALUATION, unit: "USD", subjects: ["company/acme"]) { value } }')
    values = {one["value"] for one in found.data["timeSeries"]}
    assert values.isdisjoint({7e9, 9e9})


def test_a_withdrawn_document_says_why(ask_lives: Ask):
    document = told("hoax", 9, "")[0].id
    found = ask_lives(
        "query($id: ID!) { node(id: $id) { ... on Document { withdrawnWhy withdrawnAt supersededBy } } }",
        id=document,
    )
    node = found.data["node"]
    assert (node["withdrawnWhy"], node["withdrawnAt"] is not None, node["supersededBy"]) == (
        "a hoax",
        True,
        None,
    )
