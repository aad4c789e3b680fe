"""Fetches the jars that are missing: by `mvn` where it is on PATH, else by `jgo`.

1. Jars that the user's local Maven repository has are copied from there.
2. `mvn` fetches the others in one run, from a pom that lists each and excludes everything that they pull in.
3. What is still missing (no mvn, or it failed) is fetched by jgo, one exact artifact at a time and six at
   once, never by its transitive resolver, which picks other versions.

Whoever fetched it, a jar is checked against its sha256 before one rename puts it in place. Mirrors and
proxies are set where those clients set them (Maven's settings.xml, jgo's configuration file).
"""

import errno
import re
import shutil
import subprocess
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import requests
from jgo.config import GlobalSettings
from jgo.constants import MAVEN_CENTRAL_URL, default_maven_repo
from jgo.maven import MavenContext, PythonResolver

from kb.embedded.errors import JarError, StorageError
from kb.embedded.jars import Jar, is_intact, locked_jars, missing_jars, pom
from kb.embedded.lease import Lock
from kb.embedded.progress import Progress

PARALLEL = 6
TIMEOUT = 60  # seconds without a byte after which a download has failed
NO_NETWORK = (
    "The jars of the embedded Neo4j could not be fetched from the Maven repository ({reason}): check the "
    "network, "
    "proxy and mirror, and run the command again; it goes on where it stopped."
)


def ensure_jars(cache: Path, progress: Progress, jars: Sequence[Jar] | None = None) -> list[Path]:
    """The class path: every locked jar in the cache, fetched where it is missing or damaged.

    Raises JarError or StorageError, each of which says what to do.
    """
    wanted = locked_jars() if jars is None else jars
    folder = cache / "jars"
    with _storage(cache):
        folder.mkdir(parents=True, exist_ok=True)
        if missing := missing_jars(folder, wanted):
            lock = Lock.open(cache / "jars.lock")
            try:
                lock.take()
                _fetch(missing_jars(folder, missing), folder, progress)
            finally:
                lock.close()
    return [folder / jar.filename for jar in wanted]


@contextmanager
def _storage(cache: Path) -> Generator[None]:
    try:
        yield
    except requests.RequestException as error:
        raise JarError(NO_NETWORK.format(reason=type(error).__name__)) from error
    except OSError as error:
        reason = "the disk is full" if error.errno == errno.ENOSPC else error.strerror
        raise StorageError(
            f"The jars of the embedded Neo4j cannot be kept in {cache} ({reason}): free about 200 MB "
            "there, or set "
            "KB_CACHE to a folder that you can write to."
        ) from error


def _fetch(missing: Sequence[Jar], folder: Path, progress: Progress) -> None:
    if not missing:
        return
    progress.step(f"Fetching the embedded Neo4j: {len(missing)} jars (once)")
    progress.total(sum(jar.size for jar in missing))
    staging = folder.with_name("fetching")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    fetch = Fetch(missing, folder, staging, progress)
    try:
        fetch.run()
    finally:
        shutil.rmtree(staging, ignore_errors=True)


class Fetch:
    """One run: what is still missing, and the ways to get it."""

    def __init__(self, missing: Sequence[Jar], folder: Path, staging: Path, progress: Progress) -> None:
        self._missing = {jar.filename: jar for jar in missing}
        self._folder = folder
        self._staging = staging
        self._progress = progress
        self._shown: set[str] = set()

    def run(self) -> None:
        """Fetch all that is missing.

        Raises JarError for a jar that is not what the lock names, requests' errors and OSError for the
        others.
        """
        for way in (self._from_local_repository, self._by_mvn, self._by_jgo):
            if self._missing:
                way()

    def _from_local_repository(self) -> None:
        repository = default_maven_repo()
        for jar in list(self._missing.values()):
            self._adopt(jar, repository / jar.repository_path, copy=True)

    def _by_mvn(self) -> None:
        if (mvn := shutil.which("mvn")) is None:
            return
        (self._staging / "pom.xml").write_text(
            pom(self._missing.values(), transitive=False), encoding="utf-8"
        )
        copied = self._staging / "copied"
        command = [mvn, "-B", "-C", "dependency:copy-dependencies", f"-DoutputDirectory={copied}"]
        with subprocess.Popen(
            command, cwd=self._staging, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        ) as process:
            for line in process.stdout or ():
                if (found := re.match(r"(?:.INFO. )?Downloaded from \S+: \S+/([^/\s]+\.jar)", line)) and (
                    jar := self._missing.get(found[1])
                ):
                    self._show(jar)
        for jar in list(self._missing.values()):
            self._adopt(jar, copied / jar.filename, copy=False)

    def _by_jgo(self) -> None:
        context = MavenContext(
            resolver=PythonResolver(),
            repo_cache=self._staging / "repository",
            remote_repos=remote_repositories(),
            timeout=TIMEOUT,
        )
        with ThreadPoolExecutor(PARALLEL) as pool:
            fetched = [pool.submit(self._fetch_one, context, jar) for jar in list(self._missing.values())]
            try:
                for one in fetched:
                    one.result()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def _fetch_one(self, context: MavenContext, jar: Jar) -> None:
        component = context.project(jar.group, jar.artifact).at_version(jar.version)
        try:
            path = component.artifact(classifier=jar.classifier).resolve()
        except RuntimeError as error:  # jgo's word for a repository that answers, but not with the jar
            raise JarError(
                f"The jar {jar.coordinates} is not in the Maven repository that was asked: try again "
                "later, or set a "
                "mirror that has it in jgo's configuration file."
            ) from error
        if not self._adopt(jar, path, copy=False):
            raise JarError(
                f"The jar {jar.coordinates} was fetched, but its sha256 is not the locked one: run the "
                "command again; "
                "if it stays so, the mirror serves a changed file and should not be used."
            )

    def _adopt(self, jar: Jar, path: Path, *, copy: bool) -> bool:
        """Put a fetched file in place if it is the jar that the lock names."""
        if not is_intact(path, jar):
            return False
        if copy:
            path = Path(shutil.copyfile(path, self._staging / jar.filename))
        path.replace(self._folder / jar.filename)
        del self._missing[jar.filename]
        self._show(jar)
        return True

    def _show(self, jar: Jar) -> None:
        if jar.filename not in self._shown:
            self._shown.add(jar.filename)
            self._progress.advance(jar.size)


def remote_repositories() -> dict[str, str]:
    """Where jgo looks: what its configuration file names, else the public repository that it knows."""
    return GlobalSettings.load().repositories or {"central": MAVEN_CENTRAL_URL}
