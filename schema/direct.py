"""Queries over HTTP that need nothing of Strawberry: read, executed and written in few steps.

Whatever is out of the ordinary about a request (its form, its media type, an operation that is no valid
query) is left for Strawberry's router, which answers or refuses it.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final, cast

import orjson
from starlette.requests import Request
from starlette.responses import Response

from schema.caching import VARY
from schema.context import Context
from schema.execution.executor import Answer, Executor

RESPONSE_TYPE: Final = "application/graphql-response+json"

Watch = Callable[[str, str | None, int | None], AbstractContextManager[Callable[[], None]]]
"""What an operation is executed within, by its text, its name and its cost, where that is known.

The value is called where the answer tells errors.
"""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a request asks."""

    text: str
    name: str | None
    variables: Mapping[str, Any]


def media_type(request: Request) -> str:
    """The media type that the client gets its answer in."""
    return RESPONSE_TYPE if RESPONSE_TYPE in request.headers.get("accept", "") else "application/json"


async def direct_answer(
    request: Request, context: Context, executor: Executor, watch: Watch, longest: int
) -> Response | None:
    """The answer to a request whose body has been read; none where it is for Strawberry.

    The operation is executed within `watch`. Texts have `longest` characters at most.
    """
    asked = await _asked(request)
    if asked is None or len(asked.text) > longest:
        return None
    bound = executor.bind(asked.text, asked.name, asked.variables)
    if bound is None:
        return None
    with watch(asked.text, asked.name, bound.cost) as failed:
        answer = await executor.run(bound, context)
        if answer.errors:
            failed()
    return _response(answer, media_type(request))


async def _asked(request: Request) -> _Asked | None:
    if request.method == "GET":
        given = request.query_params
        if "extensions" in given:
            return None
        told = given.get("variables")
        return _checked(given.get("query"), given.get("operationName"), _json(told) if told else None)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return None
    body = _json(await request.body())
    if not isinstance(body, dict):
        return None
    body = cast("dict[str, object]", body)
    if not isinstance(body.get("extensions"), dict | None):
        return None
    return _checked(body.get("query"), body.get("operationName"), body.get("variables"))


def _json(told: str | bytes) -> object:
    """What a text holds; it stands for itself where it is no JSON, and so is no object."""
    try:
        return json.loads(told)
    except (ValueError, RecursionError):
        return told


def _checked(text: object, name: object, variables: object) -> _Asked | None:
    if not isinstance(text, str) or not text or not isinstance(name, str | None):
        return None
    if variables is None:
        return _Asked(text, name, {})
    return _Asked(text, name, cast("dict[str, Any]", variables)) if isinstance(variables, dict) else None


def _response(answer: Answer, kind: str) -> Response:
    headers = {"content-type": f"{kind}; charset=utf-8", "vary": VARY}
    if not answer.errors:
        return Response(orjson.dumps({"data": answer.data}), headers=headers)
    headers["cache-control"] = "no-store"
    told = {"data": answer.data, "errors": [error.formatted for error in answer.errors]}
    # an error may hold what only the standard library can write
    return Response(json.dumps(told), headers=headers)
