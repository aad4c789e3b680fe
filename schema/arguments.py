"""The arguments that several fields share."""

from typing import Final

import strawberry

from kb.ontology import EmploymentStatus, Metric, Modality, Period, RelationType, TermType
from schema.enums import Direction, EntityFacet, Pick
from schema.inputs import (
    AsOf,
    DocumentFilter,
    DocumentOrdering,
    EntityFilter,
    EntityOrdering,
    FactFilter,
    FactOrdering,
    RelationFilter,
)
from schema.planned import FIRST, MAX_FIRST, PAGE, Argument

AT: Final = Argument("at", AsOf | None, "What was so then, as known then. Now, when left out.")
PICK: Final = Argument(
    "pick",
    Pick,
    "CURRENT: of each thing the one fact that the ranking rule shows first. ALL: every fact, the denied too.",
    Pick.CURRENT,
)
FACT_ORDER: Final = Argument(
    "orderBy", list[FactOrdering] | None, "Sort keys in turn, at most three; by default the newest first."
)
SUBJECT: Final = Argument("subject", EntityFilter | None, "Whose they are.")
OBJECT: Final = Argument("object", EntityFilter | None, "Which entities they lead to.")
FACT_WHERE: Final = Argument("where", FactFilter | None, "Which figures.")
RELATION_WHERE: Final = Argument("where", RelationFilter | None, "Which relations.")
RELATION_TYPES: Final = Argument("type", list[RelationType] | None, "Of these types only.")
DIRECTION: Final = Argument("direction", Direction, "Which end the entity is.", Direction.BOTH)
TERM_TYPES: Final = Argument("type", list[TermType] | None, "Of these types only.")
ENTITY_WHERE: Final = Argument("where", EntityFilter | None, "Which entities.")
ENTITY_ORDER: Final = Argument(
    "orderBy", list[EntityOrdering] | None, "Sort keys in turn, at most three; by default the name."
)
DOCUMENT_WHERE: Final = Argument("where", DocumentFilter | None, "Which documents.")
DOCUMENT_ORDER: Final = Argument(
    "orderBy", list[DocumentOrdering] | None, "Sort keys in turn, at most three; by default the newest."
)
START: Final = Argument("start", int, "The first code point, from 0.", 0)
LENGTH: Final = Argument("length", int, "How many code points at most, up to 20000.", 2000)

FIGURES: Final = (FACT_WHERE, AT, PICK, FACT_ORDER, *PAGE)
RELATIONS: Final = (RELATION_TYPES, DIRECTION, RELATION_WHERE, AT, PICK, FACT_ORDER, *PAGE)
KNOWN_RELATIONS: Final = (RELATION_WHERE, AT, PICK, FACT_ORDER, *PAGE)
NEIGHBOUR: Final = Argument("entity", EntityFilter | None, "Which neighbours.")
MODALITY: Final = Argument(
    "modality", list[Modality], "How sure the facts are that count.", [Modality.ASSERTED]
)
ROLE: Final = Argument(
    "role",
    list[str] | None,
    "In these roles: a code such as CEO, or a title, whole or in part, such as `chief revenue officer`.",
)
STATUS: Final = Argument("status", list[EmploymentStatus] | None, "Whether the role is still held.")
METRIC: Final = Argument("metric", Metric, "What is counted or measured.", strawberry.UNSET)
UNIT: Final = Argument("unit", str | None, "In this unit, such as USD; needed where a metric has several.")
PERIOD: Final = Argument("period", Period | None, "Counted over this period.")
FEW: Final = Argument("first", int, f"How many at most, up to {MAX_FIRST}.", 3)
NEIGHBOURS: Final = (RELATION_WHERE, NEIGHBOUR, MODALITY, AT, ENTITY_ORDER, *PAGE)
SHOWN_FACTS: Final = (PICK, FIRST)
FACETS: Final = (
    Argument("by", EntityFacet, "What they are counted by.", strawberry.UNSET),
    FIRST,
)
DOCUMENTS: Final = (DOCUMENT_WHERE, DOCUMENT_ORDER, *PAGE)
