"""Bolt's messages as bytes: requests written, answers read.

The values in them are encoded and decoded by the official driver, in Rust where its extension is there, so
that they are the same objects. These parts of it are not public: its version is pinned, and tests compare the
answers of both.
"""

from collections.abc import Mapping
from typing import Any, Final, cast

import neo4j
from neo4j._codec.hydration.bolt.v2 import HydrationHandler
from neo4j._codec.packstream._common import PackableBuffer, UnpackableBuffer
from neo4j._codec.packstream.v1 import Packer, Unpacker
from neo4j.exceptions import Neo4jError

from kb.embedded import Address

GREETING: Final = b"\x60\x60\xb0\x17" + b"\x00\x02\x06\x05" + bytes(12)
"""Bolt's magic number, and the versions to choose from: 5.4 to 5.6, which tell errors by code and message."""
SUCCESS: Final = 0x70
RECORD: Final = 0x71
IGNORED: Final = 0x7E
FAILURE: Final = 0x7F

_END: Final = b"\x00\x00"
_CHUNK: Final = 0xFFFF
_HELLO: Final = 0x01
_LOGON: Final = 0x6A
_RUN: Final = 0x10
_PULL_ALL: Final = b"\x00\x06\xb1\x3f\xa1\x81n\xff" + _END
_MOST_FIELDS: Final = 0xF

_SCOPE: Final = HydrationHandler().new_hydration_scope()
_DEHYDRATION: Final = cast("Any", Packer)._inject_hooks(_SCOPE.dehydration_hooks)


def chosen(answer: bytearray) -> bool:
    """Whether the server speaks one of the versions of the greeting, by the four bytes that it answers."""
    return answer[3] == GREETING[7] and GREETING[6] - GREETING[5] <= answer[2] <= GREETING[6]


def opening(address: Address, agent: str) -> bytes:
    """The messages that begin a connection: who is there, and by which password."""
    hello = {
        "user_agent": agent,
        "bolt_agent": {"product": f"neo4j-python/{neo4j.__version__}"},
        "notifications_minimum_severity": "OFF",
    }
    login = {"scheme": "basic", "principal": address.user, "credentials": address.password}
    return _message(_HELLO, hello) + _message(_LOGON, login)


def query(text: str, parameters: Mapping[str, object], database: str, seconds: float) -> bytes:
    """The messages of one auto-commit query in read access mode, of which all records are asked for.

    Raises:
        TypeError, ValueError, OverflowError: for a parameter that is no value of the database.
    """
    extra = {"mode": "r", "db": database, "tx_timeout": int(seconds * 1000)}
    return _message(_RUN, text, dict(parameters), extra) + _PULL_ALL


def _message(tag: int, *fields: object) -> bytes:
    buffer = PackableBuffer()
    packer = cast("Any", Packer(buffer))
    for one in fields:
        packer._pack(one, _DEHYDRATION)
    body = bytes((0xB0 | len(fields), tag)) + buffer.data
    if len(body) <= _CHUNK:
        return len(body).to_bytes(2) + body + _END
    parts = (body[at : at + _CHUNK] for at in range(0, len(body), _CHUNK))
    return b"".join(len(part).to_bytes(2) + part for part in parts) + _END


def field_of(message: bytearray) -> Any:  # noqa: ANN401  # what the server says
    """The one field of an answer: a map, or the values of a record; none where there is no field."""
    if not message[0] & _MOST_FIELDS:
        return None
    buffer = UnpackableBuffer.__new__(UnpackableBuffer)
    buffer.data, buffer.used, buffer.p = message, len(message), 2
    return Unpacker(buffer).unpack(_SCOPE.hydration_hooks)


def error_of(told: Mapping[str, object]) -> Neo4jError:
    """The driver's error for what a failure tells."""
    return cast("Any", Neo4jError)._hydrate_neo4j(code=told.get("code"), message=told.get("message"))


class Reassembly:
    """Messages, out of the chunks that they come in."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._unread = bytearray()
        self._message = bytearray()

    def messages(self, data: bytes) -> list[bytearray]:
        """The messages that end in this data; the server keeps a connection alive by empty ones, left out."""
        unread = self._unread
        unread += data
        found: list[bytearray] = []
        at, end = 0, len(unread)
        while at + 2 <= end:
            size = unread[at] << 8 | unread[at + 1]
            if at + 2 + size > end:
                break
            at += 2
            if size:
                self._message += unread[at : at + size]
                at += size
            elif self._message:
                found.append(self._message)
                self._message = bytearray()
        del unread[:at]
        return found
