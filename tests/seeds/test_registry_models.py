"""The registry's models and licences: names that can be matched, claims that the ontology allows."""

import json
import re
from collections import defaultdict
from pathlib import Path

import pytest

from kb.ontology import (
    CURRENCY,
    DATES,
    METRICS,
    RELATIONS,
    TERM_SUBJECTS,
    TERMS,
    Access,
    Comparator,
    Consequence,
    DateEvent,
    Derivation,
    EntityType,
    Metric,
    ModelLevel,
    Period,
    RelationType,
    TermType,
)
from kb.registry import Registry, RegistryEntry, entity_type_of
from tests.seeds.claims import claims, ends

REGISTRY = Path(__file__).resolve().parents[2] / "seeds" / "registry"
OURS = ("models.jsonl", "licences.jsonl")
SLUG = re.compile(r"(?:model|licence)/[a-z0-9]+(?:[.-][a-z0-9]+)*")
DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
CURRENCY_CODE = re.compile(r"[A-Z]{3}")
RELATION_NAMES, METRIC_NAMES, DATE_NAMES, TERM_NAMES = map(
    frozenset, (RelationType, Metric, DateEvent, TermType)
)
SIDE_FIELDS = {"predicate", "subject", "object", "as_of"}
COMMON_WORDS = frozenset(
    """
    Alpaca Amber Aquila Arctic Aurora Aya Bark Bloom Capybara Chameleon Chinchilla Claude Codex Command
    Composer Cosmos Dolly Dolphin Emu Evo Falcon Ferret Firefly Flamingo Florence Flux Galactica Gato
    Gemini Gemma Genie Giraffe Goliath Gopher Gorilla Granite Grok Guanaco Haiku Helium Helix Hermes
    Imagine Inflection Janus Jukebox Jurassic Koala Laguna Ling Llama Luminous Mamba Maverick Mercury
    Minerva Mistral Moonlight Nougat Nova Olympus Opus Orca Orion Orpheus Palmyra Parakeet Phi Pika
    Platypus Pythia Reka Ring Sailor Scout Seed Smaug Solar Sonar Sonnet Spark Starling Step Swallow Tan
    Titan Tower Trinity Typhoon Velvet Vicuna Viking Voyage Wan Whisper Yi Yuan Zephyr
    """.split()
)


@pytest.fixture(scope="module")
def entries(seed_registry: Registry) -> list[RegistryEntry]:
    return [entry for entry in seed_registry.entries.values() if entry.file in OURS]


def _unit_fits(unit: str, units: frozenset[str]) -> bool:
    return unit in units or (CURRENCY in units and CURRENCY_CODE.fullmatch(unit) is not None)


@pytest.mark.parametrize(("level", "least"), [(ModelLevel.FAMILY, 950), (ModelLevel.RELEASE, 850)])
def test_the_registry_knows_enough_models(seed_registry: Registry, level: ModelLevel, least: int) -> None:
    assert sum(1 for entry in seed_registry.of_type(EntityType.MODEL) if entry.level is level) >= least


def test_the_registry_knows_enough_licences(seed_registry: Registry) -> None:
    assert sum(1 for _ in seed_registry.of_type(EntityType.LICENCE)) >= 120


def test_the_terms_of_enough_licences_are_data(seed_registry: Registry) -> None:
    told = [
        licence
        for licence in seed_registry.of_type(EntityType.LICENCE)
        if any(claim.fields["predicate"] in TERM_NAMES for claim in licence.claims)
    ]
    assert len(told) >= 100


def test_most_releases_have_a_developer_and_a_family(seed_registry: Registry) -> None:
    releases = [e for e in seed_registry.of_type(EntityType.MODEL) if e.level is ModelLevel.RELEASE]
    whole = [
        release
        for release in releases
        if {"DEVELOPS", "RELEASE_OF"} <= {claim.fields["predicate"] for claim in release.claims}
    ]
    assert len(whole) >= 0.75 * len(releases)


@pytest.mark.parametrize("name", OURS)
def test_a_file_is_sorted_by_id_without_repeats(name: str) -> None:
    ids = [json.loads(line)["id"] for line in (REGISTRY / name).read_text(encoding="utf-8").splitlines()]
    assert ids == sorted(set(ids))


def test_every_id_is_a_slug(entries: list[RegistryEntry]) -> None:
    assert [entry.id for entry in entries if not SLUG.fullmatch(entry.id)] == []


def test_every_model_has_a_level_and_no_licence_has(entries: list[RegistryEntry]) -> None:
    wrong = [entry.id for entry in entries if (entry.level is None) is (entry.type is EntityType.MODEL)]
    assert wrong == []


def test_no_form_is_empty_padded_or_repeated(entries: list[RegistryEntry]) -> None:
    wrong = [
        entry.id
        for entry in entries
        if len(set(entry.forms)) != len(entry.forms) or any(not f or f != f.strip() for f in entry.forms)
    ]
    assert wrong == []


def test_ambiguous_forms_are_forms_of_their_record(entries: list[RegistryEntry]) -> None:
    assert [entry.id for entry in entries if entry.ambiguous - set(entry.forms)] == []


def test_an_unambiguous_form_is_neither_short_nor_a_common_word(entries: list[RegistryEntry]) -> None:
    wrong = [
        (entry.id, form)
        for entry in entries
        for form in set(entry.forms) - entry.ambiguous
        if (len(form) < 3 and form.isascii()) or form in COMMON_WORDS
    ]
    assert wrong == []


def test_a_form_shared_with_another_record_is_ambiguous(
    seed_registry: Registry, entries: list[RegistryEntry]
) -> None:
    holders: dict[str, set[str]] = defaultdict(set)
    for entry in seed_registry.entries.values():
        for form in entry.forms:
            holders[form].add(entry.id)
    wrong = [
        (entry.id, form)
        for entry in entries
        for form in set(entry.forms) - entry.ambiguous
        if len(holders[form]) > 1
    ]
    assert wrong == []


def test_entities_that_claims_name_are_in_the_registry(
    seed_registry: Registry, entries: list[RegistryEntry]
) -> None:
    named = {end for entry, claim in claims(entries) for end in ends(entry, claim) if end is not None}
    assert named - set(seed_registry.entries) == set()


def test_every_claim_has_a_listed_source_and_a_locator(
    seed_registry: Registry, entries: list[RegistryEntry]
) -> None:
    wrong = [
        entry.id
        for entry in entries
        for claim in entry.claims
        if claim.source not in seed_registry.sources or not claim.locator.strip()
    ]
    assert wrong == []


def test_a_release_belongs_to_one_family_at_most(
    seed_registry: Registry, entries: list[RegistryEntry]
) -> None:
    wrong: list[str] = []
    for entry in entries:
        families = {
            claim.fields["object"] for claim in entry.claims if claim.fields["predicate"] == "RELEASE_OF"
        }
        if len(families) > 1 or any(
            entry.level is not ModelLevel.RELEASE or seed_registry.entries[f].level is not ModelLevel.FAMILY
            for f in families
        ):
            wrong.append(entry.id)
    assert wrong == []


def test_relations_follow_the_ontology(entries: list[RegistryEntry]) -> None:
    wrong: list[tuple[str, str]] = []
    for entry, claim in claims(entries):
        if claim["predicate"] not in RELATION_NAMES:
            continue
        spec = RELATIONS[RelationType(claim["predicate"])]
        subject, target = ends(entry, claim)
        fits = (
            target is not None
            and entity_type_of(subject) in spec.subjects
            and entity_type_of(target) in spec.objects
            and not set(claim) - spec.qualifiers - SIDE_FIELDS
            and claim.get("how", Derivation.FINE_TUNED) in set(Derivation)
        )
        if not fits:
            wrong.append((entry.id, claim["predicate"]))
    assert wrong == []


def test_figures_and_dates_follow_the_ontology(entries: list[RegistryEntry]) -> None:
    wrong: list[tuple[str, str]] = []
    for entry, claim in claims(entries):
        predicate = claim["predicate"]
        if predicate in METRIC_NAMES:
            spec = METRICS[Metric(predicate)]
            fits = (
                entry.type in spec.subjects
                and claim["value"] > 0
                and _unit_fits(claim["unit"], spec.units)
                and claim["comparator"] in set(Comparator)
                and not set(claim) - spec.qualifiers - SIDE_FIELDS - {"value", "unit", "comparator"}
            )
        elif predicate in DATE_NAMES:
            fits = entry.type in DATES[DateEvent(predicate)].subjects and DATE.fullmatch(claim["date"])
        else:
            fits = predicate in RELATION_NAMES | TERM_NAMES
        if not fits:
            wrong.append((entry.id, predicate))
    assert wrong == []


def test_licence_terms_follow_the_ontology(entries: list[RegistryEntry]) -> None:
    wrong: list[tuple[str, str]] = []
    for entry, claim in claims(entries):
        predicate = claim["predicate"]
        if predicate not in TERM_NAMES:
            continue
        fields = TERMS[TermType(predicate)].fields
        fits = entry.type in TERM_SUBJECTS and set(claim) - SIDE_FIELDS == set(fields)
        if "access" in fields:
            fits = fits and claim["access"] in set(Access)
        if "consequence" in fields:
            fits = (
                fits
                and claim["consequence"] in set(Consequence)
                and claim["comparator"] in set(Comparator)
                and claim["period"] in set(Period)
            )
        if not fits:
            wrong.append((entry.id, predicate))
    assert wrong == []


@pytest.mark.parametrize("version", ["2", "3", "3.1", "3.2", "3.3", "4"])
def test_each_llama_licence_sets_its_user_threshold(seed_registry: Registry, version: str) -> None:
    licence = seed_registry.entries[f"licence/llama-{version}-community"]
    terms = [dict(c.fields) for c in licence.claims if c.fields["predicate"] == "USER_THRESHOLD"]
    assert [(t["value"], t["comparator"], t["period"], t["consequence"]) for t in terms] == [
        (700_000_000, "GT", "MONTH", "OTHER_LICENCE")
    ]


def test_no_claim_is_made_twice(entries: list[RegistryEntry]) -> None:
    for entry in entries:
        made = [json.dumps({**claim.fields, "at": claim.source}, sort_keys=True) for claim in entry.claims]
        assert len(set(made)) == len(made), entry.id
