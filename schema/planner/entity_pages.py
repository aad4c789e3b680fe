"""Pages of all entities that a filter leaves, read from indexes where these have the order."""

from collections.abc import Mapping
from typing import Any, Final

from kb.ontology import EntityType
from schema.enums import EntityOrder
from schema.planner import facets, facts
from schema.planner.compiled import Part, Pattern
from schema.planner.conditions import Filter
from schema.planner.connections import NO_NUMBER_FIRST, NO_NUMBER_LAST, Listing, connection, orders_of
from schema.planner.entities import entity_orders, entity_row, measured
from schema.planner.filters import entity_conditions, name_conditions, of_one_type
from schema.planner.indexed import Branch, Few, Indexed, Sample
from schema.planner.query import Query
from schema.planner.seeks import asked_types, based_in, beginning, containing, named_in_part
from schema.planner.selection import Field

MANY: Final[dict[str, int]] = {"startsWith": 60, "contains": 800, "country": 500}
"""How many that are found so are sorted, rather than looked for in the order of names."""


def entity_page(query: Query, field: Field) -> Part:
    """A page of all entities that a filter leaves."""
    where: Filter = field.arguments.get("where") or {}
    label, asked = of_one_type(where)
    name = asked.get("name") or {}
    part = name_conditions(query, "n", {"contains": name.get("contains")})
    others = (
        *entity_conditions(query, "n", {**asked, "name": None}),
        *name_conditions(query, "n", {**name, "contains": None}),
    )
    anyhow = Pattern("n", f"(n:{label})", others)
    pattern = anyhow.where(*part)
    listing = Listing(
        pattern=pattern,
        order=entity_orders(query, "n", field.arguments),
        node=lambda selection: entity_row(query, "n", selection),
        indexed=_indexed(query, pattern, anyhow, field.arguments),
        whole={"facets": lambda found: facets.facets(query, pattern, found)},
        of_all=True,
    )
    return connection(query, field, listing)


def _indexed(query: Query, pattern: Pattern, anyhow: Pattern, arguments: Mapping[str, Any]) -> Indexed | None:
    """By name, which every entity has, or by the number or the value of facts of today.

    `anyhow` is the pattern without the condition that a name has a part.
    """
    orders = orders_of(arguments)
    entity = pattern.variable
    by = orders[0]["by"] if len(orders) == 1 else None
    if not orders or by is EntityOrder.NAME:
        return _by_name(query, pattern, anyhow, arguments.get("where") or {})
    if by is EntityOrder.FACT_COUNT and query.scope.now:
        return _by_facts(pattern, arguments.get("where") or {})
    if by is not EntityOrder.VALUE or not query.scope.now:
        return None
    fact, other, any_of = query.name("c"), query.name("c"), query.name("c")
    measured_by = measured(query, entity, fact, orders[0])
    newest = measured(query, entity, other, orders[0])
    order = f"{facts.newest(other)}, {other}.id"
    first = f"head(COLLECT {{ {newest.text} RETURN {other}.id ORDER BY {order} LIMIT 1 }})"
    shown = Pattern(
        entity,
        f"({fact}:Figure)-[:SUBJECT]->{pattern.match}",
        (*measured_by.conditions, f"{fact}.id = {first}", *pattern.conditions),
    )
    metric = f"{fact}.predicate"
    return Indexed(
        (
            Branch(shown, f"{fact}.value", (metric,)),
            Branch(shown.where(f"{fact}.value IS NULL"), f"{fact}.low", (metric,)),
        ),
        rest=pattern.where(f"NOT EXISTS {{ {measured(query, entity, any_of, orders[0]).text} }}"),
        absent=NO_NUMBER_FIRST if orders[0]["descending"] else NO_NUMBER_LAST,
    )


def _by_facts(pattern: Pattern, where: Filter) -> Indexed:
    """All that the filter leaves, in the order of how many facts are about them; each type has its index."""
    entity, (label, _) = pattern.variable, of_one_type(where)
    asked = [kind.value for kind in asked_types(where)] if label == "Entity" else []
    of_each = [Pattern(entity, f"({entity}:{one})", pattern.conditions) for one in asked or [label]]
    return Indexed(tuple(Branch(one, f"{entity}.facts", tied=True) for one in of_each))


def _by_name(query: Query, pattern: Pattern, anyhow: Pattern, where: Filter) -> Indexed:
    """All that the filter leaves, in the order of their names."""
    name = where.get("name") or {}
    if name.get("startsWith") is not None:
        return Indexed(beginning(query, pattern, where), few=_few(query, pattern, where, "startsWith"))
    if name.get("contains") is not None:
        branches, sample = containing(query, pattern, anyhow, where)
        return Indexed(branches, few=_few(query, pattern, where, "contains", sample))
    if where.get("country") is not None and of_one_type(where)[0] == EntityType.COMPANY and query.scope.now:
        branch, sample, seated = based_in(query, pattern, where)
        left = _left(pattern, whole=_asked(where) <= {"type", "country"})
        return Indexed((branch,), few=Few(seated, MANY["country"], left, branch.key, sample))
    return Indexed((Branch(pattern, f"{pattern.variable}.name"),))


def _few(query: Query, pattern: Pattern, where: Filter, way: str, sample: Sample | None = None) -> Few | None:
    """Those whose name begins so, or has a part, sorted by name."""
    entity = pattern.variable
    found = named_in_part(query, entity, where, way)
    if not found:
        return None
    left = _left(pattern, whole=_asked(where) <= {"type", "name"} and _asked(where["name"]) == {way})
    return Few(found, MANY[way], left, f"{entity}.name", sample)


def _left(pattern: Pattern, *, whole: bool) -> Pattern:
    """What passes of few that were found; those found by the whole filter need not be looked at again."""
    return Pattern(pattern.variable, "*", source="WITH") if whole else pattern


def _asked(given: Filter) -> set[str]:
    return {name for name, value in given.items() if value is not None}
