"""Write transactions: one after the other, run again when the server was away or its answer was lost."""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, LiteralString, TypeVar, cast

import neo4j
import neo4j.time
import tenacity
from neo4j.exceptions import DriverError, IncompleteCommit, Neo4jError, ResultFailedError

from kb.graph.connection import RETRY_SECONDS
from kb.graph.refused import too_large_alone

BATCH: Final = 1000
_FIRST_WAIT: Final = 0.5
_LONGEST_WAIT: Final = 15.0

TAKE_TURN: Final = """
MATCH (l:Lease {id: 'writer'}) SET l.version = randomUUID()
WITH l, datetime.truncate('microsecond', datetime.realtime()) AS now
SET l.at = CASE WHEN l.at >= now THEN l.at + duration({microseconds: 1}) ELSE now END
RETURN l.at AS at
"""
"""Locks out other writers until the commit, so that ranks and edge counts see all that is there.

With the commit, `kb.graph.data_version` sees another version of the data. The moment that it gives is by
the database's clock and later than that of every write before, so that what is recorded after a moment that
was read is what was written since.
"""

T = TypeVar("T")

Work = Callable[[neo4j.ManagedTransaction, datetime], T]
"""What a transaction does in its turn, and the moment at which it is recorded."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a transaction changed in the database."""

    nodes: int
    relationships: int
    properties: int

    @property
    def nothing(self) -> bool:
        """Whether the graph is as it was."""
        return not (self.nodes or self.relationships or self.properties)


NOTHING: Final = Written(0, 0, 0)


def in_turn(driver: neo4j.Driver, database: str, work: Work[T], patience: float = RETRY_SECONDS) -> T:
    """Run work in its turn, and again where the server was away or the answer to its commit was lost.

    No try begins after so many seconds. The driver's own managed transactions do as much, but not after a
    lost answer, and take one that is too large for a passing fault. Work must leave the same graph when it
    is run again on what it left.

    Raises:
        TooLargeError: when the work alone needs more memory than one transaction may have.
    """
    return patiently(lambda: _once(driver, database, work), patience)


def patiently(work: Callable[[], T], patience: float = RETRY_SECONDS) -> T:
    """Run work, and again where what ended it passes, for so many seconds."""
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(_passes),
        stop=tenacity.stop_after_delay(patience),
        wait=tenacity.wait_random_exponential(multiplier=_FIRST_WAIT, max=_LONGEST_WAIT),
        reraise=True,
    )
    return retrying(work)


def _passes(error: BaseException) -> bool:
    """Whether work may be run again: the answer to its commit was lost, or the server was away."""
    return isinstance(error, IncompleteCommit) or (
        isinstance(error, DriverError | Neo4jError) and error.is_retryable()
    )


def _once(driver: neo4j.Driver, database: str, work: Work[T]) -> T:
    """One try; what the lock itself writes is not counted."""
    with too_large_alone(), transaction(driver, database) as opened:
        # the same to whoever runs queries in it; the commit is not for them
        tx = cast("neo4j.ManagedTransaction", opened)
        return work(tx, take_turn(tx))


@contextmanager
def transaction(driver: neo4j.Driver, database: str) -> Generator[neo4j.Transaction]:
    """Around work in one transaction: committed at its end, rolled back where the work fails.

    The error is what ended the work: where the driver, on closing, tells instead that a result of the
    transaction has failed, that result's own.
    """
    try:
        with driver.session(database=database) as session, session.begin_transaction() as opened:
            yield opened
            opened.commit()
    except ResultFailedError as error:
        if error.__cause__ is None:
            raise
        raise error.__cause__ from error.__cause__.__cause__


def take_turn(tx: neo4j.ManagedTransaction) -> datetime:
    """Wait for the writer before, lock out others until this transaction ends, and give its moment."""
    at: neo4j.time.DateTime = tx.run(TAKE_TURN).single(strict=True)["at"]
    return at.to_native().astimezone(UTC)


def run(tx: neo4j.ManagedTransaction, query: str, parameters: Mapping[str, Any]) -> Written:
    """Run one query, and count what it changed."""
    return _counted(tx.run(cast("LiteralString", query), dict(parameters)).consume())


def _counted(summary: neo4j.ResultSummary) -> Written:
    counters = summary.counters
    return Written(
        nodes=counters.nodes_created + counters.nodes_deleted,
        relationships=counters.relationships_created + counters.relationships_deleted,
        properties=counters.properties_set,
    )


def run_batches(
    tx: neo4j.ManagedTransaction, query: str, rows: Sequence[Any], base: Mapping[str, Any]
) -> Written:
    """Run one query over rows, which it takes as `$rows`."""
    return total([run(tx, query, {**base, "rows": batch}) for batch in batches(rows)])


def change(
    tx: neo4j.ManagedTransaction, query: str, parameters: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], Written]:
    """The records of one query that writes, and what it changed."""
    result = tx.run(cast("LiteralString", query), dict(parameters))
    rows = result.data()
    return rows, _counted(result.consume())


def fetch(tx: neo4j.ManagedTransaction, query: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The records of one query."""
    return tx.run(cast("LiteralString", query), dict(parameters)).data()


def total(parts: Iterable[Written]) -> Written:
    """All that the parts changed."""
    told = list(parts)
    return Written(
        nodes=sum(part.nodes for part in told),
        relationships=sum(part.relationships for part in told),
        properties=sum(part.properties for part in told),
    )


def batches(items: Sequence[Any], size: int = BATCH) -> Iterable[list[Any]]:
    """The items in lists of a size that one query takes."""
    return (list(items[i : i + size]) for i in range(0, len(items), size))
