"""What a load would change is told beforehand as it is then written."""

from dataclasses import replace

import pytest

from kb.documents import Difference
from kb.graph.connection import Graph
from kb.graph.lookup import Lookup
from tests import facts as make
from tests.kb.graph.lives import Desk, Version, paper

FIVE = (5, True, False)


@pytest.fixture
def desk(graph: Graph) -> Desk:
    desk = Desk(graph)
    desk.load("a.txt", FIVE)
    return desk


def difference(desk: Desk, key: str, version: Version) -> Difference:
    return Lookup(desk.graph.driver, desk.graph.database).difference(*paper(key, version))


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        (FIVE, Difference(0, 0)),
        ((6, True, False), Difference(1, 1)),
        ((5, False, False), Difference(0, 1)),
        ((6, False, False), Difference(1, 2)),
    ],
)
def test_of_a_changed_document_what_it_says_now_and_no_more(
    desk: Desk, version: Version, expected: Difference
):
    assert difference(desk, "a.txt", version) == expected


def test_of_a_new_document_all_it_says(desk: Desk):
    assert difference(desk, "b.txt", FIVE) == Difference(2, 0)


def test_a_version_that_another_place_still_holds_keeps_its_facts(desk: Desk):
    source, _ = paper("a.txt", FIVE)
    desk.writer.standing([replace(source, place="elsewhere")], make.EXTRACTOR)
    assert difference(desk, "a.txt", (6, False, False)) == Difference(1, 0)


def test_what_a_later_version_of_an_extractor_finds_no_more_goes(desk: Desk):
    source, _ = paper("a.txt", FIVE)
    worth = make.valuation(source, "valued at $5 billion", 5 * 10**9, extractor="test/2")
    found = make.extraction(source, worth, extractor="test/2")
    assert Lookup(desk.graph.driver, desk.graph.database).difference(source, found) == Difference(0, 1)


def test_what_was_withdrawn_is_not_retracted_again(desk: Desk):
    desk.corrections.withdraw([desk.document("a.txt")], None)
    assert difference(desk, "a.txt", (6, True, False)).gone == 0
