"""Facts, entities and documents as the JSON lines that `kb extract` prints and `kb export` writes."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from kb.documents import Document
from kb.facts import (
    Amount,
    DateFact,
    EntityRecord,
    EntityRef,
    Evidence,
    Extraction,
    Fact,
    Figure,
    Relation,
    Speaker,
    Term,
)

Json = Mapping[str, Any]


def dumps(record: Json) -> str:
    """One line of JSON, keys in the order given, every script as itself."""
    return json.dumps(record, ensure_ascii=False, separators=(", ", ": "))


def canonical(record: Json) -> str:
    """The form that ids are hashed over: sorted keys, no blanks, ASCII, fields without a value left out."""
    present = {key: value for key, value in record.items() if value is not None}
    return json.dumps(present, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def extraction_lines(document: Document, extraction: Extraction) -> Iterator[Json]:
    """The document's line, then its entities, then its facts by place in the text."""
    yield document_record(document)
    for entity in extraction.entities:
        yield entity_record(entity)
    for fact in sorted(extraction.facts, key=lambda f: (f.evidence.start, f.evidence.end)):
        yield fact_record(fact)


def document_record(document: Document) -> Json:
    """The line of a document; `text` is what all offsets refer to."""
    known = document.metadata
    return {
        "kind": "document",
        "id": document.id,
        "text": document.text,
        "title": known.title,
        "publisher": known.publisher,
        "authors": list(known.authors),
        "published": _text(known.published),
        "url": known.url,
        "retrieved": _text(known.retrieved),
        "licence": known.licence,
        "source": document.source_key,
        "cleaner": document.cleaner,
        "text_hash": document.text_hash,
        "raw_hash": document.raw_hash,
        "media_type": document.media_type,
    }


def entity_record(entity: EntityRecord) -> Json:
    """The line of an entity that a document speaks of."""
    return {
        "kind": "entity",
        "type": entity.ref.type.value,
        "name": entity.ref.name,
        "id": entity.ref.id,
        "aliases": list(entity.aliases),
        "level": _text(entity.level),
        "mentions": [{"start": m.start, "end": m.end} for m in entity.mentions],
    }


def fact_record(fact: Fact) -> Json:
    """The line of a fact, as `ontology.md` shows it."""
    return {
        "kind": fact.kind.value,
        "subject": _ref(fact.subject),
        "predicate": fact.predicate.value,
        **qualifiers(fact),
        "as_of": _text(fact.as_of),
        "valid_from": _text(fact.valid_from),
        "valid_to": _text(fact.valid_to),
        "modality": fact.modality.value,
        "speaker": _speaker(fact.speaker),
        "evidence": _evidence(fact.evidence),
        "extractor": fact.extractor,
        "confidence": fact.confidence,
    }


def qualifiers(fact: Fact) -> Json:
    """The fields that only this kind of fact has; what the text leaves open is null."""
    match fact:
        case Relation():
            return {
                "object": _ref(fact.object),
                "role": fact.role,
                "status": _text(fact.status),
                "how": _text(fact.how),
                "amount": _amount(fact.amount),
                "lead": fact.lead,
                "share": fact.share,
                "city": fact.city,
            }
        case Figure():
            return {
                "value": fact.value,
                "low": fact.low,
                "high": fact.high,
                "unit": fact.unit,
                "comparator": fact.comparator.value,
                "period": _text(fact.period),
                "basis": _text(fact.basis),
                "scope": _text(fact.scope),
                "active": fact.active,
                "benchmark": fact.benchmark,
                "offered_by": None if fact.offered_by is None else _ref(fact.offered_by),
            }
        case DateFact():
            return {"date": str(fact.date)}
        case Term():
            return {
                "value": fact.value,
                "unit": fact.unit,
                "comparator": _text(fact.comparator),
                "period": _text(fact.period),
                "consequence": _text(fact.consequence),
                "access": _text(fact.access),
            }


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)


def _ref(ref: EntityRef) -> Json:
    record = {"type": ref.type.value, "name": ref.name}
    return record if ref.id is None else {**record, "id": ref.id}


def _amount(amount: Amount | None) -> Json | None:
    if amount is None:
        return None
    return {"value": amount.value, "unit": amount.unit, "comparator": amount.comparator.value}


def _speaker(speaker: Speaker | None) -> Json | None:
    if speaker is None:
        return None
    entity = speaker.entity
    return {"name": speaker.name, "id": None if entity is None else entity.id}


def _evidence(evidence: Evidence) -> Json:
    return {
        "document": evidence.document,
        "start": evidence.start,
        "end": evidence.end,
        "text": evidence.text,
    }
