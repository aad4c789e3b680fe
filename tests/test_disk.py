"""A disk that takes no more: what was acknowledged stays, the reason is told, and the server comes back."""

import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psutil
import pytest

from kb import embedded
from kb.embedded import Address
from kb.errors import DatabaseError, SetupError
from kb.graph.checks import run_checks
from kb.graph.connection import Graph, explained, open_driver
from kb.graph.migrate import migrate
from kb.graph.writer import Writer
from kb.registry import Registry
from tests.kb.graph.test_writer import sample

SIZE = 160 * 2**20
ROOM = 2**18
"""Bytes that a full disk has left, so that it ends in the middle of a write."""
FACTS = "MATCH (d:Document) RETURN d.id AS id, COUNT { (d)<-[:EVIDENCED_BY]-(:Statement) } AS facts"


@dataclass
class Disk:
    """A file system of its own, in memory, and the home of a server on it."""

    path: Path

    @property
    def home(self) -> Path:
        return self.path / "home"

    def mount(self) -> str:
        """Empty; gives why it cannot be."""
        if shutil.which("mount") is None:
            return "there is no mount"
        return _mount("-t", "tmpfs", "-o", f"size={SIZE}", "none", str(self.path)).stderr.strip()

    def fill(self) -> None:
        with (self.path / "filler").open("wb") as filler:
            filler.write(bytes(shutil.disk_usage(self.path).free - ROOM))

    def refuse_writes(self) -> None:
        self._limit(0)

    def mend(self) -> None:
        (self.path / "filler").unlink(missing_ok=True)
        self._limit(resource.RLIM_INFINITY)

    def unmount(self) -> None:
        subprocess.run(["umount", "--lazy", str(self.path)], check=True)

    def _limit(self, size: int) -> None:
        """How long files may get that the server writes to."""
        pid = embedded.status(self.home).pid
        assert pid is not None
        psutil.Process(pid).rlimit(psutil.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


FAULTS = (Disk.fill, Disk.refuse_writes) if "KB_TEST_KILLS" in os.environ else (Disk.fill,)
"""The second looks the same from here: it is tried in long runs alone."""


def _mount(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path)
    if why := made.mount():
        pytest.skip(f"no file system can be mounted here: {why}")
    yield made
    embedded.down(made.home)
    made.unmount()


def written_until_refused(graph: Graph, then: Callable[[], None]) -> set[str]:
    """The documents that were acknowledged, of which the third was followed by something."""
    writer = Writer(graph.driver, graph.database, Registry({}, {}))
    acknowledged: set[str] = set()
    with pytest.raises(DatabaseError, match=r"could not write to its disk.*is kept"):
        _write_on(writer, graph.address, acknowledged, then)
    return acknowledged


def _write_on(writer: Writer, address: Address, acknowledged: set[str], then: Callable[[], None]) -> None:
    with explained(address):
        for number in count():
            document, extraction = sample(f"{number}.txt")
            writer.write(document, extraction, "run")
            acknowledged.add(document.id)
            if number == 2:
                then()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_disk_that_takes_no_more_costs_no_acknowledged_document(disk: Disk, fault: Callable[[Disk], None]):
    with embedded.EmbeddedServer(disk.home, linger=600) as server, open_driver(server.address) as driver:
        migrate(driver, server.address.database)
        acknowledged = written_until_refused(Graph(driver, server.address), lambda: fault(disk))
        disk.mend()
        with embedded.EmbeddedServer(disk.home, linger=600) as again, open_driver(again.address) as new:
            facts = {row["id"]: row["facts"] for row in new.execute_query(FACTS).records}
            assert acknowledged <= facts.keys()
            assert set(facts.values()) == {len(sample()[1].facts)}
            findings = run_checks(new, again.address.database)
            assert [finding.check for finding in findings if finding.count] == []


def test_a_home_on_a_read_only_disk_is_told_at_once(disk: Disk):
    with embedded.EmbeddedServer(disk.home, linger=0):
        pass
    embedded.down(disk.home)
    _mount("-o", "remount,ro", str(disk.path)).check_returncode()
    try:
        with pytest.raises(SetupError, match="cannot be written to"), embedded.EmbeddedServer(disk.home):
            pass
    finally:
        _mount("-o", "remount,rw", str(disk.path)).check_returncode()
