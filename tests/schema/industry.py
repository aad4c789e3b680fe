"""A second world of the GraphQL tests: a small industry with money, owners, models and many figures."""

from collections.abc import Iterator
from typing import Any

from kb.documents import Document
from kb.facts import Amount, EntityRef, Extraction, Figure, Relation
from kb.ontology import (
    Derivation,
    EmploymentStatus,
    EntityType,
    Metric,
    Modality,
    Period,
    RelationType,
)
from kb.partial_date import PartialDate
from tests import facts as make

R = RelationType
ALPHA, BETA, GAMMA, DELTA = (make.company(name) for name in ("Alpha", "Beta", "Gamma", "Delta"))
BASE, CHILD = make.model("Base"), make.model("Base 2")
APP, OTHER_APP = make.product("App"), make.product("Other App")
EVE, DAN = make.person("Eve Fox"), make.person("Dan Elk")
FRANCE = EntityRef(EntityType.COUNTRY, "FR")


def documents() -> Iterator[tuple[Document, Extraction]]:
    """Three documents; the last is the first one again, in a new version."""
    yield _paper("one.txt", "Daily", "2025-01-10", _relations() + _figures())
    yield _paper("two.txt", "Weekly", "2025-03-20", _later())
    yield _paper("one.txt", "Daily", "2025-02-01", _figures()[:1], title="Again")


def _paper(key: str, publisher: str, published: str, told: list[Any], title: str | None = None) -> Any:
    """A document whose text is made of the facts' own words, one a line."""
    lines = [f"Line {number}: {words}." for number, (words, _) in enumerate(told)]
    source = make.document(
        "\n".join([title or key, *lines]),
        key,
        publisher=publisher,
        published=PartialDate.parse(published),
        title=title,
    )
    return source, make.extraction(source, *(build(source, words) for words, build in told))


def _relation(
    words: str, kind: RelationType, subject: EntityRef, target: EntityRef, **more: Any
) -> tuple[str, Any]:
    def build(source: Document, found: str) -> Relation:
        return Relation(predicate=kind, subject=subject, object=target, **make.common(source, found, **more))

    return words, build


def _figure(  # noqa: PLR0917  # one row of a table
    words: str, metric: Metric, who: EntityRef, value: float, unit: str, as_of: str | None, **more: Any
) -> tuple[str, Any]:
    when = None if as_of is None else PartialDate.parse(as_of)

    def build(source: Document, found: str) -> Figure:
        return Figure(
            predicate=metric,
            subject=who,
            value=value,
            unit=unit,
            **make.common(source, found, as_of=when, **more),
        )

    return words, build


def _relations() -> list[tuple[str, Any]]:
    return [
        _relation("Eve Fox is CEO of Alpha", R.WORKS_FOR, EVE, ALPHA, role="chief executive"),
        _relation("Eve Fox is chair of Alpha", R.WORKS_FOR, EVE, ALPHA, role="chair"),
        _relation(
            "Dan Elk was CTO of Alpha",
            R.WORKS_FOR,
            DAN,
            ALPHA,
            role="CTO",
            status=EmploymentStatus.FORMER,
        ),
        _relation("Dan Elk founded Beta", R.FOUNDED, DAN, BETA),
        _relation("Gamma put $5 million in Alpha", R.INVESTED_IN, GAMMA, ALPHA, amount=Amount(5e6, "USD")),
        _relation("Dan Elk put money in Alpha", R.INVESTED_IN, DAN, ALPHA),
        _relation("Delta may put money in Alpha", R.INVESTED_IN, DELTA, ALPHA, modality=Modality.PLANNED),
        _relation("Beta belongs to Alpha", R.SUBSIDIARY_OF, BETA, ALPHA),
        _relation("Gamma competes with Beta", R.COMPETES_WITH, GAMMA, BETA),
        _relation("Alpha sits in Paris", R.BASED_IN, ALPHA, FRANCE, city="Paris"),
        _relation("Delta sits in France", R.BASED_IN, DELTA, FRANCE),
        _relation("Alpha develops Base", R.DEVELOPS, ALPHA, BASE),
        _relation("Alpha develops Base 2", R.DEVELOPS, ALPHA, CHILD),
        _relation("Gamma develops Base 2", R.DEVELOPS, GAMMA, CHILD),
        _relation("Base 2 was made from Base", R.DERIVED_FROM, CHILD, BASE, how=Derivation.DISTILLED),
        _relation("Base 2 is a release of Base", R.RELEASE_OF, CHILD, BASE),
        _relation("App runs on Base 2", R.POWERED_BY, APP, CHILD),
        _relation("Beta offers App", R.OFFERS, BETA, APP),
        (
            "Alpha was founded in 2015",
            lambda source, words: make.founded_on(source, words, "Alpha", "2015"),
        ),
    ]


def _figures() -> list[tuple[str, Any]]:
    money = Metric.VALUATION
    return [
        _figure("Alpha is worth $10 billion", money, ALPHA, 10e9, "USD", "2025-01"),
        _figure("Alpha was worth $4 billion", money, ALPHA, 4e9, "USD", "2023-06"),
        _figure("Beta is worth $6 billion", money, BETA, 6e9, "USD", "2024-12"),
        _figure("Gamma is worth 9 billion euros", money, GAMMA, 9e9, "EUR", "2024-11"),
        _figure("Alpha took in $1 billion", Metric.REVENUE, ALPHA, 1e9, "USD", "2024", period=Period.YEAR),
        _figure("Beta took in $2 billion", Metric.REVENUE, BETA, 2e9, "USD", "2024", period=Period.YEAR),
        _figure("Alpha took in $300 million in the quarter", Metric.REVENUE, ALPHA, 3e8, "USD", "2024-12",
                period=Period.QUARTER),
        _figure("Gamma took in 5 billion euros", Metric.REVENUE, GAMMA, 5e9, "EUR", "2024",
                period=Period.YEAR),
        _figure("App has 10 million weekly users", Metric.USERS, APP, 10e6, "user", "2024-10",
                period=Period.WEEK),
        _figure("Alpha employs 100 people", Metric.HEADCOUNT, ALPHA, 100, "person", None),
    ]  # fmt: skip


def _later() -> list[tuple[str, Any]]:
    return [
        _relation("Gamma develops Base 2, they say", R.DEVELOPS, GAMMA, CHILD),
        _figure("Alpha is worth $10 billion, said Daily", Metric.VALUATION, ALPHA, 10e9, "USD", "2025-01"),
        _figure("App has 12 million weekly users", Metric.USERS, APP, 12e6, "user", "2025-03",
                period=Period.WEEK),
        _figure("App has 30 million monthly users", Metric.USERS, APP, 30e6, "user", "2025-03",
                period=Period.MONTH),
        _figure("Other App has 1 million weekly users", Metric.USERS, OTHER_APP, 1e6, "user", "2025-02",
                period=Period.WEEK),
        _figure("Delta will be worth $50 billion", Metric.VALUATION, DELTA, 50e9, "USD", "2026",
                modality=Modality.PLANNED),
        _figure("Delta denies that it is worth $99 billion", Metric.VALUATION, DELTA, 99e9, "USD", "2025-01",
                modality=Modality.DENIED),
    ]  # fmt: skip
