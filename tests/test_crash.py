"""Kill -9 of the loader and of the server at random moments: nothing acknowledged is lost, nothing is half.

The loader is the real command in a process of its own, the server the embedded one on a home of its own.
An uninterrupted load gives the reference; after the kills, loading once more must give the same export.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from kb import embedded
from kb.graph.checks import run_checks
from kb.graph.connection import Graph, open_driver
from kb.graph.export import export_statements
from tests import articles, doors

DOCUMENTS = 24
KILLS = int(os.environ.get("KB_TEST_KILLS", "4"))
LOADER_KILLS = KILLS * 3 // 4
SERVER_KILLS = KILLS - LOADER_KILLS
SEED = 20250401
HALF = """
MATCH (d:Document) RETURN d.id AS id, COUNT { (d)<-[:EVIDENCED_BY]-(:Statement) } AS facts
"""
KB = [sys.executable, "-m", "app"]


@dataclass
class Load:
    """A run of `kb load` that may be killed; `acknowledged` maps documents to their number of facts."""

    process: subprocess.Popen[str]
    acknowledged: dict[str, int] = field(default_factory=dict)

    def read(self, lines: int | None = None) -> None:
        assert self.process.stdout is not None
        for count, line in enumerate(self.process.stdout, start=1):
            outcome = json.loads(line)
            if outcome["state"] == "loaded":
                self.acknowledged[outcome["document"]] = outcome["facts"]
            if count == lines:
                return


@dataclass
class Site:
    """A home with a server, and a folder of documents."""

    home: Path
    documents: Path
    seeds: Path
    log: Path
    graph: Graph

    @contextmanager
    def joined(self) -> Generator["Site"]:
        """The site with the server of now: after too many kills another one has started, on its own port."""
        with (
            embedded.EmbeddedServer(self.home, linger=0) as server,
            open_driver(server.address) as driver,
        ):
            yield replace(self, graph=Graph(driver, server.address))

    def start_load(self) -> Load:
        environment = {**os.environ, "KB_HOME": str(self.home), "KB_SEEDS": str(self.seeds)}
        command = [*KB, "load", str(self.documents), "--format", "jsonl"]
        with self.log.open("a") as log:
            return Load(
                subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
            )

    def load_to_the_end(self) -> Load:
        load = self.start_load()
        load.read()
        assert load.process.wait() == 0, self.log.read_text()[-2000:]
        return load

    def wipe(self) -> None:
        self.graph.driver.execute_query(doors.WIPE, database_=self.graph.database)

    def export(self) -> list[object]:
        return list(export_statements(self.graph.driver, self.graph.database, canonical=True))

    def facts_by_document(self) -> dict[str, int]:
        rows = self.graph.driver.execute_query(HALF, database_=self.graph.database).records
        return {row["id"]: row["facts"] for row in rows}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    root = tmp_path_factory.mktemp("crash")
    articles.write(root / "documents", DOCUMENTS)
    articles.write_seeds(root / "seeds")
    doors.keep_plans(root / "home")
    with (
        embedded.EmbeddedServer(root / "home", linger=0) as server,
        open_driver(server.address) as driver,
    ):
        yield Site(
            root / "home", root / "documents", root / "seeds", root / "log", Graph(driver, server.address)
        )


@pytest.fixture(scope="module")
def reference(site: Site) -> tuple[dict[str, int], list[object]]:
    """The facts of each document and the export, from a load that nothing disturbed."""
    facts = site.load_to_the_end().acknowledged
    assert len(facts) == DOCUMENTS
    assert sum(facts.values()) >= 2 * DOCUMENTS
    return facts, site.export()


def _assert_whole(site: Site, facts: dict[str, int], acknowledged: dict[str, int]) -> None:
    there = site.facts_by_document()
    lost = sorted(set(acknowledged) - set(there))
    assert not lost, f"{len(lost)} acknowledged documents are not in the graph"
    half = {document: count for document, count in there.items() if count != facts[document]}
    assert not half, f"documents with other facts than they have: {half}"
    assert [
        finding.check for finding in run_checks(site.graph.driver, site.graph.database) if finding.count
    ] == []


def test_killing_the_loader_loses_no_acknowledged_document_and_leaves_no_half_one(
    site: Site, reference: tuple[dict[str, int], list[object]]
):
    facts, export = reference
    chance = random.Random(SEED)
    site.wipe()
    acknowledged: dict[str, int] = {}
    for kill in range(LOADER_KILLS):
        if len(site.facts_by_document()) == DOCUMENTS:
            site.wipe()
            acknowledged.clear()
        load = site.start_load()
        if kill % 4:
            load.read(lines=chance.randint(1, 4))
        time.sleep(chance.uniform(0, 0.3 if kill % 4 else 3))
        load.process.kill()
        load.read()
        load.process.wait()
        acknowledged |= load.acknowledged
        _assert_whole(site, facts, acknowledged)
    site.load_to_the_end()
    assert site.export() == export


def test_killing_the_server_loses_no_acknowledged_document_and_leaves_no_half_one(
    site: Site, reference: tuple[dict[str, int], list[object]]
):
    facts, export = reference
    chance = random.Random(SEED + 1)
    for _ in range(SERVER_KILLS):
        with site.joined() as here:
            here.wipe()
            load = here.start_load()
            load.read(lines=chance.randint(1, DOCUMENTS // 2))
            time.sleep(chance.uniform(0, 0.3))
            _kill_server(here)
            load.read()
            load.process.wait()
        with site.joined() as here:
            _assert_whole(here, facts, load.acknowledged)
            here.load_to_the_end()
            assert here.export() == export


def _kill_server(site: Site) -> None:
    pid = embedded.status(site.home).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
