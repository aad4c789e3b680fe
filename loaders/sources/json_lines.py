"""JSON Lines, and JSON arrays of objects: one row a line or element."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, BinaryIO, Final, cast

from loaders.refusals import Code
from loaders.sources.found import LARGEST, Form, Found, Given, Glance, Problem
from loaders.sources.rows import Row, items


def _read_lines(given: Given) -> Iterator[Found]:
    with given.path.open("rb") as file:
        yield from items(_rows(file, given), given, given.mapping)


def _rows(file: BinaryIO, given: Given) -> Iterator[Row]:
    number = 0
    while line := file.readline(LARGEST + 1):
        number += 1
        place = f"line {number}"
        if len(line) > LARGEST:
            while line and not line.endswith(b"\n"):
                line = file.readline(LARGEST + 1)
            reason = f"The line is longer than {LARGEST // 2**20} MB."
            yield Problem(f"{given.origin}, {place}", reason, Code.TOO_LARGE)
        elif line.strip():
            yield _row(line, place, given)


def _row(line: bytes, place: str, given: Given) -> Row:
    try:
        cells: object = json.loads(line.decode("utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        return Problem(f"{given.origin}, {place}", f"It is no valid JSON ({error}).", Code.BAD_ROW)
    return _object(cells, place, given)


def _object(cells: object, place: str, given: Given) -> Row:
    if not isinstance(cells, dict):
        kind = type(cells).__name__
        return Problem(f"{given.origin}, {place}", f"A JSON object is read, not a {kind}.", Code.BAD_ROW)
    return place, cast("dict[str, Any]", cells)


def read_array(given: Given, values: list[Any]) -> Iterator[Found]:
    """The elements of a JSON array, as the lines of a file are read."""
    rows = (_object(value, f"element {number}", given) for number, value in enumerate(values, start=1))
    return items(rows, given, given.mapping)


def _is_json_lines(glance: Glance) -> bool:
    return glance.suffix in {".jsonl", ".ndjson"}


FORM: Final = Form("JSON Lines", _is_json_lines, _read_lines)
