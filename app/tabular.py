"""Pages of a table as CSV, JSON Lines or Parquet, a piece at a time."""

import csv
import io
import json
import re
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import IO, TYPE_CHECKING, Final

import anyio

from schema.tables import Column, Kind, Table, Value, Values

if TYPE_CHECKING:
    from arro3.core import Schema

Rows = AsyncIterator[list[Values]]

_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")
"""What spreadsheets may take for the beginning of a formula."""
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_ROW_GROUP: Final = 50_000
_CHUNK: Final = 64 * 1024


class Form(StrEnum):
    """A file format, by the ending of its files."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


MEDIA_TYPES: Final = {
    Form.CSV: "text/csv",
    Form.JSONL: "application/x-ndjson",
    Form.PARQUET: "application/vnd.apache.parquet",
}


async def written(form: Form, table: Table, rows: Rows) -> AsyncIterator[bytes]:
    """The bytes of the file, as they come to be; the first of them when the first page has been read."""
    match form:
        case Form.CSV:
            head = csv_rows([table.names])
            async for page in rows:
                yield head + csv_rows(page)
                head = b""
            yield head
        case Form.JSONL:
            async for page in rows:
                yield json_lines(table.names, page)
        case Form.PARQUET:
            async for chunk in _parquet(table, rows):
                yield chunk


def csv_rows(rows: Iterable[Values]) -> bytes:
    """Rows as lines of CSV."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[_cell(value) for value in row] for row in rows])
    return text.getvalue().encode()


def _cell(value: Value) -> str:
    """A cell that a spreadsheet shows and does not compute."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return format(Decimal(str(value)), "f")
        case list():
            return json.dumps(value, ensure_ascii=False)
        case str():
            return f"'{value}" if value.startswith(_FORMULA) and not _NUMBER.fullmatch(value) else value


def json_lines(names: Sequence[str], page: Iterable[Values]) -> bytes:
    """Rows as JSON objects, a line each."""
    lines = (json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in page)
    return "".join(f"{line}\n" for line in lines).encode()


async def _parquet(table: Table, rows: Rows) -> AsyncIterator[bytes]:
    """A Parquet file by way of two files on disk, since it cannot be made without its end."""
    with tempfile.TemporaryFile() as lines, tempfile.TemporaryFile() as file:
        async for page in rows:
            await anyio.to_thread.run_sync(lines.write, json_lines(table.names, page))
        await anyio.to_thread.run_sync(write_parquet, table.columns, lines, file)
        file.seek(0)
        while chunk := await anyio.to_thread.run_sync(file.read, _CHUNK):
            yield chunk


def write_parquet(columns: Sequence[Column], lines: IO[bytes], file: IO[bytes]) -> None:
    """Turn JSON lines of these columns, from their beginning, into a Parquet file."""
    from arro3 import io as arrow

    lines.seek(0)
    reader = arrow.read_json(lines, schema=_schema(columns), batch_size=8192)
    arrow.write_parquet(reader, file, compression="zstd(3)", max_row_group_size=_ROW_GROUP)


def _schema(columns: Sequence[Column]) -> "Schema":
    from arro3.core import DataType, Field, Schema

    kinds = {
        Kind.TEXT: DataType.utf8(),
        Kind.NUMBER: DataType.float64(),
        Kind.WHOLE: DataType.int64(),
        Kind.TRUTH: DataType.bool(),
        Kind.TEXTS: DataType.list(Field("item", DataType.utf8())),
    }

    def field(column: Column) -> Field:
        return Field(column.name, kinds[column.kind], nullable=True)

    return Schema([field(column) for column in columns])
