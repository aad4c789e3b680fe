"""The application on a real socket, for what a client that is no browser can do to it."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from app.access import Access
from app.jobs import Ingesting
from app.tokens import Scope, TokenFile
from app.web import create_app, listen, server_config
from kb.embedded import Address


def access(folder: Path, *, loopback: bool = True, open_read: bool = False) -> Access:
    """Access by the tokens of a folder."""
    return Access(TokenFile(folder / "tokens.json"), loopback, open_read)


def bearer(folder: Path, *scopes: Scope, per_minute: int = 1000) -> dict[str, str]:
    """The header of a new token with these scopes."""
    name = "+".join(scopes) or "nothing"
    return {"authorization": f"Bearer {access(folder).tokens.create(name, scopes, per_minute)}"}


@contextmanager
def served(
    address: Address, allowed: Access, ingesting: Ingesting | None = None, origins: Sequence[str] = ()
) -> Iterator[int]:
    """The port of the application while the block runs."""
    listener = listen("127.0.0.1", 0)
    app = create_app(address, allowed, origins=origins, ingesting=ingesting)
    server = uvicorn.Server(server_config(app, "critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
