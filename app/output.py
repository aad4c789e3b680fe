"""Printing data for people (tables) and for programs (JSON, JSON Lines)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text


class Format(StrEnum):
    """How a command prints its data."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"


def plain(value: object) -> Any:  # noqa: ANN401 - any JSON value
    """What JSON can hold of a value from the database: times as ISO text, nodes as their properties."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    if hasattr(value, "iso_format"):
        return value.iso_format()  # pyright: ignore[reportAttributeAccessIssue] - just asked for
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    return str(value)


def line(record: Mapping[str, object]) -> str:
    """One JSON line, every script as itself."""
    return json.dumps(plain(record), ensure_ascii=False)


def print_rows(rows: Iterable[Mapping[str, Any]], form: Format, columns: Sequence[str] = ()) -> None:
    """Print rows to stdout; JSON Lines are streamed, tables and JSON are printed whole."""
    match form:
        case Format.JSONL:
            for row in rows:
                print(line(row), flush=True)
        case Format.JSON:
            print(json.dumps([plain(row) for row in rows], ensure_ascii=False, indent=2))
        case Format.TABLE:
            _print_table(list(rows), columns)


def _print_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    names = list(columns) or list(dict.fromkeys(name for row in rows for name in row))
    if not names:
        return
    table = Table(*(escape(name) for name in names), box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(_cell(row.get(name))) for name in names))
    Console().print(table)


def _cell(value: object) -> str:
    if value is None:
        return ""
    value = plain(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
