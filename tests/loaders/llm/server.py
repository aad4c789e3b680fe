"""A chat completions server on a real socket, well-behaved or not, as a test asks."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[["Handler"], None]


@dataclass(frozen=True)
class Request:
    """What the server was sent."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def question(self) -> str:
        return self.body["messages"][-1]["content"]

    @property
    def format(self) -> str:
        return self.body.get("response_format", {"type": "text"})["type"]


Script = Callable[[Request, int], Reply]


@dataclass
class Server:
    """Answers each request by its script, which gets the request and how many came before it."""

    url: str
    script: Script
    requests: list[Request] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    told: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        request = Request(self.path, dict(self.headers.items()), body)
        with self.told.lock:
            number = len(self.told.requests)
            self.told.requests.append(request)
            self.told.at_once += 1
            self.told.most_at_once = max(self.told.most_at_once, self.told.at_once)
        try:
            self.told.script(request, number)(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client has had enough, as some tests want
        finally:
            with self.told.lock:
                self.told.at_once -= 1

    def do_GET(self) -> None:
        self.do_POST()

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Say nothing."""

    def send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(script: Script) -> Iterator[Server]:
    """The server, until the block ends."""
    handler = type("Told", (Handler,), {})
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    http.daemon_threads = True
    http.block_on_close = False
    server = Server(f"http://127.0.0.1:{http.server_address[1]}/v1", script)
    handler.told = server
    thread = threading.Thread(target=lambda: http.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()


def says(content: object, *, finish: str = "stop", tokens: int | None = 100, **message: object) -> Reply:
    """A completion whose words are these; a list is sent as the facts that are asked for."""
    words = json.dumps({"facts": content}) if isinstance(content, list) else content
    return completes(words, finish=finish, tokens=tokens, **message)


def completes(content: object, *, finish: str = "stop", tokens: int | None = 100, **message: object) -> Reply:
    """A completion with just this content."""
    usage = {} if tokens is None else {"usage": {"prompt_tokens": tokens - 1, "total_tokens": tokens}}
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": content, **message},
        "finish_reason": finish,
    }
    return body({"id": "c1", "object": "chat.completion", "choices": [choice], **usage})


def body(content: object, status: int = 200, media_type: str = "application/json", **headers: str) -> Reply:
    """An answer with this body, as JSON unless it is bytes."""
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.send(status, data, {"Content-Type": media_type, **named})


def refuses(status: int, message: str = "no", kind: str = "invalid_request_error", **headers: str) -> Reply:
    """An error in the form that most servers give it."""
    return body({"error": {"message": message, "type": kind}}, status, **headers)


def streams(*pieces: str, finish: str | None = "stop", done: bool = False) -> Reply:
    """The same completion as a stream of events; `done` ends it, whether it has a reason or not."""
    return body(events(*pieces, finish=finish, done=done), media_type="text/event-stream")


def events(*pieces: str, finish: str | None = "stop", done: bool = True) -> bytes:
    """The words of a stream."""
    chunks: list[dict[str, Any]] = [{"choices": [{"index": 0, "delta": {"content": one}}]} for one in pieces]
    if finish is not None:
        chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
    lines = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks]
    return "".join([*lines, *(["data: [DONE]\n\n"] if done else [])]).encode()


def resets(handler: Handler) -> None:
    """Break the connection off with a reset."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.close_connection = True
    handler.connection.close()


def breaks_off(handler: Handler) -> None:
    """Promise more than is sent."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')
    handler.close_connection = True


def drips(handler: Handler) -> None:
    """A byte now and then, each in time, without end."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    for _ in range(400):
        handler.wfile.write(b" ")
        time.sleep(0.02)


def drips_headers(handler: Handler) -> None:
    """The same before the body begins."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(400):
        handler.wfile.write(b"a")
        time.sleep(0.02)


def never_ends(handler: Handler) -> None:
    """As many bytes as anybody takes."""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    block = b" " * 2**16
    for _ in range(10_000):
        handler.wfile.write(b"10000\r\n" + block + b"\r\n")


def speaks_something_else(handler: Handler) -> None:
    """No HTTP at all."""
    handler.wfile.write(b"220 mail.example ESMTP\r\n")
    handler.close_connection = True
