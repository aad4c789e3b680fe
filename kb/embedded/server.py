"""The embedded server as its clients see it: take a share in it, ask for its state, stop it."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from kb.embedded.address import Address
from kb.embedded.errors import PlatformError
from kb.embedded.fetch import ensure_jars
from kb.embedded.home import Home, cache_folder
from kb.embedded.java import install_java
from kb.embedded.launch import end, start_or_join
from kb.embedded.lease import Lease, is_held
from kb.embedded.progress import Progress, Quiet
from kb.embedded.state import read_state


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
            self.address = start_or_join(self._home, self._progress)
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
    # the JVM outlives its supervisor only where that was killed and the kernel did not end the JVM with it
    ended = [end(place, name, timeout) for name in ("supervisor", "jvm")]
    return any(ended)
