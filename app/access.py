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
        if scope["type"] not in ("http", "websocket") or scope["path"].startswith(_OPEN):
            await self.app(scope, receive, send)
            return
        refused = self._refusal(scope)
        await (refused or self.app)(scope, receive, send)

    def _refusal(self, scope: Connection) -> Response | None:
        headers = Headers(scope=scope)
        told = headers.get("authorization", "")
        needed = _SCOPES.get(scope["path"], Scope.READ)
        guest = Guest(self, _address(scope))
        scope["state"] = {**scope.get("state", {}), "visitor": guest}
        if not _is_bearer(told):
            refused = self._anonymous(scope, headers, needed)
            guest.let_in = refused is None
            # a browser cannot send a token with a WebSocket's handshake: its first message is waited for
            return None if scope["type"] == "websocket" else refused
        token = self.holder(told)
        if token is None:
            return problem(401, "UNAUTHENTICATED", "The token is not known here.", _CHALLENGE)
        if needed not in token.scopes:
            return problem(403, "FORBIDDEN", f"The token '{token.name}' lacks the scope {needed}.")
        guest.token, guest.let_in = token, True
        scope["state"]["token"] = token
        return self._too_often(token.id, token.per_minute)

    def holder(self, authorization: str) -> Token | None:
        """The token that an `Authorization` header brings."""
        return self.access.tokens.holder(authorization.partition(" ")[2].strip())

    def _anonymous(self, scope: Connection, headers: Headers, needed: Scope) -> Response | None:
        if needed is not Scope.READ:
            message = f"This needs a token with the scope {needed}: `kb token create NAME --scope {needed}`."
            return problem(401, "UNAUTHENTICATED", message, _CHALLENGE)
        if self.access.open_read:
            return self._too_often(_address(scope), PER_MINUTE)
        if not self.access.loopback:
            message = "This needs a token: send it as `Authorization: Bearer …`."
            return problem(401, "UNAUTHENTICATED", message, _CHALLENGE)
        if not is_loopback(_name(headers.get("host", ""))):
            message = "Without a token this server answers to the names of this machine alone, as localhost."
            return problem(403, "FORBIDDEN", message)
        return None

    def counts(self, who: str, per_minute: int) -> bool:
        """Count one more request; false when there were too many."""
        return self._limiter.hit(RateLimitItemPerMinute(per_minute), who)

    def _too_often(self, who: str, per_minute: int) -> Response | None:
        if self.counts(who, per_minute):
            return None
        message = f"More than {per_minute} requests in a minute: wait a little."
        return problem(429, "TOO_MANY_REQUESTS", message, {"retry-after": "60"})


@dataclass(slots=True)
class Guest:
    """Who came through the door: by a token, or because reading is open, or still to show a token."""

    keeper: Doorkeeper
    address: str
    token: Token | None = None
    let_in: bool = False

    @property
    def may_read(self) -> bool:
        """Whether he was let in, by a token that has not been revoked since."""
        return self.let_in and (self.token is None or self.token in self.keeper.access.tokens.all())

    @property
    def may_ingest(self) -> bool:
        """Whether his token lets him hand documents over."""
        return self.token is not None and Scope.INGEST in self.token.scopes and self.may_read

    def admit(self, authorization: object) -> bool:
        """Whether he may read, given the token that a WebSocket's first message brings, if it brings one."""
        if authorization is not None:
            bearer = authorization if isinstance(authorization, str) and _is_bearer(authorization) else ""
            self.token = self.keeper.holder(bearer)
            self.let_in = self.token is not None and Scope.READ in self.token.scopes
        return self.let_in and self.counts()

    def counts(self) -> bool:
        """Count one more operation of a WebSocket; false when there were too many."""
        if self.token is not None:
            return self.keeper.counts(self.token.id, self.token.per_minute)
        return self.keeper.access.loopback or self.keeper.counts(self.address, PER_MINUTE)


def who(scope: Connection) -> str:
    """The name of the token that a request came with, for the log."""
    token: Token | None = scope.get("state", {}).get("token")
    return "anonymous" if token is None else token.name


def _is_bearer(authorization: str) -> bool:
    return authorization.partition(" ")[0].lower() == "bearer"


def _address(scope: Connection) -> str:
    client = scope.get("client")
    return client[0] if client else ""


def _name(host: str) -> str:
    """The name in a Host header, without the port."""
    return host[: host.find("]") + 1] if host.startswith("[") else host.partition(":")[0]
