"""A changed document takes the place of its older version; corrections hide and show again."""

import os
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.documents import Standing
from kb.errors import InputError, UsageError
from kb.graph.checks import run_checks
from kb.graph.connection import Graph
from tests import facts as make
from tests.kb.graph.lives import SEATED, Desk, Version, paper

FIVE, SIX = (5, True, False), (6, False, False)
HISTORIES = int(os.environ.get("KB_TEST_HISTORIES", "6"))


@pytest.fixture
def desk(graph: Graph) -> Desk:
    return Desk(graph)


def standing(desk: Desk) -> list[Any]:
    return desk.ask(
        "MATCH (s:Statement) WHERE s.retracted_at IS NULL "
        "RETURN coalesce(toString(s.value / 1000000000), s.role) AS told ORDER BY told"
    )


def test_a_changed_document_retracts_what_its_older_version_said(desk: Desk):
    desk.load("a.txt", FIVE)
    desk.load("a.txt", SIX)
    assert standing(desk) == [{"told": "6"}]
    assert desk.ask("MATCH ()-[e:WORKS_FOR]->() RETURN e.id") == []


def test_what_was_retracted_says_by_which_version_and_keeps_its_document(desk: Desk):
    desk.load("a.txt", FIVE)
    desk.load("a.txt", SIX)
    newer = paper("a.txt", SIX)[0].id
    rows = desk.ask(
        "MATCH (s:Figure {value: 5000000000})-[:EVIDENCED_BY]->(d)-[:VERSION_OF]->(:Source {key: 'a.txt'}) "
        "RETURN s.retracted_why AS why, s.retracted_at > s.recorded_at AS later, d.superseded_by AS by"
    )
    assert rows == [{"why": f"superseded by version {newer}", "later": True, "by": newer}]


def test_the_same_document_again_is_nothing_to_write(desk: Desk):
    desk.load("a.txt", FIVE)
    assert desk.load("a.txt", FIVE) is Standing.READ


def test_an_older_version_that_is_loaded_again_stands_again(desk: Desk):
    desk.load("a.txt", FIVE)
    before = desk.shown()
    desk.load("a.txt", SIX)
    assert desk.load("a.txt", FIVE) is None
    assert desk.shown() == before


def test_the_gap_in_which_a_fact_did_not_stand_is_kept(desk: Desk):
    for version in (FIVE, SIX, FIVE):
        desk.load("a.txt", version)
    rows = desk.ask(
        "MATCH (s:Figure) RETURN s.value / 1000000000 AS value, size(coalesce(s.gaps, [])) AS moments, "
        "s.retracted_at IS NULL AS stands ORDER BY value"
    )
    assert rows == [
        {"value": 5, "moments": 2, "stands": True},
        {"value": 6, "moments": 0, "stands": False},
    ]


def test_files_of_one_name_at_two_places_stand_side_by_side(desk: Desk):
    for folder, version in (("x", FIVE), ("y", SIX)):
        source, found = paper("a.txt", version)
        placed = replace(source, place=f"file:///{folder}/a.txt")
        desk.writer.write(placed, found, "run")
    assert len(standing(desk)) == 3


def test_a_version_stands_while_another_place_still_holds_it(desk: Desk):
    for folder, version in (("x", FIVE), ("y", FIVE), ("x", SIX)):
        source, found = paper("a.txt", version)
        placed = replace(source, place=f"file:///{folder}/a.txt")
        if not desk.writer.standing([placed], make.EXTRACTOR):
            desk.writer.write(placed, found, "run")
    assert [row["told"] for row in standing(desk)] == ["5", "6", "CEO"]


def test_a_later_version_of_an_extractor_retracts_what_it_finds_no_more(desk: Desk):
    source, found = paper("a.txt", FIVE)
    desk.writer.write(source, found, "run")
    worth = make.valuation(source, "valued at $5 billion", 5 * 10**9, extractor="test/2")
    desk.writer.write(source, make.extraction(source, worth, extractor="test/2"), "run")
    rows = desk.ask(
        "MATCH (s:Statement) RETURN s.kind AS kind, s.retracted_why AS why, s.extractor AS by ORDER BY kind"
    )
    assert rows == [
        {"kind": "figure", "why": None, "by": "test/2"},
        {"kind": "relation", "why": "no longer found by its extractor", "by": "test/1"},
    ]


def test_an_extractor_of_another_kind_retracts_nothing(desk: Desk):
    source, found = paper("a.txt", FIVE)
    desk.writer.write(source, found, "run")
    desk.writer.write(source, make.extraction(source, extractor="llm/1"), "run")
    assert len(standing(desk)) == 2


def test_a_withdrawn_document_leaves_no_fact_no_edge_and_no_rank(desk: Desk):
    desk.load("a.txt", FIVE)
    desk.corrections.withdraw([desk.document("a.txt")], "made up")
    shown = desk.shown()
    assert (shown["lines"], shown["edges"], shown["best"]) == ([], [], [])
    rows = desk.ask("MATCH (s:Statement) RETURN DISTINCT s.retracted_why AS why")
    assert rows == [{"why": "withdrawn by ann: made up"}]


def test_a_withdrawn_document_stays_away_when_it_is_loaded_again_or_changes(desk: Desk):
    desk.load("a.txt", FIVE)
    desk.corrections.withdraw([desk.document("a.txt")], None)
    assert desk.load("a.txt", FIVE) is Standing.WITHDRAWN
    assert desk.load("a.txt", SIX) is Standing.WITHDRAWN


def test_a_withdrawal_can_be_undone(desk: Desk):
    desk.load("a.txt", FIVE)
    before = desk.shown()
    document = desk.document("a.txt")
    desk.corrections.withdraw([document], "made up")
    assert desk.corrections.restore([document]).facts == 2
    assert desk.shown() == before


def test_a_document_is_named_by_its_id_its_key_or_a_place_and_an_older_version_is_refused(desk: Desk):
    desk.load("a.txt", FIVE)
    old = desk.document("a.txt")
    assert [one.id for one in desk.corrections.find(old)] == [old]
    desk.load("a.txt", SIX)
    with pytest.raises(UsageError, match="took the place"):
        desk.corrections.find(old)
    with pytest.raises(UsageError, match="There is no document"):
        desk.corrections.find("b.txt")


def test_a_rejected_fact_is_hidden_and_the_rest_of_its_document_stands(desk: Desk):
    desk.load("a.txt", FIVE)
    desk.corrections.reject(desk.facts("a.txt", FIVE)[:1], "a slip")
    assert standing(desk) == [{"told": "CEO"}]
    assert desk.ask("MATCH (r:Rejection) RETURN r.by AS by, r.why AS why, r.at IS NOT NULL AS at") == [
        {"by": "ann", "why": "a slip", "at": True}
    ]


def test_a_rejection_holds_for_the_next_version_and_can_be_undone(desk: Desk):
    desk.load("a.txt", FIVE)
    desk.corrections.reject(desk.facts("a.txt", FIVE)[:1], "a slip")
    desk.load("a.txt", (5, False, True))
    assert standing(desk) == []
    desk.corrections.accept(desk.facts("a.txt", FIVE)[:1])
    assert standing(desk) == [{"told": "5"}]


def test_other_sources_of_a_rejected_claim_stand_and_are_counted(desk: Desk):
    desk.load("a.txt", FIVE)
    desk.load("b.txt", FIVE)
    assert desk.corrections.reject(desk.facts("a.txt", FIVE)[:1], "a slip").elsewhere == 1
    assert len(standing(desk)) == 3


def test_a_fact_that_is_not_there_is_refused_and_nothing_is_rejected(desk: Desk):
    desk.load("a.txt", FIVE)
    with pytest.raises(InputError, match="no fact f00"):
        desk.corrections.reject([*desk.facts("a.txt", FIVE), "f00"], "a slip")
    assert len(standing(desk)) == 2


KEYS = st.sampled_from(["a.txt", "b.txt", "c.txt"])
VERSIONS = st.tuples(st.sampled_from([5, 6, SEATED]), st.booleans(), st.booleans())
STEPS = st.one_of(
    st.tuples(st.just("load"), KEYS, VERSIONS),
    st.tuples(st.just("load"), KEYS, VERSIONS),
    st.tuples(st.just("withdraw"), KEYS),
    st.tuples(st.just("restore"), KEYS),
    st.tuples(st.just("reject"), KEYS),
    st.tuples(st.just("accept"), KEYS),
)


class History:
    """What steps leave, in a model and in a graph; facts of the first kind are rejected, as they stand."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.current: dict[str, Version] = {}
        self.withdrawn: set[str] = set()
        self.rejected: set[tuple[str, int]] = set()

    def step(self, what: str, key: str, version: Version | None = None) -> None:
        if version is not None:
            self.desk.load(key, version)
            if key not in self.withdrawn:
                self.current[key] = version
        elif key in self.current:
            self._correct(what, key, self.current[key])

    def _correct(self, what: str, key: str, version: Version) -> None:
        corrections, fact = self.desk.corrections, self.desk.facts(key, version)[:1]
        match what:
            case "withdraw":
                corrections.withdraw([self.desk.document(key)], None)
                self.withdrawn.add(key)
            case "restore":
                corrections.restore([self.desk.document(key)])
                self.withdrawn.discard(key)
            case "reject":
                corrections.reject(fact, "wrong")
                self.rejected.add((key, version[0]))
            case _:
                corrections.accept(fact)
                self.rejected.discard((key, version[0]))

    def loaded_afresh(self) -> dict[str, Any]:
        """What a graph shows that was given only what remains, in another order."""
        self.desk.wipe()
        for key in sorted(self.current, reverse=True):
            if key not in self.withdrawn:
                self.desk.load(key, self.current[key])
                if (key, self.current[key][0]) in self.rejected:
                    self.desk.corrections.reject(self.desk.facts(key, self.current[key])[:1], "wrong")
        return self.desk.shown()


@settings(max_examples=HISTORIES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=2, max_size=12))
def test_any_history_equals_loading_what_remains(desk: Desk, steps: list[Any]):
    desk.wipe()
    history = History(desk)
    for step in steps:
        history.step(*step)
    shown = desk.shown()
    broken = [f for f in run_checks(desk.graph.driver, desk.graph.database) if f.count]
    assert broken == []
    assert shown == history.loaded_afresh()
