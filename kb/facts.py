"""Facts: typed, immutable records of what a document states, each with the words that carry it.

Building a record checks it against the ontology, so a fact that exists is a fact that the contract
allows.
"""

import sys
from dataclasses import dataclass, replace
from typing import Final

from kb.currencies import currencies
from kb.errors import ContractError
from kb.ontology import (
    CURRENCY,
    DATES,
    METRICS,
    RELATIONS,
    TERM_SUBJECTS,
    TERMS,
    Access,
    Basis,
    Comparator,
    Consequence,
    DateEvent,
    Derivation,
    EmploymentStatus,
    EntityType,
    Kind,
    Metric,
    Modality,
    ModelLevel,
    Period,
    RelationType,
    Scope,
    TermType,
)
from kb.partial_date import PartialDate

Number = int | float
_EXACT: Final = 2**53
_LARGEST: Final = sys.float_info.max


def plain(value: Number) -> Number:
    """One form per number: an integer where it is one and a float can hold it exactly, else a float.

    So 4e10 and 40000000000 are the same value, and 3.8e25 FLOP fits the database's numbers.

    Raises:
        ContractError: for infinities, not-a-number, and integers too large for a float.
    """
    if not -_LARGEST <= value <= _LARGEST:  # false for not-a-number too
        raise ContractError("A fact cannot hold a number that is infinite, undefined or beyond 1.7e308.")
    if abs(value) < _EXACT and value == int(value):
        return int(value)
    return float(value)


@dataclass(frozen=True, slots=True)
class EntityRef:
    """An entity as a document names it: type and document-level name, after coreference.

    `id` is set where the extractor recognised a registry entry; it is outside a fact's identity.
    """

    type: EntityType
    name: str
    id: str | None = None

    def __post_init__(self) -> None:
        """Refuse a name of nothing but blanks."""
        if not self.name.strip():
            raise ContractError(f"A {self.type} without a name cannot be an end of a fact.")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whom the document attributes a fact to: the name as written, and the entity where it resolves."""

    name: str
    entity: EntityRef | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that carry a fact: `document.text[start:end] == text`, in Unicode code points."""

    document: str
    start: int
    end: int
    text: str

    def __post_init__(self) -> None:
        """Refuse a span that cannot hold its own words."""
        if self.start < 0 or self.end - self.start != len(self.text) or not self.text.strip():
            raise ContractError(
                f"Evidence {self.start}:{self.end} does not fit its {len(self.text)} characters of text."
            )


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money that qualifies a relation; `unit` is an ISO 4217 code."""

    value: Number
    unit: str
    comparator: Comparator = Comparator.EQ

    def __post_init__(self) -> None:
        """Hold the value in its plain form."""
        object.__setattr__(self, "value", plain(self.value))
        if self.unit not in currencies():
            raise ContractError(f"'{self.unit}' is no ISO 4217 currency code.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statement:
    """What every fact carries, whatever its kind."""

    subject: EntityRef
    evidence: Evidence
    extractor: str
    confidence: float
    modality: Modality = Modality.ASSERTED
    speaker: Speaker | None = None
    as_of: PartialDate | None = None
    valid_from: PartialDate | None = None
    valid_to: PartialDate | None = None

    def _check_common(self, allowed: frozenset[EntityType], predicate: str) -> None:
        if self.subject.type not in allowed:
            wanted = " or ".join(sorted(allowed))
            raise ContractError(f"{predicate} is said of a {wanted}, not of a {self.subject.type}.")
        if not 0.0 <= self.confidence <= 1.0:
            raise ContractError(f"Confidence {self.confidence} of a {predicate} is not between 0 and 1.")


def _only(predicate: str, allowed: frozenset[str], given: dict[str, object]) -> None:
    extra = sorted(name for name, value in given.items() if value is not None and name not in allowed)
    if extra:
        raise ContractError(f"{predicate} has no field {', '.join(extra)}.")


def _check_unit(predicate: str, units: frozenset[str], unit: str) -> None:
    money = CURRENCY in units and unit in currencies()
    if unit not in units and not money:
        raise ContractError(f"{predicate} is not measured in '{unit}'.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation(_Statement):
    """One entity's relation to another. `share` is in percent; `lead` marks a round's lead investor."""

    predicate: RelationType
    object: EntityRef
    role: str | None = None
    status: EmploymentStatus | None = None
    how: Derivation | None = None
    amount: Amount | None = None
    lead: bool | None = None
    share: Number | None = None
    city: str | None = None

    def __post_init__(self) -> None:
        """Check the ends and qualifiers, and hold the share in its plain form."""
        spec = RELATIONS[self.predicate]
        self._check_common(spec.subjects, self.predicate)
        if self.object.type not in spec.objects:
            raise ContractError(f"{self.predicate} does not lead to a {self.object.type}.")
        if (self.subject.type, self.subject.name) == (self.object.type, self.object.name):
            raise ContractError(f"{self.predicate} of {self.subject.name} with itself says nothing.")
        _only(
            self.predicate,
            spec.qualifiers,
            {
                "role": self.role,
                "status": self.status,
                "how": self.how,
                "amount": self.amount,
                "lead": self.lead,
                "share": self.share,
                "city": self.city,
            },
        )
        if self.share is not None:
            object.__setattr__(self, "share", plain(self.share))

    @property
    def kind(self) -> Kind:
        """The kind's name in the JSON lines."""
        return Kind.RELATION


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(_Statement):
    """A number about an entity in base units; a range has `low` and `high` and no `value`."""

    predicate: Metric
    unit: str
    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    comparator: Comparator = Comparator.EQ
    period: Period | None = None
    basis: Basis | None = None
    scope: Scope | None = None
    active: bool | None = None
    benchmark: str | None = None
    offered_by: EntityRef | None = None

    def __post_init__(self) -> None:
        """Check subject, unit and qualifiers, and hold the numbers in their plain form."""
        spec = METRICS[self.predicate]
        self._check_common(spec.subjects, self.predicate)
        _check_unit(self.predicate, spec.units, self.unit)
        self._check_value()
        if self.period is not None and self.period not in spec.periods:
            raise ContractError(f"{self.predicate} is not counted per {self.period}.")
        _only(
            self.predicate,
            spec.qualifiers,
            {
                "basis": self.basis,
                "scope": self.scope,
                "active": self.active,
                "benchmark": self.benchmark,
                "offered_by": self.offered_by,
            },
        )
        if self.predicate is Metric.BENCHMARK_SCORE and not self.benchmark:
            raise ContractError("A BENCHMARK_SCORE names its benchmark.")

    def _check_value(self) -> None:
        if self.value is None and (self.low is None or self.high is None):
            raise ContractError(f"{self.predicate} needs a value, or low and high.")
        if self.value is not None and (self.low is not None or self.high is not None):
            raise ContractError(f"{self.predicate} has a value or a range, not both.")
        for name in ("value", "low", "high"):
            number: Number | None = getattr(self, name)
            if number is not None:
                object.__setattr__(self, name, plain(number))
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ContractError(f"The range of {self.predicate} ends before it begins.")

    @property
    def kind(self) -> Kind:
        """The kind's name in the JSON lines."""
        return Kind.FIGURE


@dataclass(frozen=True, slots=True, kw_only=True)
class DateFact(_Statement):
    """When something happened to an entity, at the precision of the text."""

    predicate: DateEvent
    date: PartialDate

    def __post_init__(self) -> None:
        """Check the subject."""
        self._check_common(DATES[self.predicate].subjects, self.predicate)

    @property
    def kind(self) -> Kind:
        """The kind's name in the JSON lines."""
        return Kind.DATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Term(_Statement):
    """What a licence demands or allows, or how open a model is."""

    predicate: TermType
    value: Number | None = None
    unit: str | None = None
    comparator: Comparator | None = None
    period: Period | None = None
    consequence: Consequence | None = None
    access: Access | None = None

    def __post_init__(self) -> None:
        """Check the subject and that the term's own fields are there and no others."""
        self._check_common(TERM_SUBJECTS, self.predicate)
        spec = TERMS[self.predicate]
        _only(
            self.predicate,
            spec.fields,
            {
                "value": self.value,
                "unit": self.unit,
                "comparator": self.comparator,
                "period": self.period,
                "consequence": self.consequence,
                "access": self.access,
            },
        )
        for name in ("value", "unit", "comparator", "access"):
            if name in spec.fields and getattr(self, name) is None:
                raise ContractError(f"{self.predicate} needs its {name}.")
        if self.unit is not None:
            _check_unit(self.predicate, spec.units, self.unit)
        if self.value is not None:
            object.__setattr__(self, "value", plain(self.value))

    @property
    def kind(self) -> Kind:
        """The kind's name in the JSON lines."""
        return Kind.TERM


Fact = Relation | Figure | DateFact | Term


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a document names an entity, in code points of the cleaned text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class EntityRecord:
    """An entity that a document speaks of, with the forms it uses and the places."""

    ref: EntityRef
    aliases: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    level: ModelLevel | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that an extractor found in one document; `document` is the document's id.

    `dropped` counts what it found and left out because the document's words do not bear it out, `unread`
    the code points at the end of a text that is longer than what the extractor reads.
    """

    document: str
    extractor: str
    entities: tuple[EntityRecord, ...]
    facts: tuple[Fact, ...]
    dropped: int = 0
    unread: int = 0

    def borne_out(self, text: str) -> "Extraction":
        """Without the facts whose words do not stand in the text where they say, which are counted."""
        facts = tuple(
            fact
            for fact in self.facts
            if fact.evidence.document == self.document
            and text[fact.evidence.start : fact.evidence.end] == fact.evidence.text
        )
        return replace(self, facts=facts, dropped=self.dropped + len(self.facts) - len(facts))
