"""One embedded server for the tests that only look at it, and clients in processes of their own to kill."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from kb.embedded import EmbeddedServer, down
from tests import doors

CLIENT = """
import sys
from pathlib import Path
from kb.embedded import EmbeddedServer
with EmbeddedServer(Path(sys.argv[1]), linger=float(sys.argv[2])) as server:
    print(server.address.uri, flush=True)
    sys.stdin.read()
"""


class Client:
    """A process that holds a share in a server until its standard input ends."""

    def __init__(self, home: Path, linger: float) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", CLIENT, str(home), str(linger)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def uri(self) -> str:
        """Where its server answers; waits for it."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()
        self._process.communicate()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """A running server, on a path with a blank and an umlaut."""
    home = tmp_path_factory.mktemp("shared") / "a knowledge b\u00e4se"
    doors.keep_plans(home)
    with EmbeddedServer(home, linger=0) as server:
        yield server


@pytest.fixture(scope="session")
def shared_home(shared: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the shared server."""
    return next(tmp_path_factory.getbasetemp().glob("shared*")) / "a knowledge b\u00e4se"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for servers that are killed; what still runs on it is stopped at the end."""
    folder = tmp_path_factory.mktemp("killed")
    yield folder
    down(folder)


@pytest.fixture
def client() -> Iterator[Callable[[Path, float], Client]]:
    """Starts clients, and kills those that are left."""
    started: list[Client] = []

    def start(home: Path, linger: float) -> Client:
        started.append(Client(home, linger))
        return started[-1]

    yield start
    for one in started:
        one.kill()


def eventually(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition comes true within the time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def is_gone(pid: int) -> bool:
    """Whether the process has ended."""
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
