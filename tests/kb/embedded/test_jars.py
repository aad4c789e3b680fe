"""Jars arrive whole and as locked, without mvn and without Java: jgo against a repository on loopback."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kb.embedded.errors import JarError, StorageError
from kb.embedded.fetch import ensure_jars
from kb.embedded.jars import Jar, locked_jars, parse_lock
from kb.embedded.progress import Quiet


class Repository(ThreadingHTTPServer):
    """A filled repository on loopback that counts what it gave, and can break off."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
        self.folder = folder
        self.given: list[str] = []
        self.breaks_off_after: int | None = None


class Handler(SimpleHTTPRequestHandler):
    """Serves jars, and ends a connection in the middle of a jar when told to."""

    server: Repository

    def do_GET(self) -> None:
        name = self.path.rsplit("/", 1)[1]
        if not name.endswith(".jar"):
            self.send_error(404)
            return
        limit = self.server.breaks_off_after
        if limit is not None and len(self.server.given) >= limit:
            content = Path(self.translate_path(self.path)).read_bytes()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2])
            return
        self.server.given.append(name)
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Print nothing."""


class Counter(Quiet):
    """Counts the bytes that a person would see go by."""

    def __init__(self) -> None:
        self.wanted = 0
        self.done = 0

    def total(self, size: int) -> None:
        self.wanted = size

    def advance(self, size: int) -> None:
        self.done += size


@pytest.fixture
def jars(tmp_path: Path) -> list[Jar]:
    """Nine small jars in a repository's layout, one with a classifier."""
    made: list[Jar] = []
    for number in range(9):
        content = bytes([number]) * (20_000 + number)
        digest = hashlib.sha256(content).hexdigest()
        classifier = "linux-x86_64" if number == 4 else ""
        jar = Jar("org.example.deep", f"part-{number}", "1.0", classifier, digest, len(content))
        path = tmp_path / "repository" / jar.repository_path
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        made.append(jar)
    return made


@pytest.fixture
def repository(jars: list[Jar], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    """The repository, set as jgo's mirror, on a machine without mvn, java and a local repository."""
    with Repository(tmp_path / "repository") as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        settings = tmp_path / "jgo.conf"
        settings.write_text(f"[repositories]\nmirror = http://127.0.0.1:{server.server_port}\n")
        monkeypatch.setenv("JGO_CONFIG_FILE", str(settings))
        monkeypatch.setenv("M2_REPO", str(tmp_path / "no-local-repository"))
        monkeypatch.setenv("PATH", str(tmp_path / "no-programs"))
        yield server
        server.shutdown()


def names(jars: list[Jar]) -> set[str]:
    return {jar.filename for jar in jars}


def test_all_jars_are_fetched_and_are_the_locked_ones(
    jars: list[Jar], repository: Repository, tmp_path: Path
) -> None:
    paths = ensure_jars(tmp_path / "cache", Quiet(), jars)
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths] == [jar.sha256 for jar in jars]


def test_nothing_is_fetched_twice(jars: list[Jar], repository: Repository, tmp_path: Path) -> None:
    ensure_jars(tmp_path / "cache", Quiet(), jars)
    repository.given.clear()
    ensure_jars(tmp_path / "cache", Quiet(), jars)
    assert repository.given == []


def test_progress_reaches_the_total(jars: list[Jar], repository: Repository, tmp_path: Path) -> None:
    counter = Counter()
    ensure_jars(tmp_path / "cache", counter, jars)
    assert counter.done == counter.wanted == sum(jar.size for jar in jars)


def test_a_jar_that_was_damaged_in_the_cache_is_fetched_again(
    jars: list[Jar], repository: Repository, tmp_path: Path
) -> None:
    paths = ensure_jars(tmp_path / "cache", Quiet(), jars)
    paths[3].write_bytes(b"x" * jars[3].size)
    repository.given.clear()
    ensure_jars(tmp_path / "cache", Quiet(), jars)
    assert repository.given == [jars[3].filename]
    assert paths[3].read_bytes()[:1] == bytes([3])


def test_a_fetch_that_broke_off_goes_on_with_what_is_missing(
    jars: list[Jar], repository: Repository, tmp_path: Path
) -> None:
    repository.breaks_off_after = 5
    with pytest.raises(JarError, match="goes on where it stopped"):
        ensure_jars(tmp_path / "cache", Quiet(), jars)
    repository.breaks_off_after = None
    before = names(jars) - {path.name for path in (tmp_path / "cache" / "jars").iterdir()}
    repository.given.clear()
    ensure_jars(tmp_path / "cache", Quiet(), jars)
    assert set(repository.given) == before != names(jars)


def test_a_changed_jar_is_refused_by_name_and_never_reaches_the_cache(
    jars: list[Jar], repository: Repository, tmp_path: Path
) -> None:
    (repository.folder / jars[2].repository_path).write_bytes(b"y" * jars[2].size)
    with pytest.raises(JarError, match=r"org\.example\.deep:part-2:1\.0 was fetched, but its sha256"):
        ensure_jars(tmp_path / "cache", Quiet(), jars)
    assert not (tmp_path / "cache" / "jars" / jars[2].filename).exists()


def test_a_jar_that_the_repository_lacks_is_named(
    jars: list[Jar], repository: Repository, tmp_path: Path
) -> None:
    unknown = replace(jars[0], artifact="unknown")
    with pytest.raises(JarError, match=r"org\.example\.deep:unknown:1\.0 is not in the Maven repository"):
        ensure_jars(tmp_path / "cache", Quiet(), [unknown])


def test_without_a_network_one_sentence_says_so(
    jars: list[Jar], repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed.conf"
    closed.write_text("[repositories]\nmirror = http://127.0.0.1:9\n")
    monkeypatch.setenv("JGO_CONFIG_FILE", str(closed))
    with pytest.raises(JarError, match="check the network, proxy and mirror"):
        ensure_jars(tmp_path / "cache", Quiet(), jars)


def test_a_mvn_that_fails_does_not_stop_the_fetch(
    jars: list[Jar], repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mvn = tmp_path / "bin" / "mvn"
    mvn.parent.mkdir()
    mvn.write_text("#!/bin/sh\nexit 1\n")
    mvn.chmod(0o755)
    monkeypatch.setenv("PATH", str(mvn.parent))
    ensure_jars(tmp_path / "cache", Quiet(), jars)
    assert set(repository.given) == names(jars)


def test_jars_of_the_local_maven_repository_are_not_fetched(
    jars: list[Jar], repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("M2_REPO", str(repository.folder))
    ensure_jars(tmp_path / "cache", Quiet(), jars)
    assert repository.given == []


def test_a_cache_that_cannot_be_made_is_told_with_its_folder(jars: list[Jar], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="KB_CACHE"):
        ensure_jars(tmp_path / "file" / "cache", Quiet(), jars)


def test_the_lock_names_a_jar_once_with_its_sha256_and_size() -> None:
    locked = locked_jars()
    assert len({jar.filename for jar in locked}) == len(locked) > 100
    assert all(len(jar.sha256) == 64 and jar.size > 0 for jar in locked)


def test_a_lock_reads_back_as_it_was_written(jars: list[Jar]) -> None:
    text = "".join(f"{jar.coordinates}\t{jar.sha256}\t{jar.size}\n" for jar in jars)
    assert list(parse_lock("# a comment\n" + text)) == jars
