"""Spans of requests, operations and Cypher queries: nothing in them tells what was asked or went wrong."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from app import tracing
from app.tokens import Scope
from app.web import create_app
from kb.embedded import Address
from kb.errors import SetupError
from tests.app.serving import access, bearer

AWAY = Address("bolt://127.0.0.1:1", "neo4j", "hunter2")
SECRET = "company/a-secret-question"
TWO = f'query Twice {{ a: entity(id: "{SECRET}") {{ id }} b: entity(id: "y") {{ id }} }}'


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


def traced(spans: InMemorySpanExporter, address: Address, folder: Path) -> TestClient:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    app = create_app(address, access(folder), tracer=provider.get_tracer("tests"))
    return TestClient(app, "http://127.0.0.1", headers=bearer(folder, Scope.READ, Scope.CYPHER))


@pytest.fixture
def client(spans: InMemorySpanExporter, neo4j: Address, tmp_path: Path) -> Iterator[TestClient]:
    with traced(spans, neo4j, tmp_path) as client:
        yield client


def found(spans: InMemorySpanExporter, name: str) -> list[ReadableSpan]:
    return [span for span in spans.get_finished_spans() if span.name == name]


def text_of(spans: InMemorySpanExporter) -> str:
    return "".join(span.to_json() for span in spans.get_finished_spans())


def test_a_request_an_operation_and_its_queries_are_spans_within_each_other(
    client: TestClient, spans: InMemorySpanExporter
):
    client.post("/graphql", json={"query": TWO})
    (request,), (operation,) = found(spans, "POST /graphql"), found(spans, "graphql query")
    queries = found(spans, "cypher")
    assert len(queries) == 2
    assert operation.parent is not None
    assert operation.parent.span_id == request.context.span_id
    assert {query.parent and query.parent.span_id for query in queries} == {operation.context.span_id}
    assert (request.kind, queries[0].kind) == (SpanKind.SERVER, SpanKind.CLIENT)
    assert dict(request.attributes or {}) == {
        "http.request.method": "POST",
        "http.route": "/graphql",
        "http.response.status_code": 200,
    }
    assert dict(operation.attributes or {}) == {
        "graphql.operation.type": "query",
        "graphql.operation.name": "Twice",
    }


def test_a_span_belongs_to_the_trace_that_the_client_began(client: TestClient, spans: InMemorySpanExporter):
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    client.get("/health/live", headers={"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"})
    (request,) = found(spans, "GET /health/live")
    assert format(request.context.trace_id, "032x") == trace_id


def test_no_text_no_variable_and_no_address_is_part_of_a_span(
    client: TestClient, spans: InMemorySpanExporter
):
    client.post("/graphql", json={"query": TWO})
    of_one = "query($id: ID!) { entity(id: $id) { id } }"
    client.post("/graphql", json={"query": of_one, "variables": {"id": SECRET}})
    client.get("/graphql", params={"query": TWO})
    client.get(f"/nowhere/{SECRET}")
    client.post("/cypher", json={"query": f"RETURN '{SECRET}' AS x"})
    client.get("/export/entities.csv", params={"id": SECRET})
    assert len(found(spans, "cypher")) >= 6
    assert SECRET not in text_of(spans)


def test_an_operation_that_cannot_run_is_an_error_without_its_words(
    client: TestClient, spans: InMemorySpanExporter
):
    client.post("/graphql", json={"query": "{ " + SECRET.replace("/", "_").replace("-", "_") + " }"})
    (operation,) = found(spans, "graphql query")
    assert operation.status.status_code is StatusCode.ERROR
    assert "a_secret_question" not in text_of(spans)


def test_a_database_that_is_away_is_an_error_of_the_query_that_tells_nothing(
    spans: InMemorySpanExporter, tmp_path: Path
):
    with traced(spans, AWAY, tmp_path) as client:
        client.post("/graphql", json={"query": '{ entity(id: "x") { id } }'})
    (query,) = found(spans, "cypher")
    assert query.status.status_code is StatusCode.ERROR
    assert (query.attributes or {})["error.type"] == "ServiceUnavailable"
    assert "hunter2" not in text_of(spans)
    assert "127.0.0.1:1" not in text_of(spans)


def test_operations_are_timed_by_their_outcome(client: TestClient):
    client.post("/graphql", json={"query": "{ __typename }"})
    client.post("/graphql", json={"query": "{ nope }"})
    told = client.get("/metrics").text
    assert 'kb_graphql_operation_seconds_count{outcome="ok"} 1.0' in told
    assert 'kb_graphql_operation_seconds_count{outcome="error"} 1.0' in told


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_SDK_DISABLED": "true"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_TRACES_EXPORTER": "none"},
    ],
)
def test_nothing_is_sent_where_the_variables_do_not_ask_for_it(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
):
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_SDK_DISABLED"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert tracing.provider() is None


def test_who_asks_for_traces_without_the_packages_is_told_of_the_extra(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setitem(
        __import__("sys").modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None
    )
    with pytest.raises(SetupError, match="extra `otel`"):
        tracing.provider()
