"""Cursors: where a page of a sorted list ended, signed so that none can be made up.

A cursor holds the sort keys and the id of the last thing seen. It is bound to its list by a digest of
the field, its filters and its order: a cursor of another list is refused like a damaged one.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from typing import Final, cast

from kb.errors import UsageError

Key = str | int | float
_DIGEST: Final = 16
_LONGEST: Final = 2048


class CursorError(UsageError):
    """A cursor that was not handed out for this list."""

    def __init__(self) -> None:
        """Say what to do, and nothing of what was found."""
        super().__init__(
            "`after` or `before` is no cursor of this list: take it from a page with the same filters and "
            "order."
        )


@dataclass(frozen=True, slots=True)
class Cursors:
    """Writes and reads cursors; those of another secret are refused."""

    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def write(self, keys: tuple[Key, ...], of_list: str) -> str:
        """The cursor of the thing with these keys, its id the last of them."""
        body = json.dumps(keys, separators=(",", ":"), ensure_ascii=False).encode()
        return base64.urlsafe_b64encode(self._sign(body, of_list) + body).decode().rstrip("=")

    def read(self, cursor: str, of_list: str, count: int) -> tuple[Key, ...]:
        """The keys of a cursor of this list.

        Raises:
            CursorError: when the cursor is damaged, made up, or of another list.
        """
        if len(cursor) > _LONGEST or not cursor.isascii():
            raise CursorError
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except (binascii.Error, ValueError) as error:
            raise CursorError from error
        signature, body = raw[:_DIGEST], raw[_DIGEST:]
        if not hmac.compare_digest(signature, self._sign(body, of_list)):
            raise CursorError
        keys = cast("list[Key]", json.loads(body))
        if len(keys) != count:
            raise CursorError
        return tuple(keys)

    def _sign(self, body: bytes, of_list: str) -> bytes:
        bound = hashlib.sha256(of_list.encode()).digest() + body
        return hmac.new(self.secret, bound, hashlib.sha256).digest()[:_DIGEST]
