"""Rows as tables of a terminal; those too wide for one as lines of name and value."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from app.console import printable
from kb.graph.values import plain

_FEW: Final = 4
_LONG_CELL: Final = 40


def print_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str] = ()) -> None:
    """Print rows to stdout under the columns, or under all names that the rows have."""
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
