"""The graph marks as best what the rule of `kb.ranking` shows first."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.documents import Document
from kb.facts import Figure, Relation
from kb.graph.connection import Graph
from kb.graph.writer import Writer
from kb.ontology import EmploymentStatus, Modality
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


def job(source: Document, words: str, role: str, **more: Any) -> Relation:
    return make.works_for(source, words, "Ann Lee", "Acme", role=role, **more)


def test_each_role_of_a_person_in_a_company_has_a_statement_that_is_shown_first(graph: Graph) -> None:
    former = {"status": EmploymentStatus.FORMER}
    jobs = [
        job(SOURCE, "1 dollars", "CEO"),
        job(SOURCE, "2 dollars", "chief executive", as_of=PartialDate.parse("2024")),
        job(SOURCE, "3 dollars", "president"),
        job(SOURCE, "4 dollars", "CEO", **former),
        job(SOURCE, "5 dollars", "president", modality=Modality.DENIED, **former),
    ]
    Writer(graph.driver, graph.database, Registry({}, {})).write(
        SOURCE, make.extraction(SOURCE, *jobs), "run"
    )
    query = "MATCH (s:Statement {rank: 'BEST'}) RETURN s.id AS id"
    shown = {r["id"] for r in graph.driver.execute_query(query, database_=graph.database).records}
    assert shown == {statement_id(one) for one in jobs[1:4]}
