"""Deterministic ids of statements and claims.

A statement's id is a hash, over canonical JSON, of every field of the contract that says what is
claimed and where: document, span, kind, predicate, both ends, value and qualifiers. Ends enter as
type and normalised document-level name, before resolution against the registry, so that neither a
merge nor a larger registry changes an id. Extractor, confidence, recording times and rank stay out:
a better extractor that finds the same fact at the same words does not double it.
"""

import hashlib
from typing import Any

from kb.contract import canonical, qualifiers
from kb.facts import EntityRef, Fact
from kb.names import name_key
from kb.ontology import RELATIONS, RelationType

SEPARATOR = "\N{INFORMATION SEPARATOR ONE}"


def entity_key(ref: EntityRef) -> str:
    """Type and normalised name: what an end of a fact is before resolution."""
    return f"{ref.type.value}{SEPARATOR}{name_key(ref.name)}"


def statement_id(fact: Fact) -> str:
    """32 hexadecimal digits that name this fact in this place of this document."""
    place = {
        "document": fact.evidence.document,
        "start": fact.evidence.start,
        "end": fact.evidence.end,
        "speaker": None if fact.speaker is None else name_key(fact.speaker.name),
    }
    return _digest({**_content(fact), **place})


def claim_id(fact: Fact) -> str:
    """The same hash without document, span and speaker: equal for all who claim the same."""
    return _digest(_content(fact))


def _content(fact: Fact) -> dict[str, Any]:
    content: dict[str, Any] = {
        "kind": fact.kind.value,
        "predicate": fact.predicate.value,
        "subject": entity_key(fact.subject),
        **qualifiers(fact),
        "as_of": _text(fact.as_of),
        "valid_from": _text(fact.valid_from),
        "valid_to": _text(fact.valid_to),
        "modality": fact.modality.value,
    }
    for end in ("object", "offered_by"):
        ref: EntityRef | None = getattr(fact, end, None)
        content[end] = None if ref is None else entity_key(ref)
    if isinstance(fact.predicate, RelationType) and RELATIONS[fact.predicate].symmetric:
        content["subject"], content["object"] = sorted((content["subject"], content["object"]))
    return content


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(content).encode()).hexdigest()[:32]
