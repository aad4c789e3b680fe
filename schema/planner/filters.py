"""Filters as conditions of Cypher. Every value is a parameter; every name comes from the tables here."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from kb.names import BETWEEN, folded, name_key
from kb.ontology import METRICS, RELATIONS, EntityType, Modality, RelationType
from kb.statement_ids import SEPARATOR
from schema.enums import Direction
from schema.planner.compiled import Pattern
from schema.planner.conditions import (
    Filter,
    Rule,
    alternatives,
    among,
    among_values,
    dates,
    few,
    joined,
    number,
    of_predicate,
    text,
    truth,
)
from schema.planner.current import is_current
from schema.planner.query import Query
from schema.planner.variables import apply

Conditions = Callable[[Query, str, "Filter | None"], list[str]]
_SIDES: Final[Mapping[Direction, tuple[str, str]]] = {
    Direction.OUT: ("SUBJECT", "OBJECT"),
    Direction.IN: ("OBJECT", "SUBJECT"),
    Direction.BOTH: ("SUBJECT|OBJECT", "SUBJECT|OBJECT"),
}
"""The edges of a statement about an entity, and of the other entity, by the end that the first is."""
_ARROWS: Final[Mapping[Direction, tuple[str, str]]] = {
    Direction.OUT: ("-", "->"),
    Direction.IN: ("<-", "-"),
    Direction.BOTH: ("-", "-"),
}
"""What stands before and behind a plain edge."""
CODE: Final = 2
"""Letters of a country's code."""


def edge_pattern(relation: RelationType, direction: Direction, near: str, far: str, label: str) -> str:
    """The pattern of the plain edge between two entities, of which the far one has the label."""
    left, right = _ARROWS[direction]
    return f"({near}){left}[:{relation.value}]{right}({far}:{label})"


def statement_pattern(direction: Direction, near: str, fact: str, far: str, label: str) -> str:
    """The pattern of the statements between two entities, of which the far one has the label."""
    start, end = _SIDES[direction]
    return f"({near})<-[:{start}]-({fact}:Relation)-[:{end}]->({far}:{label})"


def figure_conditions(query: Query, variable: str, given: Filter | None) -> list[str]:
    """What a FactFilter demands."""
    return _all(query, variable, given, _FIGURE_RULES)


def relation_conditions(query: Query, variable: str, given: Filter | None) -> list[str]:
    """What a RelationFilter demands."""
    return _all(query, variable, given, _RELATION_RULES)


def term_conditions(query: Query, variable: str, given: Filter | None) -> list[str]:
    """What a TermFilter demands."""
    return _all(query, variable, given, _TERM_RULES)


def date_conditions(query: Query, variable: str, given: Filter | None) -> list[str]:
    """What a DateFactFilter demands."""
    return _all(query, variable, given, _DATE_RULES)


def entity_conditions(query: Query, variable: str, given: Filter | None) -> list[str]:
    """What an EntityFilter demands."""
    return _all(query, variable, given, _ENTITY_RULES)


def document_conditions(query: Query, variable: str, given: Filter | None) -> list[str]:
    """What a DocumentFilter demands."""
    return _all(query, variable, given, _DOCUMENT_RULES)


def _all(query: Query, variable: str, given: Filter | None, rules: Mapping[str, Rule]) -> list[str]:
    with query.filter_level():
        return [
            _condition(query, variable, name, value, rules)
            for name, value in sorted((given or {}).items())
            if value is not None
        ]


def _condition(query: Query, variable: str, name: str, value: Any, rules: Mapping[str, Rule]) -> str:  # noqa: ANN401  # each filter has its own values
    if name in ("and", "or"):
        parts = [joined(_all(query, variable, part, rules)) for part in few(value)]
        return alternatives(parts) if name == "or" else joined(parts)
    if name == "not":
        return f"NOT coalesce({joined(_all(query, variable, value, rules))}, false)"
    return rules[name](query, variable, value)


def _confidence(query: Query, variable: str, value: float) -> str:
    return f"{variable}.confidence >= {query.parameter(value)}"


def _speaker(query: Query, variable: str, value: str) -> str:
    return f"EXISTS {{ ({variable})-[:ATTRIBUTED_TO]->(:Entity {{id: {query.entity_id(value)}}}) }}"


def _entity_ids(query: Query, variable: str, value: Sequence[str]) -> str:
    return f"{variable}.id IN {query.entity_ids(among_values(query, value))}"


def _evidence(query: Query, variable: str, value: Filter) -> str:
    document = query.name("d")
    conditions = document_conditions(query, document, value)
    where = f" WHERE {joined(conditions)}" if conditions else ""
    return f"EXISTS {{ ({variable})-[:EVIDENCED_BY]->({document}:Document){where} }}"


def entity_type(_query: Query, variable: str, value: Sequence[EntityType]) -> str:
    """A label test: the labels are those of the ontology, sorted, so that few texts arise."""
    return alternatives([f"{variable}:{kind.value}" for kind in sorted(set(value))])


def of_one_type(given: Filter) -> tuple[str, Filter]:
    """The label of all that an EntityFilter leaves, and the rest of the filter: an index has the label.

    Who has a seat in a country is a company.
    """
    asked = given.get("type")
    kinds = set[EntityType](asked or ())
    if given.get("country") is not None and (asked is None or EntityType.COMPANY in kinds):
        kinds = {EntityType.COMPANY}
    if len(kinds) != 1:
        return "Entity", given
    return kinds.pop().value, {name: value for name, value in given.items() if name != "type"}


def alias_keys(name: str, kinds: Sequence[EntityType] | None = None) -> list[str]:
    """The keys under which a name is looked up."""
    return [f"{kind.value}{SEPARATOR}{name_key(name)}" for kind in kinds or tuple(EntityType)]


def name_conditions(query: Query, variable: str, value: Filter) -> list[str]:
    """What an EntityFilter demands of names."""
    conditions: list[str] = []
    exact: list[list[str] | None] = [[value["eq"]] if value.get("eq") is not None else None, value.get("in")]
    for names in exact:
        if names is not None:
            keys = query.parameter(apply(_alias_keys, names))
            alias = query.name("a")
            conditions.append(
                f"EXISTS {{ ({variable})<-[:NAMES]-({alias}:Alias) WHERE {alias}.key IN {keys} }}"
            )
    for name, part_of in PARTS.items():
        if value.get(name) is not None:
            part = query.parameter(apply(part_of, value[name]))
            # computed, so that pages keep their order, and look at `seeks.named_in_part` for few
            conditions.append(f"coalesce({variable}.folded, '') CONTAINS {part}")
    return conditions


def _name(query: Query, variable: str, value: Filter) -> str:
    return joined(name_conditions(query, variable, value))


def _beginning(name: str) -> str:
    return BETWEEN + folded(name)


PARTS: Final[Mapping[str, Callable[[str], str]]] = {"startsWith": _beginning, "contains": folded}


def _alias_keys(names: Sequence[str]) -> list[str]:
    return [key for name in few(names) for key in alias_keys(name)]


def _holds(label: str, conditions_of: Conditions, *, current: bool) -> Rule:
    """That a fact about the entity passes a filter, and that the ranking rule shows it first."""

    def rule(query: Query, variable: str, value: Filter) -> str:
        fact = query.name("h")
        conditions = [*query.scope.visible(fact), *conditions_of(query, fact, value)]
        if current:
            conditions.append(is_current(query, fact, relation=False))
        pattern = Pattern(fact, f"({variable})<-[:SUBJECT]-({fact}:{label})", tuple(conditions))
        return f"EXISTS {{ {pattern.text} }}"

    return rule


def _has(*, current: bool) -> Rule:
    """That a figure of the entity passes; only entities of some types have figures of a metric at all."""
    holds = _holds("Figure", figure_conditions, current=current)

    def rule(query: Query, variable: str, value: Filter) -> str:
        kinds = {kind for metric in value.get("metric") or () for kind in METRICS[metric].subjects}
        of_type = f"{entity_type(query, variable, sorted(kinds))} AND " if kinds else ""
        return f"({of_type}{holds(query, variable, value)})"

    return rule


def _country(query: Query, variable: str, value: Sequence[str]) -> str:
    if query.scope.now:  # what asserted statements that stand say is written on the company
        code, codes = query.name("c"), among_values(query, apply(_codes, value))
        return f"any({code} IN coalesce({variable}.countries, []) WHERE {code} IN {codes})"
    fact, land = query.name("r"), query.name("o")
    ids = country_ids(query, value)
    asserted = [f"{fact}.predicate = 'BASED_IN'", f"{fact}.modality = 'ASSERTED'", *query.scope.visible(fact)]
    return (
        f"EXISTS {{ MATCH ({variable})<-[:SUBJECT]-({fact}:Relation)-[:OBJECT]->({land}:Country) "
        f"WHERE {land}.id IN {ids} AND {' AND '.join(asserted)} }}"
    )


def country_ids(query: Query, codes: Sequence[str]) -> str:
    """A parameter of the ids of countries, by their ISO 3166-1 codes."""
    return among_values(query, apply(_country_ids, codes))


def _country_ids(given: Sequence[str]) -> list[str]:
    return [f"country/{code.lower()}" for code in _codes(given)]


def _codes(given: Sequence[str]) -> list[str]:
    return [code.upper() for code in given if len(code) == CODE and code.isascii()]


def _related(query: Query, variable: str, value: Filter) -> str:
    other = query.name("o")
    direction = value.get("direction") or Direction.BOTH
    far = [f"{other} <> {variable}", *entity_conditions(query, other, value.get("entity"))]
    if query.scope.now and _edge_suffices(value, direction):
        # one type: with each set of types there would be another text
        match = edge_pattern(value["type"][0], direction, variable, other, "Entity")
        exists = f"EXISTS {{ MATCH {match} WHERE {joined(far)} }}"
    else:
        exists = f"EXISTS {{ {_told_of(query, value, (variable, other), direction)} AND {joined(far)} }}"
    return f"NOT {exists}" if value.get("none") else exists


def _edge_suffices(value: Filter, direction: Direction) -> bool:
    """Whether the plain edges of one relation, made of asserted facts, say all that is asked.

    Of a symmetric relation that is told both ways there is one edge.
    """
    kinds: Sequence[RelationType] = value.get("type") or ()
    if len(kinds) != 1 or (direction is not Direction.BOTH and RELATIONS[kinds[0]].symmetric):
        return False
    return value.get("modality") == [Modality.ASSERTED] and value.get("fact") is None


def _told_of(query: Query, value: Filter, ends: tuple[str, str], direction: Direction) -> str:
    """The statements between two entities, and what is demanded of them."""
    fact, (variable, other) = query.name("r"), ends
    conditions = [*query.scope.visible(fact), *relation_conditions(query, fact, value.get("fact"))]
    if value.get("modality") is not None:
        conditions.append(f"{fact}.modality IN {among_values(query, value['modality'])}")
    if value.get("type") is not None:
        conditions.append(
            f"{fact}.predicate IN {query.parameter([str(kind) for kind in few(value['type'])])}"
        )
    match = statement_pattern(direction, variable, fact, other, "Entity")
    return f"MATCH {match} WHERE {joined(conditions)}"


_COMMON_RULES: Final[Mapping[str, Rule]] = {
    "asOf": dates("@.as_of_first", "@.as_of_last"),
    "evidence": _evidence,
    "minConfidence": _confidence,
    "modality": among("@.modality"),
    "speaker": _speaker,
}
_FIGURE_RULES: Final[Mapping[str, Rule]] = {
    **_COMMON_RULES,
    "active": truth("@.active"),
    "basis": among("@.basis"),
    "benchmark": text("@.benchmark"),
    "comparator": among("@.comparator"),
    "metric": of_predicate,
    "period": among("@.period"),
    "scope": among("@.scope"),
    "unit": among("@.unit"),
    "value": number,
}
_RELATION_RULES: Final[Mapping[str, Rule]] = {
    **_COMMON_RULES,
    "how": among("@.how"),
    "role": text("@.role"),
    "roleCode": among("@.role_code"),
    "status": among("@.status"),
    "type": among("@.predicate"),
}
_TERM_RULES: Final[Mapping[str, Rule]] = {
    "access": among("@.access"),
    "consequence": among("@.consequence"),
    "evidence": _evidence,
    "minConfidence": _confidence,
    "modality": among("@.modality"),
    "type": among("@.predicate"),
    "value": number,
}
_DATE_RULES: Final[Mapping[str, Rule]] = {
    "date": dates("@.date_first", "@.date_last"),
    "event": among("@.predicate"),
    "evidence": _evidence,
    "minConfidence": _confidence,
    "modality": among("@.modality"),
}
_ENTITY_RULES: Final[Mapping[str, Rule]] = {
    "country": _country,
    "dates": _holds("DateFact", date_conditions, current=True),
    "has": _has(current=True),
    "hasEver": _has(current=False),
    "id": _entity_ids,
    "name": _name,
    "qid": among("@.qid"),
    "related": _related,
    "terms": _holds("Term", term_conditions, current=True),
    "type": entity_type,
}
_DOCUMENT_RULES: Final[Mapping[str, Rule]] = {
    "id": among("@.id"),
    "published": dates("@.published_last", "@.published_last"),
    "publisher": text("@.publisher"),
    "title": text("@.title"),
}
