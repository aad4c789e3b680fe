"""The query type: each field is one query to the graph."""

from typing import Any

import strawberry
from strawberry import UNSET

from kb.ontology import EntityType, Metric, RelationType
from kb.partial_date import PartialDate
from kb.thresholds import Verdict
from schema.arguments import (
    AT,
    DOCUMENTS,
    ENTITY_ORDER,
    ENTITY_WHERE,
    FACT_ORDER,
    FACT_WHERE,
    FIGURES,
    METRIC,
    MODALITY,
    OBJECT,
    PICK,
    RELATION_TYPES,
    RELATION_WHERE,
    SUBJECT,
    UNIT,
)
from schema.context import Context
from schema.enums import Bucket, Dimension
from schema.inputs import StatFilter, StatOrdering
from schema.planned import MAX_FIRST, PAGE, Argument, Planned
from schema.planner.roots import plan
from schema.planner.selection import Operation
from schema.types.analysis import ComparisonRow, Path, Point, SearchConnection, StatRow
from schema.types.connections import (
    DocumentConnection,
    EntityConnection,
    FigureConnection,
    RelationConnection,
)
from schema.types.documents import Node
from schema.types.entities import Entity
from schema.types.thresholds import ThresholdCheck


class Root(Planned):
    """Plans its field, asks the graph once, and reads the one record."""

    def resolve(self, next_: object, source: object, info: strawberry.Info, **_: object) -> object:  # noqa: ARG002  # the protocol's names
        """The value of the root field, to be awaited."""
        return _answer(info)


async def _answer(info: strawberry.Info) -> object:
    context: Context = info.context
    raw = info._raw_info  # pyright: ignore[reportPrivateUsage]  # the only way to the selection
    planned = plan(Operation.of(raw), raw.parent_type, raw.field_nodes, context.cursors, context.today())
    records = await context.reader.fetch(planned.text, planned.parameters)
    return planned.read(records[0]["value"])


def _root(description: str, *arguments: Argument) -> Any:  # noqa: ANN401  # the annotation says the type
    return strawberry.field(description=description, extensions=[Root(arguments)])


@strawberry.type(description="What can be asked. Every fact of every answer comes with its evidence.")
class Query:
    """The query type."""

    node: Node | None = _root(
        "The entity, fact or document with this id, if there is one.",
        Argument("id", strawberry.ID, "The id.", strawberry.UNSET),
    )
    entity: Entity | None = _root(
        "The entity with this id, name or Wikidata id: give one of them. Of several entities of one name, "
        "the one that more is known of.",
        Argument("id", strawberry.ID | None, "The id, such as company/openai."),
        Argument("name", str | None, "The name or an alias."),
        Argument("qid", str | None, "The id in Wikidata."),
        Argument("type", EntityType | None, "Of this type only."),
        AT,
    )
    entities: EntityConnection = _root("Entities.", ENTITY_WHERE, AT, ENTITY_ORDER, *PAGE)
    figures: FigureConnection = _root("Numbers about entities.", FACT_WHERE, SUBJECT, *FIGURES[1:])
    relations: RelationConnection = _root(
        "Relations between entities.",
        RELATION_TYPES,
        RELATION_WHERE,
        SUBJECT,
        OBJECT,
        AT,
        PICK,
        FACT_ORDER,
        *PAGE,
    )
    search: SearchConnection = _root(
        "Entities by a name, an alias, or the words of the facts about them: what goes by exactly the text "
        "comes first.",
        Argument("text", str, "At most 200 characters and 12 words; none of them is an operator.", UNSET),
        Argument("types", list[EntityType] | None, "Of these types only."),
        AT,
        *PAGE,
    )
    paths: list[Path] = _root(
        "How two entities are connected: the shortest paths over asserted facts, each hop with its evidence.",
        Argument("from", strawberry.ID, "The one entity.", UNSET),
        Argument("to", strawberry.ID, "The other one.", UNSET),
        Argument(
            "types",
            list[RelationType] | None,
            "Over these relations; by default over all but BASED_IN and RELEASED_UNDER, over "
            "which everybody is near.",
        ),
        Argument("maxHops", int, "How many relations a path has at most, up to 6.", 4),
        Argument("first", int, "How many paths at most, up to 10.", 3),
        AT,
    )
    stats: list[StatRow] = _root(
        "Figures counted and summed by group. Groups never mix metrics, units, currencies, periods, scopes, "
        "bases or benchmarks.",
        Argument("by", list[Dimension], "What else tells groups apart.", list[Dimension]()),
        FACT_WHERE,
        SUBJECT,
        AT,
        PICK,
        Argument("having", StatFilter | None, "Which groups."),
        Argument("orderBy", StatOrdering | None, "By default the largest count first."),
        Argument("first", int, f"How many at most, up to {MAX_FIRST}.", MAX_FIRST),
    )
    time_series: list[Point] = _root(
        "One metric over time, as flat rows for charts, oldest first.",
        METRIC,
        UNIT,
        Argument("subjects", list[strawberry.ID], "Ids of at most 50 entities.", UNSET),
        FACT_WHERE,
        MODALITY,
        Argument("from", PartialDate | None, "Not before this."),
        Argument("to", PartialDate | None, "Not after this."),
        Argument(
            "bucket", Bucket, "Of each stretch of time only the fact that the rule shows first.", Bucket.NONE
        ),
        AT,
    )
    compare: list[ComparisonRow] = _root(
        "The same figures of several entities side by side.",
        Argument("ids", list[strawberry.ID], "Ids of at most 20 entities.", UNSET),
        Argument("metrics", list[Metric], "Which metrics.", UNSET),
        AT,
        PICK,
    )
    documents: DocumentConnection = _root("Documents that were read.", *DOCUMENTS)
    licence_thresholds: list[ThresholdCheck] = _root(
        "Which services exceed the user thresholds of licences: the 200 services with the largest figures "
        "against the 50 newest thresholds, those that exceed first.",
        Argument(
            "licence", strawberry.ID | None, "Of this licence, or of this model's and its releases' licences."
        ),
        Argument("company", strawberry.ID | None, "Services of this company."),
        AT,
        Argument("verdict", list[Verdict] | None, "These verdicts only."),
        Argument("first", int, f"How many at most, up to {MAX_FIRST}.", MAX_FIRST),
        Argument("skip", int, "How many of the first to leave out, to go on where a list ended.", 0),
    )
