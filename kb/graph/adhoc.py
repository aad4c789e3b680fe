"""Running a user's own Cypher: guarded, in one explicit read transaction, bounded in time and rows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, LiteralString, cast

import neo4j
from neo4j.exceptions import ClientError, TransientError

from kb.errors import UsageError
from kb.graph.cypher_guard import MAX_ROWS, check_plan, check_text

TIMEOUT_SECONDS: Final = 10.0
_EXPLAIN: Final = "EXPLAIN\n"
_TIMED_OUT: Final = "Neo.ClientError.Transaction.TransactionTimedOut"
_TOO_LARGE: Final = "The query needs more memory than one query may use: narrow it, or ask for less at once."
_PLACE: Final = re.compile(r"\(line (\d+), column (\d+) \(offset: \d+\)\)")


@dataclass(frozen=True, slots=True)
class CypherResult:
    """Rows by column name; `truncated` says that there were more than the limit."""

    columns: Sequence[str]
    rows: Sequence[Mapping[str, Any]]
    truncated: bool


def run_cypher(
    driver: neo4j.Driver,
    database: str,
    query: str,
    parameters: Mapping[str, object],
    *,
    max_rows: int = MAX_ROWS,
    timeout: float = TIMEOUT_SECONDS,
) -> CypherResult:
    """Run one query that reads.

    Raises:
        UsageError: when the query or a parameter is not understood, when it would do more than read, or
            takes too long or too much memory.
    """
    text = check_text(query)
    try:
        with driver.session(
            database=database, default_access_mode=neo4j.READ_ACCESS, fetch_size=max_rows + 1
        ) as session:
            _check(session, text, parameters, timeout)
            with session.begin_transaction(timeout=timeout) as tx:
                result = tx.run(cast("LiteralString", text), dict(parameters))
                rows = [record.data() for record in result.fetch(max_rows + 1)]
                return CypherResult(result.keys(), rows[:max_rows], truncated=len(rows) > max_rows)
    except ClientError as error:
        raise UsageError(_sentence(error, timeout)) from error
    except TransientError as error:
        if "OutOfMemory" not in (error.code or ""):
            raise
        raise UsageError(_TOO_LARGE) from error


def _check(session: neo4j.Session, text: str, parameters: Mapping[str, object], timeout: float) -> None:
    with session.begin_transaction(timeout=timeout) as tx:
        try:
            explained = tx.run(cast("LiteralString", _EXPLAIN + text), dict(parameters))
        except (ValueError, TypeError, OverflowError) as error:  # the driver cannot send it
            raise UsageError(f"The query or a parameter is nothing that Neo4j can take: {error}.") from error
        summary = explained.consume()
    check_plan(summary.query_type, summary.plan)


def _sentence(error: ClientError, timeout: float) -> str:
    if (error.code or "").startswith(_TIMED_OUT):
        return f"The query was stopped after {timeout:g} s: narrow it, or ask for less at once."
    message = _PLACE.sub(_place_in_query, error.message or "no reason was given")
    return f"The query was not run: {message}"


def _place_in_query(found: re.Match[str]) -> str:
    """The plan is asked for with one line more than the user wrote."""
    return f"(line {max(int(found[1]) - 1, 1)}, column {found[2]})"
