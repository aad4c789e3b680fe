"""The process between the clients and the JVM: `python -m kb.embedded.supervisor PLAN`.

It belongs to no terminal and no client. It starts the JVM, writes the address down, and ends it when nobody
has held a lease for the linger time or when it is told to (SIGTERM). When the JVM dies by itself while
clients use it, or its database gives up, it is started again on the same port, a few times; when nobody uses
it, or it keeps dying, the supervisor ends, and the next client starts anew. When the supervisor itself is
killed, the kernel ends the JVM (`kb.embedded.orphan`).
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path

from kb.embedded.home import Home, write_private
from kb.embedded.lease import LeaseWatch, Lock
from kb.embedded.orphan import Guard, die_with_parent
from kb.embedded.state import Plan, State, is_listening, state_file
from kb.embedded.trouble import LogWatch

POLL = 0.25  # seconds between two looks at the leases and the JVM
STOP_TIME = 60.0  # seconds that a clean stop may take before the JVM is killed
SETTLED = 20.0  # seconds after a start before the background work begins: short-lived servers do none
RESTARTS = 5  # times in a row that a JVM which died under its clients is started again
STEADY = 60.0  # seconds of service after which the count begins anew


class Supervisor:
    """Runs one server, from the start to the clean stop."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._home = Home(Path(plan.home))
        self._leases = LeaseWatch(self._home.run / "lease")
        self._stop = threading.Event()
        self._served = False
        self._background: subprocess.Popen[bytes] | None = None
        signal.signal(signal.SIGTERM, lambda _number, _frame: self._stop.set())
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def run(self) -> None:
        """Serve until nobody needs the server, it is told to stop, or the JVM cannot be kept alive."""
        deaths = 0
        while deaths <= RESTARTS:
            started = time.monotonic()
            log = LogWatch(self._home.server_log)
            jvm = self._start()
            guard = Guard(jvm.pid)
            self._watch(jvm, log)
            state_file(self._home).unlink(missing_ok=True)
            self._end_background()
            if jvm.poll() is None:
                self._end(jvm)
            guard.release()
            self._say(f"the JVM ended with code {jvm.returncode}")
            if self._stop.is_set() or not (self._served and self._leases.in_use):
                return
            deaths = 1 if time.monotonic() - started > STEADY else deaths + 1

    def _start(self) -> "subprocess.Popen[bytes]":
        self._served = False
        self._home.write_configuration(self._plan.port)
        alive = Lock.open(self._home.run / "jvm")
        alive.take()
        alive.clear()
        with self._home.server_log.open("ab") as log:
            jvm = subprocess.Popen(
                self._plan.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._home.path,
                pass_fds=(alive.fd,),
                preexec_fn=die_with_parent,  # noqa: PLW1509 - this process has one thread
            )
        alive.write_pid(jvm.pid)
        alive.close()
        state = State(self._plan.port, jvm.pid, time.time())
        write_private(state_file(self._home), json.dumps(asdict(state)))
        self._say(f"started the JVM {jvm.pid} on port {state.port}")
        return jvm

    def _watch(self, jvm: "subprocess.Popen[bytes]", log: LogWatch) -> None:
        """Wait until the JVM has died, nobody needs it any more, or it is to be stopped.

        One whose database has given up would take long to stop and has nothing left to do: it is killed.
        """
        started = time.monotonic()
        while not (self._stop.wait(POLL) or self._leases.expired() or jvm.poll() is not None):
            if log.given_up():
                self._say("the database has given up")
                jvm.kill()
                jvm.wait()
                return
            self._served = self._served or is_listening(self._plan.port)
            if self._served and time.monotonic() - started > SETTLED:
                self._begin_background()

    def _begin_background(self) -> None:
        if self._background is None and self._plan.background:
            self._background = subprocess.Popen(
                self._plan.background,
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - this process has one thread
            )

    def _end_background(self) -> None:
        if self._background is not None:
            self._background.terminate()
            self._background.wait()

    def _end(self, jvm: subprocess.Popen[bytes]) -> None:
        jvm.terminate()
        try:
            jvm.wait(STOP_TIME)
        except subprocess.TimeoutExpired:
            jvm.kill()
            jvm.wait()

    def _say(self, text: str) -> None:
        sys.stderr.write(f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')} {text}\n")
        sys.stderr.flush()


def main() -> None:
    """Take the supervisor's lock, leave the client behind, and run the plan on the command line."""
    plan = Plan(**json.loads(sys.argv[1]))
    lock = Lock.open(Home(Path(plan.home)).run / "supervisor")
    lock.take()
    lock.clear()
    # The client waits for this first process only. The second keeps the lock, and is nobody's child.
    if os.fork() > 0:
        os._exit(0)
    lock.write_pid(os.getpid())
    Supervisor(plan).run()


if __name__ == "__main__":
    main()
