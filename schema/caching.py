"""Answers that clients may keep: a tag that stays the same while the answer does.

An answer is told by the data's version, the day, what the URL asks, the form that it is sent in, and the
process, since another version of the program may answer otherwise.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from kb.graph.data_version import data_version
from schema.context import Context

VARY: Final = "Accept, Accept-Encoding"
_KEEP: Final = "no-cache"
"""A cache may keep the answer, and asks with its tag before it gives it again."""


@dataclass(frozen=True, slots=True)
class Tags:
    """Makes the entity tags of one process."""

    process: str = field(default_factory=secrets.token_hex)

    async def of(self, request: Request, context: Context, kind: str) -> str | None:
        """The strong tag of the answer to a GET in a media type; none when the data has no version.

        It is asked for before the answer is made: what is written meanwhile changes the next tag.
        """
        version = await data_version(context.reader)
        if version is None:
            return None
        # the middleware that compresses goes by it: each form is different bytes
        accepted = request.headers.get("accept-encoding", "")
        parts = (self.process, version, context.today().isoformat(), request.url.query, kind, accepted)
        return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def held(request: Request, tag: str) -> bool:
    """Whether the client says that it holds the answer with this tag."""
    told = request.headers.get("if-none-match", "").split(",")
    return tag in {one.strip().removeprefix("W/") for one in told}


def unchanged(tag: str) -> Response:
    """The answer to a client that holds the tag's answer."""
    return Response(status_code=304, headers={"etag": tag, "cache-control": _KEEP, "vary": VARY})


def keep(response: Response, tag: str) -> None:
    """Tell clients that they may keep an answer, and by which tag they ask for it again."""
    response.headers["cache-control"] = _KEEP
    response.headers["etag"] = tag
