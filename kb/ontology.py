"""The ontology: what entities, relations, figures, dates and licence terms there are.

The tables below are the only place where predicates, their subjects, objects, units and qualifiers
are listed. Validation of facts (`kb.facts`), the GraphQL enums (`schema`), the edge types and their
constraints (`kb.graph`) and the page `docs/predicates.md` are made from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class EntityType(StrEnum):
    """The labels that an entity's node can carry."""

    COMPANY = "Company"
    MODEL = "Model"
    PRODUCT = "Product"
    PERSON = "Person"
    LICENCE = "Licence"
    COUNTRY = "Country"


class ModelLevel(StrEnum):
    """Whether a model is a family (Llama) or one of its releases (Llama 3)."""

    FAMILY = "FAMILY"
    RELEASE = "RELEASE"


class Kind(StrEnum):
    """The four kinds of fact, as the JSON lines name them."""

    RELATION = "relation"
    FIGURE = "figure"
    DATE = "date"
    TERM = "term"


class RelationType(StrEnum):
    """Directed relations, subject first."""

    DEVELOPS = "DEVELOPS"
    OFFERS = "OFFERS"
    POWERED_BY = "POWERED_BY"
    RELEASE_OF = "RELEASE_OF"
    DERIVED_FROM = "DERIVED_FROM"
    WORKS_FOR = "WORKS_FOR"
    FOUNDED = "FOUNDED"
    INVESTED_IN = "INVESTED_IN"
    ACQUIRED = "ACQUIRED"
    PARTNER_OF = "PARTNER_OF"
    COMPETES_WITH = "COMPETES_WITH"
    SUBSIDIARY_OF = "SUBSIDIARY_OF"
    BASED_IN = "BASED_IN"
    RELEASED_UNDER = "RELEASED_UNDER"


class Metric(StrEnum):
    """Numbers about an entity."""

    VALUATION = "VALUATION"
    FUNDING_RAISED = "FUNDING_RAISED"
    REVENUE = "REVENUE"
    PROFIT = "PROFIT"
    SPENDING = "SPENDING"
    USERS = "USERS"
    SUBSCRIBERS = "SUBSCRIBERS"
    CUSTOMERS = "CUSTOMERS"
    DOWNLOADS = "DOWNLOADS"
    HEADCOUNT = "HEADCOUNT"
    PARAMETERS = "PARAMETERS"
    CONTEXT_WINDOW = "CONTEXT_WINDOW"
    TRAINING_TOKENS = "TRAINING_TOKENS"
    TRAINING_COMPUTE = "TRAINING_COMPUTE"
    TRAINING_COST = "TRAINING_COST"
    ACCELERATORS = "ACCELERATORS"
    PRICE_INPUT = "PRICE_INPUT"
    PRICE_OUTPUT = "PRICE_OUTPUT"
    BENCHMARK_SCORE = "BENCHMARK_SCORE"
    MARKET_SHARE = "MARKET_SHARE"


class DateEvent(StrEnum):
    """Dated events."""

    FOUNDED_ON = "FOUNDED_ON"
    RELEASED_ON = "RELEASED_ON"


class TermType(StrEnum):
    """What a licence, or the way a model is released, demands or allows."""

    USER_THRESHOLD = "USER_THRESHOLD"
    REVENUE_THRESHOLD = "REVENUE_THRESHOLD"
    NON_COMMERCIAL = "NON_COMMERCIAL"
    ATTRIBUTION = "ATTRIBUTION"
    NO_TRAINING_OTHERS = "NO_TRAINING_OTHERS"
    OPENNESS = "OPENNESS"


class Modality(StrEnum):
    """How the source tells it: as so, as planned, as rumour, or as not so."""

    ASSERTED = "ASSERTED"
    PLANNED = "PLANNED"
    REPORTED = "REPORTED"
    DENIED = "DENIED"


class Comparator(StrEnum):
    """How a number bounds the true one."""

    EQ = "EQ"
    ABOUT = "ABOUT"
    GT = "GT"
    GTE = "GTE"
    LT = "LT"
    LTE = "LTE"


class Period(StrEnum):
    """The time over which a number is counted."""

    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    HALF = "HALF"
    YEAR = "YEAR"
    ANNUALISED = "ANNUALISED"


class Basis(StrEnum):
    """What a valuation rests on."""

    PRIVATE = "PRIVATE"
    MARKET_CAP = "MARKET_CAP"


class Scope(StrEnum):
    """Whether raised money is one round's or all rounds' together."""

    ROUND = "ROUND"
    TOTAL = "TOTAL"


class Derivation(StrEnum):
    """How one model came from another; FINE_TUNED covers 'built on' and 'post-trained from'."""

    FINE_TUNED = "FINE_TUNED"
    DISTILLED = "DISTILLED"
    TRAINED_ON_OUTPUTS = "TRAINED_ON_OUTPUTS"
    MERGED = "MERGED"
    QUANTISED = "QUANTISED"


class EmploymentStatus(StrEnum):
    """Whether somebody still holds a role."""

    CURRENT = "CURRENT"
    FORMER = "FORMER"


class Access(StrEnum):
    """How open a model is: OPEN_SOURCE when the text says so or the licence is OSI's."""

    OPEN_SOURCE = "OPEN_SOURCE"
    OPEN_WEIGHTS = "OPEN_WEIGHTS"
    CLOSED = "CLOSED"


class Consequence(StrEnum):
    """What meets those who pass a licence's threshold."""

    OTHER_LICENCE = "OTHER_LICENCE"
    FORBIDDEN = "FORBIDDEN"
    ATTRIBUTION = "ATTRIBUTION"


@dataclass(frozen=True, slots=True)
class RelationSpec:
    """Which ends a relation may have, and which qualifiers it carries."""

    subjects: frozenset[EntityType]
    objects: frozenset[EntityType]
    meaning: str
    qualifiers: frozenset[str] = frozenset()
    symmetric: bool = False


CURRENCY: Final = "currency"
"""Stands in a unit table for any ISO 4217 code."""


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """Whose number it is, in which units, and which qualifiers it carries."""

    subjects: frozenset[EntityType]
    units: frozenset[str]
    meaning: str
    qualifiers: frozenset[str] = frozenset()
    periods: frozenset[Period] = frozenset()


@dataclass(frozen=True, slots=True)
class DateSpec:
    """Whose date it is."""

    subjects: frozenset[EntityType]
    meaning: str


@dataclass(frozen=True, slots=True)
class TermSpec:
    """Which fields a licence term carries, beside its subject, and in which units."""

    fields: frozenset[str]
    meaning: str
    units: frozenset[str] = frozenset()


_C, _M, _P = EntityType.COMPANY, EntityType.MODEL, EntityType.PRODUCT
_PERSON, _LICENCE, _COUNTRY = EntityType.PERSON, EntityType.LICENCE, EntityType.COUNTRY


def _f(*items: EntityType) -> frozenset[EntityType]:
    return frozenset(items)


RELATIONS: Final[Mapping[RelationType, RelationSpec]] = MappingProxyType(
    {
        RelationType.DEVELOPS: RelationSpec(_f(_C), _f(_M), "makes, trains or releases the model"),
        RelationType.OFFERS: RelationSpec(_f(_C), _f(_P), "sells or runs the product"),
        RelationType.POWERED_BY: RelationSpec(_f(_P), _f(_M), "the product runs on the model"),
        RelationType.RELEASE_OF: RelationSpec(_f(_M), _f(_M), "the release belongs to the family"),
        RelationType.DERIVED_FROM: RelationSpec(
            _f(_M), _f(_M), "the model was made from the other", frozenset({"how"})
        ),
        RelationType.WORKS_FOR: RelationSpec(
            _f(_PERSON),
            _f(_C),
            "holds, or held, a role there",
            frozenset({"role", "status", "valid_from", "valid_to"}),
        ),
        RelationType.FOUNDED: RelationSpec(_f(_PERSON), _f(_C), "founded or co-founded it"),
        RelationType.INVESTED_IN: RelationSpec(
            _f(_C, _PERSON),
            _f(_C),
            "put money in; the amount is this investor's own",
            frozenset({"amount", "lead", "share"}),
        ),
        RelationType.ACQUIRED: RelationSpec(_f(_C), _f(_C, _P), "bought it", frozenset({"amount"})),
        RelationType.PARTNER_OF: RelationSpec(
            _f(_C), _f(_C), "works together under an agreement, a licensing deal included", symmetric=True
        ),
        RelationType.COMPETES_WITH: RelationSpec(
            _f(_C, _P), _f(_C, _P), "is called a rival or competitor", symmetric=True
        ),
        RelationType.SUBSIDIARY_OF: RelationSpec(_f(_C), _f(_C), "belongs to the other company"),
        RelationType.BASED_IN: RelationSpec(_f(_C), _f(_COUNTRY), "has its seat there", frozenset({"city"})),
        RelationType.RELEASED_UNDER: RelationSpec(_f(_M), _f(_LICENCE), "is released under the licence"),
    }
)

_MONEY = frozenset({CURRENCY})
_SPANS = frozenset({Period.YEAR, Period.HALF, Period.QUARTER, Period.MONTH, Period.ANNUALISED})
_VISITS = frozenset({Period.DAY, Period.WEEK, Period.MONTH})

METRICS: Final[Mapping[Metric, MetricSpec]] = MappingProxyType(
    {
        Metric.VALUATION: MetricSpec(_f(_C), _MONEY, "what the company is valued at", frozenset({"basis"})),
        Metric.FUNDING_RAISED: MetricSpec(_f(_C), _MONEY, "money raised", frozenset({"scope"})),
        Metric.REVENUE: MetricSpec(_f(_C, _P), _MONEY, "revenue", periods=_SPANS),
        Metric.PROFIT: MetricSpec(_f(_C), _MONEY, "profit; a loss is negative", periods=_SPANS),
        Metric.SPENDING: MetricSpec(
            _f(_C), _MONEY, "capital spending, commitments, planned investment", periods=_SPANS
        ),
        Metric.USERS: MetricSpec(_f(_P, _C, _M), frozenset({"user"}), "people who use it", periods=_VISITS),
        Metric.SUBSCRIBERS: MetricSpec(_f(_P, _C), frozenset({"user"}), "paying users"),
        Metric.CUSTOMERS: MetricSpec(_f(_C, _P), frozenset({"organisation"}), "organisations that pay"),
        Metric.DOWNLOADS: MetricSpec(
            _f(_M, _P), frozenset({"download"}), "downloads", periods=_VISITS | {Period.YEAR}
        ),
        Metric.HEADCOUNT: MetricSpec(_f(_C), frozenset({"person"}), "people employed"),
        Metric.PARAMETERS: MetricSpec(
            _f(_M),
            frozenset({"parameter"}),
            "parameters; `active` for a mixture's active ones",
            frozenset({"active"}),
        ),
        Metric.CONTEXT_WINDOW: MetricSpec(_f(_M), frozenset({"token"}), "longest context"),
        Metric.TRAINING_TOKENS: MetricSpec(_f(_M), frozenset({"token"}), "tokens trained on"),
        Metric.TRAINING_COMPUTE: MetricSpec(_f(_M), frozenset({"FLOP", "GPU-hour"}), "compute trained with"),
        Metric.TRAINING_COST: MetricSpec(_f(_M), _MONEY, "cost of the training"),
        Metric.ACCELERATORS: MetricSpec(
            _f(_C, _M), frozenset({"accelerator"}), "GPUs or other chips held or used"
        ),
        Metric.PRICE_INPUT: MetricSpec(
            _f(_M), _MONEY, "price per million input tokens", frozenset({"offered_by"})
        ),
        Metric.PRICE_OUTPUT: MetricSpec(
            _f(_M), _MONEY, "price per million output tokens", frozenset({"offered_by"})
        ),
        Metric.BENCHMARK_SCORE: MetricSpec(
            _f(_M), frozenset({"%", "points"}), "score on the named benchmark", frozenset({"benchmark"})
        ),
        Metric.MARKET_SHARE: MetricSpec(_f(_C, _P), frozenset({"%"}), "share of its market"),
    }
)

DATES: Final[Mapping[DateEvent, DateSpec]] = MappingProxyType(
    {
        DateEvent.FOUNDED_ON: DateSpec(_f(_C), "when the company was founded"),
        DateEvent.RELEASED_ON: DateSpec(_f(_M, _P), "when it was released"),
    }
)

_THRESHOLD = frozenset({"value", "unit", "comparator", "period", "consequence"})

TERMS: Final[Mapping[TermType, TermSpec]] = MappingProxyType(
    {
        TermType.USER_THRESHOLD: TermSpec(
            _THRESHOLD, "who has more users than this meets a consequence", frozenset({"user"})
        ),
        TermType.REVENUE_THRESHOLD: TermSpec(
            _THRESHOLD, "who earns more than this meets a consequence", _MONEY
        ),
        TermType.NON_COMMERCIAL: TermSpec(frozenset(), "no commercial use"),
        TermType.ATTRIBUTION: TermSpec(frozenset(), "must name the source"),
        TermType.NO_TRAINING_OTHERS: TermSpec(frozenset(), "outputs may not train other models"),
        TermType.OPENNESS: TermSpec(frozenset({"access"}), "how open the model is"),
    }
)

TERM_SUBJECTS: Final = _f(_LICENCE, _M)
"""A term belongs to a licence, a model, or both (then it is two facts)."""

type_of_kind: Final[Mapping[Kind, type[StrEnum]]] = MappingProxyType(
    {
        Kind.RELATION: RelationType,
        Kind.FIGURE: Metric,
        Kind.DATE: DateEvent,
        Kind.TERM: TermType,
    }
)
"""The predicate enum of each kind of fact."""

kind_of: Final[Mapping[str, Kind]] = MappingProxyType(
    {member.value: kind for kind, members in type_of_kind.items() for member in members}
)
"""The kind of fact that each predicate makes."""
