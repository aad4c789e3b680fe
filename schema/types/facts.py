"""Facts: what documents state, with who says so, how sure, and what disagrees."""

from datetime import datetime
from typing import Annotated

import strawberry

from kb.ontology import (
    Access,
    Basis,
    Comparator,
    Consequence,
    DateEvent,
    Derivation,
    EmploymentStatus,
    Metric,
    Modality,
    Period,
    RelationType,
    Scope,
    TermType,
)
from kb.partial_date import PartialDate
from schema.planned import plain, planned
from schema.types.documents import Evidence, Node

Entity = Annotated["Entity", strawberry.lazy("schema.types.entities")]


FactRef = Annotated["Fact", strawberry.lazy("schema.types.facts")]


@strawberry.type(description="A fact that another one is shown before.")
class PassedOver:
    """A losing fact."""

    fact: FactRef = planned("The fact.")
    reason: str = plain("By which part of the rule the first one comes before it.")


@strawberry.type(
    description="How the ranking rule chose among the facts about one thing: told as so before planned or "
    "later, then the newest, then asserted before reported, then the confidence, then the id; a denial is "
    "never shown."
)
class Choice:
    """An explained choice."""

    is_current: bool = plain("Whether this fact is the one shown first.")
    reason: str = plain("Why, in one sentence.")
    first: FactRef | None = planned("The fact that is shown first; none where all are denials.")
    passed_over: list[PassedOver] = planned("The other facts, in the order of the rule.")


@strawberry.interface(description="A statement of a document. Facts that disagree stand side by side.")
class Fact(Node):
    """What every fact tells."""

    subject: Entity = planned("Whom or what it is about.")
    modality: Modality = plain("Whether it is told as so, as planned, as rumour or as not so.")
    speaker: str | None = plain("To whom the document attributes it, as written.")
    speaker_entity: Entity | None = planned("The speaker, where the name is known.")
    confidence: float = plain("How sure the extractor is, from 0 to 1.")
    extractor: str = plain("Name and version of what found it.")
    as_of: PartialDate | None = plain("When it was so.")
    valid_from: PartialDate | None = plain("Since when, where the text says so.")
    valid_to: PartialDate | None = plain("Until when, where the text says so.")
    recorded_at: datetime | None = plain("When this knowledge base learnt it.")
    retracted_at: datetime | None = plain("When it was withdrawn, as its document was or a correction said.")
    retracted_why: str | None = plain("Why it was withdrawn.")
    evidence: list[Evidence] = planned("The words that carry it.")
    document_count: int = planned(
        "How many independent documents state the same: versions of one source count once, and so do "
        "copies of one text, also where a few of their words differ."
    )
    choice: Choice = planned(
        "Why the ranking rule shows this fact first, or another one; the first 100 facts are ranked."
    )
    disagrees: list[Annotated["Fact", strawberry.lazy("schema.types.facts")]] = planned(
        "Facts about the same thing at an overlapping time whose values differ by more than half a per cent, "
        "or of which one is denied. The newest 100 of the thing's facts are compared."
    )


@strawberry.type(description="A number about an entity, in base units.")
class Figure(Fact):
    """A figure."""

    metric: Metric = plain("What is counted or measured.")
    value: float | None = plain("The number; null when a range is given.")
    exact: str | None = plain("The number in decimal digits, nothing rounded.")
    low: float | None = plain("The lower end of a range.")
    high: float | None = plain("The upper end of a range.")
    unit: str = plain("ISO 4217 code of the currency, or user, token, parameter, %, …")
    comparator: Comparator = plain("How the number bounds the true one.")
    period: Period | None = plain("Over which time it is counted; null for a total or a level.")
    basis: Basis | None = plain("What a valuation rests on.")
    scope: Scope | None = plain("One funding round, or all of them.")
    active: bool | None = plain("Whether only a mixture's active parameters are counted.")
    benchmark: str | None = plain("The benchmark's name.")
    offered_by: Entity | None = planned("The provider whose price it is.")


@strawberry.type(description="One entity's relation to another.")
class Relation(Fact):
    """A relation."""

    type: RelationType = plain("Which relation.")
    object: Entity = planned("The entity that it leads to.")
    role: str | None = plain("The title as written.")
    role_code: str | None = plain("The title folded, such as CEO.")
    status: EmploymentStatus | None = plain("Whether the role is still held.")
    how: Derivation | None = plain("How the model came from the other.")
    amount: float | None = plain("The money that it was about.")
    unit: str | None = plain("ISO 4217 code of the money's currency.")
    comparator: Comparator | None = plain("How the amount bounds the true one.")
    lead: bool | None = plain("Whether it led the round.")
    share: float | None = plain("The share bought, in percent.")
    city: str | None = plain("The city of the seat.")


@strawberry.type(description="When something happened to an entity.")
class DateFact(Fact):
    """A date."""

    event: DateEvent = plain("What happened.")
    date: PartialDate = plain("When, as precisely as the text says.")


@strawberry.type(description="What a licence demands or allows, or how open a model is.")
class LicenceTerm(Fact):
    """A term."""

    term: TermType = plain("Which kind of term.")
    value: float | None = plain("The threshold.")
    exact: str | None = plain("The threshold in decimal digits.")
    unit: str | None = plain("What is counted.")
    comparator: Comparator | None = plain("On which side of the threshold the consequence lies.")
    period: Period | None = plain("Over which time it is counted.")
    consequence: Consequence | None = plain("What meets those beyond the threshold.")
    access: Access | None = plain("How open the model is.")
