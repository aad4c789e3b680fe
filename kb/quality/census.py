"""What is in a graph, counted: how many there are of each kind, and how often a field is filled.

A fill rate is named after what the field belongs to: `Document.url`, `VALUATION.as_of`, `Model.RELEASED_ON`.
Of entities the fields are what is told of them, by predicate, from either end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kb.ontology import (
    METRICS,
    RELATIONS,
    TERMS,
    DateEvent,
    EntityType,
    Kind,
    Metric,
    RelationType,
    TermType,
    kind_of,
)

TOTAL: Final = "total"

ASIDE: Final = ("documents withdrawn", "documents superseded", "statements retracted", "entities merged")
"""What is kept without being part of any answer about now."""

GROUPS: Final[Mapping[str, frozenset[str] | None]] = {
    "documents": frozenset({TOTAL}),
    "publishers": None,
    "entities": frozenset({TOTAL, *EntityType}),
    "provisional": frozenset(EntityType),
    "statements": frozenset({TOTAL, *kind_of}),
    "aside": frozenset(ASIDE),
}
"""The names that are counted in each group; None where the graph's own data name them."""

DOCUMENT_FIELDS: Final = ("title", "publisher", "published", "url")

TOLD_OF: Final[Mapping[EntityType, tuple[RelationType | DateEvent, ...]]] = {
    EntityType.COMPANY: (RelationType.BASED_IN, DateEvent.FOUNDED_ON, RelationType.FOUNDED),
    EntityType.MODEL: (RelationType.DEVELOPS, DateEvent.RELEASED_ON, RelationType.RELEASED_UNDER),
    EntityType.PRODUCT: (RelationType.OFFERS, RelationType.POWERED_BY),
    EntityType.PERSON: (RelationType.WORKS_FOR,),
}
"""What an analyst wants to know of every entity of a type."""

_ALWAYS: Final = frozenset({"value", "unit", "comparator", "access", "benchmark", "status"})
"""Fields that the contract demands, or that are filled when nothing is told: a rule, no rate."""

_SELDOM: Final = frozenset({"active", "lead", "share", "valid_from", "valid_to"})
"""Fields that are empty where there is nothing to tell."""


def _qualifiers(predicate: str) -> frozenset[str]:
    match kind_of[predicate]:
        case Kind.RELATION:
            return RELATIONS[RelationType(predicate)].qualifiers
        case Kind.FIGURE:
            spec = METRICS[Metric(predicate)]
            return spec.qualifiers | {"as_of"} | ({"period"} if spec.periods else set[str]())
        case Kind.TERM:
            return TERMS[TermType(predicate)].fields
        case Kind.DATE:
            return frozenset()


FACT_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    predicate: tuple(sorted(_qualifiers(predicate) - _ALWAYS - _SELDOM)) for predicate in kind_of
}
"""The fields of each predicate's facts whose absence says something."""

FILLS: Final = frozenset(
    {f"Document.{field}" for field in DOCUMENT_FIELDS}
    | {f"{kind}.{told}" for kind, all_told in TOLD_OF.items() for told in all_told}
    | {f"{predicate}.{field}" for predicate, fields in FACT_FIELDS.items() for field in fields}
)
"""The name of every fill rate."""


def lacking(fill: str) -> str:
    """The command that lists those that lack a field, by its rate's name; none for those of entities."""
    of, _, field = fill.partition(".")
    if of in kind_of:
        facts = f"MATCH (s:Statement {{predicate: '{of}'}})-[e:EVIDENCED_BY]->(d)"
        where = f"WHERE s.{field} IS NULL AND s.retracted_at IS NULL"
        return f'kb cypher "{facts} {where} RETURN s.id, e.text, d.url"'
    if of == "Document":
        stands = "d.superseded_by IS NULL AND d.withdrawn_at IS NULL"
        return (
            f'kb cypher "MATCH (d:Document) WHERE d.{field} IS NULL AND {stands} RETURN d.id, d.source_key"'
        )
    return ""


@dataclass(frozen=True, slots=True)
class Fill:
    """Of how many a field is filled."""

    filled: int
    of: int

    @property
    def rate(self) -> float:
        """The share that is filled; all, where there are none."""
        return self.filled / self.of if self.of else 1.0


@dataclass(frozen=True, slots=True)
class Census:
    """Counts by group and name, and fill rates by name; what there is none of is left out of both."""

    counts: Mapping[str, Mapping[str, int]]
    fills: Mapping[str, Fill]

    def count(self, group: str, name: str) -> int:
        """How many there are; none where nothing was counted."""
        return self.counts.get(group, {}).get(name, 0)
