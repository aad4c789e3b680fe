"""Companies that are merged in tests: what is told of them, and the whole graph as it can be compared."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kb.documents import Document
from kb.facts import Fact, Figure, Speaker
from kb.graph.connection import Graph
from kb.graph.writer import Writer
from kb.ontology import EntityType, Metric
from kb.partial_date import PartialDate
from kb.registry import Registry, RegistryEntry
from tests import facts as make

BY = "a tester"


def entry(name: str, *aliases: str, slug: str | None = None) -> RegistryEntry:
    id_ = f"company/{slug or name.lower()}"
    return RegistryEntry(
        id_, EntityType.COMPANY, name, aliases, frozenset(), None, (), (), "companies.jsonl", 1, name
    )


def with_entries(*entries: RegistryEntry) -> Registry:
    return Registry({one.id: one for one in entries}, {})


@dataclass(frozen=True)
class Told:
    """A sentence, and the fact that it tells when it stands in a document."""

    text: str
    fact: Callable[[Document, str], Fact]


def load(writer: Writer, key: str, *told: Told) -> None:
    source = make.document(" ".join(one.text for one in told), key)
    writer.write(source, make.extraction(source, *(one.fact(source, one.text) for one in told)), "run")


def worth(who: str, billions: int, day: str = "2025", by: str | None = None) -> Told:
    speaker = None if by is None else Speaker(by, make.company(by))

    def fact(source: Document, text: str) -> Fact:
        when = PartialDate.parse(day)
        return make.valuation(source, text, billions * 10**9, who, as_of=when, speaker=speaker)

    return Told(f"{who} is worth ${billions} billion in {day}, says {by}.", fact)


def rivals(one: str, other: str) -> Told:
    return Told(f"{one} rivals {other}.", lambda source, text: make.competes(source, text, one, other))


def boss(who: str, where: str) -> Told:
    return Told(
        f"{who} is CEO of {where}.",
        lambda source, text: make.works_for(source, text, who, where, role="CEO"),
    )


def seat(who: str, where: str) -> Told:
    return Told(f"{who} sits in {where}.", lambda source, text: make.based_in(source, text, who, where))


def price(model: str, dollars: int, seller: str) -> Told:
    def fact(source: Document, text: str) -> Fact:
        return Figure(
            subject=make.model(model),
            predicate=Metric.PRICE_INPUT,
            value=dollars,
            unit="USD",
            offered_by=make.company(seller),
            **make.common(source, text),
        )

    return Told(f"{seller} sells {model} at ${dollars}.", fact)


def ask(graph: Graph, query: str, **parameters: object) -> list[Any]:
    return [r.data() for r in graph.driver.execute_query(query, parameters, database_=graph.database).records]


EDGES = (
    "MATCH (a)-[e]->(b) WHERE NOT type(e) IN ['LOADED_IN', 'ABOUT'] "
    "RETURN type(e) AS type, coalesce(a.id, a.key) AS a, coalesce(b.id, b.key) AS b, "
    "properties(e) AS properties"
)
NODES = (
    "MATCH (n) WHERE NOT n:Judgement AND NOT n:Lease AND NOT n:Migration AND NOT n:KbTest AND NOT n:Ingest "
    "RETURN labels(n) AS labels, properties(n) AS properties, coalesce(n.id, n.key) AS id"
)


def timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: timeless(v) for k, v in value.items() if k not in ("recorded_at", "at", "registry")}
    return value


def everything(graph: Graph) -> Any:
    """All nodes and edges with all their properties, but for the judgements and when what was recorded."""
    nodes = [(row["id"], sorted(row["labels"]), timeless(row["properties"])) for row in ask(graph, NODES)]
    edges = [(r["type"], r["a"], r["b"], timeless(r["properties"])) for r in ask(graph, EDGES)]
    return sorted(nodes, key=repr), sorted(edges, key=repr)
