"""`kb load --ray`: the graph of a plain load, whoever is killed on the way, and no shard read twice.

One cluster of Ray on this machine serves all tests; commands join it as they would join one of many machines.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from kb.documents import RawDocument
from kb.graph.connection import Graph
from kb.graph.export import export_statements
from kb.registry import load_registry
from loaders.cleaning import clean
from loaders.extraction.language import SpacyModel
from loaders.refusals import Code
from loaders.shards.joining import joined
from loaders.shards.manifest import shards
from loaders.shards.outputs import Outputs
from loaders.shards.work import Edition
from loaders.sources import discover
from loaders.sources.found import Found, Problem, Read, Skipped
from tests import articles, doors
from tests.app.conftest import Kb

if TYPE_CHECKING:
    from loaders.shards.cluster import Cluster

pytestmark = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not made for this machine")

DOCUMENTS = 96
TOO_MUCH = RawDocument("big.html", b"<html><p " + b"a=1 " * 4_000_000, "text/html", origin="big.html")


@dataclass(frozen=True)
class Site:
    """A folder of documents, the outputs of their shards, and the cluster that reads them."""

    documents: Path
    shards: Path
    cluster: "Cluster"
    address: str

    def found(self) -> Sequence[Found]:
        return list(discover([self.documents]))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    root = tmp_path_factory.mktemp("ray")
    articles.write_seeds(root / "seeds")
    articles.write(root / "documents", DOCUMENTS)
    (root / "documents" / "picture.png").write_bytes(b"\x89PNG")
    edition = Edition.here(load_registry(root / "seeds" / "registry"), SpacyModel.SMALL)
    with joined(None, 2, edition, Outputs(root / "shards")) as cluster:
        import ray  # noqa: PLC0415 - what it does is told to it before

        yield Site(root / "documents", root / "shards", cluster, ray.get_runtime_context().gcs_address)


@pytest.fixture
def at_site(site: Site, on_graph: Graph, monkeypatch: pytest.MonkeyPatch) -> Graph:
    monkeypatch.setenv("KB_SEEDS", str(site.documents.parent / "seeds"))
    monkeypatch.setenv("KB_RAY_ADDRESS", site.address)
    return on_graph


def load_over_ray(site: Site) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-m",
        "app",
        "load",
        "--ray",
        "--shards",
        str(site.shards),
        "--format",
        "jsonl",
    ]
    return subprocess.Popen(
        [*command, str(site.documents)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def busy_workers() -> Iterator[psutil.Process]:
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if " ".join(process.cmdline()).startswith("ray::_read_there"):
                yield process


@contextmanager
def killing(kills: int) -> Generator[set[int]]:
    """Kill so many workers in the midst of their work; gives the ids of those that were killed."""
    killed: set[int] = set()
    ended = threading.Event()

    def kill() -> None:
        while len(killed) < kills and not ended.wait(0.2):
            for worker in busy_workers():
                os.kill(worker.pid, signal.SIGKILL)
                killed.add(worker.pid)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        ended.set()
        thread.join()


def export(graph: Graph) -> list[object]:
    return list(export_statements(graph.driver, graph.database, canonical=True))


@pytest.mark.long
def test_a_load_whose_workers_were_killed_and_that_was_interrupted_gives_the_graph_of_a_plain_one(
    kb: Kb, at_site: Graph, site: Site
):
    assert kb("load", site.documents).code == 0
    plain = export(at_site)
    assert len(plain) >= 2 * DOCUMENTS
    at_site.driver.execute_query(doors.WIPE, database_=at_site.database)

    with killing(2) as killed:
        first = load_over_ray(site)
        assert first.stdout is not None
        assert json.loads(first.stdout.readline())["state"] == "loaded"
        # at once: what the workers read while they were killed is written within a second or two
        first.send_signal(signal.SIGINT)
    assert len(killed) >= 2
    _, told = first.communicate(timeout=120)
    assert first.returncode == 130, told
    assert "Traceback" not in told

    lines, told = load_over_ray(site).communicate(timeout=300)
    ended = [json.loads(line) for line in lines.splitlines()]
    assert {line["state"] for line in ended} == {"loaded", "unchanged", "skipped"}
    assert len(ended) == DOCUMENTS + 1
    assert "0 read by an earlier load" not in told
    assert export(at_site) == plain


def test_what_was_read_once_is_not_read_again(site: Site):
    found = site.found()
    list(site.cluster.read(found))
    begun, kept = site.cluster.counts.read, site.cluster.counts.kept
    read = list(site.cluster.read(found))
    documents = [one.document for one in read if isinstance(one, Read)]
    assert documents == [clean(one) for one in found if isinstance(one, RawDocument)]
    assert [type(one) for one in read if not isinstance(one, Read)] == [Skipped]
    assert site.cluster.counts.read == begun
    assert site.cluster.counts.kept == kept + len(list(shards(found, "any")))


def test_an_output_of_which_half_is_there_is_made_again_with_the_same_bytes(site: Site):
    list(site.cluster.read(site.found()))
    file = min(site.shards.rglob("*.gz"), key=lambda path: path.stat().st_size)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    begun = site.cluster.counts.read
    list(site.cluster.read(site.found()))
    assert site.cluster.counts.read == begun + 1
    assert file.read_bytes() == whole


def test_documents_are_told_of_where_they_were_found_this_time(site: Site, tmp_path: Path):
    list(site.cluster.read(site.found()))
    begun = site.cluster.counts.read
    (tmp_path / "documents").symlink_to(site.documents)
    read = list(site.cluster.read(discover([tmp_path / "documents"])))
    assert site.cluster.counts.read == begun
    assert all(Path(one.origin).is_relative_to(tmp_path) for one in read)


def test_a_document_that_is_too_much_costs_itself_alone_and_is_tried_again_by_the_next_load(site: Site):
    kept = set(site.shards.rglob("*"))
    some = [one for one in site.found() if isinstance(one, RawDocument)][:3]
    read = list(site.cluster.read([some[0], TOO_MUCH, *some[1:]]))
    assert [type(one) for one in read] == [Read, Problem, Read, Read]
    assert isinstance(read[1], Problem)
    assert read[1].origin == "big.html"
    assert read[1].code in {Code.OUT_OF_MEMORY, Code.TOO_SLOW}
    assert set(site.shards.rglob("*")) == kept


def test_without_ray_the_command_says_how_to_install_it(
    kb: Kb, nowhere: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "ray", None)
    ran = kb("load", __file__, "--ray")
    assert ran.code == 4
    assert "pip install '.[ray]'" in ran.err


def test_a_cluster_that_is_not_there_is_told_of(kb: Kb, nowhere: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KB_RAY_ADDRESS", "nonsense")
    ran = kb("load", __file__, "--ray")
    assert ran.code == 4
    assert "nonsense cannot be reached" in ran.err


def test_a_language_model_is_not_spread(kb: Kb, nowhere: None):
    ran = kb("load", __file__, "--ray", "--extractor", "llm")
    assert ran.code == 2
    assert "--ray" in ran.err
