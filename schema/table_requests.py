"""What a URL asks of a table: the arguments of GraphQL as JSON, and short parameters for common filters."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from graphql import GraphQLObjectType
from graphql.utilities import coerce_input_value, validate_input_value
from strawberry import Schema

from kb.errors import UsageError
from kb.ontology import EntityType
from schema.core import core_schema
from schema.tables import TABLES

_JSON: Final = frozenset({"where", "subject", "object"})
"""Arguments that are filters, and can be written as GraphQL writes them."""
_PREFIXES: Final = tuple(f"{kind.value.lower()}/" for kind in EntityType)


def _codes(values: Sequence[str]) -> object:
    """Names of enums: several with commas between them, in either case."""
    return [code.strip().upper() for value in values for code in value.split(",") if code.strip()]


def _listed(values: Sequence[str]) -> object:
    """Words without commas: several with commas between them."""
    return [word.strip() for value in values for word in value.split(",") if word.strip()]


def _several(values: Sequence[str]) -> object:
    """Texts: one parameter for each."""
    return {"in": list(values)}


def _one(values: Sequence[str]) -> str:
    if len(values) != 1:
        raise UsageError("is given more than once")
    return values[0]


def _code(values: Sequence[str]) -> object:
    return _one(values).upper()


def _number(values: Sequence[str]) -> object:
    try:
        return float(_one(values))
    except ValueError as error:
        raise UsageError("is no number") from error


def _named(values: Sequence[str]) -> object:
    """Entities by id, which begins with their type, or by a name."""
    ids = [value for value in values if value.startswith(_PREFIXES)]
    names = [value for value in values if not value.startswith(_PREFIXES)]
    by_id, by_name = {"id": ids}, {"name": {"in": names}}
    if ids and names:
        return {"or": [by_id, by_name]}
    return by_id if ids else by_name


@dataclass(frozen=True, slots=True)
class _Short:
    """A short parameter: the place of its value among the arguments, and how it is read."""

    path: tuple[str, ...]
    read: Callable[[Sequence[str]], object]


def _in(argument: str, **reads: Callable[[Sequence[str]], object]) -> dict[str, _Short]:
    return {name: _Short((argument, name), read) for name, read in reads.items()}


_TIMES: Final = {name: _Short(("at", name), _one) for name in ("valid", "known")}
_FACTS: Final = {
    **_TIMES,
    **_in("where", modality=_codes),
    "pick": _Short(("pick",), _code),
    "from": _Short(("where", "asOf", "from"), _one),
    "to": _Short(("where", "asOf", "to"), _one),
    "min_confidence": _Short(("where", "minConfidence"), _number),
    "publisher": _Short(("where", "evidence", "publisher"), _several),
    "subject": _Short(("subject",), _named),
    "subject_type": _Short(("subject", "type"), _codes),
}
SHORT: Final[Mapping[str, Mapping[str, _Short]]] = {
    "figures": {
        **_FACTS,
        **_in("where", metric=_codes, unit=_listed, period=_codes, basis=_codes, scope=_codes),
        "type": _Short(("subject", "type"), _codes),
    },
    "relations": {
        **_FACTS,
        **_in("where", role=_several, status=_codes, how=_codes),
        "role_code": _Short(("where", "roleCode"), _codes),
        "type": _Short(("type",), _codes),
        "object": _Short(("object",), _named),
        "object_type": _Short(("object", "type"), _codes),
    },
    "entities": {
        **_TIMES,
        **_in("where", type=_codes, name=_several, qid=_listed, country=_codes, id=_listed),
    },
}
"""The short parameters of each table."""


def parameters_of(table: str) -> list[str]:
    """The names of all parameters that a table takes."""
    return sorted({*SHORT[table], "where"})


def arguments_of(schema: Schema, table: str, given: Iterable[tuple[str, str]]) -> Mapping[str, Any]:
    """The arguments of the table's field, as the planner takes them.

    Raises:
        UsageError: when a parameter is unknown or says what it cannot mean.
    """
    values: dict[str, list[str]] = {}
    for name, value in given:
        if name not in parameters_of(table):
            raise UsageError(
                f"There is no parameter '{name}': {table} takes {', '.join(parameters_of(table))}."
            )
        values.setdefault(name, []).append(value)
    asked: dict[str, Any] = {}
    whole: dict[str, object] = {}
    for name, texts in values.items():
        try:
            if name in _JSON and (name == "where" or texts[0].lstrip().startswith("{")):
                whole[name] = _json(_one(texts))
            else:
                _put(asked, SHORT[table][name], texts)
        except UsageError as error:
            raise UsageError(f"The parameter '{name}' {error}.") from error
    for name, value in whole.items():
        asked[name] = {"and": [value, asked[name]]} if name in asked else value
    return _coerced(schema, TABLES[table].root, asked)


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError("is no JSON that can be read") from error


def _put(asked: dict[str, Any], short: _Short, texts: Sequence[str]) -> None:
    place = asked
    for step in short.path[:-1]:
        place = cast("dict[str, Any]", place.setdefault(step, {}))
    value, last = short.read(texts), short.path[-1]
    if isinstance(value, dict) and isinstance(place.get(last), dict):
        value = {**place[last], **cast("dict[str, Any]", value)}
    place[last] = value


def _coerced(schema: Schema, root: str, asked: Mapping[str, object]) -> Mapping[str, Any]:
    """The arguments checked and read as those of the field in a query; absent ones have their defaults."""
    known = cast("GraphQLObjectType", core_schema(schema).query_type).fields[root].args
    coerced: dict[str, Any] = {}
    for name, definition in known.items():
        if name not in asked:
            coerced[name] = definition.default_value
            continue
        try:
            _check(name, asked[name], definition.type)
            coerced[name] = coerce_input_value(asked[name], definition.type)
        except RecursionError as error:
            raise UsageError(f"`{name}` is nested too deeply.") from error
    return coerced


def _check(name: str, value: object, kind: Any) -> None:  # noqa: ANN401  # graphql-core's input types are generic
    def refuse(error: Exception, path: Sequence[object]) -> None:
        place = ".".join([name, *(str(step) for step in path)])
        raise UsageError(f"`{place}` is not usable: {getattr(error, 'message', error)}")

    validate_input_value(value, kind, refuse, hide_suggestions=True)
