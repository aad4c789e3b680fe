"""Running a user's own Cypher: guarded, in one explicit read transaction, bounded in time and rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, LiteralString, cast

import neo4j
from neo4j.exceptions import ClientError

from kb.errors import UsageError
from kb.graph.cypher_guard import check_plan, check_text

TIMEOUT_SECONDS: Final = 10.0
MAX_ROWS: Final = 1000


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
        UsageError: when the query is not understood, would do more than read, or takes too long.
    """
    text = cast("LiteralString", check_text(query))
    try:
        with driver.session(
            database=database, default_access_mode=neo4j.READ_ACCESS, fetch_size=max_rows + 1
        ) as session:
            with session.begin_transaction(timeout=timeout) as tx:
                summary = tx.run("EXPLAIN " + text, dict(parameters)).consume()
            check_plan(summary.query_type, summary.plan)
            with session.begin_transaction(timeout=timeout) as tx:
                result = tx.run(text, dict(parameters))
                rows = [record.data() for record in result.fetch(max_rows + 1)]
                return CypherResult(result.keys(), rows[:max_rows], truncated=len(rows) > max_rows)
    except ClientError as error:
        raise UsageError(f"The query was not run: {error.message}") from error
