"""The rule of `kb.ranking`, as the planner writes it in Cypher, orders facts as the rule in Python does."""

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.embedded import Address
from kb.graph.connection import open_driver
from kb.graph.rank_order import rank_order
from kb.ontology import Modality
from kb.partial_date import PartialDate
from kb.ranking import Ranked, rank_key

DATES = st.none() | st.sampled_from(
    ["2024", "2025", "2025-05", "2025-05-31", "2025-06-01", "2025-06-02", "2026"]
)
CANDIDATES = st.lists(
    st.builds(
        Ranked,
        id=st.uuids().map(str),
        slot=st.just("slot"),
        modality=st.sampled_from([m for m in Modality if m is not Modality.DENIED]),
        as_of=DATES.map(lambda text: None if text is None else PartialDate.parse(text)),
        confidence=st.sampled_from([0.5, 0.9]),
    ),
    max_size=8,
)
MOMENT = date(2025, 6, 1)


def as_map(fact: Ranked) -> dict[str, Any]:
    return {
        "id": fact.id,
        "modality": fact.modality.value,
        "confidence": fact.confidence,
        "as_of_first": None if fact.as_of is None else fact.as_of.first.isoformat(),
        "as_of_last": None if fact.as_of is None else fact.as_of.last.isoformat(),
    }


def test_cypher_and_python_rank_facts_alike(neo4j: Address):
    order = rank_order("f", "$moment")
    query = f"UNWIND $facts AS f WITH f ORDER BY {order} RETURN collect(f.id) AS ids"
    with open_driver(neo4j) as driver:

        @settings(max_examples=60)
        @given(CANDIDATES)
        def alike(facts: list[Ranked]) -> None:
            rows = [as_map(fact) for fact in facts]
            found = driver.execute_query(
                query, {"facts": rows, "moment": MOMENT.isoformat()}, database_=neo4j.database
            )
            expected = sorted(facts, key=lambda fact: rank_key(fact, MOMENT))
            assert found.records[0]["ids"] == [fact.id for fact in expected]

        alike()
