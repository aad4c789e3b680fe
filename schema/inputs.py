"""Filters, orders and points in time that lists take."""

from datetime import datetime
from typing import Any

import strawberry

from kb.ontology import (
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
    Period,
    RelationType,
    Scope,
    TermType,
)
from kb.partial_date import PartialDate
from schema.enums import Direction, DocumentOrder, EntityOrder, FactOrder, StatOrder


def _given(description: str, name: str | None = None) -> Any:  # noqa: ANN401  # the annotation says the type
    return strawberry.field(description=description, default=None, name=name)


@strawberry.input(description="What was so at `valid`, as far as this knowledge base knew at `known`.")
class AsOf:
    """A point on each of the two clocks."""

    valid: PartialDate | None = _given("The day, month or year that is asked about.")
    known: datetime | None = _given("Leaves out what was recorded later than this.")


@strawberry.input(description="Compares text without regard to case; all that is given must hold.")
class StringFilter:
    """A filter on text."""

    eq: str | None = _given("Is this.")
    in_: list[str] | None = _given("Is one of these.", name="in")
    contains: str | None = _given("Has this within.")
    startsWith: str | None = _given("Begins with this.")  # noqa: N815  # read by its GraphQL name


@strawberry.input(description="Compares a number; all that is given must hold.")
class FloatFilter:
    """A filter on numbers."""

    eq: float | None = _given("Is this.")
    gt: float | None = _given("Is more than this.")
    gte: float | None = _given("Is this or more.")
    lt: float | None = _given("Is less than this.")
    lte: float | None = _given("Is this or less.")


@strawberry.input(description="Compares a date; a partial date stands for all the days it covers.")
class DateFilter:
    """A filter on dates."""

    from_: PartialDate | None = _given("Not wholly before this.", name="from")
    to: PartialDate | None = _given("Not wholly after this.")
    isNull: bool | None = _given("Whether there is no date at all.")  # noqa: N815  # read by its GraphQL name


@strawberry.input(description="Which facts; all that is given must hold.")
class FactFilter:
    """A filter on figures, and on what the facts of an entity say."""

    and_: list["FactFilter"] | None = _given("All of these hold.", name="and")
    or_: list["FactFilter"] | None = _given("At least one of these holds.", name="or")
    not_: "FactFilter | None" = _given("This does not hold.", name="not")
    metric: list[Metric] | None = _given("Figures of these metrics.")
    basis: list[Basis] | None = _given("Valuations that rest on one of these.")
    scope: list[Scope] | None = _given("Money raised in one round, or in all of them.")
    active: bool | None = _given("Whether only a mixture's active parameters are counted.")
    comparator: list[Comparator] | None = _given("How the number bounds the true one.")
    unit: list[str] | None = _given("In these units, such as USD or user.")
    period: list[Period] | None = _given("Counted over these periods.")
    value: FloatFilter | None = _given("The value, or the whole of the range.")
    benchmark: StringFilter | None = _given("The benchmark's name.")
    asOf: DateFilter | None = _given("When it was so.")  # noqa: N815  # read by its GraphQL name
    modality: list[Modality] | None = _given("How sure the source is.")
    minConfidence: float | None = _given("At least this confidence.")  # noqa: N815  # read by its GraphQL name
    speaker: strawberry.ID | None = _given("Said by this entity.")
    evidence: "DocumentFilter | None" = _given("Stated in a document like this.")


@strawberry.input(description="Which relations; all that is given must hold.")
class RelationFilter:
    """A filter on relations."""

    and_: list["RelationFilter"] | None = _given("All of these hold.", name="and")
    or_: list["RelationFilter"] | None = _given("At least one of these holds.", name="or")
    not_: "RelationFilter | None" = _given("This does not hold.", name="not")
    type: list[RelationType] | None = _given("Relations of these types.")
    role: StringFilter | None = _given("The role as written.")
    roleCode: list[str] | None = _given("The role's code, such as CEO.")  # noqa: N815  # read by its GraphQL name
    status: list[EmploymentStatus] | None = _given("Whether the role is still held.")
    how: list[Derivation] | None = _given("How a model came from the other.")
    asOf: DateFilter | None = _given("When it was so.")  # noqa: N815  # read by its GraphQL name
    modality: list[Modality] | None = _given("How sure the source is.")
    minConfidence: float | None = _given("At least this confidence.")  # noqa: N815  # read by its GraphQL name
    speaker: strawberry.ID | None = _given("Said by this entity.")
    evidence: "DocumentFilter | None" = _given("Stated in a document like this.")


@strawberry.input(description="Which licence terms; all that is given must hold.")
class TermFilter:
    """A filter on terms."""

    and_: list["TermFilter"] | None = _given("All of these hold.", name="and")
    or_: list["TermFilter"] | None = _given("At least one of these holds.", name="or")
    not_: "TermFilter | None" = _given("This does not hold.", name="not")
    type: list[TermType] | None = _given("Terms of these types.")
    access: list[Access] | None = _given("With this access.")
    consequence: list[Consequence] | None = _given("With this consequence.")
    value: FloatFilter | None = _given("The threshold.")
    modality: list[Modality] | None = _given("How sure the source is.")
    minConfidence: float | None = _given("At least this confidence.")  # noqa: N815  # read by its GraphQL name
    evidence: "DocumentFilter | None" = _given("Stated in a document like this.")


@strawberry.input(description="Which dated events; all that is given must hold.")
class DateFactFilter:
    """A filter on dates of entities."""

    event: list[DateEvent] | None = _given("Events of these kinds.")
    date: DateFilter | None = _given("When it happened.")
    modality: list[Modality] | None = _given("How sure the source is.")
    minConfidence: float | None = _given("At least this confidence.")  # noqa: N815  # read by its GraphQL name
    evidence: "DocumentFilter | None" = _given("Stated in a document like this.")


@strawberry.input(description="Which entities; all that is given must hold.")
class EntityFilter:
    """A filter on entities, their facts and their neighbours."""

    and_: list["EntityFilter"] | None = _given("All of these hold.", name="and")
    or_: list["EntityFilter"] | None = _given("At least one of these holds.", name="or")
    not_: "EntityFilter | None" = _given("This does not hold.", name="not")
    id: list[strawberry.ID] | None = _given("One of these ids.")
    type: list[EntityType] | None = _given("Of one of these types.")
    name: StringFilter | None = _given("The name or an alias.")
    qid: list[str] | None = _given("One of these Wikidata ids.")
    country: list[str] | None = _given("Companies with their seat there, by ISO 3166-1 code such as FR.")
    has: FactFilter | None = _given("Has a figure like this among those that the ranking rule shows first.")
    hasEver: FactFilter | None = _given("Has a figure like this, even superseded, planned or denied.")  # noqa: N815  # read by its GraphQL name
    dates: DateFactFilter | None = _given("Was founded or released at such a date, by the ranking rule.")
    terms: TermFilter | None = _given("Has a licence term like this, told of itself, by the ranking rule.")
    related: "RelatedFilter | None" = _given("Has a relation like this.")


@strawberry.input(description="A relation to another entity.")
class RelatedFilter:
    """A filter on neighbours."""

    type: list[RelationType] | None = _given("By one of these relations.")
    direction: Direction = strawberry.field(
        description="Which end the entity itself is.", default=Direction.BOTH
    )
    entity: EntityFilter | None = _given("The other entity.")
    fact: RelationFilter | None = _given("What the relation's fact says.")
    modality: list[Modality] | None = strawberry.field(
        description="How sure the facts are that count.", default_factory=lambda: [Modality.ASSERTED]
    )
    none: bool = strawberry.field(description="That there is no such relation.", default=False)


@strawberry.input(description="Which documents; all that is given must hold.")
class DocumentFilter:
    """A filter on documents."""

    id: list[strawberry.ID] | None = _given("One of these ids.")
    title: StringFilter | None = _given("The title.")
    publisher: StringFilter | None = _given("The publisher.")
    published: DateFilter | None = _given("When it was published.")


@strawberry.input(description="A sort key of a list of facts; facts without the key come last.")
class FactOrdering:
    """A sort key of facts."""

    by: FactOrder = strawberry.field(description="What is compared.")
    descending: bool = strawberry.field(description="Greatest first.", default=True)


@strawberry.input(description="A sort key of a list of entities.")
class EntityOrdering:
    """A sort key of entities."""

    by: EntityOrder = strawberry.field(description="What is compared.")
    metric: Metric | None = _given("By VALUE: of which metric.")
    unit: str | None = _given("By VALUE: in which unit, such as USD; needed where a metric has several.")
    period: Period | None = _given("By VALUE: counted over which period.")
    descending: bool = strawberry.field(description="Greatest first.", default=False)


@strawberry.input(description="A sort key of a list of documents; documents without the key come last.")
class DocumentOrdering:
    """A sort key of documents."""

    by: DocumentOrder = strawberry.field(description="What is compared.")
    descending: bool = strawberry.field(description="Greatest first.", default=True)


@strawberry.input(description="Which groups of figures; all that is given must hold.")
class StatFilter:
    """A filter on groups."""

    count: FloatFilter | None = _given("How many figures there are.")
    min: FloatFilter | None = _given("The least value.")
    max: FloatFilter | None = _given("The greatest value.")
    avg: FloatFilter | None = _given("The mean.")
    sum: FloatFilter | None = _given("The sum.")


@strawberry.input(description="How groups of figures are sorted; groups without the number come last.")
class StatOrdering:
    """A sort key of groups."""

    by: StatOrder = strawberry.field(description="What is compared.")
    descending: bool = strawberry.field(description="Greatest first.", default=True)
