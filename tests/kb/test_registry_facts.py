"""Each registry record with claims is a document of its own, and each claim a fact with its words."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kb.documents import Document
from kb.errors import InputError
from kb.facts import Extraction
from kb.ontology import Metric, RelationType
from kb.registry import Registry, load_registry
from kb.registry_facts import registry_documents

CLAIM = {"source": "page", "locator": "line 3"}
PAGE = {"id": "page", "title": "A page", "publisher": "A publisher", "url": "https://example.org"}


def registry(folder: Path, *claims: dict[str, Any], **more: Any) -> Registry:
    records = [
        {"id": "company/acme", "name": "Acme", "claims": [{**c, **CLAIM} for c in claims], **more},
        {"id": "company/zeta", "name": "Zeta"},
        {"id": "model/acme-1", "name": "Acme-1"},
    ]
    (folder / "companies.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    (folder / "sources.jsonl").write_text(json.dumps(PAGE), encoding="utf-8")
    return load_registry(folder)


def only(folder: Path, *claims: dict[str, Any], **more: Any) -> tuple[Document, Extraction]:
    (found,) = registry_documents(registry(folder, *claims, **more))
    return found


def refusal(folder: Path, claim: dict[str, Any]) -> str:
    with pytest.raises(InputError) as refused:
        only(folder, claim)
    return str(refused.value)


FOUNDED = {"predicate": "FOUNDED_ON", "date": "2015"}
DEVELOPS = {"predicate": "DEVELOPS", "object": "model/acme-1"}


def test_a_record_that_claims_nothing_is_no_document(tmp_path: Path):
    assert list(registry_documents(registry(tmp_path))) == []


def test_the_evidence_of_a_claim_is_its_line_in_words(tmp_path: Path):
    document, found = only(tmp_path, FOUNDED, DEVELOPS)
    spans = [fact.evidence for fact in found.facts]
    assert [document.text[s.start : s.end] for s in spans] == [
        f"Acme FOUNDED_ON, date 2015 ({CLAIM['locator']})",
        f"Acme DEVELOPS Acme-1 ({CLAIM['locator']})",
    ]


def test_the_source_that_the_claim_names_is_who_says_so(tmp_path: Path):
    document, _ = only(tmp_path, FOUNDED)
    assert (document.metadata.publisher, document.metadata.url) == ("A publisher", "https://example.org")


def test_file_and_line_of_the_record_are_kept(tmp_path: Path):
    document, _ = only(tmp_path, FOUNDED)
    assert document.origin == "seeds/registry/companies.jsonl, line 1"


def test_an_object_is_the_registry_s_entity(tmp_path: Path):
    _, found = only(tmp_path, DEVELOPS)
    (fact,) = found.facts
    assert (fact.predicate, fact.object.id) == (RelationType.DEVELOPS, "model/acme-1")


def test_a_claim_may_name_another_subject(tmp_path: Path):
    _, found = only(tmp_path, {"predicate": "SUBSIDIARY_OF", "subject": "company/zeta"})
    (fact,) = found.facts
    assert (fact.subject.name, fact.object.name) == ("Zeta", "Acme")


def test_a_figure_keeps_its_qualifiers(tmp_path: Path):
    claim = {"predicate": "VALUATION", "value": 5e9, "unit": "USD", "basis": "PRIVATE", "as_of": "2025-04"}
    _, found = only(tmp_path, claim)
    (fact,) = found.facts
    assert (fact.predicate, fact.value, fact.basis, str(fact.as_of)) == (
        Metric.VALUATION,
        5_000_000_000,
        "PRIVATE",
        "2025-04",
    )


def test_an_edit_of_one_claim_re_ids_no_other_record_or_source(tmp_path: Path, seed_registry: Registry):
    documents = {d.source_key: d.id for d, _ in registry_documents(seed_registry)}
    edited = next(e for e in seed_registry.entries.values() if e.claims)
    claim = replace(edited.claims[0], locator="another place")
    changed = replace(edited, claims=(claim, *edited.claims[1:]))
    other = Registry({**seed_registry.entries, edited.id: changed}, seed_registry.sources)
    differing = {d.source_key for d, _ in registry_documents(other) if documents[d.source_key] != d.id}
    assert differing == {f"registry:{edited.id}#{claim.source}"}


REFUSED = [
    ({"predicate": "FOUNDED_IN", "date": "2015"}, "FOUNDED_IN"),
    ({"predicate": "FOUNDED_ON", "date": "spring"}, "'spring' is no date"),
    ({"predicate": "DEVELOPS", "object": "model/gone"}, "'model/gone' is in no registry file."),
    ({"predicate": "DEVELOPS", "object": "company/zeta"}, "DEVELOPS does not lead to a Company."),
    ({"predicate": "VALUATION", "value": 5}, "unit"),
    ({"predicate": "VALUATION", "value": 5, "unit": "USD", "basis": "GUESS"}, "GUESS"),
    ({"predicate": "VALUATION", "value": 5, "unit": "USD", "colour": "red"}, "colour"),
]


@pytest.mark.parametrize(("claim", "reason"), REFUSED, ids=[reason for _, reason in REFUSED])
def test_a_claim_that_cannot_be_taken_is_told_by_file_line_and_reason(
    tmp_path: Path, claim: dict[str, Any], reason: str
):
    told = refusal(tmp_path, claim)
    assert told.startswith(
        f"companies.jsonl, line 1: the claim {claim['predicate']} of company/acme cannot be taken"
    )
    assert reason in told


def test_every_claim_of_the_seeds_is_a_fact_whose_words_stand_at_its_offsets(seed_registry: Registry):
    wrong = [
        fact.evidence
        for document, found in registry_documents(seed_registry)
        for fact in found.facts
        if document.text[fact.evidence.start : fact.evidence.end] != fact.evidence.text
    ]
    assert wrong == []


def test_every_claim_of_the_seeds_is_taken(seed_registry: Registry):
    taken = sum(len(found.facts) for _, found in registry_documents(seed_registry))
    assert taken == sum(len(entry.claims) for entry in seed_registry.entries.values()) > 0
