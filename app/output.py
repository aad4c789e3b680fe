"""Printing data for people (tables) and for programs (JSON, JSON Lines)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from app.console import printable
from kb.contract import dumps
from kb.graph.values import plain

_FEW: Final = 4
_LONG_CELL: Final = 40


class Format(StrEnum):
    """How a command prints its data."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"


def line(record: Mapping[str, object]) -> str:
    """One JSON line, every script as itself."""
    return dumps(plain(record))


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
    console = Console(emoji=False)
    cells = [[_cell(row.get(name)) for name in names] for row in rows]
    if _width(names, cells) > console.width and len(names) > _FEW:
        for row in cells:
            _print_record(console, names, row)
        return
    table = Table(*(escape(name) for name in names), box=box.SIMPLE_HEAD, pad_edge=False)
    for row in cells:
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    console.print(table)


def _width(names: Sequence[str], cells: Sequence[Sequence[str]]) -> int:
    """The columns that the table needs; a long text may take two lines."""
    widest = (
        max([len(name), *(len(line) for row in cells for line in row[place].split("\n"))])
        for place, name in enumerate(names)
    )
    return sum(min(width, _LONG_CELL) + 2 for width in widest)


def _print_record(console: Console, names: Sequence[str], row: Sequence[str]) -> None:
    """One row as lines of name and value, for rows too wide for a table."""
    grid = Table.grid(padding=(0, 2))
    for name, cell in zip(names, row, strict=True):
        if cell.strip():
            grid.add_row(Text(name, style="bold"), Text(cell, overflow="fold"))
    console.print(grid)
    console.print()


def _cell(value: object) -> str:
    if value is None:
        return ""
    value = int(value) if isinstance(value, float) and value.is_integer() else plain(value)
    return printable(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
