"""The registry's companies, people, products and countries keep the format of seeds/registry/README.md."""

import json
import re
from collections import defaultdict
from pathlib import Path

import pytest

from kb.ontology import (
    DATES,
    METRICS,
    RELATIONS,
    DateEvent,
    EmploymentStatus,
    EntityType,
    Metric,
    RelationType,
)
from kb.registry import Registry, RegistryEntry, entity_type_of
from tests.seeds.claims import claims, ends

REGISTRY = Path(__file__).resolve().parents[2] / "seeds" / "registry"
OURS = ("companies.jsonl", "countries.jsonl", "people.jsonl", "products.jsonl")
SLUG = re.compile(r"[a-z]+/[a-z0-9]+(?:[.-][a-z0-9]+)*")
DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
RELATION_NAMES, DATE_NAMES, METRIC_NAMES = set(RelationType), set(DateEvent), set(Metric)
COMMON = {"status", "as_of", "valid_from", "valid_to", "modality"}


@pytest.fixture(scope="module")
def entries(seed_registry: Registry) -> list[RegistryEntry]:
    return [entry for entry in seed_registry.entries.values() if entry.file in OURS]


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        (EntityType.COMPANY, 4000),
        (EntityType.PERSON, 1200),
        (EntityType.PRODUCT, 700),
        (EntityType.COUNTRY, 249),
    ],
)
def test_the_registry_knows_enough_of_each_type(
    seed_registry: Registry, kind: EntityType, least: int
) -> None:
    assert sum(1 for _ in seed_registry.of_type(kind)) >= least


@pytest.mark.parametrize("name", OURS)
def test_a_file_is_sorted_by_id(name: str) -> None:
    ids = [json.loads(line)["id"] for line in (REGISTRY / name).read_text(encoding="utf-8").splitlines()]
    assert ids == sorted(ids)


def test_every_id_is_a_slug(entries: list[RegistryEntry]) -> None:
    assert [entry.id for entry in entries if not SLUG.fullmatch(entry.id)] == []


def test_no_form_is_empty_or_padded(entries: list[RegistryEntry]) -> None:
    forms = [form for entry in entries for form in (*entry.forms, *entry.demonyms)]
    assert [form for form in forms if not form or form != form.strip()] == []


def test_no_alias_repeats_a_form_of_its_own_record(entries: list[RegistryEntry]) -> None:
    assert [entry.id for entry in entries if len(set(entry.forms)) != len(entry.forms)] == []


def test_ambiguous_forms_are_forms_of_their_record(entries: list[RegistryEntry]) -> None:
    strays = {
        entry.id: stray for entry in entries if (stray := entry.ambiguous - {*entry.forms, *entry.demonyms})
    }
    assert strays == {}


def test_a_form_of_two_records_is_ambiguous_in_both(entries: list[RegistryEntry]) -> None:
    holders: dict[str, list[RegistryEntry]] = defaultdict(list)
    for entry in entries:
        for form in (*entry.forms, *entry.demonyms):
            holders[form].append(entry)
    clashes = {
        form: [entry.id for entry in held]
        for form, held in holders.items()
        if len(held) > 1 and any(form not in entry.ambiguous for entry in held)
    }
    assert clashes == {}


def test_entities_that_claims_name_are_in_the_registry(
    seed_registry: Registry, entries: list[RegistryEntry]
) -> None:
    named = {end for entry, claim in claims(entries) for end in ends(entry, claim) if end is not None}
    assert named - set(seed_registry.entries) == set()


def test_every_claim_says_where_in_its_source_it_stands(entries: list[RegistryEntry]) -> None:
    assert [entry.id for entry in entries for claim in entry.claims if not claim.locator.strip()] == []


def test_every_source_has_an_address_or_a_version(seed_registry: Registry) -> None:
    used = {claim.source for entry in seed_registry.entries.values() for claim in entry.claims}
    assert [key for key in sorted(used) if seed_registry.sources[key].url is None] == []


def test_relations_join_the_types_that_the_ontology_allows(entries: list[RegistryEntry]) -> None:
    wrong: list[tuple[str, str, str | None]] = []
    for entry, claim in claims(entries):
        if claim["predicate"] not in RELATION_NAMES:
            continue
        spec = RELATIONS[RelationType(claim["predicate"])]
        subject, target = ends(entry, claim)
        if (
            target is None
            or entity_type_of(subject) not in spec.subjects
            or entity_type_of(target) not in spec.objects
        ):
            wrong.append((subject, claim["predicate"], target))
    assert wrong == []


def test_claims_carry_only_the_qualifiers_of_their_relation(entries: list[RegistryEntry]) -> None:
    wrong: list[tuple[str, set[str]]] = []
    for entry, claim in claims(entries):
        if claim["predicate"] not in RELATION_NAMES:
            continue
        allowed = RELATIONS[RelationType(claim["predicate"])].qualifiers | COMMON
        if stray := set(claim) - allowed - {"predicate", "subject", "object"}:
            wrong.append((entry.id, stray))
    assert wrong == []


def test_other_claims_are_dates_or_figures_of_a_fitting_subject(entries: list[RegistryEntry]) -> None:
    wrong: list[tuple[str, str]] = []
    for entry, claim in claims(entries):
        predicate = claim["predicate"]
        if predicate in DATE_NAMES:
            subjects = DATES[DateEvent(predicate)].subjects
            fits = entry.type in subjects and DATE.fullmatch(claim["date"]) is not None
        elif predicate in METRIC_NAMES:
            fits = entry.type in METRICS[Metric(predicate)].subjects and "unit" in claim
        else:
            fits = predicate in RELATION_NAMES
        if not fits:
            wrong.append((entry.id, predicate))
    assert wrong == []


def test_a_role_says_whether_it_is_still_held(entries: list[RegistryEntry]) -> None:
    states = [claim.get("status") for _, claim in claims(entries) if claim["predicate"] == "WORKS_FOR"]
    assert [state for state in states if state not in set(EmploymentStatus)] == []


def test_no_claim_is_made_twice(entries: list[RegistryEntry]) -> None:
    for entry in entries:
        made = [json.dumps({**claim.fields, "at": claim.source}, sort_keys=True) for claim in entry.claims]
        assert len(set(made)) == len(made), entry.id
