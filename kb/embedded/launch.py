"""Starts or joins the server of a home, and ends it.

A client that holds a lease takes the start lock, so that one client at a time does this. Under it the client
starts a supervisor if none is alive, and waits until Bolt answers a query. A supervisor that is just ending
is waited for, and a new one started.
"""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import kb
from kb.embedded.address import Address, answers
from kb.embedded.archive import archive_command, archive_flags, archive_plan
from kb.embedded.command import jvm_command
from kb.embedded.errors import StartError, StopError
from kb.embedded.fetch import ensure_jars
from kb.embedded.home import DATABASE, USER, Home, cache_folder
from kb.embedded.java import require_java
from kb.embedded.lease import Lock, holder, is_held
from kb.embedded.progress import Progress
from kb.embedded.state import Plan, State, free_port, read_state, state_file
from kb.embedded.trouble import why

START_TIME = 180.0  # seconds that a start may take on a busy machine
POLL = 0.05


def start_or_join(home: Home, progress: Progress) -> Address:
    """Where the home's server answers; it is started when it does not run.

    Raises a KbError when it cannot be started.
    """
    start = Lock.open(home.run / "start")
    try:
        start.take()
        return _wait_until_ready(home, progress)
    finally:
        start.close()


def end(home: Home, name: str, timeout: float) -> bool:
    """End the holder of a lock of the home, `supervisor` or `jvm`, cleanly; False when there was none.

    Raises StopError when it has not ended after `timeout` seconds.
    """
    path = home.run / name
    deadline = time.monotonic() + timeout
    if (pid := holder(path)) is None:
        return False
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    while is_held(path):
        if time.monotonic() > deadline:
            raise StopError(
                f"The Neo4j server of {home.path} has not stopped within {timeout:.0f} s: look into "
                f"{home.log}, or end the process {pid} yourself."
            )
        time.sleep(POLL)
    return True


def _wait_until_ready(home: Home, progress: Progress) -> Address:
    deadline = time.monotonic() + START_TIME
    log_start: int | None = None
    while time.monotonic() < deadline:
        if not is_held(home.run / "supervisor"):
            if log_start is not None:
                raise StartError(why(home, log_start))
            log_start = _spawn(home, progress)
        state = read_state(home)
        if state is not None and answers(address := _address(home, state)):
            return address
        time.sleep(POLL)
    raise StartError(
        f"Neo4j did not answer within {START_TIME:.0f} s: look into {home.server_log}, or run `kb down` "
        "and try again."
    )


def _address(home: Home, state: State) -> Address:
    return Address(f"bolt://127.0.0.1:{state.port}", USER, home.password(), DATABASE)


def _spawn(home: Home, progress: Progress) -> int:
    """Start a supervisor; where its part of the server's log begins."""
    java = require_java()
    jars = ensure_jars(cache_folder(), progress)
    # the JVM of a supervisor that was killed, where the kernel did not end it too
    end(home, "jvm", START_TIME)
    archive = archive_plan(cache_folder(), java, jars)
    command = jvm_command(java.program, jars, home.path, archive_flags(archive))
    # the same port again where it is free: a driver that still has the old address finds the server again
    previous = read_state(home)
    port = free_port(previous.port if previous else 0)
    state_file(home).unlink(missing_ok=True)
    home.write_login()
    home.put_logs_aside()
    progress.step("Starting Neo4j")
    log_start = home.server_log.stat().st_size if home.server_log.exists() else 0
    _run_supervisor(home, Plan(str(home.path), command, port, archive_command(archive)))
    return log_start


def _run_supervisor(home: Home, plan: Plan) -> None:
    with home.supervisor_log.open("ab") as log:
        done = subprocess.run(
            [sys.executable, "-m", "kb.embedded.supervisor", json.dumps(asdict(plan))],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=home.path,
            # Java reads paths with letters beyond ASCII only in a locale that has them
            env=os.environ | {"PYTHONPATH": str(Path(kb.__file__).parent.parent), "LC_ALL": "C.UTF-8"},
            start_new_session=True,
            check=False,
        )
    if done.returncode != 0:
        raise StartError(f"The process that keeps Neo4j could not start: {home.supervisor_log} says why.")
