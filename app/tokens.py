"""Tokens: who may do what on a server that others reach.

A token is shown once, when it is made. The file holds its SHA-256 alone, which is enough for a secret of 256
random bits, and is compared in constant time. The file is read again when it changes.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from kb.embedded.home import write_private
from kb.errors import SetupError, UsageError

PER_MINUTE: Final = 600
_NOBODY: Final = hashlib.sha256(b"").hexdigest()


class Scope(StrEnum):
    """What a token lets its holder do."""

    READ = "read"
    INGEST = "ingest"
    CYPHER = "cypher"


@dataclass(frozen=True, slots=True)
class Token:
    """One token as it is kept: everything but the secret."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    per_minute: int
    sha256: str


_TOKENS: Final = TypeAdapter(list[Token])


class TokenFile:
    """The tokens of one file; one that is not there holds none."""

    def __init__(self, path: Path) -> None:
        """Read nothing yet."""
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._tokens: Mapping[str, Token] = {}

    def all(self) -> list[Token]:
        """The tokens there are now.

        Raises:
            SetupError: when the file holds something else.
        """
        return list(self._current().values())

    def holder(self, presented: str) -> Token | None:
        """The token that this secret belongs to."""
        token = self._current().get(presented.removeprefix("kb_").partition("_")[0])
        kept = _NOBODY if token is None else token.sha256
        same = hmac.compare_digest(kept, _digest(presented))
        return token if same else None

    def create(self, name: str, scopes: Iterable[Scope], per_minute: int) -> str:
        """Add a token; its secret, which is kept nowhere.

        Raises:
            UsageError: when the name is taken.
        """
        tokens = self.all()
        if any(token.name == name for token in tokens):
            raise UsageError(f"There is a token '{name}': revoke it first, or choose another name.")
        number = secrets.token_hex(4)
        secret = f"kb_{number}_{secrets.token_urlsafe(32)}"
        token = Token(number, name, tuple(sorted(set(scopes))), per_minute, _digest(secret))
        self._write([*tokens, token])
        return secret

    def revoke(self, name: str) -> None:
        """Take a token away.

        Raises:
            UsageError: when there is none of this name.
        """
        tokens = self.all()
        left = [token for token in tokens if token.name != name]
        if len(left) == len(tokens):
            names = ", ".join(token.name for token in tokens) or "none"
            raise UsageError(f"There is no token '{name}'; these are: {names}.")
        self._write(left)

    def _current(self) -> Mapping[str, Token]:
        try:
            found = self._path.stat()
            stamp = (found.st_mtime_ns, found.st_size)
            if stamp != self._stamp:
                self._tokens = _parse(self._path.read_text(encoding="utf-8"))
                self._stamp = stamp
        except FileNotFoundError:
            self._tokens, self._stamp = {}, None
        except (OSError, UnicodeDecodeError, ValidationError) as error:
            raise SetupError(
                f"{self._path} holds no tokens that can be read: mend it, or move it away and make tokens "
                "with `kb token create`."
            ) from error
        return self._tokens

    def _write(self, tokens: Iterable[Token]) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(self._path, json.dumps([asdict(token) for token in tokens], indent=2) + "\n")


def _parse(text: str) -> Mapping[str, Token]:
    return {token.id: token for token in _TOKENS.validate_json(text)}


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
