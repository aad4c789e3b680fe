"""Facts in the order in which they were recorded, from a place in that order on: what `factsAdded` sends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from graphql.type import GraphQLResolveInfo

from schema.cursors import Cursors
from schema.planner import facts
from schema.planner.compiled import RowPart
from schema.planner.filters import figure_conditions
from schema.planner.query import Query
from schema.planner.selection import Operation, Reader

BATCH: Final = 100
"""Facts that are fetched together, and held for a client that reads slowly."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order of recording: behind the fact with this moment and id."""

    recorded: str
    fact: str


def behind(moment: datetime) -> Place:
    """The place behind all that was recorded at this moment."""
    return Place(moment.isoformat(), "\U0010ffff")


@dataclass(frozen=True, slots=True)
class Feed:
    """The query for the facts behind a place, with the selection of one subscription.

    Moments go as text: of two values of one moment the database takes the one with a named time zone for the
    later one, and a driver may give a moment back with another zone than it got.
    """

    text: str
    parameters: Mapping[str, object]
    row: RowPart

    def between(self, place: Place, until: datetime) -> Mapping[str, object]:
        """The parameters for what stands behind a place and was recorded by a moment."""
        return {**self.parameters, "since": place.recorded, "last": place.fact, "until": until.isoformat()}

    def read(self, records: Sequence[Mapping[str, Any]]) -> list[tuple[Place, object]]:
        """The facts, each with its place."""
        return [(Place(one["at"], one["id"]), self.row.read(one["value"])) for one in records]


def feed(info: GraphQLResolveInfo[Any], cursors: Cursors, today: date) -> Feed:
    """The feed of the subscription field that is being resolved.

    Raises:
        UsageError: when the arguments ask for what cannot be given.
    """
    field = Reader(Operation.of(info)).root(info.parent_type, info.field_nodes)
    query = Query(cursors, today).begin(None)
    row = facts.fact_row(query, "f", "Fact", field.selection)
    conditions = [
        "f.recorded_at >= datetime($since)",
        "(f.recorded_at > datetime($since) OR f.id > $last)",
        "f.recorded_at <= datetime($until)",
        *query.scope.visible("f"),
        *figure_conditions(query, "f", field.arguments.get("where")),
    ]
    limit = query.parameter(BATCH)
    text = (
        f"{query.opening}MATCH (f:Statement) WHERE {' AND '.join(conditions)} "
        f"WITH f{', ' if query.outer else ''}{query.outer} ORDER BY f.recorded_at, f.id LIMIT {limit} "
        f"RETURN toString(f.recorded_at) AS at, f.id AS id, {row.expression} AS value"
    )
    return Feed(text, query.parameters, row)
