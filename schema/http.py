"""GraphQL over HTTP: one router for queries by POST and GET, GraphiQL's page, and the examples.

It answers as the GraphQL-over-HTTP specification asks: a request that cannot be executed is a 400 with
no `data` where the client accepts `application/graphql-response+json`, and a 200 with the legacy type.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any, Final, cast

import orjson
from cross_web import AsyncHTTPRequestAdapter, HTTPException
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from strawberry import Schema
from strawberry.fastapi import GraphQLRouter
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.http.base import BaseRequestProtocol
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult

from kb.surrogates import escaped
from schema.caching import VARY, Tags, held, keep, unchanged
from schema.context import Context
from schema.core import core_schema
from schema.direct import RESPONSE_TYPE, Watch, direct_answer, media_type
from schema.examples import examples
from schema.execution.executor import Executor
from schema.limits import beyond_limits
from schema.seats import Seats
from schema.websocket import INIT_TIMEOUT, MOST_AT_ONCE, MOST_CONNECTIONS, Handler, admit

MAX_BODY: Final = 32 * 1024
MAX_INGEST_BODY: Final = 8 * 2**20
"""For who may hand documents over, whose texts come as variables; a query is not longer for that."""
_STASH: Final = "__answer"

PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""GraphiQL's editor sets inline styles; scripts come from this host alone."""


def _unwatched(text: str, name: str | None, cost: int | None) -> AbstractContextManager[Callable[[], None]]:  # noqa: ARG001  # as `Watch` has it
    return nullcontext(lambda: None)


class Router(GraphQLRouter[Context, None]):
    """Strawberry's router with a bounded body, strict requests, and the specification's status codes."""

    graphql_transport_ws_handler_class = Handler

    def __init__(
        self,
        schema: Schema,
        path: str,
        context: Callable[..., Context],
        page: str,
        *,
        origins: Sequence[str],
        watch: Watch,
        executor: Executor,
    ) -> None:
        """Serve the schema at the path; `page` is the HTML that browsers get there.

        Pages of other origins than the server's own and `origins` may not open WebSockets.
        """
        super().__init__(
            schema,
            path,
            context_getter=context,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            connection_init_wait_timeout=INIT_TIMEOUT,
            max_subscriptions_per_connection=MOST_AT_ONCE,
            allowed_origins=origins,
        )
        self.connections = Seats(MOST_CONNECTIONS)
        self._page = page
        self._executor = executor
        self._tags = Tags()
        self._watch = watch

    async def run(self, request: Any, context: Any = None, root_value: Any = None) -> Any:  # noqa: ANN401  # as in the base class
        """Answer one request, whose body is read no further than the bound."""
        if isinstance(request, Request):
            if len(request.scope["query_string"]) > MAX_BODY:
                raise HTTPException(414, f"The URL has more than {MAX_BODY} bytes: send the query by POST.")
            if request.method == "POST":
                await _bounded(request, MAX_INGEST_BODY if context.visitor.may_ingest else MAX_BODY)
            elif _streams(request):
                raise HTTPException(405, "Subscriptions come by POST, or over a WebSocket.")
            elif "query" in request.query_params:
                return await self._cached(request, context, root_value)
            return await self._answered(request, context, root_value)
        return await super().run(request, context, root_value)

    async def _answered(self, request: Request, context: Context, root_value: None) -> Response:
        """Answer one operation by the planner alone, or by Strawberry where it is none of the usual ones."""
        if not _streams(request):
            answer = await direct_answer(request, context, self._executor, self._watch, MAX_BODY)
            if answer is not None:
                return answer
        return await super().run(request, context, root_value)

    async def _cached(self, request: Request, context: Context, root_value: None) -> Response:
        """Answer a GET, with the tag that lets a client ask whether the answer is still the same."""
        tag = await self._tags.of(request, context, media_type(request))
        if tag is not None and held(request, tag):
            return unchanged(tag)
        response = await self._answered(request, context, root_value)
        if tag is not None and response.status_code == 200 and "cache-control" not in response.headers:
            keep(response, tag)
        return response

    async def get_sub_response(self, request: Request) -> Response:  # noqa: ARG002  # as in the base class
        """Where a field may put headers and a status; one of its own for each request."""
        response = Response()
        del response.headers["content-length"]
        response.status_code = cast("int", None)  # as FastAPI makes it: nothing is said yet
        return response

    def should_render_graphql_ide(self, request: BaseRequestProtocol) -> bool:
        """Whether a browser opens the address, with no query in it."""
        accepts = request.headers.get("accept", "")
        return request.method == "GET" and "query" not in request.query_params and "text/html" in accepts

    async def render_graphql_ide(self, request: Request) -> HTMLResponse:  # noqa: ARG002  # as in the base class
        """GraphiQL's page."""
        return HTMLResponse(self._page, headers={"content-security-policy": PAGE_POLICY, "vary": "accept"})

    def parse_json(self, data: str | bytes) -> Any:  # noqa: ANN401  # as in the base class
        """An object or a list.

        Raises:
            HTTPException: when it is anything else, or no JSON at all.
        """
        try:
            value = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise HTTPException(400, "The request is no JSON that can be read.") from error
        if not isinstance(value, dict | list):
            raise HTTPException(400, "The request is not a JSON object.")
        return cast("dict[str, object] | list[object]", value)

    async def parse_http_body(
        self, request: AsyncHTTPRequestAdapter
    ) -> GraphQLRequestData | list[GraphQLRequestData]:
        """The operation of the request."""
        data = await super().parse_http_body(request)
        if isinstance(data, GraphQLRequestData) and not isinstance(
            cast("object", data.operation_name), str | None
        ):
            raise HTTPException(400, "`operationName` must be a string or null, if provided.")
        if isinstance(data, GraphQLRequestData) and len(data.query or "") > MAX_BODY:
            raise HTTPException(413, f"The query has more than {MAX_BODY} characters.")
        return data

    def encode_json(self, data: object) -> str | bytes:
        """An answer or a message of a WebSocket as JSON, which the latter sends as text.

        An error may hold what only the standard library can write.
        """
        if isinstance(data, dict) and "errors" not in data:
            with suppress(TypeError):
                return orjson.dumps(data).decode()
        return super().encode_json(data)

    def decode_json(self, data: str | bytes) -> object:
        """A message of a WebSocket.

        Raises:
            json.JSONDecodeError: when it is no JSON that can be read.
        """
        try:
            return json.loads(data)
        except RecursionError as error:
            raise json.JSONDecodeError("too deep", "", 0) from error

    async def on_ws_connect(self, context: Context) -> Any:  # noqa: ANN401  # as in the base class
        """Let a WebSocket in, or not."""
        admit(context)
        return await super().on_ws_connect(context)

    async def execute_operation(  # noqa: PLR0917  # as in the base class
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        request_data: GraphQLRequestData | list[GraphQLRequestData],
        context: Context,
        root_value: None,
        sub_response: Response,
    ) -> Any:  # noqa: ANN401  # as in the base class
        """Execute what a request holds, within what watches operations."""
        asked = (request, request_adapter, request_data, context, root_value, sub_response)
        if not isinstance(request_data, GraphQLRequestData) or not request_data.query:
            return await super().execute_operation(*asked)
        with self._watch(request_data.query, request_data.operation_name, None) as failed:
            result = await super().execute_operation(*asked)
            if getattr(result, "errors", None):
                failed()
            return result

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """The answer, and beside it the type and status that it goes out with."""
        answer = await super().process_result(request, result)
        if _streams(request):
            return answer
        refused = result.data is None and not any(error.path for error in result.errors or ())
        kind = media_type(request)
        if refused:
            cast("dict[str, object]", answer).pop("data", None)
        # the old type tells in the body alone what is wrong with a query; one beyond limits is no query to us
        beyond = any(beyond_limits(error) for error in result.errors or ())
        status = 400 if beyond or (refused and kind == RESPONSE_TYPE) else 200
        cast("dict[str, object]", answer)[_STASH] = (kind, status)
        return answer

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        """The response, with the type and status that `process_result` put beside the answer."""
        kind, status = cast("dict[str, tuple[str, int]]", response_data).pop(_STASH)
        response = super().create_response(response_data, sub_response)
        response.status_code = sub_response.status_code or status
        response.headers["content-type"] = f"{kind}; charset=utf-8"
        response.headers["vary"] = VARY
        if "errors" in response_data:
            response.headers["cache-control"] = "no-store"
        return response


def _streams(request: Request) -> bool:
    """Whether the client wants server-sent events."""
    return "text/event-stream" in request.headers.get("accept", "").lower()


async def _bounded(request: Request, most: int) -> None:
    """Read the body, and no more of it than the bound."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise HTTPException(413, f"The request has more than {most} bytes.")
    request._body = bytes(body)  # pyright: ignore[reportPrivateUsage]  # where Starlette keeps a body that was read


def graphql_router(
    schema: Schema,
    context: Callable[..., Context],
    page: str,
    path: str = "/graphql",
    *,
    origins: Sequence[str] = (),
    watch: Watch = _unwatched,
    executor: Executor | None = None,
) -> APIRouter:
    """The routes of the GraphQL layer.

    `context` makes the context of one request. `page` is the HTML of GraphiQL; it asks
    `{path}/examples` for the example queries. Pages of `origins` may open WebSockets. Each operation is
    executed within `watch`, and where it is an ordinary query by the `executor` of this schema.
    """
    router = APIRouter()

    @router.get(f"{path}/examples")
    def list_examples() -> JSONResponse:  # pyright: ignore[reportUnusedFunction]  # FastAPI calls it
        return JSONResponse([{"name": one.name, "query": one.query} for one in examples()])

    executor = executor or Executor(core_schema(schema))
    graphql = Router(schema, path, context, page, origins=origins, watch=watch, executor=executor)

    async def answer(request: Request) -> Response:
        made = context(request)
        made.request = request
        try:
            return await graphql.run(request, made, None)
        except HTTPException as refused:
            # a reason may quote what the client sent, half of a character too
            return PlainTextResponse(escaped(refused.reason), refused.status_code)

    # A route without FastAPI's dependencies, which run the context's maker in a thread.
    router.add_route(path, answer, ["GET", "POST"], include_in_schema=False)
    router.include_router(graphql)
    return router
