"""The registry's claims as facts: each record is a document, each claim a fact with its own words.

The document's text is the record's line, followed by the lines of the sources that it names; the
evidence is the claim as it stands in the record, its source and locator included. The speaker is the
source's publisher. Each record is a source of its own, so an edit re-ids nothing else.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kb.documents import Document, Metadata, sha256
from kb.errors import ContractError, InputError
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
from kb.ontology import (
    Access,
    Basis,
    Comparator,
    Consequence,
    DateEvent,
    Derivation,
    EmploymentStatus,
    Kind,
    Metric,
    Modality,
    Period,
    RelationType,
    Scope,
    TermType,
    type_of_kind,
)
from kb.partial_date import PartialDate
from kb.registry import Claim, Registry, RegistryEntry, Source

EXTRACTOR: Final = "registry/1"
_CONFIDENCE: Final = 0.95
"""A person read the source; the rest allows for slips."""


def _amount(fields: Mapping[str, Any]) -> Amount:
    return Amount(fields["value"], fields["unit"], Comparator(fields.get("comparator", "EQ")))


_CODECS: Final[Mapping[str, Any]] = {
    "status": EmploymentStatus,
    "how": Derivation,
    "comparator": Comparator,
    "period": Period,
    "basis": Basis,
    "scope": Scope,
    "access": Access,
    "consequence": Consequence,
    "modality": Modality,
    "as_of": PartialDate.parse,
    "valid_from": PartialDate.parse,
    "valid_to": PartialDate.parse,
    "date": PartialDate.parse,
    "amount": _amount,
}
_KIND_OF: Final = {member.value: kind for kind, members in type_of_kind.items() for member in members}


def registry_documents(registry: Registry) -> Iterator[tuple[Document, Extraction]]:
    """A document with its facts for every record that claims something.

    Raises:
        InputError: for a claim that the ontology does not allow or whose ends are not in the registry,
            naming file and line.
    """
    for entry in registry.entries.values():
        if entry.claims:
            yield _document(entry, registry)


def _document(entry: RegistryEntry, registry: Registry) -> tuple[Document, Extraction]:
    cited = sorted({claim.source for claim in entry.claims})
    text = "\n".join([entry.text, *(_source_line(registry.sources[key]) for key in cited)])
    document = Document(
        source_key=f"registry:{entry.id}",
        text=text,
        media_type="application/json",
        raw_hash=sha256(entry.text.encode()),
        cleaner="registry/1",
        metadata=Metadata(title=f"Registry record of {entry.name}", publisher="seeds/registry"),
        origin=f"{entry.file}, line {entry.line}",
    )
    facts = tuple(_fact(claim, entry, registry, document) for claim in entry.claims)
    ref = EntityRef(entry.type, entry.name, entry.id)
    record = EntityRecord(ref, aliases=entry.aliases, level=entry.level)
    return document, Extraction(document.id, EXTRACTOR, (record,), facts)


def _source_line(source: Source) -> str:
    fields = {
        "source": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "url": source.url,
        "published": source.published,
        "retrieved": source.retrieved,
    }
    return json.dumps({key: value for key, value in fields.items() if value is not None}, ensure_ascii=False)


def _fact(claim: Claim, entry: RegistryEntry, registry: Registry, document: Document) -> Fact:
    try:
        return _build(claim, entry, registry, document)
    except (ContractError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{entry.file}, line {entry.line}: the claim {claim.fields.get('predicate')} of {entry.id} "
            f"cannot be taken: {error}"
        ) from error


def _build(claim: Claim, entry: RegistryEntry, registry: Registry, document: Document) -> Fact:
    source = registry.sources[claim.source]
    fields = {key: _decode(key, value) for key, value in claim.fields.items()}
    predicate: str = fields.pop("predicate")
    itself = EntityRef(entry.type, entry.name, entry.id)
    subject, target = fields.pop("subject", None), fields.pop("object", None)
    if "offered_by" in fields:
        fields["offered_by"] = _ref(fields["offered_by"], registry)
    common: dict[str, Any] = {
        "subject": itself if subject is None else _ref(subject, registry),
        "evidence": Evidence(document.id, claim.start, claim.end, document.text[claim.start : claim.end]),
        "extractor": EXTRACTOR,
        "confidence": _CONFIDENCE,
        "speaker": Speaker(source.publisher or source.title),
        **fields,
    }
    match _KIND_OF[predicate]:
        case Kind.RELATION:
            ends = itself if target is None else _ref(target, registry)
            return Relation(predicate=RelationType(predicate), object=ends, **common)
        case Kind.FIGURE:
            return Figure(predicate=Metric(predicate), **common)
        case Kind.DATE:
            return DateFact(predicate=DateEvent(predicate), **common)
        case Kind.TERM:
            return Term(predicate=TermType(predicate), **common)


def _decode(key: str, value: object) -> Any:  # noqa: ANN401 - each field has a type of its own
    decode = _CODECS.get(key)
    return value if decode is None or value is None else decode(value)


def _ref(entity_id: str, registry: Registry) -> EntityRef:
    if entity_id not in registry.entries:
        raise ContractError(f"'{entity_id}' is in no registry file.")
    entry = registry.entries[entity_id]
    return EntityRef(entry.type, entry.name, entry.id)
