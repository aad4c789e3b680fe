"""The world of the GraphQL tests: a few documents in our own words, and the facts in them."""

from collections.abc import Iterator
from typing import Any

from kb.documents import Document
from kb.facts import DateFact, EntityRef, Extraction, Figure, Relation, Speaker, Term
from kb.ontology import (
    Access,
    Basis,
    Comparator,
    Consequence,
    DateEvent,
    EmploymentStatus,
    EntityType,
    Metric,
    Modality,
    Period,
    RelationType,
    TermType,
)
from kb.partial_date import PartialDate
from tests import facts as make

LICENCE = EntityRef(EntityType.LICENCE, "Lama Licence")
NEWS = (
    "Chat news. 😀 Orbit is valued at $300 billion. "
    "It was valued at $157 billion in October. "
    "Orbit may be worth $340 billion, Ann Lee said. "
    "Orbit denies that it is valued at $300 billion. "
    "Ann Lee is CEO of Orbit. Ann Lee is also president of Orbit. Bob Ray was CTO of Orbit.\n"
    "Orbit develops Orbit-1. Orbit offers Chatter. Chatter has 500 million weekly users. "
    "Pinger has over 800 million weekly users. Zeta offers Pinger. Tiny has under 3 million monthly users."
)
OTHER = (
    "Another paper. Orbit is worth $299.9 billion. Orbit is worth $250 billion. Orbit-1 is open source. "
    "Lama by Meadow is free. Lama is under the Lama Licence. Lama came out in April 2025. "
    "The Lama Licence asks those with more than 700 million monthly users for another licence."
)


def day(text: str) -> PartialDate:
    return PartialDate.parse(text)


def documents() -> Iterator[tuple[Document, Extraction]]:
    news = make.document(NEWS, "news.txt", title="News", publisher="The Paper", published=day("2025-04-01"))
    yield news, make.extraction(news, *_news(news))
    other = make.document(OTHER, "other.txt", publisher="Another", published=day("2025-04-02"))
    yield other, make.extraction(other, *_other(other))


def figure(source: Document, words: str, who: EntityRef, value: float, **more: Any) -> Figure:
    fields = {"predicate": Metric.VALUATION, "unit": "USD", **make.common(source, words, **more)}
    return Figure(subject=who, value=value, **fields)


def users(source: Document, words: str, who: str, value: float, **more: Any) -> Figure:
    fields = {"predicate": Metric.USERS, "unit": "user", "as_of": day("2025-03-31"), **more}
    return figure(source, words, make.product(who), value, **fields)


def relation(
    source: Document, words: str, kind: RelationType, ends: tuple[EntityRef, EntityRef], **more: Any
) -> Relation:
    return Relation(predicate=kind, subject=ends[0], object=ends[1], **make.common(source, words, **more))


def _news(d: Document) -> list[Any]:
    orbit, ann = make.company("Orbit"), make.person("Ann Lee")
    private = {"basis": Basis.PRIVATE}
    works = RelationType.WORKS_FOR
    return [
        figure(d, "valued at $300 billion", orbit, 300e9, as_of=day("2025-03-31"), **private),
        figure(d, "valued at $157 billion", orbit, 157e9, as_of=day("2024-10"), **private),
        figure(
            d,
            "worth $340 billion, Ann Lee said",
            orbit,
            340e9,
            as_of=day("2025-05"),
            modality=Modality.PLANNED,
            speaker=Speaker("Ann Lee", ann),
            **private,
        ),
        figure(
            d,
            "denies that it is valued at $300 billion",
            orbit,
            300e9,
            as_of=day("2025-03-31"),
            modality=Modality.DENIED,
            **private,
        ),
        relation(d, "Ann Lee is CEO", works, (ann, orbit), role="CEO", status=EmploymentStatus.CURRENT),
        relation(d, "also president of Orbit", works, (ann, orbit), role="president"),
        relation(
            d,
            "Bob Ray was CTO",
            works,
            (make.person("Bob Ray"), orbit),
            role="CTO",
            status=EmploymentStatus.FORMER,
        ),
        relation(d, "Orbit develops", RelationType.DEVELOPS, (orbit, make.model("Orbit-1"))),
        relation(d, "Orbit offers", RelationType.OFFERS, (orbit, make.product("Chatter"))),
        relation(d, "Zeta offers", RelationType.OFFERS, (make.company("Zeta"), make.product("Pinger"))),
        users(d, "500 million weekly users", "Chatter", 500e6, period=Period.WEEK),
        users(d, "over 800 million weekly", "Pinger", 800e6, period=Period.WEEK, comparator=Comparator.GT),
        users(d, "under 3 million monthly", "Tiny", 3e6, period=Period.MONTH, comparator=Comparator.LT),
    ]


def _other(d: Document) -> list[Any]:
    orbit, lama = make.company("Orbit"), make.model("Lama")
    doubt = {"basis": Basis.PRIVATE, "confidence": 0.5}
    return [
        figure(d, "worth $299.9 billion", orbit, 299.9e9, as_of=day("2025-03"), **doubt),
        figure(d, "worth $250 billion", orbit, 250e9, as_of=day("2025-03"), **doubt),
        make.openness(d, "Orbit-1 is open source", "Orbit-1", Access.OPEN_SOURCE),
        make.openness(d, "Lama by Meadow is free", "Lama", Access.OPEN_WEIGHTS),
        relation(d, "Lama by Meadow", RelationType.DEVELOPS, (make.company("Meadow"), lama)),
        relation(d, "Lama is under", RelationType.RELEASED_UNDER, (lama, LICENCE)),
        DateFact(
            subject=lama,
            predicate=DateEvent.RELEASED_ON,
            date=day("2025-04"),
            **make.common(d, "Lama came out in April 2025"),
        ),
        Term(
            subject=LICENCE,
            predicate=TermType.USER_THRESHOLD,
            value=700e6,
            unit="user",
            comparator=Comparator.GT,
            period=Period.MONTH,
            consequence=Consequence.OTHER_LICENCE,
            **make.common(d, "more than 700 million monthly users"),
        ),
    ]
