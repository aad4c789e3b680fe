"""docs/predicates.md is what the ontology says, whole and up to date."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from kb import facts, ontology
from kb.ontology import EntityType, Kind, type_of_kind
from kb.predicates_page import page

PAGE = Path(__file__).parent.parent.parent / "docs" / "predicates.md"
VALUES = [
    e
    for e in vars(ontology).values()
    if isinstance(e, type) and issubclass(e, StrEnum) and e not in (StrEnum, Kind, *type_of_kind.values())
]


def test_the_page_has_not_drifted_from_the_ontology():
    assert PAGE.read_text("utf-8") == page(), (
        "docs/predicates.md is not what the ontology says: run `make docs`"
    )


@pytest.mark.parametrize("kind", Kind)
def test_every_predicate_has_its_row(kind: Kind):
    rows = re.findall(r"^\| `(\w+)` \|", page(), re.MULTILINE)
    assert {member.value for member in type_of_kind[kind]} <= set(rows)


@pytest.mark.parametrize("enum", VALUES, ids=lambda enum: enum.__name__)
def test_every_value_of_every_field_is_on_the_page(enum: type[StrEnum]):
    assert [member.value for member in enum if f"`{member.value}`" not in page()] == []


def test_every_type_of_entity_is_explained():
    assert len(re.findall(r"^\| `[A-Z][a-z]+` \| \S", page(), re.MULTILINE)) == len(EntityType)


def test_every_qualifier_is_a_field_of_a_fact():
    fields = {f for kind in (facts.Relation, facts.Figure, facts.Term) for f in kind.__dataclass_fields__}
    specs = [*ontology.RELATIONS.values(), *ontology.METRICS.values()]
    named = {q for spec in specs for q in spec.qualifiers} | {
        f for t in ontology.TERMS.values() for f in t.fields
    }
    assert named <= fields


def test_every_row_of_a_table_has_as_many_cells_as_its_heading():
    for table in re.findall(r"(?:^\|.*\n)+", page(), re.MULTILINE):
        assert len({line.count("|") for line in table.splitlines()}) == 1
