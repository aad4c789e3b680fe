"""The graph marks as best what the rule of `kb.ranking` shows first."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.documents import Document
from kb.facts import Figure
from kb.graph.connection import Graph
from kb.graph.writer import Writer
from kb.ontology import Modality
from kb.partial_date import PartialDate
from kb.ranking import Ranked, best
from kb.registry import Registry
from kb.statement_ids import statement_id
from tests import doors
from tests import facts as make

DAYS = st.sampled_from([None, "2019", "2024-05", "2024-05-31", "2024", "2098"])
TOLD = st.tuples(DAYS, st.sampled_from(Modality), st.sampled_from([0.5, 0.9]))
SOURCE = make.document("Acme: " + " ".join(f"{n} dollars," for n in range(1, 9)))


def figure(number: int, day: str | None, modality: Modality, confidence: float) -> Figure:
    when = None if day is None else PartialDate.parse(day)
    fact = make.valuation(SOURCE, f"{number} dollars", number, as_of=when, modality=modality)
    return replace(fact, confidence=confidence)


def shown_by_the_rule(figures: list[Figure]) -> set[str]:
    ranked = [
        Ranked(id=statement_id(f), slot="s", modality=f.modality, as_of=f.as_of, confidence=f.confidence)
        for f in figures
    ]
    first = best(ranked, datetime.now(UTC).date())
    return set() if first is None else {first.id}


def shown_by_the_graph(graph: Graph, source: Document, figures: list[Figure]) -> set[str]:
    graph.driver.execute_query(doors.WIPE, database_=graph.database)
    Writer(graph.driver, graph.database, Registry({}, {})).write(
        source, make.extraction(source, *figures), "run"
    )
    query = "MATCH (s:Statement {rank: 'BEST'}) RETURN s.id AS id"
    return {r["id"] for r in graph.driver.execute_query(query, database_=graph.database).records}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(TOLD, min_size=1, max_size=6))
def test_the_graph_shows_first_what_the_rule_shows_first(
    graph: Graph, told: list[tuple[str | None, Modality, float]]
):
    figures = [figure(number, *one) for number, one in enumerate(told, start=1)]
    assert shown_by_the_graph(graph, SOURCE, figures) == shown_by_the_rule(figures)
