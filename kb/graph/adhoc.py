"""Running a user's own Cypher: guarded, in one explicit read transaction, bounded in time, rows and bytes."""

import asyncio
import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, LiteralString, cast

import neo4j
from neo4j.exceptions import AuthError, ClientError, TransientError

from kb.embedded import Address
from kb.errors import UsageError
from kb.graph.cypher_guard import check_plan, check_text
from kb.graph.reader import GRACE_SECONDS, open_async_driver
from kb.graph.values import plain

FETCH: Final = 100
"""Rows sent at once: those behind the last one wanted are thrown away."""
MAX_DEPTH: Final = 30
"""Lists and maps of a parameter in each other: what reads and writes them calls itself for each."""
_EXPLAIN: Final = "EXPLAIN\n"
_TIMED_OUT: Final = "Neo.ClientError.Transaction.TransactionTimedOut"
_NO_DATABASE: Final = "Neo.ClientError.Database."
_TOO_LARGE: Final = "The query needs more memory than one query may use: narrow it, or ask for less at once."
_PLACE: Final = re.compile(r"\(line (\d+), column (\d+) \(offset: \d+\)\)")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one query may take; `size` is in bytes of JSON."""

    rows: int = 1000
    size: int = 4 * 2**20
    seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class CypherResult:
    """Rows of plain values; `truncated` says that there were more than the bounds let through.

    `operators` are those of the query's plan, from the last to the first.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    truncated: bool
    millis: int
    operators: Sequence[str]

    def records(self) -> list[dict[str, Any]]:
        """The rows by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(slots=True)
class _Kept:
    """The rows that fit the bounds."""

    bounds: Bounds
    rows: list[list[Any]] = field(default_factory=list[list[Any]])
    size: int = 0

    def add(self, record: neo4j.Record) -> bool:
        """Keep a row; False when it does not fit."""
        row = [plain(value) for value in record.values()]
        self.size += len(json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        if len(self.rows) >= self.bounds.rows or self.size > self.bounds.size:
            return False
        self.rows.append(row)
        return True


def ask(address: Address, query: str, parameters: Mapping[str, object], bounds: Bounds) -> CypherResult:
    """Run one query that reads over a driver of its own; see `run_cypher`."""

    async def over_a_driver() -> CypherResult:
        async with open_async_driver(address) as driver:
            return await run_cypher(driver, address.database, query, parameters, bounds)

    return asyncio.run(over_a_driver())


async def run_cypher(
    driver: neo4j.AsyncDriver,
    database: str,
    query: str,
    parameters: Mapping[str, object],
    bounds: Bounds,
) -> CypherResult:
    """Run one query that reads; when the task is cancelled, so is the query in the database.

    Raises:
        UsageError: when the query or a parameter is not understood, when it would do more than read, or
            takes too long or too much memory.
    """
    text = check_text(query)
    if not _is_flat(parameters, MAX_DEPTH):
        raise UsageError(
            f"A parameter nests more than {MAX_DEPTH} lists or maps in each other: send it flatter."
        )
    begun = time.monotonic()
    try:
        async with (
            asyncio.timeout(bounds.seconds + GRACE_SECONDS),
            driver.session(
                database=database, default_access_mode=neo4j.READ_ACCESS, fetch_size=FETCH
            ) as session,
        ):
            operators = await _check(session, text, parameters, bounds.seconds)
            async with await session.begin_transaction(timeout=bounds.seconds) as tx:
                result = await tx.run(cast("LiteralString", text), dict(parameters))
                kept = _Kept(bounds)
                truncated = False
                async for record in result:
                    if not kept.add(record):
                        truncated = True
                        break
                millis = round((time.monotonic() - begun) * 1000)
                return CypherResult(tuple(result.keys()), kept.rows, truncated, millis, operators)
    except TimeoutError as error:
        raise UsageError(_too_long(bounds.seconds)) from error
    except ClientError as error:
        if isinstance(error, AuthError) or (error.code or "").startswith(_NO_DATABASE):
            raise  # nothing that the query could mend
        raise UsageError(_sentence(error, bounds.seconds)) from error
    except TransientError as error:
        if "OutOfMemory" not in (error.code or ""):
            raise
        raise UsageError(_TOO_LARGE) from error


def _is_flat(value: object, levels: int) -> bool:
    """Whether no more lists and maps than this stand in each other."""
    if isinstance(value, Mapping):
        value = list(cast("Mapping[object, object]", value).values())
    if not isinstance(value, list | tuple):
        return True
    inner = cast("Sequence[object]", value)
    return levels > 0 and all(_is_flat(one, levels - 1) for one in inner)


async def _check(
    session: neo4j.AsyncSession, text: str, parameters: Mapping[str, object], timeout: float
) -> tuple[str, ...]:
    async with await session.begin_transaction(timeout=timeout) as tx:
        try:
            explained = await tx.run(cast("LiteralString", _EXPLAIN + text), dict(parameters))
        except (ValueError, TypeError, OverflowError) as error:  # the driver cannot send it
            raise UsageError(f"The query or a parameter is nothing that Neo4j can take: {error}.") from error
        summary = await explained.consume()
    return check_plan(summary.query_type, cast("Mapping[str, Any] | None", summary.plan))


def _sentence(error: ClientError, seconds: float) -> str:
    if (error.code or "").startswith(_TIMED_OUT):
        return _too_long(seconds)
    message = _PLACE.sub(_place_in_query, error.message or "no reason was given")
    return f"The query was not run: {message}"


def _too_long(seconds: float) -> str:
    return f"The query was stopped after {seconds:g} s: narrow it, or ask for less at once."


def _place_in_query(found: re.Match[str]) -> str:
    """The plan is asked for with one line more than the user wrote."""
    return f"(line {max(int(found[1]) - 1, 1)}, column {found[2]})"
