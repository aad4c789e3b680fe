"""What several facts say together: search, paths, statistics, time series, comparisons."""

from datetime import datetime
from typing import Annotated

import strawberry

from kb.ontology import Basis, Comparator, Metric, Modality, Period, Scope
from kb.partial_date import PartialDate
from schema.arguments import FACETS, FEW
from schema.enums import Dimension
from schema.planned import plain, planned
from schema.types.connections import Count, Facet, PageInfo
from schema.types.entities import Entity
from schema.types.facts import Fact, Figure, Relation

EntityRef = Annotated["Entity", strawberry.lazy("schema.types.entities")]
FactRef = Annotated["Fact", strawberry.lazy("schema.types.facts")]
FigureRef = Annotated["Figure", strawberry.lazy("schema.types.facts")]
RelationRef = Annotated["Relation", strawberry.lazy("schema.types.facts")]


@strawberry.type(description="An entity that was found, and by what.")
class SearchEdge:
    """A hit."""

    cursor: str = plain("Names this place in this list.")
    node: EntityRef = planned("The entity.")
    score: float = planned("How well it fits; an entity that goes by exactly the text has 1000.")
    matched: list[str] = planned("Its names that hold a word of the text.")
    facts: list[FactRef] = planned("Facts about it whose words hold the text, the best first.", FEW)


@strawberry.type(description="A page of what was found, the best first.")
class SearchConnection:
    """A page."""

    edges: list[SearchEdge] = planned("The entities with score and facts.")
    nodes: list[EntityRef] = planned("The entities.")
    page_info: PageInfo = planned("Where the page lies.")
    total: Count = planned("How many there are among the 500 best hits of each index.")
    facets: list[Facet] = planned(
        "How many of these there are of each type, country or publisher of documents that tell of them.",
        *FACETS,
    )


@strawberry.type(description="A way from one entity to another.")
class Path:
    """A path."""

    length: int = plain("How many relations it has.")
    nodes: list[EntityRef] = planned("The entities on it, both ends included.")
    relations: list[RelationRef] = planned(
        "The fact of each hop, with its evidence, in the order of the hops."
    )
    min_confidence: float = plain("The confidence of the least sure hop.")


@strawberry.type(description="What a group of figures has in common.")
class StatKey:
    """One dimension of a group."""

    dimension: Dimension = plain("Which dimension.")
    value: str | None = plain("Its value; an id where it is an entity, null where it is not known.")
    name: str | None = plain("The entity's name, where it is one.")


@strawberry.type(
    description="A group of figures that measure the same thing in the same unit: metric, unit, period, "
    "scope, basis, active and benchmark always tell groups apart."
)
class StatRow:
    """A row of statistics."""

    keys: list[StatKey] = planned("The dimensions that were asked for.")
    metric: Metric = plain("What is counted or measured.")
    unit: str = plain("The unit of all its numbers.")
    period: Period | None = plain("Over which time they are counted.")
    scope: Scope | None = plain("One funding round, or all of them.")
    basis: Basis | None = plain("What the valuations rest on.")
    active: bool | None = plain("Whether only a mixture's active parameters are counted.")
    benchmark: str | None = plain("The benchmark's name.")
    count: int = plain("How many figures.")
    min: float | None = plain("The least value; ranges have none.")
    max: float | None = plain("The greatest value; ranges have none.")
    avg: float | None = plain("The mean of the values.")
    sum: float | None = plain("The sum of the values.")


@strawberry.type(description="One flat row of a chart.")
class Point:
    """A point in time."""

    time: datetime = plain("When it was so: the last day that `asOf` covers, at midnight UTC.")
    as_of: PartialDate = plain("When it was so, as precisely as it is told.")
    series: str = plain("Name and qualifiers: what a legend shows.")
    subject_id: strawberry.ID = plain("Whose figure it is.")
    subject_name: str = plain("Its name.")
    metric: Metric = plain("What is counted or measured.")
    value: float | None = plain("The number; null when a range is given.")
    low: float | None = plain("The lower end of a range.")
    high: float | None = plain("The upper end of a range.")
    unit: str = plain("The unit.")
    period: Period | None = plain("Over which time it is counted.")
    comparator: Comparator = plain("How the number bounds the true one.")
    modality: Modality = plain("How sure the source is.")
    fact_id: strawberry.ID = plain("The figure's id, for `node`.")


@strawberry.type(description="One entity's figure in a comparison.")
class ComparisonCell:
    """A cell."""

    entity: EntityRef | None = planned("The entity; null where none has the id.")
    figure: FigureRef | None = planned("Its figure, with evidence; null where none is known.")


@strawberry.type(description="One thing that is measured, for every entity that is compared.")
class ComparisonRow:
    """A row."""

    metric: Metric = plain("What is counted or measured.")
    unit: str = plain("The unit of all its numbers.")
    period: Period | None = plain("Over which time they are counted.")
    scope: Scope | None = plain("One funding round, or all of them.")
    basis: Basis | None = plain("What the valuations rest on.")
    active: bool | None = plain("Whether only a mixture's active parameters are counted.")
    benchmark: str | None = plain("The benchmark's name.")
    cells: list[ComparisonCell] = planned("One cell for each entity, in the order of `ids`.")
