"""A GraphQL answer as flat rows for tables: one table per outermost list."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

_PASSED_OVER = frozenset({"nodes", "node", "edges"})


@dataclass(frozen=True, slots=True)
class Section:
    """Rows with dotted column names; `title` is the path of their list, empty for the answer's own values."""

    title: str
    rows: Sequence[dict[str, Any]]


def sections(data: Mapping[str, Any]) -> list[Section]:
    """The answer's own values, if it has any, then each of its outermost lists.

    Within a row, the items of a nested list stand under each other in one cell; connections are named
    after their field, without `nodes` and `edges`.
    """
    lists = list(_lists(data, ""))
    own = {name: value for name, value in _flat(_without_lists(data)).items() if value is not None}
    head = [Section("", [own])] if own else []
    return head + [Section(title, [_flat(item) for item in items]) for title, items in lists]


def _lists(value: Mapping[str, Any], path: str) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    for name, item in value.items():
        below = path if name in _PASSED_OVER and path else f"{path}.{name}".lstrip(".")
        if isinstance(item, list) and any(isinstance(entry, Mapping) for entry in cast("list[Any]", item)):
            yield below, [entry for entry in cast("list[Any]", item) if isinstance(entry, Mapping)]
        elif isinstance(item, Mapping):
            yield from _lists(cast("Mapping[str, Any]", item), below)


def _without_lists(value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _without_lists(cast("Mapping[str, Any]", item)) if isinstance(item, Mapping) else item
        for name, item in value.items()
        if not isinstance(item, list)
        or not any(isinstance(entry, Mapping) for entry in cast("list[Any]", item))
    }


def _flat(item: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, value in item.items():
        plain = name in _PASSED_OVER
        path = prefix.rstrip(".") if plain else f"{prefix}{name}"
        if isinstance(value, Mapping):
            row |= _flat(cast("Mapping[str, Any]", value), f"{path}." if path else "")
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
