"""CSV, TSV and Parquet: the rows with their places."""

import csv
from collections.abc import Iterator
from typing import Any, Final, TextIO

from loaders.refusals import Code, ReadError
from loaders.sources import epoch
from loaders.sources.found import LARGEST, Form, Found, Given, Glance, Problem
from loaders.sources.mapping import by_names
from loaders.sources.rows import Row, items

_DELIMITERS: Final = ",;\t|"
_UNKNOWN: Final = (
    "Its columns ({columns}) are none that are known; say with --map which means what (docs/sources.md)."
)
_REST: Final = "\0"


def _read_csv(given: Given) -> Iterator[Found]:
    csv.field_size_limit(LARGEST)
    with given.path.open(encoding="utf-8-sig", newline="") as file:
        try:
            reader = csv.DictReader(file, delimiter=_delimiter(file), restkey=_REST, strict=True)
            yield from _read(list(reader.fieldnames or ()), _rows(reader, given), given)
        except UnicodeDecodeError as error:
            raise ReadError(Code.DAMAGED, "It is not in UTF-8; save it as UTF-8.") from error
        except csv.Error as error:
            raise ReadError(Code.DAMAGED, f"It breaks the form of CSV ({error}).") from error


def _delimiter(file: TextIO) -> str:
    """What stands most often in the first line."""
    first = file.readline(LARGEST)
    file.seek(0)
    return max(_DELIMITERS, key=first.count)


def _rows(reader: "csv.DictReader[str]", given: Given) -> Iterator[Row]:
    width = len(reader.fieldnames or ())
    while True:
        line = reader.line_num + 1
        try:
            row: dict[str, Any] | None = next(reader, None)
        except csv.Error as error:
            yield Problem(
                f"{given.origin}, line {line}", f"It breaks the form of CSV ({error}).", Code.BAD_ROW
            )
            continue
        if row is None:
            return
        if _REST in row or None in row.values():
            cells = (
                sum(1 for value in row.values() if value is not None)
                - (_REST in row)
                + len(row.get(_REST, ()))
            )
            reason = f"It has {cells} cells where the first line has {width}."
            yield Problem(f"{given.origin}, line {line}", reason, Code.BAD_ROW)
        else:
            yield f"line {line}", row


def _read_parquet(given: Given) -> Iterator[Found]:
    import arro3.io  # noqa: PLC0415 - needed for this form alone

    try:
        reader = arro3.io.read_parquet(given.path)
        columns = [str(name) for name in reader.schema.names]
        yield from _read(columns, _parquet_rows(reader), given)
    except (MemoryError, ReadError, GeneratorExit):
        raise
    except BaseException as error:  # the library raises plain ones, and a panic is no Exception
        raise ReadError(Code.DAMAGED, f"It cannot be read as Parquet ({str(error)[:120]}).") from error


def _parquet_rows(reader: Any) -> Iterator[Row]:  # noqa: ANN401 - its package has no types
    number = 0
    for batch in reader:
        for row in batch.to_struct_array():
            number += 1
            yield f"row {number}", row.as_py()


def _read(columns: list[str], rows: Iterator[Row], given: Given) -> Iterator[Found]:
    if given.mapping is not None:
        absent = sorted(given.mapping.columns() - set(columns))
        if absent:
            shown = ", ".join(columns)[:200]
            raise ReadError(
                Code.UNKNOWN_FORM, f"It has no column '{absent[0]}', which --map names; it has {shown}."
            )
        yield from items(rows, given, given.mapping)
    elif epoch.recognises(columns):
        yield from epoch.items(rows, given)
    elif (named := by_names(columns)) is not None:
        yield from items(rows, given, named)
    else:
        raise ReadError(Code.UNKNOWN_FORM, _UNKNOWN.format(columns=", ".join(columns)[:200]))


def _is_csv(glance: Glance) -> bool:
    return glance.suffix in {".csv", ".tsv"}


def _is_parquet(glance: Glance) -> bool:
    return glance.beginning.startswith(b"PAR1")


CSV: Final = Form("CSV", _is_csv, _read_csv)
PARQUET: Final = Form("Parquet", _is_parquet, _read_parquet)
