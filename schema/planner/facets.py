"""Facets: how many entities of a whole list there are of each kind, for readers who want to narrow it."""

from collections.abc import Mapping
from typing import Final, cast

from schema.enums import EntityFacet
from schema.planner.compiled import Part, Pattern, at
from schema.planner.connections import first_of
from schema.planner.query import Query
from schema.planner.selection import Field
from schema.rows import Row, Shape, Values

_TYPE: Final = "UNWIND [l IN labels(@) WHERE l <> 'Entity'] AS label"
_COUNTRY: Final = (
    "MATCH (@)<-[:SUBJECT]-(told:Relation {predicate: 'BASED_IN', modality: 'ASSERTED'})"
    "-[:OBJECT]->(land:Country) WHERE {visible}"
)
_PUBLISHER: Final = (
    "MATCH (@)<-[:SUBJECT|OBJECT]-(told:Statement)-[:EVIDENCED_BY]->(source:Document) "
    "WHERE source.publisher IS NOT NULL AND {visible}"
)
_VALUES: Final[Mapping[EntityFacet, tuple[str, str, str]]] = {
    EntityFacet.TYPE: (_TYPE, "toUpper(label)", "null"),
    EntityFacet.COUNTRY: (_COUNTRY, "toUpper(substring(land.id, size('country/')))", "land.name"),
    EntityFacet.PUBLISHER: (_PUBLISHER, "source.publisher", "null"),
}
"""The way from an entity to each facet, its value, and what that is called where it is another thing."""

_SHAPE: Final = Shape(lambda _values: "Facet", {"value": at(0), "name": at(1), "count": at(2)}, {})


def facets(query: Query, pattern: Pattern, field: Field) -> Part:
    """The values of a facet with how many of the pattern's entities have each, the most frequent first."""
    way, value, name = _VALUES[field.arguments["by"]]
    found = way.replace("@", pattern.variable).replace("{visible}", " AND ".join(query.scope.visible("told")))
    limit = query.parameter(first_of(field.arguments))
    return Part(
        f"COLLECT {{ {pattern.text} WITH {pattern.bound} {found} "
        f"WITH {value} AS value, {name} AS name, count(DISTINCT {pattern.variable}) AS count "
        f"ORDER BY count DESC, value LIMIT {limit} RETURN [value, name, count] }}",
        lambda values, _parent: [Row(_SHAPE, one) for one in cast("list[Values]", values)],
    )
