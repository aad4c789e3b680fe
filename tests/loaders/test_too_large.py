"""A document of more facts than one transaction holds fails by its name, and costs no other document."""

import time
from collections.abc import Iterator
from pathlib import Path

import neo4j
import pytest
from neo4j.exceptions import TransientError

from kb.embedded import EmbeddedServer
from kb.errors import TooLargeError
from kb.graph.connection import RETRY_SECONDS, Graph, open_driver
from kb.graph.migrate import migrate
from kb.graph.refused import OUT_OF_MEMORY
from kb.graph.transactions import in_turn, run
from kb.graph.writer import Writer
from kb.registry import Registry
from loaders.cleaning import clean
from loaders.ingest import IngestRun, State
from loaders.sources import discover
from tests.valuations import ValuationReader

LIMIT = "db.memory.transaction.max=8m\n"
FACTS = 1000


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """The graph of a server whose transactions may hold little."""
    home = tmp_path_factory.mktemp("narrow")
    (home / "conf").mkdir()
    (home / "conf" / "local.conf").write_text(LIMIT, encoding="utf-8")
    with EmbeddedServer(home, linger=0) as server, open_driver(server.address) as driver:
        migrate(driver, server.address.database)
        yield Graph(driver, server.address)


def held(graph: Graph) -> dict[str, int]:
    query = "MATCH (d:Document) RETURN d.source_key AS key, COUNT { (d)<-[:EVIDENCED_BY]-() } AS facts"
    records = graph.driver.execute_query(query, database_=graph.database).records
    return {record["key"]: record["facts"] for record in records}


def test_a_document_too_large_for_a_transaction_fails_by_name_and_the_others_are_loaded(
    narrow: Graph, tmp_path: Path
):
    long = "".join(f"Company{n} is valued at $5 billion.\n" for n in range(FACTS))
    (tmp_path / "long.txt").write_text(long)
    for name in ("alpha", "omega"):
        (tmp_path / f"{name}.txt").write_text(f"{name.title()} is valued at $5 billion by its owners.\n")
    writer = Writer(narrow.driver, narrow.database, Registry({}, {}))
    begun = time.monotonic()
    outcomes = list(IngestRun(writer, ValuationReader(), clean).outcomes(discover([tmp_path])))
    assert time.monotonic() - begun < RETRY_SECONDS / 2
    (failed,) = [outcome for outcome in outcomes if outcome.state is State.FAILED]
    assert (failed.origin, failed.code) == (str(tmp_path / "long.txt"), "TOO_LARGE")
    assert failed.reason == (
        "Its 1,000 facts need more memory than Neo4j gives one transaction: split the document, "
        "or raise db.memory.transaction.max in Neo4j's configuration (docs/embedded-neo4j.md)."
    )
    assert held(narrow) == {"alpha.txt": 1, "omega.txt": 1}


def test_any_other_work_that_is_too_large_is_refused_at_once(narrow: Graph):
    begun = time.monotonic()
    with pytest.raises(TooLargeError, match=r"or raise db\.memory\.transaction\.max"):
        in_turn(
            narrow.driver,
            narrow.database,
            lambda tx, _now: run(tx, "UNWIND range(1, 100000) AS n CREATE (:Much {n: n})", {}),
        )
    assert time.monotonic() - begun < RETRY_SECONDS / 2


class FullError(TransientError):
    """The server's answer to what goes beyond the limit, as the driver gives it."""

    @property
    def code(self) -> str:
        return OUT_OF_MEMORY

    @property
    def message(self) -> str:
        return "The allocation would use more than the limit. db.memory.transaction.max threshold reached"


def test_what_goes_beyond_the_limit_at_its_commit_is_not_tried_again(
    narrow: Graph, monkeypatch: pytest.MonkeyPatch
):
    tried: list[neo4j.Transaction] = []

    def refuse(self: neo4j.Transaction) -> None:
        tried.append(self)
        raise FullError

    monkeypatch.setattr(neo4j.Transaction, "commit", refuse)
    with pytest.raises(TooLargeError):
        in_turn(narrow.driver, narrow.database, lambda _tx, now: now)
    assert len(tried) == 1
