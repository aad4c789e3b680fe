"""Whatever is done in whatever order, after each step the graph holds what a plain ledger says.

`KB_TEST_STEPS` is the number of steps, for a long run. From a thousand on, the server is a new one of the
test's own, which is stopped or killed and started again, once a history at most.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, run_state_machine_as_test

from kb.embedded import Address
from kb.errors import UsageError
from kb.graph.checks import run_checks
from kb.graph.corrections import Corrections, Left
from kb.graph.edges import rebuild_edges
from kb.graph.export import export_statements
from kb.graph.judging import Judge
from kb.graph.writer import Writer
from kb.judgements import Opinion, Verdict
from kb.registry import Registry
from tests import doors
from tests import facts as make
from tests.choosing import (
    FILE,
    KINDS,
    RECORDS,
    TAKEN,
    absent,
    always,
    complete,
    judged,
    known,
    loaded,
    one_of,
    past,
    records,
    rejected,
    some_of,
    standing,
    stated,
    step,
    verdicts,
    versions,
    withdrawn,
)
from tests.expected import Claim, Ledger, Seen, Version, first_of_each
from tests.merging import BY, entry, everything, with_entries
from tests.reopening import Site, served, stop

STEPS = int(os.environ.get("KB_TEST_STEPS", "45"))
RESTARTS = STEPS >= 1000
IN_ONE = 50 if RESTARTS else 25
"""The most steps of one history."""
HISTORIES = -(-STEPS // (IN_ONE * 3 // 5))
"""Enough for all steps: a history ends early where it has drawn as much as hypothesis allows to one."""
AT_FIRST = with_entries(entry("Mid", "Middle"))
LATER = with_entries(entry("Mid", "Middle"), entry("Zeta"))
"""The registry takes up a company that documents may have named before."""

ASK = """
query($id: ID!) {
  entity(id: $id) { id }
  figures(subject: {id: [$id]}, pick: ALL, first: 100) {
    nodes { exact asOf documentCount }
  }
}
"""


class Life(RuleBasedStateMachine):
    """What is done to a graph, and the ledger that says what follows."""

    def __init__(self, site: Site, home: Path | None) -> None:
        super().__init__()
        self.site, self.home = site, home
        self.restarted, self.looked, self.held = False, False, True
        self.ledger = Ledger()
        self.start_afresh(AT_FIRST)

    def start_afresh(self, registry: Registry) -> None:
        graph = self.site.graph
        graph.driver.execute_query(doors.WIPE, database_=graph.database)
        self.take_up(registry)

    def take_up(self, registry: Registry) -> None:
        self.registry, self.ledger.registry = registry, set(registry.entries)
        self.writer.write_registry()

    @property
    def writer(self) -> Writer:
        return Writer(self.site.graph.driver, self.site.graph.database, self.registry)

    @property
    def corrections(self) -> Corrections:
        return Corrections(self.site.graph.driver, self.site.graph.database, BY)

    @property
    def judge(self) -> Judge:
        return Judge(self.site.graph.driver, self.site.graph.database)

    def document(self, key: str) -> str:
        (found,) = self.corrections.find(key)
        return found.id

    def load(self, key: str, version: Version) -> None:
        """Load as an ingest run does, which asks before what is there."""
        source, found = version.paper(key)
        there = self.writer.standing([source], make.EXTRACTOR).get(source.id)
        assert there is self.ledger.tells_of(key, version)
        if there is None:
            self.writer.write(source, found, "run")
            self.ledger.keep(key, version)

    @step(absent, keys=some_of(absent, 3), texts=st.lists(versions, min_size=3, max_size=3))
    def ingest(self, keys: set[str], texts: list[Version]) -> None:
        found = dict(zip(sorted(keys), texts, strict=False))
        self.writer.write_together([version.paper(key) for key, version in found.items()], "run")
        for key, version in found.items():
            self.ledger.keep(key, version)

    @step(loaded, key=one_of(loaded), lost=st.sets(st.integers(0, 4)), more=versions)
    def edit(self, key: str, lost: set[int], more: Version) -> None:
        before = sorted(self.ledger.versions[key].claims, key=repr)
        kept = {claim for place, claim in enumerate(before) if place not in lost}
        self.load(key, Version(more.claims | kept, more.wired))

    @step(loaded, key=one_of(loaded))
    def tell_nothing_any_more(self, key: str) -> None:
        self.load(key, Version(frozenset()))

    @step(past, which=one_of(past))
    def go_back(self, which: tuple[str, Version]) -> None:
        self.load(*which)

    @step(standing, looks=True, key=one_of(standing))
    def load_again(self, key: str) -> None:
        before = everything(self.site.graph)
        self.load(key, self.ledger.versions[key])
        self.writer.write(*self.ledger.versions[key].paper(key), "run")
        assert everything(self.site.graph) == before

    @step(withdrawn, looks=True, key=one_of(withdrawn), version=versions)
    def load_what_was_withdrawn(self, key: str, version: Version) -> None:
        self.load(key, version)

    @step(standing, key=one_of(standing))
    def withdraw(self, key: str) -> None:
        done = self.corrections.withdraw([self.document(key)], "made up")
        assert done.facts == len(self.ledger.versions[key].claims)
        self.ledger.withdrawn.add(key)

    @step(withdrawn, key=one_of(withdrawn))
    def restore(self, key: str) -> None:
        done = self.corrections.restore([self.document(key)])
        assert done.facts == len(self.ledger.versions[key].claims)
        self.ledger.withdrawn.remove(key)

    @step(stated, which=one_of(stated))
    def reject(self, which: tuple[str, Claim]) -> None:
        key, claim = which
        name = self.ledger.versions[key].name_of(claim, key)
        done = self.corrections.reject([name], "a slip")
        assert done.elsewhere == self.ledger.elsewhere(claim, key)
        self.ledger.rejected[claim.said, key] = name

    @step(rejected, which=one_of(rejected))
    def accept(self, which: tuple[Claim, str]) -> None:
        self.corrections.accept([self.ledger.rejected.pop(which)])

    @step(records, kept=st.sets(st.sampled_from(RECORDS)))
    def lose_records(self, kept: set[str]) -> None:
        gone = {key for key in self.ledger.standing if key in RECORDS and key not in kept}
        facts = sum(len(self.ledger.versions[key].claims) for key in gone)
        assert self.corrections.leave(FILE, kept) == Left(len(gone), facts)
        self.ledger.gone |= gone

    @step(known, one=one_of(known), other=one_of(known), verdict=verdicts)
    def say(self, one: str, other: str, verdict: Verdict) -> None:
        opinion = Opinion(one, other, verdict, BY)
        if self.ledger.refuses(opinion):
            with pytest.raises(UsageError):
                self.judge.judge(opinion)
            return
        done = self.judge.judge(opinion)
        assert done.new is not self.ledger.repeats(opinion)
        self.ledger.judged[done.judgement.id] = opinion

    @step(judged, which=one_of(judged))
    def take_back(self, which: str) -> None:
        self.judge.undo(which, BY)
        del self.ledger.judged[which]

    @step(known, looks=True, id_=one_of(known))
    def ask_by_any_id(self, id_: str) -> None:
        told = self.site.ask(ASK, id=id_)
        figures = [(int(f["exact"]), f["asOf"], f["documentCount"]) for f in told["figures"]["nodes"]]
        assert told["entity"]["id"] == self.ledger.stands_for(id_)
        assert sorted(figures) == self.ledger.figures_of(id_)

    @precondition(lambda self: self.registry is AT_FIRST)
    @step(always)
    def grow_the_registry(self) -> None:
        self.take_up(LATER)

    @step(judged, looks=True)
    def reopen(self) -> None:
        self.site.reopen()

    @precondition(lambda self: self.home is not None and not self.restarted)
    @step(complete, killed=st.booleans())
    def restart(self, killed: bool) -> None:
        assert self.home is not None
        stop(self.home, killed=killed)
        self.site.close()
        self.site.open()
        self.restarted = True

    @invariant()
    def the_graph_is_as_the_ledger_says(self) -> None:
        lines = self.site.lines()
        assert sorted(map(Seen.of, lines), key=repr) == self.ledger.seen
        assert {line["id"] for line in lines if line["rank"] == "BEST"} == first_of_each(lines)
        assert self.site.edges() == self.ledger.edges
        assert self.site.copies() == self.ledger.copies
        assert self.site.redirects() == self.ledger.redirects
        assert self.site.entities() == sorted(set(self.ledger.entities) - self.ledger.redirects.keys())
        assert self.site.names() == self.ledger.leads
        self.held = True

    def teardown(self) -> None:
        if self.held:  # a step that failed is told of alone
            self.undo_all()
            self.the_graph_is_as_the_ledger_says()
            self.nothing_is_left_of_what_was_undone()

    def undo_all(self) -> None:
        """Undo all corrections and judgements; what was loaded stays."""
        for key in sorted(self.ledger.withdrawn):
            self.corrections.restore([self.document(key)])
        self.ledger.withdrawn.clear()
        self.corrections.accept(list(self.ledger.rejected.values()))
        self.ledger.rejected.clear()
        for judgement in self.ledger.judged:
            self.judge.undo(judgement, BY)
        self.ledger.judged.clear()

    def nothing_is_left_of_what_was_undone(self) -> None:
        graph = self.site.graph
        assert [found for found in run_checks(graph.driver, graph.database) if found.count] == []
        before = everything(graph)
        rebuild_edges(graph.driver, graph.database)
        assert everything(graph) == before
        lines = list(export_statements(graph.driver, graph.database, canonical=True))
        self.start_afresh(self.registry)
        for key in reversed(self.ledger.standing):
            self.writer.write(*self.ledger.versions[key].paper(key), "run")
        assert list(export_statements(graph.driver, graph.database, canonical=True)) == lines


@pytest.fixture
def home(tmp_path: Path) -> Path | None:
    """The home of a server that can be stopped and killed."""
    if not RESTARTS:
        return None
    doors.keep_plans(tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def site(request: pytest.FixtureRequest, home: Path | None) -> Iterator[Site]:
    def joined() -> AbstractContextManager[Address]:
        return nullcontext(request.getfixturevalue("neo4j")) if home is None else served(home)

    reached = Site(joined)
    reached.open()
    yield reached
    reached.close()


def test_after_each_step_of_any_history_the_graph_is_as_a_plain_ledger_says(site: Site, home: Path | None):
    TAKEN.clear()
    run_state_machine_as_test(
        cast("type[Life]", partial(Life, site, home)),
        settings=settings(max_examples=HISTORIES, stateful_step_count=IN_ONE),
    )
    print(f"{TAKEN.total()} steps: {dict(TAKEN)}")
    assert TAKEN.total() >= STEPS
    assert not RESTARTS or TAKEN.keys() == KINDS
