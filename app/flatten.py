"""A GraphQL answer as flat rows for a table: one row per item of its first list."""

from collections.abc import Mapping, Sequence
from typing import Any, cast


def rows_of(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The items of the answer's first list, or the answer itself, with dotted column names.

    Within a row, the items of a nested list stand under each other in one cell; connections are named
    after their field, without `nodes` and `edges`.
    """
    found = _first_list(data)
    items = [data] if found is None else found
    return [_flat(item) for item in items]


def _first_list(value: object) -> Sequence[Mapping[str, Any]] | None:
    """The outermost list of objects, looked for level by level."""
    level = [value]
    while level:
        below: list[object] = []
        for item in level:
            if isinstance(item, list):
                return [entry for entry in cast("list[Any]", item) if isinstance(entry, Mapping)]
            if isinstance(item, Mapping):
                below += cast("Mapping[str, object]", item).values()
        level = below
    return None


def _flat(item: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, value in item.items():
        plain = name in {"nodes", "node", "edges", "__typename"}
        path = prefix.rstrip(".") if plain and prefix else f"{prefix}{name}"
        if isinstance(value, Mapping):
            row |= _flat(cast("Mapping[str, Any]", value), f"{path}.")
        elif isinstance(value, list):
            row |= _stacked(cast("list[Any]", value), path)
        elif value is not None or path not in row:
            row[path] = value
    return row


def _stacked(values: Sequence[Any], path: str) -> dict[str, Any]:
    if not any(isinstance(value, Mapping) for value in values):
        return {path: ", ".join(str(value) for value in values)}
    flat = [_flat(value, f"{path}.") for value in values]
    columns = dict.fromkeys(name for row in flat for name in row)
    return {
        name: "\n".join("" if row.get(name) is None else str(row[name]) for row in flat) for name in columns
    }
