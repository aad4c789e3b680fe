"""Imports of whole exports and of deltas: the records of another graph, or of an earlier state of this one.

An import adds what the graph lacks and leaves what it has; a delta also brings records to their new state.
Importing again changes nothing, so an import that was cut off is simply run again.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any, Final, cast

import neo4j
from neo4j.exceptions import ClientError, DatabaseError

from kb.errors import InputError, UsageError
from kb.graph.import_work import WORK, Records
from kb.graph.record_forms import objection
from kb.graph.transactions import in_turn
from kb.graph.whole import FORM, digest, whole_lines

_ROWS: Final = 500
_CHARACTERS: Final = 4_000_000
"""How much one transaction takes at most."""

_UNWRITABLE: Final = (
    *(InputError, UsageError, ClientError, DatabaseError),
    *(ValueError, TypeError, LookupError, AttributeError, OverflowError),
)
"""What a record raises that is none: fields that are missing or hold something else than they should."""
_NO_EXPORT: Final = "write one with `kb export --whole`"


@dataclass(frozen=True, slots=True)
class Imported:
    """How many records were read, how many of them were new or changed, and what was left out and why."""

    records: int
    written: int
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """A record and its place in the file."""

    number: int
    record: str
    row: Mapping[str, Any]
    size: int


def import_lines(driver: neo4j.Driver, database: str, lines: Iterable[str]) -> Imported:
    """Write the records of a whole export or of a delta; what cannot be written is named and left out.

    Raises:
        UsageError: when the lines are no export of a form that this program knows, or a delta of another
            state than the graph has; nothing is written then.
        InputError: when the lines end early; what came before is written.
    """
    numbered = enumerate(lines, 1)
    base = _base(next(numbered, (1, ""))[1])
    if base is not None and digest(whole_lines(driver, database)) != base:
        raise UsageError(
            "This delta begins from another state than the graph has: import the export that it was made "
            "since into an empty graph, and then the delta."
        )
    importer = _Importer(driver, database, replace=base is not None)
    ended = importer.take(numbered)
    found = importer.imported
    if ended != found.records:
        raise InputError(
            f"The file ends early, after {found.records} records, which are written: export it again."
        )
    return found


def _base(line: str) -> str | None:
    """The state that a file begins from, if it is a delta."""
    try:
        head = json.loads(line)
        record, form = head["record"], head["form"]
    except (ValueError, TypeError, KeyError):
        raise UsageError(f"This is no whole export: {_NO_EXPORT}.") from None
    if (record, form) != ("export", FORM):
        raise UsageError(f"This export has a form that this program does not know ({form}): upgrade it.")
    return cast("Mapping[str, str]", head).get("since")


class _Importer:
    """Writes lines, many of one kind in one transaction."""

    def __init__(self, driver: neo4j.Driver, database: str, *, replace: bool) -> None:
        self._driver = driver
        self._database = database
        self._replace = replace
        self._records = 0
        self._written = 0
        self._failed: list[str] = []

    @property
    def imported(self) -> Imported:
        return Imported(self._records, self._written, tuple(self._failed))

    def take(self, numbered: Iterable[tuple[int, str]]) -> int | None:
        """Write all lines; gives the number of records that the last line tells."""
        ended: list[int] = []
        for record, lines in groupby(self._read(numbered, ended), key=lambda line: line.record):
            for chunk in _chunks(lines):
                self._write(record, chunk)
        return ended[0] if ended else None

    def _read(self, numbered: Iterable[tuple[int, str]], ended: list[int]) -> Iterator[_Line]:
        for number, text in numbered:
            try:
                row = json.loads(text)
                if row["record"] == "end":
                    ended.append(row["records"])
                    return
                known = row["record"] in WORK and isinstance(row["key"], str)
                known = known and isinstance(row["properties"], dict)
            except (ValueError, TypeError, KeyError, RecursionError):
                known, row = False, {}
            self._records += 1
            if not known:
                self._failed.append(f"line {number} is no record of an export.")
            elif (reason := objection(row["record"], row)) is not None:
                self._failed.append(f"line {number} ({row['record']}): {reason}")
            else:
                yield _Line(number, row["record"], row, len(text))

    def _write(self, record: str, lines: Sequence[_Line]) -> None:
        """Write lines together; where one of them cannot be written, the others are, by halves."""
        work = partial(_work, record, Records([line.row for line in lines], replace=self._replace))
        try:
            self._written += in_turn(self._driver, self._database, work)
        except _UNWRITABLE as error:
            if len(lines) == 1:
                self._failed.append(f"line {lines[0].number} ({record}): {_told(error)}")
                return
            half = len(lines) // 2
            self._write(record, lines[:half])
            self._write(record, lines[half:])


def _work(record: str, records: Records, tx: neo4j.ManagedTransaction, now: datetime) -> int:
    return WORK[record](tx, records, now)


def _chunks(lines: Iterable[_Line]) -> Iterator[list[_Line]]:
    chunk: list[_Line] = []
    size = 0
    for line in lines:
        chunk.append(line)
        size += line.size
        if len(chunk) >= _ROWS or size >= _CHARACTERS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _told(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it lacks {error.args[0]!r}."
    return str(error)[:300]
