"""The start-up archive: the server's classes as the JVM keeps them in memory (AppCDS), which halves a start.

It is made once per user, Java and set of jars, by `python -m kb.embedded.archive PLAN`, which the supervisor
runs beside the first server at the lowest priority. A second server starts on a scratch folder, answers some
queries and ends; its JVM writes the archive at its end, and one rename puts it in place. When anything goes
wrong, or the supervisor ends first, there is no archive, and a later start tries again.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from neo4j import GraphDatabase

from kb.embedded.address import Address, answers
from kb.embedded.command import jvm_command
from kb.embedded.home import USER, Home
from kb.embedded.jars import lock_hash
from kb.embedded.java import Java
from kb.embedded.lease import Lock
from kb.embedded.orphan import Guard, die_with_parent
from kb.embedded.state import free_port

PATIENCE = 900.0  # seconds; at the lowest priority a start takes as long as the machine is busy
KEPT = 3  # archives of about 100 MB; older ones of other Javas and locks are removed
QUERIES = (
    "CREATE CONSTRAINT IF NOT EXISTS FOR (n:Thing) REQUIRE n.id IS UNIQUE",
    "CREATE FULLTEXT INDEX things IF NOT EXISTS FOR (n:Thing) ON EACH [n.name]",
    "CALL db.awaitIndexes(60)",
    "UNWIND range(1, 20) AS i MERGE (n:Thing {id: i}) SET n += {name: 'thing ' + i, at: datetime()}",
    "MATCH (a:Thing), (b:Thing {id: a.id + 1}) MERGE (a)-[r:NEXT]->(b) SET r.weight = 1.5",
    "MATCH (a:Thing)-[:NEXT]->(b) WITH a, collect(b.id) AS n WHERE a.name STARTS WITH 't' RETURN a {.id, n}",
    "MATCH (n:Thing) WITH n.name AS name, count(*) AS n RETURN name, n ORDER BY n DESC, name LIMIT 3",
    "CALL db.index.fulltext.queryNodes('things', 'thing') YIELD node, score RETURN node.id, score LIMIT 3",
    "MATCH (n:Thing) CALL (n) { MATCH (n)-[:NEXT*1..3]->(m) RETURN count(m) AS near } RETURN sum(near)",
    "MATCH (n:Thing) WHERE EXISTS { (n)-[:NEXT]->() } RETURN count(DISTINCT n)",
    "MATCH (n) DETACH DELETE n",
)


@dataclass(frozen=True, slots=True)
class ArchivePlan:
    """What to make the archive with, and where."""

    java: str
    jars: list[str]
    base: str
    archive: str


def archive_plan(cache: Path, java: Java, jars: Sequence[Path]) -> ArchivePlan:
    """Where the archive for this Java and these jars lies, whether or not it is there yet.

    The JVM refuses an archive when a jar's path or time of change is another, so those are in the name.
    """
    identity = [java.version, lock_hash(), *(f"{jar} {jar.stat().st_mtime_ns}" for jar in jars)]
    key = hashlib.sha256("\n".join(identity).encode()).hexdigest()[:16]
    folder = cache / "archive"
    names = [str(jar) for jar in jars]
    return ArchivePlan(str(java.program), names, str(folder / f"{key}-base.jsa"), str(folder / f"{key}.jsa"))


def archive_flags(plan: ArchivePlan) -> list[str]:
    """The JVM's flags for the archive; none while it is not there."""
    if not (Path(plan.archive).exists() and Path(plan.base).exists()):
        return []
    return [f"-XX:SharedArchiveFile={plan.base}:{plan.archive}"]


def archive_command(plan: ArchivePlan) -> list[str]:
    """The command that makes the archive in the background; none when it is there."""
    if archive_flags(plan):
        return []
    return [sys.executable, "-m", "kb.embedded.archive", json.dumps(asdict(plan))]


def make_archive(plan: ArchivePlan) -> bool:
    """Make the archive; False when another process is making it, or the server did not come up."""
    archive = Path(plan.archive)
    archive.parent.mkdir(parents=True, exist_ok=True)
    lock = Lock.open(archive.parent / "lock")
    scratch = archive.parent / "scratch"
    try:
        if not lock.try_take() or archive_flags(plan):
            return False
        shutil.rmtree(scratch, ignore_errors=True)
        made = _make_base(plan, scratch) and _train(plan, scratch)
        _remove_old(archive.parent)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        lock.close()
    return made


def _make_base(plan: ArchivePlan, scratch: Path) -> bool:
    """The archive of Java's own classes, which the one that a wheel carries lacks."""
    scratch.mkdir()
    part = scratch / "base.jsa"
    command = [plan.java, "-Xshare:dump", "-XX:+UseSerialGC", f"-XX:SharedArchiveFile={part}"]
    done = subprocess.run(command, stdout=sys.stderr, check=False, preexec_fn=die_with_parent)
    if done.returncode == 0:
        part.replace(plan.base)
    return done.returncode == 0


def _train(plan: ArchivePlan, scratch: Path) -> bool:
    home = Home(scratch / "home")
    home.make()
    home.write_login()
    port = free_port()
    home.write_configuration(port)
    part = scratch / "part.jsa"
    # a line of log for each of some thousand classes that cannot be archived helps nobody
    extra = [f"-XX:SharedArchiveFile={plan.base}", f"-XX:ArchiveClassesAtExit={part}", "-Xlog:disable"]
    command = jvm_command(Path(plan.java), [Path(jar) for jar in plan.jars], home.path, extra)
    with subprocess.Popen(command, stdout=sys.stderr, preexec_fn=die_with_parent) as jvm:  # noqa: PLW1509
        guard = Guard(jvm.pid)
        try:
            answered = _ask(Address(f"bolt://127.0.0.1:{port}", USER, home.password()), jvm)
        finally:
            jvm.terminate()
            jvm.wait()
            guard.release()
    if answered and part.exists():
        part.replace(plan.archive)
    return answered


def _ask(address: Address, jvm: "subprocess.Popen[bytes]") -> bool:
    """Ask queries like those of a load and a read, so that their classes are in the archive too."""
    deadline = time.monotonic() + PATIENCE
    while not answers(address):
        if jvm.poll() is not None or time.monotonic() > deadline:
            return False
        time.sleep(0.5)
    with GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        for query in QUERIES:
            driver.execute_query(query, database_=address.database)
    return True


def _remove_old(folder: Path) -> None:
    archives = sorted(folder.glob("*.jsa"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in archives[2 * KEPT :]:
        path.unlink(missing_ok=True)


def main() -> None:
    """Make the archive of the plan on the command line, using only time that nobody else needs."""
    os.nice(19)
    if sys.platform == "linux":
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    plan = ArchivePlan(**json.loads(sys.argv[1]))
    sys.stderr.write(f"start-up archive made: {make_archive(plan)}\n")


if __name__ == "__main__":
    main()
