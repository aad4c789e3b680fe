"""Ingest jobs in the graph: written down before they are acknowledged, so that no crash loses one.

A server that works on a job says so from time to time (`beat`). A job whose server has been silent for
`STALE` is taken up by the next one that looks, which goes on with the documents that are left. All moments
are by the database's clock.
"""

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, LiteralString, TypeVar, cast

import neo4j

from kb.jobs import Job, JobState, Problem, Submission
from kb.partial_date import PartialDate

STALE: Final = 30
"""Seconds: a server that has been silent for so long works on its job no more."""
MOST_WAITING: Final = 500
MOST_WAITING_TEXT: Final = 64_000_000
"""Documents, and code points of their texts, that wait at most."""

T = TypeVar("T")

LOCK: Final = "MATCH (l:Lease {id: 'ingest'}) SET l.at = datetime.realtime()"

KNOWN: Final = """
UNWIND $keys AS key
MATCH (j:IngestJob)-[:TAKES]->(i:IngestItem {key: key})
RETURN i.key AS key, i.digest AS digest, j.id AS job
"""

WAITING: Final = """
MATCH (j:IngestJob) WHERE j.state IN ['QUEUED', 'RUNNING']
MATCH (j)-[:TAKES]->(i:IngestItem {state: 'WAITING'})
RETURN count(i) AS documents, sum(size(coalesce(i.text, ''))) AS size
"""

CREATE: Final = """
CREATE (j:IngestJob {id: $id, state: 'QUEUED', created_at: datetime.realtime()})
WITH j
UNWIND $rows AS row
CREATE (j)-[:TAKES]->(i:IngestItem) SET i = row
"""

READ: Final = """
MATCH (j:IngestJob {id: $id})-[:TAKES]->(i:IngestItem)
WITH j, i ORDER BY i.place
RETURN j.state AS state, count(i) AS documents,
  sum(CASE i.state WHEN 'WAITING' THEN 0 ELSE 1 END) AS done,
  sum(coalesce(i.facts_added, 0)) AS added, sum(coalesce(i.facts_seen, 0)) AS seen,
  collect(CASE WHEN i.code IS NOT NULL THEN [i.code, i.message, i.key] END) AS problems
"""

WORK: Final = """
MATCH (j:IngestJob) WHERE j.state IN ['QUEUED', 'RUNNING']
  AND (j.owner IS NULL OR j.owner = $owner OR j.beat < datetime.realtime() - duration({seconds: $stale}))
RETURN j.id AS id ORDER BY j.created_at, j.id LIMIT 1
"""

CLAIM: Final = """
MATCH (j:IngestJob {id: $id}) SET j.state = 'RUNNING', j.owner = $owner, j.beat = datetime.realtime()
"""

BEAT: Final = "MATCH (j:IngestJob {id: $id, owner: $owner}) SET j.beat = datetime.realtime()"

RELEASE: Final = """
MATCH (j:IngestJob {owner: $owner}) WHERE j.state = 'RUNNING' SET j.state = 'QUEUED'
REMOVE j.owner, j.beat
"""

NEXT: Final = """
MATCH (j:IngestJob {id: $id, state: 'RUNNING', owner: $owner})-[:TAKES]->(i:IngestItem {state: 'WAITING'})
RETURN i {.key, .url, .text, .title, .published, .publisher, .licence} AS item ORDER BY i.place LIMIT 1
"""

RECORD: Final = """
MATCH (j:IngestJob)-[:TAKES]->(i:IngestItem {key: $key, state: 'WAITING'})
CALL (j) {
  OPTIONAL MATCH (s:Statement)-[:EVIDENCED_BY]->(:Document {id: $document}) WHERE s.retracted_at IS NULL
  RETURN count(s) AS found, count(CASE WHEN s.recorded_at >= j.created_at THEN 1 END) AS added
}
SET i.state = CASE WHEN $failed THEN 'FAILED' ELSE 'DONE' END, i.document = $document, i.code = $code,
  i.message = $message, i.facts_added = added, i.facts_seen = found - added
REMOVE i.text
RETURN added
"""
"""A fact is new where it was recorded since the job was accepted; that also holds after a restart."""

FINISH: Final = """
MATCH (j:IngestJob {id: $id, state: 'RUNNING', owner: $owner})
WHERE NOT EXISTS { (j)-[:TAKES]->(:IngestItem {state: 'WAITING'}) }
SET j.finished_at = datetime.realtime(), j.state =
  CASE WHEN EXISTS { (j)-[:TAKES]->(:IngestItem {state: 'DONE'}) } THEN 'DONE' ELSE 'FAILED' END
REMOVE j.owner, j.beat
RETURN j.state AS state
"""

CANCEL: Final = """
MATCH (j:IngestJob {id: $id}) WHERE j.state IN ['QUEUED', 'RUNNING']
SET j.state = 'CANCELLED', j.finished_at = datetime.realtime()
REMOVE j.owner, j.beat
WITH j
MATCH (j)-[:TAKES]->(i:IngestItem {state: 'WAITING'})
REMOVE i.text
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a document: its id in the graph, a problem, and whether it failed altogether."""

    document: str | None = None
    problem: Problem | None = None
    failed: bool = False


class JobStore:
    """The jobs of one database, for one server, which `owner` names."""

    def __init__(self, driver: neo4j.AsyncDriver, database: str) -> None:
        """Keep jobs in this database."""
        self._driver = driver
        self._database = database
        self._owner: Final = uuid.uuid4().hex

    async def accept(self, documents: Sequence[Submission]) -> Job | Problem:
        """Write a job down, and give it; that of an earlier call where the documents are the same."""
        rows = {
            document.key: {
                "key": document.key,
                "digest": document.digest,
                "place": place,
                "state": "WAITING",
                "url": document.url,
                "text": document.text,
                "title": document.title,
                "published": None if document.published is None else str(document.published),
                "publisher": document.publisher,
                "licence": document.licence,
            }
            for place, document in enumerate(documents)
        }

        async def work(tx: neo4j.AsyncManagedTransaction) -> str | Problem:
            known = await _fetch(tx, KNOWN, {"keys": sorted(rows)})
            if known:
                return _earlier(known, rows)
            (waiting,) = await _fetch(tx, WAITING, {})
            size = sum(len(document.text or "") for document in documents)
            if waiting["documents"] + len(rows) > MOST_WAITING or waiting["size"] + size > MOST_WAITING_TEXT:
                return Problem("QUEUE_FULL", "Too many documents wait to be read: send these again later.")
            made = uuid.uuid4().hex
            await _fetch(tx, CREATE, {"id": made, "rows": list(rows.values())})
            return made

        found = await self._locked(work)
        if isinstance(found, Problem):
            return found
        job = await self.read(found)
        if job is None:
            raise RuntimeError("A job that was written down is not there.")
        return job

    async def read(self, job: str) -> Job | None:
        """A job as it is now."""
        rows = await self._run(READ, {"id": job}, neo4j.READ_ACCESS)
        for row in rows:
            problems = tuple(Problem(*problem) for problem in row["problems"])
            counts = (row["documents"], row["done"], row["added"], row["seen"])
            return Job(job, JobState(row["state"]), *counts, problems)
        return None

    async def cancel(self, job: str) -> Job | None:
        """Begin no further document of a job; one that has ended stays as it is."""
        await self._run(CANCEL, {"id": job})
        return await self.read(job)

    async def claim(self) -> str | None:
        """The oldest job that nobody works on, which is this server's from now on."""
        free = {"owner": self._owner, "stale": STALE}
        if not await self._run(WORK, free, neo4j.READ_ACCESS):
            return None

        async def work(tx: neo4j.AsyncManagedTransaction) -> str | None:
            for row in await _fetch(tx, WORK, free):
                taken = {"id": row["id"], "owner": self._owner}
                await _fetch(tx, CLAIM, taken)
                return cast("str", row["id"])
            return None

        return await self._locked(work)

    async def beat(self, job: str) -> None:
        """Say that this server still works on the job."""
        await self._run(BEAT, {"id": job, "owner": self._owner})

    async def release(self) -> None:
        """Give up what this server works on, so that the next one need not wait."""
        await self._run(RELEASE, {"owner": self._owner})

    async def next_document(self, job: str) -> Submission | None:
        """The next document of a job; none when all were read, or the job is this server's no more."""
        for row in await self._run(NEXT, {"id": job, "owner": self._owner}, neo4j.READ_ACCESS):
            item = row["item"]
            date = item["published"]
            published = None if date is None else PartialDate.parse(date)
            return Submission(
                key=item["key"],
                url=item["url"],
                text=item["text"],
                title=item["title"],
                published=published,
                publisher=item["publisher"],
                licence=item["licence"],
            )
        return None

    async def record(self, key: str, ended: Ended) -> int:
        """Note what became of a document, and give the number of facts that are new."""
        problem = ended.problem
        parameters = {
            "key": key,
            "document": ended.document,
            "failed": ended.failed,
            "code": None if problem is None else problem.code,
            "message": None if problem is None else problem.message,
        }
        return sum(row["added"] for row in await self._run(RECORD, parameters))

    async def finish(self, job: str) -> JobState | None:
        """End a job of which nothing is left; gives its state, none when it had ended before."""
        parameters = {"id": job, "owner": self._owner}
        return next((JobState(row["state"]) for row in await self._run(FINISH, parameters)), None)

    async def _run(
        self, query: str, parameters: Mapping[str, Any], access: str = neo4j.WRITE_ACCESS
    ) -> list[dict[str, Any]]:
        async with self._driver.session(database=self._database) as session:
            read = access == neo4j.READ_ACCESS
            return await (session.execute_read if read else session.execute_write)(_fetch, query, parameters)

    async def _locked(self, work: Callable[[neo4j.AsyncManagedTransaction], Awaitable[T]]) -> T:
        """Run managed work while no other server accepts a job or takes one up."""

        async def in_turn(tx: neo4j.AsyncManagedTransaction) -> T:
            await _fetch(tx, LOCK, {})
            return await work(tx)

        async with self._driver.session(database=self._database) as session:
            return await session.execute_write(in_turn)


def _earlier(known: Sequence[Mapping[str, Any]], rows: Mapping[str, Mapping[str, Any]]) -> str | Problem:
    """The job of an earlier call, where the documents are the same as then."""
    for row in known:
        if row["digest"] != rows[row["key"]]["digest"]:
            message = "This key was used for another document: each document needs a key of its own."
            return Problem("KEY_REUSED", message, row["key"])
    jobs = {row["job"] for row in known}
    if len(jobs) > 1 or len(known) < len(rows):
        told = ", ".join(sorted(jobs))
        message = f"Some of these documents were handed over before (job {told}): send the others alone."
        return Problem("KEY_REUSED", message, known[0]["key"])
    return cast("str", known[0]["job"])


async def _fetch(
    tx: neo4j.AsyncManagedTransaction, query: str, parameters: Mapping[str, Any]
) -> list[dict[str, Any]]:
    result = await tx.run(cast("LiteralString", query), dict(parameters))
    return await result.data()
