"""The servers under measurement as child processes: ours as `kb serve` starts it, and the peer."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil

from kb.embedded import Address

ROOT: Final = Path(__file__).resolve().parent.parent
PEER: Final = ROOT / "bench" / "peer"
_START_SECONDS: Final = 90.0


class Refused(Exception):  # noqa: N818  # what it is, not that it is one
    """An answer with errors in place of data."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers GraphQL on a port of the loopback address."""

    name: str
    port: int
    path: str
    process: psutil.Process

    def ask(self, text: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """The data of one answer.

        Raises:
            Refused: when the answer has errors.
        """
        body = json.dumps({"query": text, "variables": variables}).encode()
        request = urllib.request.Request(  # loopback
            f"http://127.0.0.1:{self.port}{self.path}", body, {"content-type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
                told = json.loads(answer.read())
        except urllib.error.HTTPError as error:
            told = json.loads(error.read())
        if told.get("errors"):
            raise Refused(f"{self.name} answers {variables} with {json.dumps(told['errors'])[:500]}")
        return told["data"]


def end_when_told() -> None:
    """Let a SIGTERM unwind as Ctrl-C does, so that no child stays behind."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def missing_tools(*names: str) -> Sequence[str]:
    """Which of these programs are not on PATH."""
    return [name for name in names if shutil.which(name) is None]


@contextmanager
def our_server(checkout: Path, address: Address) -> Generator[Server]:
    """`kb serve` of a checkout over this graph, one process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "PYTHONPATH": str(checkout),
        "KB_NEO4J_URI": address.uri,
        "KB_NEO4J_USER": address.user,
        "KB_NEO4J_PASSWORD": address.password,
        "KB_NEO4J_DATABASE": address.database,
    }
    command = [sys.executable, "-m", "app", "serve", "--port", str(port)]
    with _child(command, environment, checkout, stdout=subprocess.DEVNULL) as process:
        _await_port(process, port)
        yield Server("ours", port, "/graphql", psutil.Process(process.pid))


@contextmanager
def peer_server(address: Address) -> Generator[Server]:
    """`@neo4j/graphql` with Apollo Server over this graph, one process."""
    environment = os.environ | _login(address) | {"NODE_ENV": "production"}
    with _child(["node", "server.js"], environment, PEER, stdout=subprocess.PIPE) as process:
        line = process.stdout.readline() if process.stdout else ""
        if not line.strip().isdigit():
            raise SystemExit("The peer did not start: its own message stands above.")
        yield Server("peer", int(line), "/", psutil.Process(process.pid))


@contextmanager
def _child(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, *, stdout: int
) -> Generator[subprocess.Popen[str]]:
    process = subprocess.Popen(command, env=environment, cwd=folder, stdout=stdout, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _await_port(process: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as there:
            there.settimeout(1)
            if there.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise SystemExit("Our server did not start: its own message stands above.")


class Worker:
    """A child that takes one line of JSON and gives one, until its input ends."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        """Start it."""
        self._child = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.process = psutil.Process(self._child.pid)

    def order(self, **order: Any) -> Any:  # noqa: ANN401
        """Give an order and wait for what it gives back; exits where answers had errors."""
        if self._child.stdin is None or self._child.stdout is None:
            raise AssertionError("unreachable: both are pipes")
        self._child.stdin.write(json.dumps(order) + "\n")
        self._child.stdin.flush()
        line = self._child.stdout.readline()
        if not line:
            raise SystemExit("The process that asks ended: its own message stands above.")
        return json.loads(line)

    def __enter__(self) -> "Worker":
        """It has started already."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        if self._child.stdin is not None:
            self._child.stdin.close()
        self._child.wait(30)


def load() -> Worker:
    """The load generator, the same for both servers."""
    return Worker(["node", "load.js"], PEER, os.environ)


def official_driver(address: Address) -> Worker:
    """The driver in a process of its own, which is server and load in one."""
    environment = os.environ | _login(address) | {"PYTHONPATH": str(ROOT)}
    return Worker([sys.executable, "-m", "bench.graph_driver"], ROOT, environment)


def _login(address: Address) -> Mapping[str, str]:
    return {"NEO4J_URI": address.uri, "NEO4J_USER": address.user, "NEO4J_PASSWORD": address.password}
