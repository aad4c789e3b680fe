"""A statement's id says what is claimed and where; it is the same on every machine and in every run."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.facts import EntityRef, Fact, Figure, Relation, Speaker
from kb.ontology import Basis, Comparator, EntityType, Modality, RelationType
from kb.partial_date import PartialDate
from kb.statement_ids import claim_id, entity_key, statement_id
from tests import facts as make

ROOT = Path(__file__).parent.parent.parent
TEXT = "Acme is worth $300 billion, and again: is worth $300 billion."
SOURCE = make.document(TEXT)
WORTH = make.valuation(SOURCE, "is worth $300 billion", 300_000_000_000)
PRINT_IDS = (
    "from kb.statement_ids import claim_id, statement_id; from tests.kb.test_statement_ids import WORTH; "
    "print(statement_id(WORTH), claim_id(WORTH))"
)


def worth(**more: Any) -> Figure:
    return replace(WORTH, **more)


def rivals(one: str, other: str) -> Relation:
    return make.competes(SOURCE, "Acme", one, other)


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_ids_are_the_same_in_every_process_whatever_its_hash_seed(seed: str):
    run = subprocess.run(
        [sys.executable, "-c", PRINT_IDS],
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == [statement_id(WORTH), claim_id(WORTH)]


def test_ids_stay_what_they_were_when_graphs_were_written_with_them():
    fixed = make.document("Acme is worth $5.", "fixed.txt")
    fact = make.valuation(fixed, "is worth $5", 5)
    assert (statement_id(fact), claim_id(fact)) == (
        "dd073f2caf23eca08dda65f05552b255",
        "d9d4d83f5168d4db105d9849bbc6918a",
    )


OUTSIDE: dict[str, Fact] = {
    "extractor": worth(extractor="another/9"),
    "confidence": worth(confidence=0.1),
    "resolved id": worth(subject=make.company("Acme", "company/acme")),
    "spelling of the name": worth(subject=make.company("ACME,  Inc.")),
    "way of writing the number": worth(value=300e9),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_what_is_outside_a_statement_s_identity(name: str):
    assert statement_id(OUTSIDE[name]) == statement_id(WORTH)


def test_who_a_speaker_resolves_to_is_outside_the_identity():
    alone = worth(speaker=Speaker("Bo Ek"))
    resolved = worth(speaker=Speaker("Bo Ek", EntityRef(EntityType.PERSON, "Bo Ek", "person/bo-ek")))
    assert statement_id(alone) == statement_id(resolved)


PLACE: dict[str, Fact] = {
    "document": worth(evidence=make.evidence(make.document(TEXT, "b.txt"), "is worth $300 billion")),
    "span": worth(evidence=make.evidence(SOURCE, "worth $300 billion")),
    "speaker": worth(speaker=Speaker("Bo Ek")),
}


@pytest.mark.parametrize("name", PLACE)
def test_place_and_speaker_make_another_statement_of_the_same_claim(name: str):
    assert statement_id(PLACE[name]) != statement_id(WORTH)
    assert claim_id(PLACE[name]) == claim_id(WORTH)


CONTENT: dict[str, Fact] = {
    "subject": worth(subject=make.company("Zeta")),
    "value": worth(value=300_000_000_001),
    "unit": worth(unit="EUR"),
    "comparator": worth(comparator=Comparator.ABOUT),
    "basis": worth(basis=Basis.PRIVATE),
    "modality": worth(modality=Modality.REPORTED),
    "as_of": worth(as_of=PartialDate(2025)),
    "valid_from": worth(valid_from=PartialDate(2025)),
    "valid_to": worth(valid_to=PartialDate(2025)),
    "range": worth(value=None, low=1, high=2),
}


@pytest.mark.parametrize("name", CONTENT)
def test_what_is_claimed_makes_another_claim_and_another_statement(name: str):
    assert claim_id(CONTENT[name]) != claim_id(WORTH)
    assert statement_id(CONTENT[name]) != statement_id(WORTH)


def test_the_order_of_the_ends_of_a_symmetric_relation_is_outside_the_identity():
    assert statement_id(rivals("Acme", "Zeta")) == statement_id(rivals("Zeta", "Acme"))


def test_the_order_of_the_ends_of_a_directed_relation_is_inside_the_identity():
    def child(one: str, other: str) -> Relation:
        return replace(rivals(one, other), predicate=RelationType.SUBSIDIARY_OF)

    assert claim_id(child("Acme", "Zeta")) != claim_id(child("Zeta", "Acme"))


def test_a_share_has_one_id_however_it_is_written():
    def holds(share: float) -> Relation:
        return replace(rivals("Acme", "Zeta"), predicate=RelationType.INVESTED_IN, share=share)

    assert claim_id(holds(49)) == claim_id(holds(49.0))


def test_a_name_that_is_a_company_and_a_model_has_two_keys():
    assert entity_key(make.company("Mistral")) != entity_key(make.model("Mistral"))


@given(st.floats(-1e40, 1e40), st.floats(-1e40, 1e40))
def test_two_claims_share_an_id_when_their_numbers_are_equal_and_only_then(one: float, other: float):
    assert (claim_id(worth(value=one)) == claim_id(worth(value=other))) == (one == other)


@given(st.text(min_size=1).filter(str.strip))
def test_an_id_is_32_hexadecimal_digits_whatever_the_name(name: str):
    assert len(bytes.fromhex(statement_id(worth(subject=make.company(name))))) == 16
