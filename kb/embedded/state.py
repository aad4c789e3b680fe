"""What client and supervisor tell each other: the plan on the command line, the state in a file, the port."""

import json
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kb.embedded.home import Home


@dataclass(frozen=True, slots=True)
class Plan:
    """What the client that starts the server has found out."""

    home: str
    command: list[str]
    port: int
    background: list[str]  # run once, beside the server, and ended with it; may be empty


@dataclass(frozen=True, slots=True)
class State:
    """What the supervisor tells the clients; valid while the supervisor's lock is held."""

    port: int
    pid: int
    since: float


def state_file(home: Home) -> Path:
    """Where the state of the running server is written."""
    return home.run / "server.json"


def read_state(home: Home) -> State | None:
    """The state that a supervisor wrote, if any; check its lock before you believe it."""
    # a file that a power cut emptied, or that another version wrote, tells nothing
    with suppress(FileNotFoundError, ValueError, TypeError):
        return State(**json.loads(state_file(home).read_text(encoding="utf-8")))
    return None


def free_port(preferred: int = 0) -> int:
    """The preferred port of the loopback address if it is free, else another that is."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")


def is_listening(port: int) -> bool:
    """Whether something accepts connections on this port of the loopback address."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
