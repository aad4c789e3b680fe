"""Small facts and documents for tests, with defaults for what a test does not speak of."""

from typing import Any

from kb.documents import Document, Metadata, sha256
from kb.facts import (
    DateFact,
    EntityRecord,
    EntityRef,
    Evidence,
    Extraction,
    Fact,
    Figure,
    Relation,
    Term,
)
from kb.ontology import Access, DateEvent, EntityType, Metric, RelationType, TermType
from kb.partial_date import PartialDate

EXTRACTOR = "test/1"


def company(name: str, known_as: str | None = None) -> EntityRef:
    return EntityRef(EntityType.COMPANY, name, known_as)


def model(name: str) -> EntityRef:
    return EntityRef(EntityType.MODEL, name)


def product(name: str) -> EntityRef:
    return EntityRef(EntityType.PRODUCT, name)


def person(name: str) -> EntityRef:
    return EntityRef(EntityType.PERSON, name)


def document(text: str, key: str = "a.txt", **known: Any) -> Document:
    """A document that stands beside others of its key: each text is at a place of its own."""
    digest = sha256(text.encode())
    return Document(key, text, "text/plain", digest, "test/1", Metadata(**known), key, place=digest)


def evidence(source: Document, words: str) -> Evidence:
    start = source.text.index(words)
    return Evidence(source.id, start, start + len(words), words)


def common(source: Document, words: str, **more: Any) -> dict[str, Any]:
    given = {"evidence": evidence(source, words), "extractor": EXTRACTOR, "confidence": 0.9}
    return {**given, **more}


def valuation(source: Document, words: str, value: float, who: str = "Acme", **more: Any) -> Figure:
    fields = common(source, words, **more)
    return Figure(subject=company(who), predicate=Metric.VALUATION, value=value, unit="USD", **fields)


def works_for(source: Document, words: str, who: str, where: str, **more: Any) -> Relation:
    fields = common(source, words, **more)
    return Relation(subject=person(who), predicate=RelationType.WORKS_FOR, object=company(where), **fields)


def competes(source: Document, words: str, one: str, other: str) -> Relation:
    return Relation(
        subject=company(one),
        predicate=RelationType.COMPETES_WITH,
        object=company(other),
        **common(source, words),
    )


def based_in(source: Document, words: str, who: str, where: str, **more: Any) -> Relation:
    """A seat; the country is named by its code."""
    country, fields = EntityRef(EntityType.COUNTRY, where), common(source, words, **more)
    return Relation(subject=company(who), predicate=RelationType.BASED_IN, object=country, **fields)


def founded_on(source: Document, words: str, who: str, date: str) -> DateFact:
    when = PartialDate.parse(date)
    return DateFact(subject=company(who), predicate=DateEvent.FOUNDED_ON, date=when, **common(source, words))


def openness(source: Document, words: str, who: str, access: Access, **more: Any) -> Term:
    fields = common(source, words, **more)
    return Term(subject=model(who), predicate=TermType.OPENNESS, access=access, **fields)


def extraction(source: Document, *facts: Fact, extractor: str = EXTRACTOR) -> Extraction:
    refs = {(f.subject.type, f.subject.name): f.subject for f in facts}
    return Extraction(source.id, extractor, tuple(EntityRecord(ref) for ref in refs.values()), facts)
