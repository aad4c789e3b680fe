"""Which entities may be one, and which are never proposed."""

import pytest

from kb.names import name_key
from kb.ontology import EntityType
from kb.proposals import Candidate, Proposal, Reason, likeness, propose
from kb.registry import Registry, RegistryEntry

NO_REGISTRY = Registry({}, {})


def candidate(
    name: str,
    *aliases: str,
    kind: EntityType = EntityType.COMPANY,
    provisional: bool = True,
    id_: str | None = None,
    qid: str | None = None,
) -> Candidate:
    given = id_ or f"{kind.value.lower()}/{name.lower().replace(' ', '-')}"
    keys = frozenset(name_key(form) for form in (name, *aliases))
    return Candidate(given, kind, name, keys, provisional, qid)


def entry(name: str, *aliases: str, ambiguous: tuple[str, ...] = ()) -> RegistryEntry:
    id_ = f"company/{name.lower().replace(' ', '-')}"
    return RegistryEntry(
        id_, EntityType.COMPANY, name, aliases, frozenset(ambiguous), None, (), (), "companies.jsonl", 1, name
    )


def registry(*entries: RegistryEntry) -> Registry:
    return Registry({one.id: one for one in entries}, {})


def only(proposals: list[Proposal]) -> Proposal:
    (proposal,) = proposals
    return proposal


def test_a_provisional_name_that_the_registry_has_an_entry_for_by_now_is_certain():
    acme = candidate("Acme", "Acme Laboratories", provisional=False)
    found = only(
        propose([acme, candidate("Acme Laboratories")], registry(entry("Acme", "Acme Laboratories")))
    )
    assert (found.pair, found.reason, found.certain) == (
        ("company/acme", "company/acme-laboratories"),
        Reason.REGISTRY,
        True,
    )


def test_an_entry_that_is_not_in_the_graph_yet_is_proposed_too():
    found = only(propose([candidate("Old Acme")], registry(entry("Acme", "Old Acme"))))
    assert (found.pair, found.certain) == (("company/acme", "company/old-acme"), True)


def test_a_name_that_needs_a_fitting_context_is_not_certain():
    known = entry("Acme", "Summit Works", ambiguous=("Summit Works",))
    found = only(propose([candidate("Acme", provisional=False), candidate("Summit Works")], registry(known)))
    assert not found.certain


def test_a_name_that_two_entries_share_is_not_proposed_by_the_registry():
    known = registry(entry("Acme", "Summit"), entry("Zeta", "Summit"))
    assert propose([candidate("Summit")], known) == []


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Deep Mind", "DeepMind", Reason.LETTERS),
        ("Café Robotics", "Cafe Robotics", Reason.LETTERS),
        ("Anthropic", "Antropic", Reason.FUZZY),
        ("Perplexity", "Perplexity AI", Reason.FUZZY),
        ("Robotics Zenith", "Zenith Robotics", Reason.FUZZY),
    ],
)
def test_names_that_differ_in_spelling_alone_are_proposed(one: str, other: str, reason: Reason):
    found = only(propose([candidate(one), candidate(other)], NO_REGISTRY))
    assert (found.reason, found.certain) == (reason, False)


def test_entities_that_share_an_alias_are_proposed():
    found = only(
        propose([candidate("Acme", "Acme Robotics"), candidate("Roboto", "Acme Robotics")], NO_REGISTRY)
    )
    assert found.reason is Reason.ALIAS


def test_a_shared_wikidata_id_proposes_also_two_of_the_registry():
    known = [candidate(name, provisional=False, qid="Q42") for name in ("Acme", "Zeta")]
    assert only(propose(known, NO_REGISTRY)).reason is Reason.QID


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Health", "Acme Wealth"),
        ("Meta", "Beta"),
        ("Global AI Group", "Global AI Labs"),
        ("Zenith Robotics", "Zenith Pharma"),
        ("Studio 54", "Studio 55"),
    ],
)
def test_names_that_say_something_of_their_own_are_never_proposed(one: str, other: str):
    assert propose([candidate(one), candidate(other)], NO_REGISTRY) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Orbita 3", "Orbita 4"),
        ("Orbita 3", "Orbita 3.1"),
        ("Orbita", "Orbita Mini"),
        ("Orbita 4", "Orbita 4o"),
    ],
)
def test_releases_and_sizes_of_a_model_are_never_proposed(one: str, other: str):
    assert propose([candidate(name, kind=EntityType.MODEL) for name in (one, other)], NO_REGISTRY) == []


def test_entities_of_different_types_are_never_proposed():
    both = [candidate("Orbita", kind=kind) for kind in (EntityType.MODEL, EntityType.PRODUCT)]
    assert propose(both, NO_REGISTRY) == []


def test_two_entries_of_the_registry_are_not_compared_by_their_names():
    known = [candidate(name, provisional=False) for name in ("Anthropic", "Antropic")]
    assert propose(known, NO_REGISTRY) == []


def test_a_middle_initial_tells_no_two_people_apart_and_a_middle_name_does():
    words = ("dario", "amodei")
    assert likeness(words, ("dario", "e", "amodei"), EntityType.PERSON) > 0.9
    assert likeness(words, ("dario", "emilio", "amodei"), EntityType.PERSON) == 0


def test_a_word_that_many_names_share_carries_no_likeness():
    many = [candidate(f"Quantix {word}") for word in "abcdefghijklmnopqrstuvwxyz"]
    assert propose(many, NO_REGISTRY) == []
