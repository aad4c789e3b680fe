"""Leases: held by the living, given back by the dead, and counted down from the last use."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from kb.embedded.lease import Lease, LeaseWatch, Lock, holder, is_held
from kb.embedded.orphan import Guard
from tests.kb.embedded.conftest import eventually, is_gone

HOLD = """
import sys, time
from pathlib import Path
from kb.embedded.lease import Lease
lease = Lease(Path(sys.argv[1]), 0)
lease.take()
print("held", flush=True)
time.sleep(60)
"""
GUARD = """
import subprocess, time
from kb.embedded.orphan import Guard
child = subprocess.Popen(["sleep", "60"])
guard = Guard(child.pid, needed=True)
print(child.pid, flush=True)
time.sleep(60)
"""


def test_a_held_lease_never_expires(tmp_path: Path) -> None:
    lease = Lease(tmp_path / "lease", 0)
    lease.take()
    assert not LeaseWatch(tmp_path / "lease").expired()
    lease.close()


def test_a_lease_expires_when_its_linger_is_over(tmp_path: Path) -> None:
    lease, watch = Lease(tmp_path / "lease", 0.3), LeaseWatch(tmp_path / "lease")
    lease.take()
    lease.close()
    assert not watch.expired()
    time.sleep(0.35)
    assert watch.expired()


def test_the_latest_client_says_how_long_the_server_lingers(tmp_path: Path) -> None:
    watch = LeaseWatch(tmp_path / "lease")
    for linger in (600, 0):
        lease = Lease(tmp_path / "lease", linger)
        lease.take()
        lease.close()
    assert watch.expired()


def test_a_lease_is_given_back_by_kill_9(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "lease")], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        watch = LeaseWatch(tmp_path / "lease")
        assert not watch.expired()
        process.kill()
    assert watch.expired()


def test_an_expired_lease_keeps_clients_waiting_until_the_supervisor_has_ended(tmp_path: Path) -> None:
    (tmp_path / "lease").write_text("0")
    os.utime(tmp_path / "lease", (0, 0))
    watch = LeaseWatch(tmp_path / "lease")
    assert eventually(watch.expired, 5)
    assert is_held(tmp_path / "lease")


def test_a_lock_file_left_by_the_dead_names_nobody(tmp_path: Path) -> None:
    lock = Lock.open(tmp_path / "supervisor")
    lock.take()
    lock.write_pid(1)
    assert holder(tmp_path / "supervisor") == 1
    lock.close()
    assert holder(tmp_path / "supervisor") is None


def test_where_the_kernel_does_not_a_guard_ends_the_child_of_a_killed_process() -> None:
    with subprocess.Popen([sys.executable, "-c", GUARD], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        process.kill()
    assert eventually(lambda: is_gone(child), 10)


def test_a_released_guard_leaves_the_child_alone() -> None:
    with subprocess.Popen(["sleep", "60"]) as child:
        Guard(child.pid, needed=True).release()
        time.sleep(0.2)
        assert child.poll() is None
        child.send_signal(signal.SIGTERM)
