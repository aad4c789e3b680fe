"""Pages in the order of an index: the same list as backward, where everything is sorted."""

from collections.abc import Iterator
from typing import Any

import pytest

from kb.embedded import Address
from kb.facts import Figure
from kb.ontology import Metric
from kb.partial_date import PartialDate
from tests import facts as make
from tests.schema.conftest import Ask, asking

FIGURES: list[tuple[str, float | None, tuple[float, float] | None, str, str | None]] = [
    ("A", 5.0, None, "USD", "2024"),
    ("A", 7.0, None, "USD", "2023-05"),
    ("A", 2.5, None, "EUR", None),
    ("B", None, (1.0, 9.0), "USD", "2024"),
    ("B", 5.0, None, "USD", None),
    ("C", None, (6.0, 7.0), "USD", None),
    ("D", 5.0, None, "USD", "2025-02"),
    ("D", 5.0, None, "USD", "2024"),
    ("E", 0.0, None, "USD", "2025-02"),
    ("F", 3.0, None, "EUR", "2025-01"),
    ("G", None, (5.0, 5.0), "USD", "2024"),
]
FIGURES_QUERY = """query($order: [FactOrdering!], $first: Int, $after: String, $last: Int, $before: String) {
  list: figures(pick: ALL, where: {metric: VALUATION}, orderBy: $order,
                first: $first, after: $after, last: $last, before: $before) {
    nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } total { value } } }"""
ENTITIES_QUERY = """query($order: [EntityOrdering!], $first: Int, $after: String, $last: Int,
                          $before: String) {
  list: entities(where: {type: COMPANY}, orderBy: $order,
                 first: $first, after: $after, last: $last, before: $before) {
    nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } total { value } } }"""
VALUE = {"by": "VALUE", "metric": "VALUATION", "unit": "USD"}


@pytest.fixture(scope="module")
def ask_sorted(neo4j: Address) -> Iterator[Ask]:
    source = make.document("\n".join(f"figure {n:03d}" for n in range(len(FIGURES))), "sorted.txt")
    figures = [
        Figure(
            predicate=Metric.VALUATION,
            subject=make.company(name),
            value=value,
            low=None if ends is None else ends[0],
            high=None if ends is None else ends[1],
            unit=unit,
            **make.common(source, f"figure {n:03d}", as_of=None if day is None else PartialDate.parse(day)),
        )
        for n, (name, value, ends, unit, day) in enumerate(FIGURES)
    ]
    with asking(neo4j, [(source, make.extraction(source, *figures))]) as put:
        yield put


def forward(ask: Ask, query: str, order: Any, size: int) -> list[str]:
    found: list[str] = []
    after, more = None, True
    while more:
        answer = ask(query, order=order, first=size, after=after)
        assert answer.errors == []
        part = answer.data["list"]
        found += [node["id"] for node in part["nodes"]]
        after, more = part["pageInfo"]["endCursor"], part["pageInfo"]["hasNextPage"]
    return found


@pytest.mark.parametrize("size", [1, 2, 100])
@pytest.mark.parametrize(
    ("query", "order"),
    [
        *((FIGURES_QUERY, [{"by": by, "descending": d}]) for by in ("VALUE", "AS_OF") for d in (True, False)),
        *(
            (ENTITIES_QUERY, [{**key, "descending": d}])
            for key in ({"by": "NAME"}, VALUE)
            for d in (True, False)
        ),
    ],
    ids=str,
)
def test_pages_by_an_index_are_the_sorted_list(ask_sorted: Ask, query: str, order: Any, size: int):
    backward = ask_sorted(query, order=order, last=100)
    assert backward.errors == []
    whole = [node["id"] for node in backward.data["list"]["nodes"]]
    assert len(whole) == backward.data["list"]["total"]["value"] == (11 if query is FIGURES_QUERY else 7)
    assert forward(ask_sorted, query, order, size) == whole
