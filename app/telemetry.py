"""What operators see of a server: a line of JSON per request, and counters for Prometheus at `/metrics`.

Durations are those of whole requests, and of the queries in the database. Labels are the routes of this
program and classes of statuses, so that no client can make new series.
"""

import logging
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol

from opentelemetry.trace import Tracer
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from pythonjsonlogger.json import JsonFormatter
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.access import who
from app.exporting import export_paths
from app.tracing import SILENT, fail, operation_span, query_span, request_span

ROUTES: Final = frozenset(
    ("/graphql", "/graphql/examples", "/cypher", "/metrics", "/health/live", "/health/ready", *export_paths())
)
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_COST_BUCKETS: Final = (1, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000)
_DOCUMENT_BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
_LOG: Final = logging.getLogger(__name__)


class Kept(Protocol):
    """Something that is kept for who asks again."""

    hits: int
    misses: int


class _KeptCollector(Collector):
    """Counters that those who keep something count themselves."""

    def __init__(self, kept: Mapping[str, Kept]) -> None:
        self._kept = kept

    def collect(self) -> Iterator[Metric]:
        found = CounterMetricFamily(
            "kb_graphql_cache_requests",
            "How often something kept was asked for: texts with their validity, plans, totals.",
            labels=("cache", "outcome"),
        )
        for name, one in self._kept.items():
            found.add_metric((name, "hit"), one.hits)
            found.add_metric((name, "miss"), one.misses)
        yield found


@dataclass(slots=True)
class Metrics:
    """The counters of one application."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    requests: Counter = field(init=False)
    latency: Histogram = field(init=False)
    running: Gauge = field(init=False)
    cypher: Histogram = field(init=False)
    jobs: Counter = field(init=False)
    documents: Histogram = field(init=False)
    facts: Counter = field(init=False)
    subscriptions: Gauge = field(init=False)
    operations: Histogram = field(init=False)
    cost: Histogram = field(init=False)
    tracer: Tracer = SILENT

    def __post_init__(self) -> None:
        """Register the counters."""
        labels = ("method", "route", "status")
        self.requests = Counter("kb_http_requests", "Requests answered.", labels, registry=self.registry)
        self.latency = Histogram(
            "kb_http_request_seconds",
            "Time from request to answer.",
            ("route",),
            registry=self.registry,
            buckets=_BUCKETS,
        )
        self.running = Gauge("kb_http_requests_running", "Requests in work.", registry=self.registry)
        self.cypher = Histogram(
            "kb_cypher_seconds",
            "Time of one query in the database, from sending it to its last row.",
            ("outcome",),
            registry=self.registry,
            buckets=_BUCKETS,
        )

        self.operations = Histogram(
            "kb_graphql_operation_seconds",
            "Time of one GraphQL operation; errors are those that its answer tells.",
            ("outcome",),
            registry=self.registry,
            buckets=_BUCKETS,
        )
        self.cost = Histogram(
            "kb_graphql_operation_cost",
            "Cost of one GraphQL query: its fields, those of a list as often as it may be long.",
            registry=self.registry,
            buckets=_COST_BUCKETS,
        )
        self.jobs = Counter("kb_ingest_jobs", "Ingest jobs that ended.", ("state",), registry=self.registry)
        self.documents = Histogram(
            "kb_ingest_document_seconds",
            "Time of one document of an ingest job, from fetching it to its commit.",
            ("outcome",),
            registry=self.registry,
            buckets=_DOCUMENT_BUCKETS,
        )
        self.facts = Counter("kb_ingest_facts", "Facts that ingest jobs added.", registry=self.registry)
        self.subscriptions = Gauge("kb_subscriptions_open", "Subscriptions open.", registry=self.registry)

    def ingested(self, facts: int, seconds: float, *, failed: bool) -> None:
        """Count a document of an ingest job."""
        self.documents.labels("failed" if failed else "ok").observe(seconds)
        self.facts.inc(facts)

    @contextmanager
    def query(self) -> Generator[None]:
        """Time one query."""
        begun = time.perf_counter()
        outcome = "error"
        try:
            with query_span(self.tracer):
                yield
            outcome = "ok"
        finally:
            self.cypher.labels(outcome).observe(time.perf_counter() - begun)

    def watch_kept(self, kept: Mapping[str, Kept]) -> None:
        """Tell how often what is kept, by its name, was there when it was asked for."""
        self.registry.register(_KeptCollector(kept))

    @contextmanager
    def operation(self, text: str, name: str | None, cost: int | None) -> Generator[Callable[[], None]]:
        """Time one GraphQL operation; what is given is called when its answer tells errors."""
        if cost is not None:
            self.cost.observe(cost)
        begun = time.perf_counter()
        outcome = "ok"
        with operation_span(self.tracer, text, name) as span:

            def failed() -> None:
                nonlocal outcome
                outcome = "error"
                fail(span, "graphql")

            try:
                yield failed
            except BaseException:
                outcome = "error"
                raise
            finally:
                self.operations.labels(outcome).observe(time.perf_counter() - begun)

    def page(self) -> Response:
        """All counters, as Prometheus reads them."""
        return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)


@dataclass(slots=True)
class Observer:
    """ASGI middleware that counts and logs each request."""

    app: ASGIApp
    metrics: Metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 499  # the client went before there was an answer

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        begun = time.perf_counter()
        self.metrics.running.inc()
        method, route = _labels(scope)
        try:
            with request_span(self.metrics.tracer, method, route, scope) as span:
                await self.app(scope, receive, noting)
                span.set_attribute("http.response.status_code", status)
                if status >= 500:
                    fail(span, str(status))
        except Exception:
            status = 500
            raise
        finally:
            self.metrics.running.dec()
            self._note(scope, status, time.perf_counter() - begun)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method, route = _labels(scope)
        self.metrics.requests.labels(method, route, str(status)).inc()
        self.metrics.latency.labels(route).observe(seconds)
        if _LOG.isEnabledFor(logging.INFO):
            told = {
                "method": method,
                "path": scope["path"],
                "status": status,
                "millis": round(seconds * 1000, 1),
            }
            _LOG.info("request", extra={**told, "who": who(scope)})


def _labels(scope: Scope) -> tuple[str, str]:
    """The request's method and route, as few as this program knows."""
    path, method = str(scope["path"]), str(scope["method"])
    known = method in {"GET", "POST", "HEAD", "OPTIONS"}
    return method if known else "other", path if path in ROUTES else "other"


def log_as_json(level: int) -> None:
    """Write every log line as one JSON object to stderr."""
    handler = logging.StreamHandler()
    handler.setFormatter(
        JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s", rename_fields={"asctime": "time"})
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
