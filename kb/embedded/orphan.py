"""Ends the JVM when its supervisor is killed.

On Linux the kernel does it (PR_SET_PDEATHSIG). Elsewhere a sleeping `sh` holds the end of a pipe whose other
end is in the supervisor: it wakes when the supervisor is gone, and kills the JVM.
"""

import ctypes
import os
import signal
import subprocess
import sys

PR_SET_PDEATHSIG = 1
LINUX = sys.platform == "linux"
# loaded before any fork: between fork and exec nothing may be imported
_libc = ctypes.CDLL(None) if LINUX else None


def die_with_parent() -> None:
    """Run in the child before its program starts: the kernel kills it when the parent dies (Linux)."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Guard:
    """Kills `pid` when this process dies, where the kernel does not; `release` it once `pid` has ended."""

    def __init__(self, pid: int, *, needed: bool = not LINUX) -> None:
        self._watcher = self._start(pid) if needed else None

    @staticmethod
    def _start(pid: int) -> "subprocess.Popen[bytes]":
        # the writing end is not inherited: it closes when, and only when, this process dies
        read, _write = os.pipe()
        script = 'read -r line; kill -KILL "$1"'
        try:
            return subprocess.Popen(
                ["/bin/sh", "-c", script, "sh", str(pid)], stdin=read, start_new_session=True
            )
        finally:
            os.close(read)

    def release(self) -> None:
        """Stop watching."""
        if self._watcher is not None:
            self._watcher.kill()
            self._watcher.wait()
