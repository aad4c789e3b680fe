"""Filters as conditions of Cypher. Every value is a parameter; every name comes from the tables here."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from kb.errors import UsageError
from kb.names import BETWEEN, folded, name_key
from kb.ontology import METRICS, EntityType, Metric
from kb.partial_date import PartialDate
from kb.statement_ids import SEPARATOR
from schema.enums import Direction
from schema.planner.compiled import Pattern
from schema.planner.current import is_current
from schema.planner.query import Query
from schema.planner.variables import apply

Filter = Mapping[str, Any]
Rule = Callable[[Query, str, Any], str]
Conditions = Callable[[Query, str, "Filter | None"], list[str]]

MAX_VALUES: Final = 500
NOTHING: Final = "false"

COMPARISONS: Final = {"eq": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


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
        parts = [_joined(_all(query, variable, part, rules)) for part in _few(value)]
        return _alternatives(parts) if name == "or" else _joined(parts)
    if name == "not":
        return f"NOT coalesce({_joined(_all(query, variable, value, rules))}, false)"
    return rules[name](query, variable, value)


def _joined(conditions: Sequence[str]) -> str:
    return f"({' AND '.join(conditions)})" if conditions else "true"


def _alternatives(conditions: Sequence[str]) -> str:
    return f"({' OR '.join(conditions)})" if conditions else NOTHING


def _few(values: Sequence[Any]) -> Sequence[Any]:
    if len(values) > MAX_VALUES:
        raise UsageError(f"A list in a filter has at most {MAX_VALUES} values.")
    return values


def among_values(query: Query, values: Sequence[object]) -> str:
    """A parameter of the values; enums by their names in the graph.

    Raises:
        UsageError: when there are too many.
    """
    return query.parameter(apply(_strings, values))


def _strings(values: Sequence[object]) -> list[str]:
    return [str(one) for one in _few(values)]


def _among(expression: str) -> Rule:
    def rule(query: Query, variable: str, value: Sequence[object]) -> str:
        return f"{expression.replace('@', variable)} IN {among_values(query, value)}"

    return rule


def _text(expression: str) -> Rule:
    def rule(query: Query, variable: str, value: Filter) -> str:
        return _joined(_text_conditions(query, f"toLower({expression.replace('@', variable)})", value))

    return rule


def _text_conditions(query: Query, folded: str, value: Filter) -> list[str]:
    conditions: list[str] = []
    for name, operator in (("eq", "="), ("contains", "CONTAINS"), ("startsWith", "STARTS WITH")):
        if value.get(name) is not None:
            conditions.append(f"{folded} {operator} toLower({query.parameter(value[name])})")
    if value.get("in") is not None:
        names = query.parameter(apply(_strings, value["in"]))
        conditions.append(f"{folded} IN [x IN {names} | toLower(x)]")
    return conditions


def comparison(query: Query, number: str, value: Filter) -> str:
    """What a FloatFilter demands of a number, by an expression of ours."""
    return _joined(
        [
            f"{number} {sign} {query.parameter(value[name])}"
            for name, sign in COMPARISONS.items()
            if value.get(name) is not None
        ]
    )


def _value(query: Query, variable: str, value: Filter) -> str:
    """A number, or the end of the range that is on the safe side; no figure has both.

    An index is not used for a computed number: pages keep their order, and look at `seeks.valued` for few.
    """
    return _joined(
        [
            f"coalesce({variable}.value, {variable}.{ENDS[sign[0]]}) {sign} {query.parameter(value[name])}"
            if sign[0] in ENDS
            else f"{variable}.value {sign} {query.parameter(value[name])}"
            for name, sign in COMPARISONS.items()
            if value.get(name) is not None
        ]
    )


ENDS: Final = {">": "low", "<": "high"}
"""The end of a range that is on the safe side of a comparison, by the beginning of its sign."""


def _dates(first: str, last: str) -> Rule:
    def rule(query: Query, variable: str, value: Filter) -> str:
        begin, end = first.replace("@", variable), last.replace("@", variable)
        since: PartialDate | None = value.get("from")
        until: PartialDate | None = value.get("to")
        conditions: list[str] = []
        if since is not None:
            conditions.append(f"{end} >= {query.parameter(apply(_first_day, since))}")
        if until is not None:
            conditions.append(f"{begin} <= {query.parameter(apply(_last_day, until))}")
        if value.get("isNull") is not None:
            conditions.append(f"{end} IS {'' if value['isNull'] else 'NOT '}NULL")
        return _joined(conditions)

    return rule


def _first_day(day: PartialDate) -> str:
    return day.first.isoformat()


def _last_day(day: PartialDate) -> str:
    return day.last.isoformat()


def _truth(expression: str) -> Rule:
    """True, or anything but true: what is not said is not so."""

    def rule(query: Query, variable: str, value: bool) -> str:  # noqa: FBT001  # as the filter has it
        return f"coalesce({expression.replace('@', variable)}, false) = {query.parameter(value)}"

    return rule


def _metric(query: Query, variable: str, value: Sequence[Metric]) -> str:
    """One metric by equality, after which an index gives the order of values."""
    if len(value) == 1:
        return f"{variable}.predicate = {query.parameter(str(value[0]))}"
    return f"{variable}.predicate IN {among_values(query, value)}"


def _confidence(query: Query, variable: str, value: float) -> str:
    return f"{variable}.confidence >= {query.parameter(value)}"


def _speaker(query: Query, variable: str, value: str) -> str:
    return f"EXISTS {{ ({variable})-[:ATTRIBUTED_TO]->(:Entity {{id: {query.entity_id(value)}}}) }}"


def _entity_ids(query: Query, variable: str, value: Sequence[str]) -> str:
    return f"{variable}.id IN {query.entity_ids(among_values(query, value))}"


def _evidence(query: Query, variable: str, value: Filter) -> str:
    document = query.name("d")
    conditions = document_conditions(query, document, value)
    where = f" WHERE {_joined(conditions)}" if conditions else ""
    return f"EXISTS {{ ({variable})-[:EVIDENCED_BY]->({document}:Document){where} }}"


def entity_type(_query: Query, variable: str, value: Sequence[EntityType]) -> str:
    """A label test: the labels are those of the ontology, sorted, so that few texts arise."""
    return _alternatives([f"{variable}:{kind.value}" for kind in sorted(set(value))])


def alias_keys(name: str, kinds: Sequence[EntityType] | None = None) -> list[str]:
    """The keys under which a name is looked up."""
    return [f"{kind.value}{SEPARATOR}{name_key(name)}" for kind in kinds or tuple(EntityType)]


def _name(query: Query, variable: str, value: Filter) -> str:
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
    return _joined(conditions)


def _beginning(name: str) -> str:
    return BETWEEN + folded(name)


PARTS: Final[Mapping[str, Callable[[str], str]]] = {"startsWith": _beginning, "contains": folded}


def _alias_keys(names: Sequence[str]) -> list[str]:
    return [key for name in _few(names) for key in alias_keys(name)]


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
    fact, land = query.name("r"), query.name("o")
    ids = among_values(query, apply(_country_ids, value))
    if query.scope.now:  # the plain edge is there as long as an asserted statement stands
        return f"EXISTS {{ ({variable})-[:BASED_IN]->({land}:Country) WHERE {land}.id IN {ids} }}"
    asserted = [f"{fact}.predicate = 'BASED_IN'", f"{fact}.modality = 'ASSERTED'", *query.scope.visible(fact)]
    return (
        f"EXISTS {{ MATCH ({variable})<-[:SUBJECT]-({fact}:Relation)-[:OBJECT]->({land}:Country) "
        f"WHERE {land}.id IN {ids} AND {' AND '.join(asserted)} }}"
    )


def _country_ids(codes: Sequence[str]) -> list[str]:
    return [f"country/{code.lower()}" for code in codes]


def _related(query: Query, variable: str, value: Filter) -> str:
    fact, other = query.name("r"), query.name("o")
    near, far = _SIDES[value.get("direction") or Direction.BOTH]
    conditions = [*query.scope.visible(fact), *relation_conditions(query, fact, value.get("fact"))]
    if value.get("modality") is not None:
        conditions.append(f"{fact}.modality IN {among_values(query, value['modality'])}")
    if value.get("type") is not None:
        conditions.append(
            f"{fact}.predicate IN {query.parameter([str(kind) for kind in _few(value['type'])])}"
        )
    conditions += [f"{other} <> {variable}", *entity_conditions(query, other, value.get("entity"))]
    exists = (
        f"EXISTS {{ MATCH ({variable})<-[:{near}]-({fact}:Relation)-[:{far}]->({other}:Entity) "
        f"WHERE {' AND '.join(conditions)} }}"
    )
    return f"NOT {exists}" if value.get("none") else exists


_SIDES: Final = {
    Direction.OUT: ("SUBJECT", "OBJECT"),
    Direction.IN: ("OBJECT", "SUBJECT"),
    Direction.BOTH: ("SUBJECT|OBJECT", "SUBJECT|OBJECT"),
}
_COMMON_RULES: Final[Mapping[str, Rule]] = {
    "asOf": _dates("@.as_of_first", "@.as_of_last"),
    "evidence": _evidence,
    "minConfidence": _confidence,
    "modality": _among("@.modality"),
    "speaker": _speaker,
}
_FIGURE_RULES: Final[Mapping[str, Rule]] = {
    **_COMMON_RULES,
    "active": _truth("@.active"),
    "basis": _among("@.basis"),
    "benchmark": _text("@.benchmark"),
    "comparator": _among("@.comparator"),
    "metric": _metric,
    "period": _among("@.period"),
    "scope": _among("@.scope"),
    "unit": _among("@.unit"),
    "value": _value,
}
_RELATION_RULES: Final[Mapping[str, Rule]] = {
    **_COMMON_RULES,
    "how": _among("@.how"),
    "role": _text("@.role"),
    "roleCode": _among("@.role_code"),
    "status": _among("@.status"),
    "type": _among("@.predicate"),
}
_TERM_RULES: Final[Mapping[str, Rule]] = {
    "access": _among("@.access"),
    "consequence": _among("@.consequence"),
    "evidence": _evidence,
    "minConfidence": _confidence,
    "modality": _among("@.modality"),
    "type": _among("@.predicate"),
    "value": _value,
}
_DATE_RULES: Final[Mapping[str, Rule]] = {
    "date": _dates("@.date_first", "@.date_last"),
    "event": _among("@.predicate"),
    "evidence": _evidence,
    "minConfidence": _confidence,
    "modality": _among("@.modality"),
}
_ENTITY_RULES: Final[Mapping[str, Rule]] = {
    "country": _country,
    "dates": _holds("DateFact", date_conditions, current=True),
    "has": _has(current=True),
    "hasEver": _has(current=False),
    "id": _entity_ids,
    "name": _name,
    "qid": _among("@.qid"),
    "related": _related,
    "terms": _holds("Term", term_conditions, current=True),
    "type": entity_type,
}
_DOCUMENT_RULES: Final[Mapping[str, Rule]] = {
    "id": _among("@.id"),
    "published": _dates("@.published_last", "@.published_last"),
    "publisher": _text("@.publisher"),
    "title": _text("@.title"),
}
