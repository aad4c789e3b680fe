"""The embedded server as its clients see it: start or join it, ask for its state, stop it.

A client (1) takes a shared lease, which waits while a supervisor is stopping the server, (2) takes the start
lock, so that one client at a time starts or joins, (3) starts a supervisor if none is alive, and (4) waits
until Bolt answers a query. It keeps the lease while it is open; when it dies, the kernel gives the lease
back.
"""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import kb
from kb.embedded.address import Address, answers
from kb.embedded.archive import archive_command, archive_flags, archive_plan
from kb.embedded.command import jvm_command
from kb.embedded.errors import PlatformError, StartError, StopError
from kb.embedded.fetch import ensure_jars
from kb.embedded.home import DATABASE, USER, Home, cache_folder
from kb.embedded.java import install_java, require_java
from kb.embedded.lease import Lease, Lock, holder, is_held
from kb.embedded.progress import Progress, Quiet
from kb.embedded.state import Plan, State, free_port, read_state, state_file
from kb.embedded.trouble import why

START_TIME = 180.0  # seconds that a start may take on a busy machine
POLL = 0.05


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """Whether a server runs on a home; `pid` is its JVM's, `since` in seconds since 1970."""

    running: bool
    pid: int | None = None
    port: int | None = None
    since: float | None = None


class EmbeddedServer:
    """A share in the one server of a home: a context manager that starts or joins it, and gives the share
    back.

    `home` is the folder with the data. When the last share has been given back, the server stays for
    `linger` seconds (as the latest client says) and then stops by itself.
    """

    address: Address

    def __init__(self, home: Path, *, linger: float = 600.0, progress: Progress | None = None) -> None:
        self._home = Home(home.expanduser().absolute())
        self._progress = progress or Quiet()
        self._linger = linger
        self._lease: Lease | None = None

    def __enter__(self) -> Self:
        """Start or join the server; returns when it answers a query.

        Raises a KbError: SetupError where the machine lacks something, DatabaseError where the server fails.
        """
        check_platform()
        self._home.make()
        self._lease = Lease(self._home.run / "lease", self._linger)
        try:
            self._lease.take()
            self.address = _start_or_join(self._home, self._progress)
        except BaseException:
            self._lease.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the share back."""
        if self._lease is not None:
            self._lease.close()
            self._lease = None


def check_platform() -> None:
    """Raise PlatformError where the embedded server cannot run."""
    if os.name != "posix":
        raise PlatformError(
            f"The embedded Neo4j does not run on {sys.platform}: use WSL, or start Neo4j in Docker "
            "(docker-compose.yml) and set KB_NEO4J_URI."
        )


def prepare(progress: Progress) -> None:
    """Make the jars and a Java ready, and start nothing.

    Raises a SetupError when something cannot be fetched.
    """
    check_platform()
    install_java(progress)
    ensure_jars(cache_folder(), progress)


def status(home: Path) -> ServerStatus:
    """Whether the home's server runs, and where; never starts anything and makes no file."""
    place = Home(home.expanduser().absolute())
    state = read_state(place) if is_held(place.run / "supervisor") else None
    if state is None:
        return ServerStatus(running=False)
    return ServerStatus(running=True, pid=state.pid, port=state.port, since=state.since)


def down(home: Path, *, timeout: float = 60) -> bool:
    """Stop the home's server cleanly, whoever uses it; True when one was running.

    Raises StopError when it has not stopped after `timeout` seconds.
    """
    place = Home(home.expanduser().absolute())
    deadline = time.monotonic() + timeout
    was_running = False
    # the JVM outlives its supervisor only where that was killed and the kernel did not end the JVM with it
    for name in ("supervisor", "jvm"):
        if (pid := holder(place.run / name)) is not None:
            was_running = True
            os.kill(pid, signal.SIGTERM)
            _wait_for_end(place, name, deadline)
    return was_running


def _wait_for_end(home: Home, name: str, deadline: float) -> None:
    while is_held(home.run / name):
        if time.monotonic() > deadline:
            raise StopError(
                f"The Neo4j server of {home.path} has not stopped in time; look into {home.log}, or end "
                "the process "
                f"{holder(home.run / name)} yourself."
            )
        time.sleep(POLL)


def _start_or_join(home: Home, progress: Progress) -> Address:
    start = Lock.open(home.run / "start")
    try:
        start.take()
        log_start = None
        if not is_held(home.run / "supervisor"):
            log_start = _spawn(home, progress)
        return _wait_until_ready(home, progress, log_start)
    finally:
        start.close()


def _spawn(home: Home, progress: Progress) -> int:
    """Start a supervisor; where its part of the server's log begins."""
    java = require_java()
    jars = ensure_jars(cache_folder(), progress)
    _end_stray(home)
    previous = read_state(home)
    state_file(home).unlink(missing_ok=True)
    home.write_login()
    # the same port again where it is free: a driver that still has the old address finds the server again
    port = free_port(previous.port if previous else 0)
    archive = archive_plan(cache_folder(), java, jars)
    command = jvm_command(java.program, jars, home.path, archive_flags(archive))
    plan = Plan(str(home.path), command, port, archive_command(archive))
    log_start = home.server_log.stat().st_size if home.server_log.exists() else 0
    progress.step("Starting Neo4j")
    with (home.log / "supervisor.log").open("ab") as log:
        subprocess.run(
            [sys.executable, "-m", "kb.embedded.supervisor", json.dumps(asdict(plan))],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=home.path,
            env=os.environ | {"PYTHONPATH": str(Path(kb.__file__).parent.parent)},
            start_new_session=True,
            check=True,
        )
    return log_start


def _end_stray(home: Home) -> None:
    """End a JVM whose supervisor was killed, where the kernel did not."""
    if (pid := holder(home.run / "jvm")) is not None:
        os.kill(pid, signal.SIGTERM)
        _wait_for_end(home, "jvm", time.monotonic() + START_TIME)


def _wait_until_ready(home: Home, progress: Progress, log_start: int | None) -> Address:
    deadline = time.monotonic() + START_TIME
    while time.monotonic() < deadline:
        state = read_state(home)
        if state is not None:
            address = _address(home, state)
            if answers(address):
                return address
        if not is_held(home.run / "supervisor"):
            if log_start is not None:
                raise StartError(why(home, log_start))
            # it was ending when this client came
            log_start = _spawn(home, progress)
        time.sleep(POLL)
    raise StartError(
        f"Neo4j did not answer within {START_TIME:.0f} s; look into {home.server_log}, or run `kb down` "
        "and try again."
    )


def _address(home: Home, state: State) -> Address:
    return Address(f"bolt://127.0.0.1:{state.port}", USER, home.password(), DATABASE)
