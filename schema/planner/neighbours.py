"""Neighbours: the entities at the other end of one kind of relation, with the facts that lead there.

Neighbours of today that no filter asks more of are found over the plain edges, which are made of asserted
facts; any others over the statements themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.ontology import RELATIONS, EmploymentStatus, Modality, RelationType
from kb.roles import whole_code
from kb.statement_ids import SEPARATOR
from schema.enums import Direction
from schema.planner import entities, facts
from schema.planner.compiled import Compiler, Part, Pattern, first_row, rows_list
from schema.planner.conditions import among_values
from schema.planner.connections import Listing, connection, first_of
from schema.planner.filters import (
    edge_pattern,
    entity_conditions,
    relation_conditions,
    statement_pattern,
)
from schema.planner.query import Query
from schema.planner.selection import Field
from schema.planner.variables import apply


@dataclass(frozen=True, slots=True)
class Way:
    """How neighbours are reached; `label` narrows them where the relation leads to several types."""

    relation: RelationType
    direction: Direction
    label: str = "Entity"

    def edge(self, near: str, far: str) -> str:
        """The pattern of the plain edge."""
        return edge_pattern(self.relation, self.direction, near, far, self.label)

    def statement(self, near: str, fact: str, far: str) -> str:
        """The pattern of the statements."""
        return statement_pattern(self.direction, near, fact, far, self.label)

    def slot(self, near: str, far: str) -> str:
        """The slot of the facts between the two: one look-up in an index."""
        out, back = (f"{a}.id + '{self._middle}' + {b}.id" for a, b in ((near, far), (far, near)))
        if self.direction is Direction.BOTH:
            return f"CASE WHEN {near}.id < {far}.id THEN {out} ELSE {back} END"
        return out if self.direction is Direction.OUT else back

    @property
    def _middle(self) -> str:
        return f"{SEPARATOR}{self.relation.value}{SEPARATOR}"


def neighbours(relation: RelationType, direction: Direction, label: str = "Entity") -> Compiler:
    """Compiles a page of neighbours."""
    symmetric = RELATIONS[relation].symmetric
    way = Way(relation, Direction.BOTH if symmetric else direction, label)

    def compile_page(query: Query, variable: str, field: Field) -> Part:
        query = query.at(field.arguments.get("at"))
        far = query.name("n")
        conditions = entity_conditions(query, far, field.arguments.get("entity"))
        pattern = _pattern(query, way, (variable, far), field.arguments, conditions)
        listing = Listing(
            pattern=pattern,
            order=entities.entity_orders(query, far, field.arguments),
            node=lambda selection: entities.entity_row(query, far, selection),
            edge={"facts": lambda found: _facts(query, way, (variable, far), field.arguments, found)},
        )
        return connection(query, field, listing)

    return compile_page


def most_told(relation: RelationType, direction: Direction, label: str) -> Compiler:
    """Compiles the one neighbour that most asserted facts tell of."""
    way = Way(relation, direction, label)

    def compile_one(query: Query, variable: str, field: Field) -> Part:
        query = query.at(field.arguments.get("at"))
        far = query.name("n")
        asserted = {"modality": [Modality.ASSERTED]}
        pattern = _pattern(query, way, (variable, far), asserted, ())
        fact = query.name("r")
        told = [*query.scope.visible(fact), *_asked(query, fact, asserted)]
        # A subquery, since the database takes an aggregate in here for one of the query around it.
        count = (
            f"COUNT {{ ({fact}:Statement {{slot: {way.slot(variable, far)}}}) WHERE {' AND '.join(told)} }}"
        )
        element = entities.entity_row(query, far, field.selection)
        order = f"{count} DESC, {far}.id LIMIT 1"
        return first_row(f"{pattern.text} WITH {pattern.bound} ORDER BY {order}", element)

    return compile_one


def _pattern(
    query: Query, way: Way, ends: tuple[str, str], arguments: Mapping[str, Any], conditions: Sequence[str]
) -> Pattern:
    near, far = ends
    differ = () if way.direction is not Direction.BOTH else (f"{far} <> {near}",)
    if query.scope.now and _edges_suffice(arguments):
        return Pattern(far, way.edge(near, far), (*differ, *conditions), distinct=True)
    fact = query.name("r")
    told = _fact_conditions(query, way, fact, arguments)
    return Pattern(far, way.statement(near, fact, far), (*told, *differ, *conditions), distinct=True)


def _edges_suffice(arguments: Mapping[str, Any]) -> bool:
    asked = any(arguments.get(name) is not None for name in ("where", "role", "status"))
    return not asked and arguments.get("modality") == [Modality.ASSERTED]


def _fact_conditions(query: Query, way: Way, fact: str, arguments: Mapping[str, Any]) -> list[str]:
    conditions = [f"{fact}.predicate = '{way.relation.value}'", *query.scope.visible(fact)]
    return conditions + _asked(query, fact, arguments)


def _asked(query: Query, fact: str, arguments: Mapping[str, Any]) -> list[str]:
    """What the arguments of the list demand of a fact."""
    modalities: Sequence[Modality] = arguments["modality"]
    conditions = [f"{fact}.modality IN {among_values(query, modalities)}"]
    roles: Sequence[str] | None = arguments.get("role")
    if roles is not None:
        codes = among_values(query, apply(_codes, roles))
        titles = among_values(query, apply(_titles, roles))
        titled = f"any(title IN {titles} WHERE toLower({fact}.role) CONTAINS title)"
        conditions.append(f"({fact}.role_code IN {codes} OR coalesce({titled}, false))")
    statuses: Sequence[EmploymentStatus] | None = arguments.get("status")
    if statuses is not None:
        conditions.append(f"{fact}.status IN {among_values(query, statuses)}")
    return conditions + relation_conditions(query, fact, arguments.get("where"))


def _codes(roles: Sequence[str]) -> list[str]:
    return [whole_code(role) or role.upper() for role in roles]


def _titles(roles: Sequence[str]) -> list[str]:
    """The titles that say more than a code; "president" is no part of "vice president"."""
    return [role.strip().lower() for role in roles if role.strip() and whole_code(role) is None]


def _facts(query: Query, way: Way, ends: tuple[str, str], arguments: Mapping[str, Any], field: Field) -> Part:
    """The facts between the two, the newest first."""
    fact = query.name("r")
    shown = facts.listed_conditions(query, fact, field.arguments, relation=True)
    conditions = (*shown, *_asked(query, fact, arguments))
    pattern = Pattern(fact, f"({fact}:Statement {{slot: {way.slot(*ends)}}})", conditions)
    limit = query.parameter(first_of(field.arguments))
    order = f"{facts.newest(fact)}, {fact}.id LIMIT {limit}"
    return rows_list(pattern, order, facts.fact_row(query, fact, "Relation", field.selection))
