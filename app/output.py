"""Printing data for people (tables) and for programs (JSON, JSON Lines)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from kb.contract import dumps
from kb.graph.values import plain


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
            from app.tables import print_table

            print_table(list(rows), columns)
