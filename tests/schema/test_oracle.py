"""The planner against a plain evaluation in memory: filters, moments, choices, orders and pages."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.embedded import Address
from kb.facts import Figure
from kb.graph.rows import slot_of, statement_row
from kb.ontology import Comparator, Metric, Modality, Period
from kb.partial_date import PartialDate
from kb.ranking import Ranked, best
from kb.registry import Registry
from kb.resolution import Resolver
from tests import facts as make
from tests.schema.conftest import Ask, asking

DAYS = [None, "2023", "2024-06", "2024-12-31", "2025", "2025-03", "2025-05-01", "2025-06-02", "2026"]
NAMES = ["A", "B", "C"]
METRICS = [Metric.VALUATION, Metric.REVENUE]


@dataclass(frozen=True)
class Known:
    """A figure with the id and slot that it has in the graph."""

    id: str
    slot: str
    figure: Figure


def random_figures(count: int) -> tuple[Any, list[Figure]]:
    source = make.document("\n".join(f"figure {n:03d}" for n in range(count)), "random.txt")
    chance = random.Random(7)
    figures = []
    for n in range(count):
        metric = chance.choice(METRICS)
        day = chance.choice(DAYS)
        figures.append(
            Figure(
                predicate=metric,
                subject=make.company(chance.choice(NAMES)),
                value=chance.choice([1, 2, 2.5, 1000]),
                unit=chance.choice(["USD", "EUR"]),
                comparator=chance.choice([Comparator.EQ, Comparator.GT]),
                period=chance.choice([None, Period.YEAR]) if metric is Metric.REVENUE else None,
                **make.common(
                    source,
                    f"figure {n:03d}",
                    as_of=None if day is None else PartialDate.parse(day),
                    modality=chance.choice(list(Modality)),
                    confidence=chance.choice([0.25, 0.5, 0.75]),
                ),
            )
        )
    return source, figures


SOURCE, FIGURES = random_figures(60)
_RESOLVER = Resolver(Registry({}, {}))
KNOWN = [
    Known(statement_row(f, _RESOLVER)["id"], slot_of(f, f"company/{f.subject.name.lower()}", None, None), f)
    for f in FIGURES
]


@pytest.fixture(scope="module")
def ask_random(neo4j: Address) -> Iterator[Ask]:
    with asking(neo4j, [(SOURCE, make.extraction(SOURCE, *FIGURES))]) as put:
        yield put


QUERY = """query($where: FactFilter, $at: AsOf, $pick: Pick!, $order: [FactOrdering!], $n: Int,
              $after: String) {
  figures(where: $where, at: $at, pick: $pick, orderBy: $order, first: $n, after: $after) {
    nodes { id } total { value } pageInfo { endCursor hasNextPage } } }"""
ORDERS = {
    "VALUE": lambda k: k.figure.value,
    "CONFIDENCE": lambda k: k.figure.confidence,
    "AS_OF": lambda k: "" if k.figure.as_of is None else k.figure.as_of.last.isoformat(),
}
WHERE = st.fixed_dictionaries(
    {
        "metric": st.lists(st.sampled_from([m.name for m in METRICS]), min_size=1),
        "modality": st.lists(st.sampled_from([m.name for m in Modality]), min_size=1),
        "minConfidence": st.sampled_from([0.0, 0.5, 0.6]),
        "value": st.fixed_dictionaries({"gte": st.sampled_from([0, 2, 3]), "lt": st.sampled_from([3, 2000])}),
        "or": st.just([{"unit": ["USD"]}, {"not": {"period": "YEAR"}}]),
    }
)


def ranked(known: Known) -> Ranked:
    figure = known.figure
    return Ranked(
        id=known.id,
        slot=known.slot,
        modality=figure.modality,
        as_of=figure.as_of,
        confidence=figure.confidence,
    )


def evaluated(where: Any, day: str, *, current: bool) -> list[Known]:
    """What the query has to find, in no order."""
    moment = PartialDate.parse(day).last
    told = [k for k in KNOWN if k.figure.as_of is None or k.figure.as_of.first <= moment]
    if current:
        slots = {k.slot for k in told}
        shown = [best((ranked(k) for k in told if k.slot == slot), moment) for slot in slots]
        told = [k for k in told if k.id in {one.id for one in shown if one is not None}]
    return [k for k in told if passes(k.figure, where)]


def passes(figure: Figure, where: Any) -> bool:
    assert figure.value is not None
    return (
        figure.predicate.name in where["metric"]
        and figure.modality.name in where["modality"]
        and figure.confidence >= where["minConfidence"]
        and where["value"]["gte"] <= figure.value < where["value"]["lt"]
        and (figure.unit == "USD" or figure.period is not Period.YEAR)
    )


@pytest.mark.long
@pytest.mark.parametrize("pick", ["CURRENT", "ALL"])
def test_lists_of_figures_are_what_a_plain_evaluation_finds(ask_random: Ask, pick: str):
    @settings(max_examples=10)
    @given(
        WHERE,
        st.sampled_from([day for day in DAYS if day is not None]),
        st.sampled_from(sorted(ORDERS)),
        st.booleans(),
        st.integers(1, 7),
    )
    def alike(where: Any, day: str, by: str, descending: bool, size: int) -> None:
        expected = sorted(evaluated(where, day, current=pick == "CURRENT"), key=lambda k: k.id)
        # Nothing sorts last in either direction, so dates that are missing are put aside first.
        expected.sort(key=ORDERS[by], reverse=descending)
        if by == "AS_OF" and not descending:
            expected.sort(key=lambda k: k.figure.as_of is None)
        found: list[str] = []
        after, more = None, True
        while more:
            answer = ask_random(
                QUERY,
                where=where,
                at={"valid": day},
                pick=pick,
                order=[{"by": by, "descending": descending}],
                n=size,
                after=after,
            )
            assert answer.errors == []
            page = answer.data["figures"]
            assert page["total"]["value"] == len(expected)
            found += [node["id"] for node in page["nodes"]]
            after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        assert found == [known.id for known in expected]

    alike()
