"""OpenTelemetry spans of requests, operations and Cypher queries, where the OTEL_… variables ask for them.

A span tells names, times and outcomes. No query text, no variables and no messages of errors are part of it:
they may hold what a user wrote, or where the database is.
"""

import os
from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from graphql import GraphQLError, OperationDefinitionNode, parse
from opentelemetry import propagate, trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer
from starlette.datastructures import Headers
from starlette.types import Scope

from kb.errors import SetupError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

SERVICE: Final = "ai-industry-kb"
_ASKS: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_MAX_NAME: Final = 100
SILENT: Final[Tracer] = trace.NoOpTracer()
_UNSEEN: Final = nullcontext(trace.INVALID_SPAN)
"""In place of the spans that `SILENT` would make."""


def provider() -> "TracerProvider | None":
    """What sends spans to the collector that the variables name; none where they name none.

    Raises:
        SetupError: when they name one, and the packages that send are not installed.
    """
    off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    none = os.environ.get("OTEL_TRACES_EXPORTER", "otlp") != "otlp"
    if off or none or not any(os.environ.get(name) for name in _ASKS):
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # pyright: ignore[reportMissingImports]  # of the extra
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise SetupError(
            "OTEL_EXPORTER_OTLP_ENDPOINT asks for traces, and the packages that send them are not installed: "
            "install the extra `otel`, or unset it."
        ) from error
    named = os.environ.get("OTEL_SERVICE_NAME") or SERVICE
    made = TracerProvider(resource=Resource.create({SERVICE_NAME: named}))
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return made


@contextmanager
def failing(span: Span) -> Generator[None]:
    """Mark the span where the block raises, by the error's type alone."""
    try:
        yield
    except BaseException as error:
        fail(span, type(error).__name__)
        raise


def fail(span: Span, kind: str) -> None:
    """Mark the span as that of something that failed."""
    span.set_attribute("error.type", kind)
    span.set_status(Status(StatusCode.ERROR))


def request_span(tracer: Tracer, method: str, route: str, scope: Scope) -> AbstractContextManager[Span]:
    """The span of one HTTP request, below the one that its headers name."""
    return _UNSEEN if tracer is SILENT else _request_span(tracer, method, route, Headers(scope=scope))


def operation_span(tracer: Tracer, text: str, name: str | None) -> AbstractContextManager[Span]:
    """The span of one GraphQL operation."""
    return _UNSEEN if tracer is SILENT else _operation_span(tracer, text, name)


def query_span(tracer: Tracer) -> AbstractContextManager[Span]:
    """The span of one query in the database."""
    return _UNSEEN if tracer is SILENT else _query_span(tracer)


@contextmanager
def _request_span(tracer: Tracer, method: str, route: str, headers: Mapping[str, str]) -> Generator[Span]:
    told = {"http.request.method": method, "http.route": route}
    with (
        tracer.start_as_current_span(
            f"{method} {route}",
            context=propagate.extract(headers),
            kind=SpanKind.SERVER,
            attributes=told,
            record_exception=False,
            set_status_on_exception=False,
        ) as span,
        failing(span),
    ):
        yield span


@contextmanager
def _operation_span(tracer: Tracer, text: str, name: str | None) -> Generator[Span]:
    with tracer.start_as_current_span(
        "graphql operation", record_exception=False, set_status_on_exception=False
    ) as span:
        if span.is_recording():
            kind, own = _operation(text, name)
            span.update_name(f"graphql {kind}")
            span.set_attribute("graphql.operation.type", kind)
            if own is not None:
                span.set_attribute("graphql.operation.name", own[:_MAX_NAME])
        with failing(span):
            yield span


@contextmanager
def _query_span(tracer: Tracer) -> Generator[Span]:
    with (
        tracer.start_as_current_span(
            "cypher",
            kind=SpanKind.CLIENT,
            attributes={"db.system.name": "neo4j"},
            record_exception=False,
            set_status_on_exception=False,
        ) as span,
        failing(span),
    ):
        yield span


@lru_cache(maxsize=256)
def _operation(text: str, name: str | None) -> tuple[str, str | None]:
    """What kind of operation a text holds under a name, or alone, and its own name."""
    try:
        definitions = parse(text, no_location=True, max_tokens=2000).definitions
    except GraphQLError:
        return "unknown", None
    for found in definitions:
        if isinstance(found, OperationDefinitionNode):
            own = None if found.name is None else found.name.value
            if name in (None, own):
                return found.operation.value, own
    return "unknown", None
