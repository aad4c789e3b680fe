"""A web server on a real socket, with pages that a test gives, and a look at where this process connects."""

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Page = Callable[[BaseHTTPRequestHandler], None]


def page(body: bytes, kind: str = "text/html", status: int = 200, **headers: str) -> Page:
    """A page with these bytes; `content_encoding="gzip"` is a header."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("content-type", kind)
        request.send_header("content-length", str(len(body)))
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def redirect(location: str, status: int = 302) -> Page:
    return page(b"", status=status, location=location)


def versioned(body: bytes, kind: str = "text/html", **headers: str) -> Page:
    """A page that is given only to who does not have it, as its `etag` or `last_modified` tells."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        named, since = (request.headers.get(name) for name in ("if-none-match", "if-modified-since"))
        had = named == headers.get("etag") if named is not None else since == headers.get("last_modified")
        not_modified = had and (named or since) is not None
        (page(b"", kind, 304, **headers) if not_modified else page(body, kind, **headers))(request)

    return answer


@dataclass
class Site:
    """The server's port, and the requests that it got."""

    port: int
    requests: list[Mapping[str, str]] = field(default_factory=list)

    def url(self, path: str, host: str = "site.test") -> str:
        return f"http://{host}:{self.port}{path}"


@contextmanager
def serving(pages: Mapping[str, Page]) -> Iterator[Site]:
    """Serve the pages while the block runs."""
    site = Site(0)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.requests.append(
                {name.lower(): value for name, value in self.headers.items()} | {"path": self.path}
            )
            with suppress(BrokenPipeError, ConnectionResetError):  # the client had enough
                pages.get(self.path, page(b"no such page", status=404))(self)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


_SEEN: list[list[Any]] = []


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        for seen in _SEEN:
            seen.append(arguments[1])


_HOOKED: list[bool] = []


@contextmanager
def connections() -> Iterator[list[Any]]:
    """The addresses that this process connects to while the block runs."""
    if not _HOOKED:
        sys.addaudithook(_note)  # stays for the life of the process
        _HOOKED.append(True)
    seen: list[Any] = []
    _SEEN.append(seen)
    try:
        yield seen
    finally:
        _SEEN.remove(seen)
