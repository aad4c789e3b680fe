"""Conditions of Cypher on one property. Every value is a parameter; every name is of our own.

A `Rule` makes the condition that a filter's value is; in its expression `@` stands for the variable.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from kb.errors import UsageError
from kb.partial_date import PartialDate
from schema.planner.query import Query
from schema.planner.variables import apply

Filter = Mapping[str, Any]
Rule = Callable[[Query, str, Any], str]

COMPARISONS: Final = {"eq": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
ENDS: Final = {">": "low", "<": "high"}
"""The end of a range that is on the safe side of a comparison, by the beginning of its sign."""
MAX_VALUES: Final = 500
NOTHING: Final = "false"


def joined(conditions: Sequence[str]) -> str:
    """All of them; true where there are none."""
    return f"({' AND '.join(conditions)})" if conditions else "true"


def alternatives(conditions: Sequence[str]) -> str:
    """One of them; false where there are none."""
    return f"({' OR '.join(conditions)})" if conditions else NOTHING


def few(values: Sequence[Any]) -> Sequence[Any]:
    """The values of a list in a filter.

    Raises:
        UsageError: when there are too many.
    """
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
    return [str(one) for one in few(values)]


def among(expression: str) -> Rule:
    """One of the values."""

    def rule(query: Query, variable: str, value: Sequence[object]) -> str:
        return f"{expression.replace('@', variable)} IN {among_values(query, value)}"

    return rule


def of_predicate(query: Query, variable: str, value: Sequence[object]) -> str:
    """One predicate by equality, after which an index gives the order of dates or values; or one of several.

    Raises:
        UsageError: when there are too many.
    """
    if len(value) == 1:
        return f"{variable}.predicate = {query.parameter(str(value[0]))}"
    return f"{variable}.predicate IN {among_values(query, value)}"


def text(expression: str) -> Rule:
    """What a TextFilter demands, whatever the case of letters."""

    def rule(query: Query, variable: str, value: Filter) -> str:
        return joined(_text_conditions(query, f"toLower({expression.replace('@', variable)})", value))

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
    return joined(
        [
            f"{number} {sign} {query.parameter(value[name])}"
            for name, sign in COMPARISONS.items()
            if value.get(name) is not None
        ]
    )


def number(query: Query, variable: str, value: Filter) -> str:
    """What a FloatFilter demands of a value, or of the end of its range that is on the safe side.

    No figure has both. An index is not used for a computed number: pages keep their order, and look at
    `seeks.valued` for few.
    """
    return joined(
        [
            f"coalesce({variable}.value, {variable}.{ENDS[sign[0]]}) {sign} {query.parameter(value[name])}"
            if sign[0] in ENDS
            else f"{variable}.value {sign} {query.parameter(value[name])}"
            for name, sign in COMPARISONS.items()
            if value.get(name) is not None
        ]
    )


def dates(first: str, last: str) -> Rule:
    """What a DateFilter demands of the first and last day that are meant."""

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
        return joined(conditions)

    return rule


def _first_day(day: PartialDate) -> str:
    return day.first.isoformat()


def _last_day(day: PartialDate) -> str:
    return day.last.isoformat()


def truth(expression: str) -> Rule:
    """True, or anything but true: what is not said is not so."""

    def rule(query: Query, variable: str, value: bool) -> str:  # noqa: FBT001  # as the filter has it
        return f"coalesce({expression.replace('@', variable)}, false) = {query.parameter(value)}"

    return rule
