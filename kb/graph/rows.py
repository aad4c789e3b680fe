"""From records to the rows that the write queries take: plain maps of what Neo4j can store."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from kb.contract import qualifiers
from kb.documents import Document
from kb.facts import DateFact, EntityRef, Extraction, Fact, Figure, Relation, Term
from kb.graph.ends import EDGES, End, Ends
from kb.likeness import signature
from kb.names import folded_forms, name_key, short
from kb.ontology import RELATIONS, EmploymentStatus, EntityType, Kind, RelationType
from kb.partial_date import PartialDate
from kb.registry_facts import EXTRACTOR as REGISTRY
from kb.resolution import ResolvedEntity, Resolver
from kb.roles import role_code
from kb.statement_ids import SEPARATOR, claim_id, entity_key, statement_id

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DocumentRows:
    """All rows of some documents, each list free of duplicates and sorted by its key."""

    documents: tuple[Row, ...]
    entities: tuple[Row, ...]
    aliases: tuple[Row, ...]
    statements: tuple[Row, ...]

    @property
    def papers(self) -> list[Row]:
        """The documents that may have copies."""
        return [row for row in self.documents if "bands" in row]

    def under(self, stands_for: Mapping[str, str]) -> "DocumentRows":
        """The same with every statement tied to those who stand for its entities."""
        if not stands_for:
            return self
        return replace(self, statements=tuple(_tied(row, stands_for) for row in self.statements))

    def lacking(self, named: Collection[tuple[str, str]]) -> "DocumentRows":
        """The same without the names that are there, by key and entity, and the entities known by them alone.

        What the registry says of an entity may have changed, so those stay.
        """
        there = {entity for _, entity in named}
        return replace(
            self,
            aliases=tuple(row for row in self.aliases if (row["key"], row["entity"]) not in named),
            entities=tuple(row for row in self.entities if not (row["provisional"] and row["id"] in there)),
        )

    def of_kind(self, kind: Kind) -> list[Row]:
        """The statements of one kind."""
        return [row for row in self.statements if row["kind"] == kind.value]


def document_rows(found: Sequence[tuple[Document, Extraction]], resolver: Resolver) -> DocumentRows:
    """The rows of documents and of everything that was found in them."""
    facts = (fact for _, extraction in found for fact in extraction.facts)
    entities: dict[str, Row] = {}
    aliases: dict[str, Row] = {}
    for _, extraction in found:
        _collect_entities(extraction, resolver, entities, aliases)
    return DocumentRows(
        documents=_by_key(
            {document.id: _document_row(document, extraction) for document, extraction in found}
        ),
        entities=_by_key(entities),
        aliases=_by_key(aliases),
        statements=_by_key({row["id"]: row for row in (statement_row(f, resolver) for f in facts)}),
    )


def _document_row(document: Document, extraction: Extraction) -> Row:
    """The properties of a document's node; the registry's words are made here, and so are no copies."""
    if extraction.extractor == REGISTRY:
        return document_row(document)
    sketch = signature(document.text)
    return {**document_row(document), "signature": sketch.encoded, "bands": list(sketch.bands)}


def document_row(document: Document) -> Row:
    """The properties of a document's node that are the document's own."""
    known = document.metadata
    return _present(
        {
            "id": document.id,
            "source_key": document.source_key,
            "title": known.title,
            "publisher": known.publisher,
            "authors": list(known.authors),
            "published": _text(known.published),
            "published_last": _last(known.published),
            "url": known.url,
            "retrieved": _text(known.retrieved),
            "licence": known.licence,
            "raw_hash": document.raw_hash,
            "text_hash": document.text_hash,
            "cleaner": document.cleaner,
            "media_type": document.media_type,
            "origin": document.origin,
            "places": [document.held_at],
            "cluster": document.id,
            "text": document.text,
        }
    )


def entity_row(entity: ResolvedEntity) -> Row:
    """The properties of an entity's node, and its label."""
    return {
        "id": entity.id,
        "label": entity.type.value,
        "name": entity.name,
        "aliases": list(entity.aliases),
        "level": _text(entity.level),
        "provisional": entity.provisional,
        "qid": entity.qid,
        **names_in_small(entity.name, entity.aliases),
    }


def names_in_small(name: str, aliases: Iterable[str]) -> Row:
    """The properties of an entity's node by which parts of its names are looked for."""
    folded = folded_forms((name, *aliases))
    return {"folded": folded, "folded_short": short(folded)}


def alias_row(kind: EntityType, form: str, entity_id: str) -> Row:
    """One name of one entity, under the key that look-ups use."""
    return {"key": f"{kind.value}{SEPARATOR}{name_key(form)}", "entity": entity_id}


def _collect_entities(
    extraction: Extraction, resolver: Resolver, entities: dict[str, Row], aliases: dict[str, Row]
) -> None:
    records = {(record.ref.type, record.ref.name): record for record in extraction.entities}
    for ref in _refs(extraction):
        entity, record = resolver.resolve(ref), records.get((ref.type, ref.name))
        row = entity_row(entity)
        if entity.provisional and record is not None:
            row = {**row, "level": _text(record.level)}
        entities.setdefault(entity.id, row)
        for form in (ref.name, *(() if record is None else record.aliases)):
            alias = alias_row(ref.type, form, entity.id)
            aliases[f"{alias['key']}{SEPARATOR}{entity.id}"] = alias


def _refs(extraction: Extraction) -> list[EntityRef]:
    refs = {(record.ref.type, record.ref.name): record.ref for record in extraction.entities}
    for fact in extraction.facts:
        speaker = None if fact.speaker is None else fact.speaker.entity
        ends = (fact.subject, getattr(fact, "object", None), getattr(fact, "offered_by", None), speaker)
        for ref in cast("tuple[EntityRef | None, ...]", ends):
            if ref is not None:
                refs.setdefault((ref.type, ref.name), ref)
    return [refs[key] for key in sorted(refs)]


def statement_row(fact: Fact, resolver: Resolver) -> Row:
    """A statement: `properties` for its node, and the ids of the nodes that it is tied to."""
    subject = resolver.resolve(fact.subject).id
    target = resolver.resolve(fact.object).id if isinstance(fact, Relation) else None
    if isinstance(fact, Relation) and RELATIONS[fact.predicate].symmetric:
        subject, target = sorted((subject, cast("str", target)))
    seller = fact.offered_by if isinstance(fact, Figure) else None
    offered_by = None if seller is None else resolver.resolve(seller).id
    speaker = None if fact.speaker is None else fact.speaker.entity
    slot = slot_of(fact, subject, target, offered_by)
    return {
        "id": statement_id(fact),
        "document": fact.evidence.document,
        "kind": fact.kind.value,
        "predicate": fact.predicate.value,
        "subject": subject,
        "object": target,
        "offered_by": offered_by,
        "speaker": None if speaker is None else resolver.resolve(speaker).id,
        "slot": slot,
        "start": fact.evidence.start,
        "end": fact.evidence.end,
        "text": fact.evidence.text,
        "confidence": fact.confidence,
        "properties": _present(
            {
                "claim_id": claim_id(fact),
                "kind": fact.kind.value,
                "predicate": fact.predicate.value,
                "slot": slot,
                "subject_key": entity_key(fact.subject),
                **_own(fact),
                "as_of": _text(fact.as_of),
                "as_of_first": _first(fact.as_of),
                "as_of_last": _last(fact.as_of),
                "valid_from": _text(fact.valid_from),
                "valid_to": _text(fact.valid_to),
                "modality": fact.modality.value,
                "speaker": None if fact.speaker is None else fact.speaker.name,
                "confidence": fact.confidence,
                "extractor": fact.extractor,
            }
        ),
    }


def _tied(row: Row, stands_for: Mapping[str, str]) -> Row:
    resolved = {name: End(row[name]) for name in EDGES if row[name] is not None}
    tied = Ends(row["predicate"], row["slot"], resolved).under(stands_for)
    return {
        **row,
        **{name: end.id for name, end in tied.ends.items()},
        **{f"{name}_of": end.of for name, end in tied.ends.items()},
        "slot": tied.slot,
        "properties": {**row["properties"], "slot": tied.slot},
    }


def slot_of(fact: Fact, subject: str, target: str | None, offered_by: str | None) -> str:
    """What the fact talks of: facts that share it answer one question and can disagree."""
    parts: list[object | None] = [subject, fact.predicate.value, target]
    match fact:
        case Figure():
            parts += [fact.unit, fact.period, fact.scope, fact.basis]
            parts += [
                "active" if fact.active else None,
                fact.benchmark and name_key(fact.benchmark),
                offered_by,
            ]
        case Term():
            parts += [fact.unit, fact.period]
        case Relation() | DateFact():
            pass
    return SEPARATOR.join("" if part is None else str(part) for part in parts)


def _own(fact: Fact) -> dict[str, Any]:
    """The contract's qualifiers as a node can hold them: ends as keys or names, amounts as plain values."""
    fields = dict(qualifiers(fact))
    match fact:
        case Relation():
            del fields["object"]
            fields |= _relation(fact)
        case Figure():
            fields["offered_by"] = None if fact.offered_by is None else fact.offered_by.name
        case DateFact():
            fields |= {"date_first": _first(fact.date), "date_last": _last(fact.date)}
        case Term():
            pass
    return fields


def _relation(fact: Relation) -> dict[str, Any]:
    """A job that is told without an end is a current one, so that all of them can be asked for."""
    amount = fact.amount
    employed = fact.predicate is RelationType.WORKS_FOR
    status = fact.status or (EmploymentStatus.CURRENT if employed else None)
    return {
        "object_key": entity_key(fact.object),
        "role_code": role_code(fact.role) if employed and fact.role else None,
        "status": _text(status),
        "amount": None if amount is None else amount.value,
        "amount_unit": None if amount is None else amount.unit,
        "amount_comparator": None if amount is None else amount.comparator.value,
    }


def _present(row: dict[str, Any]) -> Row:
    return {key: value for key, value in row.items() if value is not None}


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)


def _first(date: PartialDate | None) -> str | None:
    return None if date is None else date.first.isoformat()


def _last(date: PartialDate | None) -> str | None:
    return None if date is None else date.last.isoformat()


def _by_key(rows: Mapping[str, Row]) -> tuple[Row, ...]:
    return tuple(rows[key] for key in sorted(rows))
