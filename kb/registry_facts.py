"""The registry's claims as facts: each record is read once for every source that it names.

The document of a record and a source has one line per claim, in words made from the claim's fields,
with the place in the source; the line is the evidence. Publisher, url and dates are the source's. Each
such document is a source of its own in the graph, so an edit of a record re-ids nothing else.
"""

import json
from collections.abc import Iterator, Mapping
from itertools import accumulate
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
    kind_of,
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


def registry_documents(registry: Registry) -> Iterator[tuple[Document, Extraction]]:
    """A document with its facts for every record and every source of its claims.

    Raises:
        InputError: for a claim that the ontology does not allow or whose ends are not in the registry,
            naming file and line.
    """
    for entry in registry.entries.values():
        for key in sorted({claim.source for claim in entry.claims}):
            yield _document(entry, registry.sources[key], registry)


def _document(entry: RegistryEntry, source: Source, registry: Registry) -> tuple[Document, Extraction]:
    claims = [claim for claim in entry.claims if claim.source == source.id]
    lines = [_words(claim, entry, registry) for claim in claims]
    document = Document(
        source_key=f"registry:{entry.id}#{source.id}",
        text="\n".join(lines),
        media_type="application/json",
        raw_hash=sha256(entry.text.encode()),
        cleaner="registry/1",
        metadata=_metadata(source),
        origin=f"seeds/registry/{entry.file}, line {entry.line}",
    )
    starts = accumulate((len(line) + 1 for line in lines), initial=0)
    facts = tuple(
        _fact(claim, entry, registry, Evidence(document.id, start, start + len(line), line))
        for claim, line, start in zip(claims, lines, starts, strict=False)
    )
    ref = EntityRef(entry.type, entry.name, entry.id)
    record = EntityRecord(ref, aliases=entry.aliases, level=entry.level)
    return document, Extraction(document.id, EXTRACTOR, (record,), facts)


def _metadata(source: Source) -> Metadata:
    return Metadata(
        title=source.title,
        publisher=source.publisher,
        published=None if source.published is None else PartialDate.parse(source.published),
        url=source.url,
        retrieved=None if source.retrieved is None else PartialDate.parse(source.retrieved),
    )


def _words(claim: Claim, entry: RegistryEntry, registry: Registry) -> str:
    """The claim in one line, such as "OpenAI BASED_IN United States, city San Francisco (first section)"."""
    fields = dict(claim.fields)
    predicate: str = fields.pop("predicate")
    subject = _name(fields.pop("subject", None) or entry.id, registry)
    target = fields.pop("object", None) or (entry.id if "subject" in claim.fields else None)
    head = f"{subject} {predicate}" + ("" if target is None else f" {_name(target, registry)}")
    value, unit = fields.pop("value", None), fields.pop("unit", None)
    amounts = [] if value is None else [f"{value:,} {unit}" if unit else f"{value:,}"]
    rest = [f"{key} {_plain(item)}" for key, item in fields.items() if item is not None]
    said = ", ".join([" ".join([head, *amounts]), *rest])
    return f"{said} ({claim.locator})"


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _name(entity_id: str, registry: Registry) -> str:
    entry = registry.entries.get(entity_id)
    return entity_id if entry is None else entry.name


def _fact(claim: Claim, entry: RegistryEntry, registry: Registry, evidence: Evidence) -> Fact:
    try:
        return _build(claim, entry, registry, evidence)
    except (ContractError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{entry.file}, line {entry.line}: the claim {claim.fields.get('predicate')} of {entry.id} "
            f"cannot be taken: {error}"
        ) from error


def _build(claim: Claim, entry: RegistryEntry, registry: Registry, evidence: Evidence) -> Fact:
    fields = {key: _decode(key, value) for key, value in claim.fields.items()}
    predicate: str = fields.pop("predicate")
    itself = EntityRef(entry.type, entry.name, entry.id)
    subject, target = fields.pop("subject", None), fields.pop("object", None)
    if "offered_by" in fields:
        fields["offered_by"] = _ref(fields["offered_by"], registry)
    common: dict[str, Any] = {
        "subject": itself if subject is None else _ref(subject, registry),
        "evidence": evidence,
        "extractor": EXTRACTOR,
        "confidence": _CONFIDENCE,
        **fields,
    }
    match kind_of[predicate]:
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
