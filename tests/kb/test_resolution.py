"""A mention leads to the one registry entry that it can mean, else to an entity of its own."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.facts import EntityRef
from kb.ontology import EntityType, ModelLevel
from kb.registry import Registry, RegistryEntry
from kb.resolution import Resolver
from tests import facts as make


def entry(entity_id: str, kind: EntityType, name: str, *aliases: str, **more: Any) -> RegistryEntry:
    given: dict[str, Any] = {
        "ambiguous": frozenset(),
        "level": None,
        "demonyms": (),
        "claims": (),
        "file": "test.jsonl",
        "line": 1,
        "text": "{}",
        **more,
    }
    return RegistryEntry(id=entity_id, type=kind, name=name, aliases=aliases, **given)


ENTRIES = (
    entry("company/acme", EntityType.COMPANY, "Acme", "Acme Labs", "AC"),
    entry("company/active-computing", EntityType.COMPANY, "Active Computing", "AC"),
    entry("company/meta", EntityType.COMPANY, "Meta", "Facebook"),
    entry("company/meta-fund", EntityType.COMPANY, "Meta Fund", "Meta"),
    entry("model/acme", EntityType.MODEL, "Acme", level=ModelLevel.FAMILY),
)
RESOLVER = Resolver(Registry({e.id: e for e in ENTRIES}, {}))


def resolved(ref: EntityRef) -> tuple[str, bool]:
    found = RESOLVER.resolve(ref)
    return found.id, found.provisional


@pytest.mark.parametrize("name", ["Acme", "ACME, Inc.", "acme labs", "Ａcme"])
def test_a_name_or_alias_in_any_spelling_leads_to_its_entry(name: str):
    assert resolved(make.company(name)) == ("company/acme", False)


def test_a_known_entity_brings_its_registry_name_and_level():
    found = RESOLVER.resolve(make.model("ACME"))
    assert (found.name, found.level) == ("Acme", ModelLevel.FAMILY)


def test_the_type_decides_between_equal_names():
    assert resolved(make.model("Acme")) == ("model/acme", False)


def test_an_alias_of_two_entries_leads_to_neither():
    assert resolved(make.company("AC")) == ("company/ac", True)


def test_a_name_wins_over_another_entry_s_alias():
    assert resolved(make.company("Meta")) == ("company/meta", False)


def test_the_entry_that_the_extractor_recognised_wins_over_the_name():
    assert resolved(make.company("AC", "company/active-computing")) == ("company/active-computing", False)


def test_an_id_of_another_type_is_not_believed():
    assert resolved(make.company("Acme", "model/acme")) == ("company/acme", False)


def test_an_id_that_the_registry_lost_falls_back_to_the_name():
    assert resolved(make.company("Acme Labs", "company/gone")) == ("company/acme", False)


def test_an_unknown_name_becomes_an_entity_of_its_own():
    assert resolved(make.person("Zoë Unknown")) == ("person/zoe-unknown", True)


@given(st.text(min_size=1).filter(str.strip), st.sampled_from(EntityType))
def test_every_mention_leads_to_an_entity_of_its_own_type(name: str, kind: EntityType):
    found = RESOLVER.resolve(EntityRef(kind, name))
    assert found.type is kind
    assert found.id.startswith(f"{kind.value.lower()}/")


@given(st.permutations(ENTRIES))
def test_the_order_of_the_registry_makes_no_difference(order: list[RegistryEntry]):
    other = Resolver(Registry({e.id: e for e in order}, {}))
    for name in ("AC", "Meta", "Acme"):
        assert other.resolve(make.company(name)) == RESOLVER.resolve(make.company(name))
