"""Pages in the order of an index, in both directions: the list that sorting by key and id gives."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from kb.embedded import Address
from kb.facts import Fact, Figure, Relation
from kb.ontology import Metric, RelationType
from kb.partial_date import PartialDate
from schema.planner import entity_pages, facts, indexed
from tests import facts as make
from tests.schema.conftest import Ask, asking

FIGURES: list[tuple[str, str, float | None, tuple[float, float] | None, str, str | None]] = [
    ("A", "VALUATION", 5.0, None, "USD", "2024"),
    ("A", "VALUATION", 7.0, None, "USD", "2023-05"),
    ("A", "VALUATION", 2.5, None, "EUR", None),
    ("B", "VALUATION", None, (1.0, 9.0), "USD", "2024"),
    ("B", "VALUATION", 5.0, None, "USD", None),
    ("C", "VALUATION", None, (6.0, 7.0), "USD", None),
    ("D", "VALUATION", 5.0, None, "USD", "2025-02"),
    ("D", "VALUATION", 5.0, None, "USD", "2024"),
    ("E", "VALUATION", 0.0, None, "USD", "2025-02"),
    ("F", "VALUATION", 3.0, None, "EUR", "2025-01"),
    ("G", "VALUATION", None, (5.0, 5.0), "USD", "2024"),
    ("A", "FUNDING_RAISED", 4.0, None, "USD", "2024"),
    ("B", "FUNDING_RAISED", 4.0, None, "USD", None),
    ("C", "REVENUE", 4.0, None, "USD", "2024"),
]
RELATIONS: list[tuple[str, str, str, str | None]] = [
    ("A", "ACQUIRED", "B", "2024"),
    ("A", "ACQUIRED", "C", None),
    ("B", "PARTNER_OF", "D", "2024"),
    ("C", "PARTNER_OF", "D", "2024"),
    ("D", "PARTNER_OF", "E", "2022-01"),
    ("E", "INVESTED_IN", "F", "2024"),
    ("F", "INVESTED_IN", "G", None),
    ("G", "INVESTED_IN", "A", "2025"),
]
FACTS_OF = Counter([figure[0] for figure in FIGURES] + [end for told in RELATIONS for end in told[::2][:2]])
DAYS = ["2025-04-01", "2025-04-01", "2024-12", None, "2025-04-01", None]
LISTS = {
    "figures": ("figures(pick: ALL", "FactOrdering", 14),
    "figures of a metric": ("figures(pick: ALL, where: {metric: VALUATION}", "FactOrdering", 11),
    "figures that are shown": (
        'figures(where: {metric: VALUATION, unit: "USD"}, pick: CURRENT',
        "FactOrdering",
        6,
    ),
    "figures of two metrics": (
        "figures(pick: ALL, where: {metric: [VALUATION, FUNDING_RAISED, VALUATION]}",
        "FactOrdering",
        13,
    ),
    "relations": ("relations(pick: ALL", "FactOrdering", 8),
    "relations of a type": ("relations(pick: ALL, type: [PARTNER_OF]", "FactOrdering", 3),
    "relations of two types": (
        "relations(pick: ALL, type: [PARTNER_OF, INVESTED_IN, PARTNER_OF]",
        "FactOrdering",
        6,
    ),
    "documents": ("documents(where: {}", "DocumentOrdering", 6),
    "figures of some values": (
        "figures(pick: ALL, where: {metric: VALUATION, value: {gte: 2, lte: 5}}",
        "FactOrdering",
        7,
    ),
    "figures that are shown of some values": (
        'figures(pick: CURRENT, where: {metric: VALUATION, unit: "USD", value: {gte: 2, lte: 5}}',
        "FactOrdering",
        3,
    ),
    "figures that are shown above a value": (
        'figures(where: {metric: VALUATION, unit: "USD", value: {gt: 2}, modality: ASSERTED}, pick: CURRENT',
        "FactOrdering",
        4,
    ),
    "entities": ("entities(where: {type: COMPANY}", "EntityOrdering", 7),
    "entities named in part": (
        'entities(where: {type: [COMPANY, MODEL], name: {contains: "irm"}}',
        "EntityOrdering",
        7,
    ),
    "entities by the beginning of a name": (
        'entities(where: {name: {startsWith: "FI"}}',
        "EntityOrdering",
        7,
    ),
}
TOLD = {
    "figures": "id asOf value low high",
    "relations": "id asOf",
    "documents": "id published",
    "entities": 'id name figure(metric: VALUATION, unit: "USD") { value low }',
}
VALUATION = {"by": "VALUE", "metric": "VALUATION", "unit": "USD"}
CASES = [
    *(
        (name, {"by": "AS_OF"})
        for name in LISTS
        if name.startswith(("figures", "relations")) and "some" not in name
    ),
    ("figures of a metric", {"by": "VALUE"}),
    ("figures that are shown", {"by": "VALUE"}),
    ("documents", {"by": "PUBLISHED"}),
    ("entities", {"by": "NAME"}),
    ("entities", {"by": "FACT_COUNT"}),
    ("entities named in part", {"by": "FACT_COUNT"}),
    ("entities by the beginning of a name", {"by": "FACT_COUNT"}),
    ("entities", VALUATION),
]
DIRECTIONS = [True, pytest.param(False, marks=pytest.mark.long)]
FILTERED = [
    ("figures of some values", {"by": "AS_OF"}),
    ("figures of some values", {"by": "VALUE"}),
    ("figures that are shown of some values", {"by": "AS_OF"}),
    ("figures that are shown of some values", {"by": "VALUE"}),
    ("figures that are shown above a value", {"by": "AS_OF"}),
    ("entities named in part", {"by": "NAME"}),
    ("entities by the beginning of a name", {"by": "NAME"}),
]


@pytest.fixture(scope="module")
def ask_sorted(neo4j: Address) -> Iterator[Ask]:
    number = len(FIGURES) + len(RELATIONS)
    sources = [
        make.document(
            "\n".join(f"fact {n:03d} of {key}" for n in range(number)),
            f"{key}.txt",
            published=None if day is None else PartialDate.parse(day),
        )
        for key, day in enumerate(DAYS)
    ]
    source = sources[0]
    figures = [
        Figure(
            predicate=Metric(metric),
            subject=make.company(f"Firm {name}"),
            value=value,
            low=None if ends is None else ends[0],
            high=None if ends is None else ends[1],
            unit=unit,
            **make.common(source, f"fact {n:03d}", as_of=None if day is None else PartialDate.parse(day)),
        )
        for n, (name, metric, value, ends, unit, day) in enumerate(FIGURES)
    ]
    relations = [
        Relation(
            predicate=RelationType(predicate),
            subject=make.company(f"Firm {one}"),
            object=make.company(f"Firm {other}"),
            **make.common(source, f"fact {n:03d}", as_of=None if day is None else PartialDate.parse(day)),
        )
        for n, (one, predicate, other, day) in enumerate(RELATIONS, start=len(FIGURES))
    ]
    told: list[list[Fact]] = [[*figures, *relations], *([] for _ in DAYS[1:])]
    documents = [(one, make.extraction(one, *given)) for one, given in zip(sources, told, strict=True)]
    with asking(neo4j, documents) as put:
        yield put


def sort_key(node: Mapping[str, Any], by: str) -> Any:
    match by:
        case "AS_OF" | "PUBLISHED":
            day = node["asOf" if by == "AS_OF" else "published"]
            return None if day is None else PartialDate.parse(day).last
        case "NAME":
            return node["name"]
        case "FACT_COUNT":
            return FACTS_OF[node["name"].removeprefix("Firm ")]
        case _ if "figure" in node:
            figure = node["figure"]
            return None if figure is None else figure["low"] if figure["value"] is None else figure["value"]
        case _:
            return node["high"] if node["value"] is None else node["value"]


@pytest.fixture(params=[True, False], ids=["few", "many"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as here are few enough to be sorted, or too many."""
    if not request.param:
        monkeypatch.setattr(facts, "MANY", 2)
        monkeypatch.setattr(facts, "MANY_SHOWN", 2)
        monkeypatch.setattr(indexed, "DENSE", 1000)
        monkeypatch.setattr(entity_pages, "MANY", dict.fromkeys(entity_pages.MANY, 2))


class Pages:
    """A list in an order."""

    def __init__(self, ask: Ask, name: str, order: Mapping[str, Any]) -> None:
        field, kind, self.length = LISTS[name]
        self._ask, self._order = ask, order
        self._query = f"""query($order: [{kind}!], $first: Int, $after: String, $last: Int,
                                $before: String) {{
          list: {field}, orderBy: $order, first: $first, after: $after, last: $last, before: $before) {{
            nodes {{ {TOLD[name.partition(" ")[0]]} }} edges {{ cursor }} total {{ value }}
            pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"""

    def page(self, **asked: Any) -> Any:
        answer = self._ask(self._query, order=[self._order], **asked)
        assert answer.errors == []
        return answer.data["list"]

    def sorted(self) -> list[str]:
        """The ids, by key and id; what has no key is last in either direction.

        An index that gives keys and ids gives both in one direction.
        """
        by, descending = self._order["by"], self._order["descending"]
        tied = descending and by in ("AS_OF", "PUBLISHED", "FACT_COUNT")
        nodes = sorted(self.page(first=100)["nodes"], key=lambda node: node["id"], reverse=tied)
        keyed = [node for node in nodes if sort_key(node, by) is not None]
        keyed.sort(key=lambda node: sort_key(node, by), reverse=descending)
        return [node["id"] for node in (*keyed, *(one for one in nodes if sort_key(one, by) is None))]

    def joined(self, size: int, *, backward: bool) -> list[str]:
        """The ids of all pages, asked for in one direction."""
        found: list[str] = []
        cursor, more = None, True
        while more:
            asked = {"last": size, "before": cursor} if backward else {"first": size, "after": cursor}
            page = self.page(**asked)
            assert page["total"]["value"] == self.length
            ids = [node["id"] for node in page["nodes"]]
            found = [*ids, *found] if backward else [*found, *ids]
            cursor = page["pageInfo"]["startCursor" if backward else "endCursor"]
            more = page["pageInfo"]["hasPreviousPage" if backward else "hasNextPage"]
        return found


@pytest.mark.parametrize("descending", DIRECTIONS)
@pytest.mark.parametrize(("name", "order"), CASES, ids=str)
def test_pages_in_either_direction_are_the_sorted_list(
    ask_sorted: Ask, name: str, order: Mapping[str, Any], descending: bool
):
    pages = Pages(ask_sorted, name, {**order, "descending": descending})
    expected = pages.sorted()
    assert len(expected) == pages.length
    for size in (2, 100):
        assert pages.joined(size, backward=False) == expected
        assert pages.joined(size, backward=True) == expected


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("descending", DIRECTIONS)
@pytest.mark.parametrize(("name", "order"), FILTERED, ids=str)
def test_pages_are_the_same_whether_a_filter_leaves_few_or_many(
    ask_sorted: Ask, name: str, order: Mapping[str, Any], descending: bool
):
    pages = Pages(ask_sorted, name, {**order, "descending": descending})
    expected = pages.sorted()
    assert len(expected) == pages.length
    assert pages.joined(3, backward=False) == pages.joined(3, backward=True) == expected


@pytest.mark.parametrize(("name", "order"), CASES, ids=str)
def test_a_page_between_two_cursors_is_that_part_of_the_list(
    ask_sorted: Ask, name: str, order: Mapping[str, Any]
):
    pages = Pages(ask_sorted, name, {**order, "descending": True})
    whole = pages.page(first=100)
    after, before = whole["edges"][0]["cursor"], whole["edges"][-1]["cursor"]
    between = whole["nodes"][1:-1]
    assert pages.page(first=100, after=after, before=before)["nodes"] == between
    assert pages.page(first=1, after=after, before=before)["nodes"] == between[:1]
