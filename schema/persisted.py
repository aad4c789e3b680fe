"""Trusted documents: operations that a server knows by the hash of their text.

A client sends `documentId` in place of `query`, as the appendix on persisted documents of GraphQL over HTTP
has it; here that becomes an ordinary request before anything else looks at it. A server may be told to
execute nothing else.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import parse_qsl, urlencode

from graphql import GraphQLError, GraphQLSchema, parse, validate
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from strawberry import Schema
from strawberry.extensions import SchemaExtension

from kb.errors import UsageError
from schema.core import core_schema
from schema.direct import RESPONSE_TYPE
from schema.http import MAX_BODY

_PREFIX: Final = "sha256:"


@dataclass(frozen=True, slots=True)
class TrustedDocuments:
    """Texts by their ids; `only` says that nothing else is executed."""

    texts: Mapping[str, str]
    only: bool = False

    def query(self, document_id: object, text: object) -> object:
        """The text to execute: that of the id, else the one that was sent.

        Raises:
            UntrustedError: when the id is unknown, when it is another text's, or when the text is not trusted
                and only trusted ones are executed.
        """
        if document_id is None:
            if self.only and (not isinstance(text, str) or identifier(text) not in self.texts):
                raise UntrustedError(
                    "Only known documents are executed here: send the id of one as `documentId`."
                )
            return text
        known = self.texts.get(str(document_id).removeprefix(_PREFIX))
        if known is None:
            raise UntrustedError("No document is known by this `documentId`.")
        if text not in (None, "", known):
            raise UntrustedError("`documentId` and `query` name different documents: send one of them.")
        return known


class UntrustedError(UsageError):
    """A request for a document that is not known."""


def identifier(text: str) -> str:
    """The id of a document: the hash of its text, in lower-case hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def load_documents(path: Path, schema: Schema, *, only: bool = False) -> TrustedDocuments:
    """The documents of a folder of `.graphql` files, or of a JSON file of texts by id.

    Raises:
        UsageError: when there are none, when an id is not its text's, or when the schema refuses one.
    """
    texts = dict(_folder(path) if path.is_dir() else _manifest(path))
    if not texts:
        raise UsageError(f"{path} holds no documents: put files that end in .graphql there.")
    core: GraphQLSchema = core_schema(schema)
    for name, text in texts.items():
        _fits(name, text, core)
    return TrustedDocuments({identifier(text): text for text in texts.values()}, only)


def _folder(path: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(path.glob("**/*.graphql")):
        try:
            yield str(file), file.read_bytes().decode()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"The trusted document {file} cannot be read: {error}.") from error


def _manifest(path: Path) -> Iterator[tuple[str, str]]:
    try:
        found: object = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise UsageError(f"The trusted documents in {path} cannot be read: {error}.") from error
    if not isinstance(found, dict):
        raise UsageError(f"{path} is no JSON object of texts by id.")
    for name, text in cast("dict[str, object]", found).items():
        if not isinstance(text, str) or identifier(text) != name.removeprefix(_PREFIX):
            raise UsageError(f"{path}: the id {name} is not the SHA-256 hash of its text.")
        yield name, text


def _fits(name: str, text: str, schema: GraphQLSchema) -> None:
    if len(urlencode({"query": text})) > MAX_BODY // 2:
        raise UsageError(f"The trusted document {name} is too long for a request.")
    try:
        errors = validate(schema, parse(text))
    except GraphQLError as error:
        errors = [error]
    if errors:
        raise UsageError(f"The trusted document {name} does not fit the schema: {errors[0].message}")


@dataclass(frozen=True, slots=True)
class ByDocument:
    """ASGI middleware that puts the text in the place of its id, and refuses what is not trusted."""

    app: ASGIApp
    documents: TrustedDocuments
    path: str = "/graphql"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, in ordinary form."""
        if scope["type"] != "http" or scope["path"] != self.path:
            await self.app(scope, receive, send)
            return
        try:
            if scope["method"] == "GET":
                scope = self._by_get(scope)
            elif scope["method"] == "POST":
                scope, receive = await self._by_post(scope, receive)
        except UntrustedError as error:
            await _refused(scope, error)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _by_get(self, scope: Scope) -> Scope:
        asked = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        if not (self.documents.only or asked.keys() & {"query", "documentId"}):
            return scope
        query = self.documents.query(asked.pop("documentId", None), asked.get("query"))
        return {**scope, "query_string": urlencode({**asked, "query": str(query)}).encode()}

    async def _by_post(self, scope: Scope, receive: Receive) -> tuple[Scope, Receive]:
        body = b""
        more = True
        while more and len(body) <= MAX_BODY:
            message = await receive()
            body += message.get("body", b"")
            more = message["type"] == "http.request" and bool(message.get("more_body"))
        asked = _object(body)
        if asked is None:
            if self.documents.only:
                self.documents.query(None, None)
            return scope, _replayed(body, more, receive)
        if "documentId" in asked or self.documents.only:
            asked["query"] = self.documents.query(asked.pop("documentId", None), asked.get("query"))
            body = json.dumps(asked).encode()
            headers = MutableHeaders(raw=list(scope["headers"]))
            headers["content-length"] = str(len(body))
            scope = {**scope, "headers": headers.raw}
        return scope, _replayed(body, more, receive)


def _object(body: bytes) -> dict[str, Any] | None:
    """The request in a body; nothing where it is none, which the router has its own words for."""
    if len(body) > MAX_BODY:
        return None
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", found) if isinstance(found, dict) else None


def _replayed(body: bytes, more: bool, receive: Receive) -> Receive:  # noqa: FBT001  # as the message has it
    """The body again, then what the client sends after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": more}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def _refused(scope: Scope, error: UntrustedError) -> JSONResponse:
    modern = RESPONSE_TYPE in Headers(scope=scope).get("accept", "")
    body = {"errors": [{"message": str(error), "extensions": {"code": "UNTRUSTED"}}]}
    kind = RESPONSE_TYPE if modern else "application/json"
    headers = {"content-type": f"{kind}; charset=utf-8", "cache-control": "no-store", "vary": "Accept"}
    return JSONResponse(body, 400 if modern else 200, headers)


def only_trusted(documents: TrustedDocuments) -> type[SchemaExtension]:
    """The extension that refuses other documents by whichever way they come, WebSockets too."""

    class OnlyTrusted(SchemaExtension):
        def on_validate(self) -> Iterator[None]:
            context = self.execution_context
            try:
                documents.query(None, context.query)
            except UntrustedError as error:
                refused = GraphQLError(str(error), original_error=error, extensions={"code": "UNTRUSTED"})
                context.pre_execution_errors = [refused]
            yield

    return OnlyTrusted
