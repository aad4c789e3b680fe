"""Who may ask what: a request is let through by its token's scopes and rate, or because reading is open.

Reading is open on loopback, where only this machine asks, to requests that name it by a loopback name, so
that a page of another site cannot read through a name of its own that leads here. Elsewhere it needs a token,
unless KB_OPEN_READ says that something in front looks after that. Cypher and ingest need a token everywhere.
"""

import ipaddress
from dataclasses import dataclass, field
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Connection

from app.problems import problem
from app.tokens import PER_MINUTE, Scope, Token, TokenFile

_OPEN: Final = ("/health/", "/static/")
_SCOPES: Final = {"/cypher": Scope.CYPHER}
_CHALLENGE: Final = {"www-authenticate": "Bearer"}


@dataclass(frozen=True, slots=True)
class Access:
    """How a server lets requests in; `loopback` says that it listens on this machine alone."""

    tokens: TokenFile
    loopback: bool
    open_read: bool = False


def is_loopback(host: str) -> bool:
    """Whether an address or name is that of this machine to itself."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(slots=True)
class Doorkeeper:
    """ASGI middleware that answers 401, 403 or 429 where `Access` lets nobody through."""

    app: ASGIApp
    access: Access
    _limiter: MovingWindowRateLimiter = field(
        default_factory=lambda: MovingWindowRateLimiter(MemoryStorage())
    )

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or scope["path"].startswith(_OPEN):
            await self.app(scope, receive, send)
            return
        refused = self._refusal(scope)
        await (refused or self.app)(scope, receive, send)

    def _refusal(self, scope: Connection) -> Response | None:
        headers = Headers(scope=scope)
        kind, _, secret = headers.get("authorization", "").partition(" ")
        needed = _SCOPES.get(scope["path"], Scope.READ)
        if kind.lower() != "bearer":
            return self._anonymous(scope, headers, needed)
        token = self.access.tokens.holder(secret.strip())
        if token is None:
            return problem(401, "UNAUTHENTICATED", "The token is not known here.", _CHALLENGE)
        if needed not in token.scopes:
            return problem(403, "FORBIDDEN", f"The token '{token.name}' lacks the scope {needed}.")
        scope["state"] = {**scope.get("state", {}), "token": token}
        return self._too_often(token.id, token.per_minute)

    def _anonymous(self, scope: Connection, headers: Headers, needed: Scope) -> Response | None:
        if needed is not Scope.READ:
            message = f"This needs a token with the scope {needed}: `kb token create NAME --scope {needed}`."
            return problem(401, "UNAUTHENTICATED", message, _CHALLENGE)
        if self.access.open_read:
            client = scope.get("client")
            return self._too_often(client[0] if client else "", PER_MINUTE)
        if not self.access.loopback:
            message = "This needs a token: send it as `Authorization: Bearer …`."
            return problem(401, "UNAUTHENTICATED", message, _CHALLENGE)
        if not is_loopback(_name(headers.get("host", ""))):
            message = "Without a token this server answers to the names of this machine alone, as localhost."
            return problem(403, "FORBIDDEN", message)
        return None

    def _too_often(self, who: str, per_minute: int) -> Response | None:
        if self._limiter.hit(RateLimitItemPerMinute(per_minute), who):
            return None
        message = f"More than {per_minute} requests in a minute: wait a little."
        return problem(429, "TOO_MANY_REQUESTS", message, {"retry-after": "60"})


def who(scope: Connection) -> str:
    """The name of the token that a request came with, for the log."""
    token: Token | None = scope.get("state", {}).get("token")
    return "anonymous" if token is None else token.name


def _name(host: str) -> str:
    """The name in a Host header, without the port."""
    return host[: host.find("]") + 1] if host.startswith("[") else host.partition(":")[0]
