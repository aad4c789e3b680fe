"""Every query of docs/cypher.md runs as it stands there, and finds what a small graph holds."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.seeding import load_registry_claims
from kb.embedded import Address
from kb.facts import Fact, Figure, Relation, Speaker
from kb.graph.adhoc import Bounds, ask
from kb.graph.connection import Graph, open_driver
from kb.graph.writer import Writer
from kb.ontology import Access, EntityType, Metric, Modality, Period, RelationType
from kb.partial_date import PartialDate
from kb.registry import Registry
from tests import doors
from tests import facts as make

PAGE = (Path(__file__).parent.parent.parent / "docs" / "cypher.md").read_text("utf-8")
QUERIES = dict(re.findall(r"^## (.+?)\n.*?^```cypher\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
NEWS = make.document(
    "OpenAI is worth 300 billion. It was worth 157 billion. Ann Lee is chief executive of OpenAI. "
    "OpenAI makes o1, which is closed, and offers ChatGPT. Microsoft backs OpenAI. "
    "It may be worth 900 billion.",
    "news.txt",
    title="News",
)
LETTER = make.document(
    "OpenAI is worth 300 billion. Zeta is worth 5 billion.", "letter.txt", title="A letter"
)
NOTE = make.document("Zeta is worth 6 billion.", "note.txt", title="A note")

TABLE = make.document(
    "ChatGPT had 775 million monthly users. o1 costs $15 and $60.", "table.txt", title="A table"
)


def day(text: str) -> PartialDate:
    return PartialDate.parse(text)


def tie(kind: RelationType, words: str, subject: Any, target: Any) -> Relation:
    return Relation(subject=subject, predicate=kind, object=target, **make.common(NEWS, words))


OPENAI, O1, CHATGPT = make.company("OpenAI"), make.model("o1"), make.product("ChatGPT")
RUMOUR = make.valuation(
    NEWS, "may be worth 900 billion", 9e11, "OpenAI", modality=Modality.REPORTED, speaker=Speaker("Bo Ek")
)
FACTS: list[tuple[Any, list[Fact]]] = [
    (
        NEWS,
        [
            make.valuation(
                NEWS, "is worth 300 billion", 3e11, "OpenAI", as_of=day("2025-03-31"), confidence=0.8
            ),
            make.valuation(NEWS, "was worth 157 billion", 157e9, "OpenAI", as_of=day("2024-10")),
            make.works_for(NEWS, "Ann Lee is chief executive", "Ann Lee", "OpenAI", role="chief executive"),
            tie(RelationType.DEVELOPS, "OpenAI makes o1", OPENAI, O1),
            tie(RelationType.OFFERS, "offers ChatGPT", OPENAI, CHATGPT),
            tie(RelationType.INVESTED_IN, "Microsoft backs OpenAI", make.company("Microsoft"), OPENAI),
            make.openness(NEWS, "which is closed", "o1", Access.CLOSED),
            RUMOUR,
        ],
    ),
    (
        LETTER,
        [
            make.valuation(LETTER, "is worth 300 billion", 3e11, "OpenAI", as_of=day("2025-03-31")),
            make.valuation(LETTER, "is worth 5 billion", 5e9, "Zeta", as_of=day("2025")),
        ],
    ),
    (NOTE, [make.valuation(NOTE, "is worth 6 billion", 6e9, "Zeta", as_of=day("2025-02"))]),
]


FIGURES: list[Fact] = [
    Figure(
        subject=CHATGPT,
        predicate=Metric.USERS,
        value=775e6,
        unit="user",
        period=Period.MONTH,
        **make.common(TABLE, "775 million monthly users", as_of=day("2025-11")),
    ),
    *(
        Figure(
            subject=O1,
            predicate=metric,
            value=dollars,
            unit="USD",
            **make.common(TABLE, words, as_of=day("2025-01")),
        )
        for metric, dollars, words in ((Metric.PRICE_INPUT, 15, "$15"), (Metric.PRICE_OUTPUT, 60, "$60"))
    ),
]
FACTS.append((TABLE, FIGURES))


@pytest.fixture
def small(graph: Graph) -> Graph:
    writer = Writer(graph.driver, graph.database, Registry({}, {}))
    for source, facts in FACTS:
        writer.write(source, make.extraction(source, *facts), "run")
    return graph


EXPECTED: dict[str, list[tuple[object, ...]]] = {
    "What is OpenAI valued at, and who says so?": [
        (300_000_000_000, "USD", "2025-03-31", "BEST", "is worth 300 billion", "A letter"),
        (300_000_000_000, "USD", "2025-03-31", None, "is worth 300 billion", "News"),
        (157_000_000_000, "USD", "2024-10", None, "was worth 157 billion", "News"),
    ],
    "Who leads which company?": [("OpenAI", "Ann Lee", "chief executive", 1)],
    "Which models are open, and whose are they?": [("o1", "CLOSED", ["OpenAI"], [])],
    "Which figures contradict each other?": [
        ("Zeta", "VALUATION", 5_000_000_000, "A letter", 6_000_000_000, "A note")
    ],
    "Which claims do several sources make?": [("OpenAI", "VALUATION", "300000000000", 2)],
    "What is only planned, reported or denied?": [
        ("OpenAI", "VALUATION", "REPORTED", "Bo Ek", "may be worth 900 billion", "News")
    ],
    "How did the users of ChatGPT grow?": [("MONTH", "2025-11", "EQ", 775_000_000, None)],
    "What does a million tokens cost?": [("o1", 15, 60, "2025-01")],
    "How are Microsoft and ChatGPT connected?": [
        (["Microsoft", "OpenAI", "ChatGPT"], ["INVESTED_IN", "OFFERS"])
    ],
}


def answer(graph: Graph, heading: str) -> list[tuple[object, ...]]:
    result = ask(graph.address, QUERIES[heading], {}, Bounds())
    return [tuple(row) for row in result.rows]


@pytest.mark.parametrize("heading", EXPECTED)
def test_a_query_of_the_page_finds_what_the_graph_holds(small: Graph, heading: str):
    assert sorted(answer(small, heading), key=str) == sorted(EXPECTED[heading], key=str)


def test_a_misspelt_name_is_found(small: Graph):
    found = answer(small, "Which entity has a name like this one?")
    assert [row[:2] for row in found] == [("company/microsoft", "Microsoft")]


@pytest.fixture(scope="module")
def seeded(neo4j: Address, seed_registry: Registry) -> Iterator[Graph]:
    """The claims of the seeds' registry, and the small documents for what those of the seeds tell."""
    with open_driver(neo4j) as driver:
        driver.execute_query(doors.WIPE, database_=neo4j.database)
        writer = Writer(driver, neo4j.database, seed_registry)
        load_registry_claims(writer, seed_registry)
        for source, facts in FACTS:
            writer.write(source, make.extraction(source, *facts), "run")
        yield Graph(driver, neo4j)


@pytest.mark.long
@pytest.mark.parametrize("heading", QUERIES)
def test_every_query_of_the_page_is_answered_from_the_seeds_registry(seeded: Graph, heading: str):
    result = ask(seeded.address, QUERIES[heading], {}, Bounds())
    assert result.rows
    assert not result.truncated


def test_the_page_has_fifteen_queries_and_each_has_a_heading():
    assert len(QUERIES) == PAGE.count("```cypher") == 15


def test_the_page_names_every_type_of_entity():
    assert [kind.value for kind in EntityType if f"`{kind.value}`" not in PAGE] == []
