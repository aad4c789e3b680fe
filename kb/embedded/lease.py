"""Who uses the server, who starts it, who watches it: advisory file locks.

The kernel gives them back at any death of their holder.

| file in HOME/run | held shared by                    | held alone by                                   |
|---|---|---|
| `lease`          | every client, while it is open    | the supervisor, while it stops the server       |
| `start`          |                                   | the one client that starts the server           |
| `supervisor`     |                                   | the supervisor, all its life                    |
| `jvm`            |                                   | the JVM, which inherits it, all its life        |

No process id is trusted: an id may be given to another process, a lock may not.
"""

import fcntl
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Lock:
    """An open lock file; the lock goes when it is closed by every process that has it open."""

    fd: int

    @classmethod
    def open(cls, path: Path) -> "Lock":
        """Open the file without locking it."""
        return cls(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))

    def take(self, *, shared: bool = False) -> None:
        """Wait for the lock."""
        fcntl.flock(self.fd, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)

    def try_take(self, *, shared: bool = False) -> bool:
        """Take the lock if it is free now."""
        with suppress(BlockingIOError):
            fcntl.flock(self.fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            return True
        return False

    def clear(self) -> None:
        """Forget who held the lock before."""
        os.ftruncate(self.fd, 0)

    def write_pid(self, pid: int) -> None:
        """Write into the file who holds the lock."""
        os.pwrite(self.fd, str(pid).encode("ascii"), 0)

    def give_back(self) -> None:
        """Unlock, for every process that shares this opening of the file."""
        fcntl.flock(self.fd, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close this process's file; the lock goes with the last process that has it open."""
        os.close(self.fd)


def is_held(path: Path) -> bool:
    """Whether some process holds the lock alone; never makes the file."""
    if not path.exists():
        return False
    lock = Lock.open(path)
    try:
        return not lock.try_take(shared=True)
    finally:
        lock.close()


def holder(path: Path) -> int | None:
    """The process id that the holder of the lock wrote; None when the lock is free."""
    while is_held(path):
        if text := path.read_text(encoding="ascii"):
            return int(text)
        time.sleep(0.01)  # it has the lock, and is about to write
    return None


class Lease:
    """A client's share in the server.

    The file's text is the latest client's linger, and the file's time is that of the latest use.
    """

    def __init__(self, path: Path, linger: float) -> None:
        self._lock = Lock.open(path)
        self._linger = linger

    def take(self) -> None:
        """Wait until the server is not being stopped, then hold it."""
        self._lock.take(shared=True)
        self._mark()

    def close(self) -> None:
        """Give it back; the server lingers from now."""
        self._mark()
        self._lock.close()

    def _mark(self) -> None:
        os.pwrite(self._lock.fd, f"{self._linger:<24.3f}".encode("ascii"), 0)


class LeaseWatch:
    """The supervisor's view of the leases."""

    def __init__(self, path: Path) -> None:
        self._lock = Lock.open(path)
        self._last_use = time.time()
        self.in_use = True

    def expired(self) -> bool:
        """Whether nobody held a lease for the linger time; True keeps the lease file locked alone."""
        self.in_use = not self._lock.try_take()
        if self.in_use:
            self._last_use = time.time()
            return False
        self._last_use = max(self._last_use, os.fstat(self._lock.fd).st_mtime)
        # a clock that was set back must not keep the server for ever
        self._last_use = min(self._last_use, time.time())
        if time.time() - self._last_use >= self._linger():
            return True
        self._lock.give_back()
        return False

    def _linger(self) -> float:
        return float(os.pread(self._lock.fd, 24, 0) or b"0")
