"""The tables are whole: every predicate has its row, and the graph and the page know each of them."""

import re
from enum import StrEnum

import pytest

from kb import ontology
from kb.graph import write_queries
from kb.graph.migrate import migrations
from kb.ontology import (
    CURRENCY,
    DATES,
    METRICS,
    RELATIONS,
    TERMS,
    DateEvent,
    Kind,
    Metric,
    RelationType,
    TermType,
    type_of_kind,
)

ENUMS = [
    e for e in vars(ontology).values() if isinstance(e, type) and issubclass(e, StrEnum) and e is not StrEnum
]


@pytest.mark.parametrize(
    ("enum", "table"),
    [(RelationType, RELATIONS), (Metric, METRICS), (DateEvent, DATES), (TermType, TERMS)],
)
def test_every_predicate_has_its_row_and_every_row_its_predicate(
    enum: type[StrEnum], table: dict[StrEnum, object]
):
    assert list(enum) == list(table)


def test_every_predicate_says_what_it_means():
    rows = [*RELATIONS.items(), *METRICS.items(), *DATES.items(), *TERMS.items()]
    assert [predicate for predicate, spec in rows if not spec.meaning.strip()] == []


def test_every_predicate_has_a_subject():
    rows = [*RELATIONS.items(), *METRICS.items(), *DATES.items()]
    assert [predicate for predicate, spec in rows if not spec.subjects] == []


def test_every_metric_has_a_unit():
    assert [metric for metric, spec in METRICS.items() if not spec.units] == []


def test_a_term_has_a_unit_when_it_has_a_value_and_only_then():
    assert [t for t, spec in TERMS.items() if bool(spec.units) != ("value" in spec.fields)] == []


def test_a_metric_is_money_or_counted_never_both():
    assert [m for m, spec in METRICS.items() if CURRENCY in spec.units and len(spec.units) > 1] == []


def test_the_ends_of_a_symmetric_relation_are_of_the_same_types():
    symmetric = {relation: spec for relation, spec in RELATIONS.items() if spec.symmetric}
    assert set(symmetric) == {RelationType.PARTNER_OF, RelationType.COMPETES_WITH}
    assert [relation for relation, spec in symmetric.items() if spec.subjects != spec.objects] == []


def test_no_name_is_a_predicate_of_two_kinds():
    names = [member.value for members in type_of_kind.values() for member in members]
    assert len(names) == len(set(names))


def test_every_kind_has_its_predicates():
    assert set(type_of_kind) == set(Kind)


@pytest.mark.parametrize("enum", ENUMS, ids=lambda enum: enum.__name__)
def test_members_are_called_by_their_values(enum: type[StrEnum]):
    if enum.__name__ not in ("EntityType", "Kind"):
        assert [member.name for member in enum] == [member.value for member in enum]


def test_the_first_migration_gives_every_derived_edge_a_unique_id():
    statements = "\n".join(migrations()[0].statements)
    constrained = set(re.findall(r"FOR \(\)-\[e:(\w+)\]-\(\) REQUIRE e\.id IS UNIQUE", statements))
    assert constrained == {*(r.value for r in RelationType), *write_queries.HOLDERS.values()}


def test_every_kind_has_its_label_and_every_relation_its_edge():
    assert set(write_queries.LABELS) == set(Kind)
    assert set(write_queries.RELATION_EDGES) == set(RelationType)
    assert set(write_queries.HOLDERS) == set(Kind) - {Kind.RELATION}
