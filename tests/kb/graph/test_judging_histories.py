"""Whatever was merged, undone and loaded in between: the graph is that of the judgements that remain.

`KB_TEST_HISTORIES` is the number of histories, for a long run.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.errors import UsageError
from kb.graph.connection import Graph
from kb.graph.edges import rebuild_edges
from kb.graph.export import export_statements
from kb.graph.judging import Judge
from kb.graph.writer import Writer
from kb.judgements import Judgement, Opinion, Verdict
from kb.registry import Registry
from tests import doors
from tests.merging import BY, Told, boss, entry, everything, load, price, rivals, seat, with_entries, worth

HISTORIES = int(os.environ.get("KB_TEST_HISTORIES", "3"))
NAMES = ("Acme", "Acme Labs", "Beta", "Mid", "Zeta")
IDS = tuple(f"company/{name.lower().replace(' ', '-')}" for name in NAMES)
AT_FIRST = with_entries(entry("Mid"))
LATER = with_entries(entry("Mid", "Mid Corp"), entry("Zeta", "Zeta AI"))
"""The registry takes up a company that documents had named before."""


@dataclass(frozen=True)
class Load:
    """A document is loaded."""

    told: tuple[Told, ...]


@dataclass(frozen=True)
class Say:
    """Somebody judges."""

    opinion: Opinion


@dataclass(frozen=True)
class TakeBack:
    """The judgement of this number is undone, counted among those that stand."""

    place: int


@dataclass(frozen=True)
class Grow:
    """The registry grows."""


@dataclass(frozen=True)
class Rebuild:
    """All derived edges are made again."""


Step = Load | Say | TakeBack | Grow | Rebuild

names = st.sampled_from(NAMES)
pairs = st.lists(names, min_size=2, max_size=2, unique=True)
sentences = st.one_of(
    st.builds(worth, names, st.integers(1, 3), st.sampled_from(("2024", "2025")), st.none() | names),
    pairs.map(lambda pair: rivals(*pair)),
    st.builds(boss, st.just("Ann Lee"), names),
    st.builds(seat, names, st.sampled_from(("FR", "DE", "Atlantis"))),
    st.builds(price, st.just("M-1"), st.integers(1, 2), names),
)
loads = st.lists(sentences, min_size=1, max_size=4, unique_by=lambda told: told.text).map(
    lambda told: Load(tuple(told))
)
opinions = st.builds(
    lambda pair, verdict: Say(Opinion(*pair, verdict, BY)),
    st.lists(st.sampled_from(IDS), min_size=2, max_size=2, unique=True),
    st.sampled_from((Verdict.SAME, Verdict.SAME, Verdict.SAME, Verdict.DIFFERENT, Verdict.UNSURE)),
)
everybody = Load(tuple(worth(name, 1) for name in NAMES))
"""All companies are there from the start, so that they can be judged."""
histories = st.lists(
    st.one_of(
        loads,
        opinions,
        opinions,
        opinions,
        st.builds(TakeBack, st.integers(0, 3)),
        st.builds(TakeBack, st.integers(0, 3)),
        st.just(Grow()),
        st.just(Rebuild()),
    ),
    min_size=4,
    max_size=14,
).map(lambda steps: [everybody, *steps])


class History:
    """What happens to a graph, step by step."""

    def __init__(self, graph: Graph) -> None:
        graph.driver.execute_query(doors.WIPE, database_=graph.database)
        self.graph = graph
        self.judge = Judge(graph.driver, graph.database)
        self.registry = AT_FIRST
        self.loaded: list[tuple[Told, ...]] = []

    @property
    def writer(self) -> Writer:
        return Writer(self.graph.driver, self.graph.database, self.registry)

    def take(self, step: Step) -> None:
        match step:
            case Load():
                load(self.writer, f"{len(self.loaded)}.txt", *step.told)
                self.loaded.append(step.told)
            case Say():
                self.say(step.opinion)
            case TakeBack():
                standing = self.judge.judgements()
                if standing:
                    self.judge.undo(standing[step.place % len(standing)].id, BY)
            case Grow():
                self.grow(LATER)
            case Rebuild():
                rebuild_edges(self.graph.driver, self.graph.database)

    def say(self, opinion: Opinion) -> None:
        try:
            self.judge.judge(opinion)
        except UsageError:
            assert opinion.verdict is not Verdict.UNSURE or self.one(opinion)

    def one(self, opinion: Opinion) -> bool:
        """Whether the two are one entity: then nothing else can be said of them."""
        rows = self.graph.driver.execute_query(
            "MATCH (e:Entity) WHERE e.id IN $pair RETURN count(e) AS n",
            pair=list(opinion.pair),
            database_=self.graph.database,
        ).records
        return rows[0]["n"] < 2

    def grow(self, registry: Registry) -> None:
        self.registry = registry
        self.writer.write_registry()


def afresh(graph: Graph, history: History, judgements: Sequence[Judgement]) -> History:
    """The same documents in a new graph, and then the judgements that stand."""
    fresh = History(graph)
    if history.registry is LATER:
        fresh.grow(LATER)
    for told in history.loaded:
        fresh.take(Load(told))
    for judgement in judgements:
        fresh.judge.judge(judgement.opinion)
    return fresh


@settings(max_examples=HISTORIES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=histories)
def test_the_graph_after_any_history_is_that_of_the_judgements_that_remain(graph: Graph, steps: list[Step]):
    history = History(graph)
    for step in steps:
        history.take(step)
    found, lines = everything(graph), list(export_statements(graph.driver, graph.database, canonical=True))
    afresh(graph, history, history.judge.judgements())
    assert everything(graph) == found
    assert list(export_statements(graph.driver, graph.database, canonical=True)) == lines


@settings(max_examples=HISTORIES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=histories)
def test_when_all_is_undone_the_graph_is_as_if_nobody_had_judged(graph: Graph, steps: list[Step]):
    history = History(graph)
    for step in steps:
        history.take(step)
    while history.judge.judgements():
        history.judge.undo(None, BY)
    found = everything(graph)
    afresh(graph, history, [])
    assert everything(graph) == found
