"""GraphQL enums. Those of the ontology are made from its tables, so that they cannot drift apart."""

from enum import StrEnum
from typing import Final

import strawberry

from kb.ontology import (
    METRICS,
    RELATIONS,
    TERMS,
    Access,
    Basis,
    Comparator,
    Consequence,
    DateEvent,
    Derivation,
    EmploymentStatus,
    EntityType,
    Metric,
    Modality,
    ModelLevel,
    Period,
    RelationType,
    Scope,
    TermType,
)
from kb.thresholds import Verdict


class Pick(StrEnum):
    """Which of several facts about one thing a list shows."""

    CURRENT = "CURRENT"
    ALL = "ALL"


class Direction(StrEnum):
    """Which end of its relations an entity is."""

    OUT = "OUT"
    IN = "IN"
    BOTH = "BOTH"


class FactOrder(StrEnum):
    """What a list of facts is sorted by."""

    AS_OF = "AS_OF"
    VALUE = "VALUE"
    CONFIDENCE = "CONFIDENCE"
    RECORDED_AT = "RECORDED_AT"
    SUBJECT = "SUBJECT"


class EntityOrder(StrEnum):
    """What a list of entities is sorted by."""

    NAME = "NAME"
    FACT_COUNT = "FACT_COUNT"
    VALUE = "VALUE"
    AS_OF = "AS_OF"
    CONFIDENCE = "CONFIDENCE"


class DocumentOrder(StrEnum):
    """What a list of documents is sorted by."""

    PUBLISHED = "PUBLISHED"
    TITLE = "TITLE"


class Dimension(StrEnum):
    """What figures are grouped by; metric, unit and period always tell groups apart."""

    SUBJECT = "SUBJECT"
    SUBJECT_TYPE = "SUBJECT_TYPE"
    COUNTRY = "COUNTRY"
    MODALITY = "MODALITY"
    YEAR = "YEAR"
    MONTH = "MONTH"
    PUBLISHER = "PUBLISHER"


class EntityFacet(StrEnum):
    """What entities of a list are counted by."""

    TYPE = "TYPE"
    COUNTRY = "COUNTRY"
    PUBLISHER = "PUBLISHER"


class StatOrder(StrEnum):
    """What groups of figures are sorted by."""

    COUNT = "COUNT"
    SUM = "SUM"
    AVG = "AVG"
    MIN = "MIN"
    MAX = "MAX"
    KEY = "KEY"


class Bucket(StrEnum):
    """The stretches of time of which a series shows one point each."""

    NONE = "NONE"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"


ONTOLOGY_ENUMS: Final = (
    EntityType,
    ModelLevel,
    RelationType,
    Metric,
    DateEvent,
    TermType,
    Modality,
    Comparator,
    Period,
    Basis,
    Scope,
    Derivation,
    EmploymentStatus,
    Access,
    Consequence,
)
"""The ontology's enums that the schema shows under their own names."""

_OWN: Final = (
    *(Verdict, Pick, Direction, FactOrder, EntityOrder, DocumentOrder),
    *(Dimension, EntityFacet, StatOrder, Bucket),
)

_MEANINGS: Final[dict[str, str]] = {
    **{name.value: spec.meaning for name, spec in METRICS.items()},
    **{name.value: spec.meaning for name, spec in RELATIONS.items()},
    **{name.value: spec.meaning for name, spec in TERMS.items()},
}
_ORDERS: Final[dict[str, str]] = {
    "NAME": "the name",
    "FACT_COUNT": "how many facts are about it",
    "VALUE": "of the figures of `metric` in `unit` that the ranking rule shows first, the newest one",
    "AS_OF": "of its facts the newest",
    "CONFIDENCE": "of its facts the surest",
}


def _register(kind: type[StrEnum]) -> None:
    """Tell Strawberry of the enum; its docstring and the tables' meanings become descriptions."""
    strawberry.enum(kind, description=" ".join((kind.__doc__ or "").split()))
    definition = kind.__strawberry_definition__  # pyright: ignore[reportAttributeAccessIssue] # set by the line above
    for value in definition.values:
        meanings = _ORDERS if kind is EntityOrder else _MEANINGS
        value.description = meanings.get(str(value.value))


for _kind in (*ONTOLOGY_ENUMS, *_OWN):
    _register(_kind)
