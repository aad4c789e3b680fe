"""The requests of Grafana's Infinity data source, header by header, read with the root selector alone.

As `request.go`, `headers.go` and `client.go` in pkg/infinity of grafana/grafana-infinity-datasource make them
for a query of type GraphQL: by POST `{"query", "variables"}`, where no variables are null; by GET the
parameters sorted and encoded as Go's `url.Values` does it.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi.testclient import TestClient

from app.web import create_app
from kb.embedded import Address
from kb.graph.connection import open_driver
from kb.graph.writer import Writer
from kb.registry import Registry
from tests import doors
from tests.app.serving import access
from tests.schema import world

QUERY = """query($subjects: [ID!]! = ["company/orbit"]) {
  timeSeries(metric: VALUATION, unit: "USD", subjects: $subjects) {
    time series subjectId value unit comparator modality
  }
}"""
HEADERS = {
    "user-agent": "Go-http-client/1.1",
    "accept": "application/json;q=0.9,text/plain",
    "accept-encoding": "gzip",
}
ROOT_SELECTOR = "data.timeSeries"

Ask = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def client(neo4j: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with open_driver(neo4j) as driver:
        driver.execute_query(doors.WIPE, database_=neo4j.database)
        writer = Writer(driver, neo4j.database, Registry({}, {}))
        for document, extraction in world.documents():
            writer.write(document, extraction, "tests")
    app = create_app(neo4j, access(tmp_path_factory.mktemp("tokens")))
    with TestClient(app, "http://127.0.0.1", headers=HEADERS) as client:
        yield client


def by_post(client: TestClient, query: str, variables: dict[str, Any] | None = None) -> httpx.Response:
    body = json.dumps({"query": query, "variables": variables})
    return client.post("/graphql", content=body, headers={"content-type": "application/json"})


def by_get(client: TestClient, query: str, variables: dict[str, Any] | None = None) -> httpx.Response:
    parameters = {"query": query}
    if variables is not None:
        parameters["variables"] = json.dumps(variables)
    return client.get("/graphql?" + urlencode(sorted(parameters.items())))


def rows(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    found = answer.json()
    for step in ROOT_SELECTOR.split("."):
        found = found[step]
    return found


@pytest.mark.parametrize("ask", [by_post, by_get])
def test_the_root_selector_leads_to_flat_rows_of_plain_values(client: TestClient, ask: Ask):
    found = rows(ask(client, QUERY))
    assert len(found) == 4
    for row in found:
        assert all(isinstance(value, str | int | float) for value in row.values())
        assert isinstance(row["value"], int | float)
        assert datetime.fromisoformat(row["time"]).tzinfo is not None
    assert [row["time"] for row in found] == sorted(row["time"] for row in found)
    assert (found[0]["time"], found[0]["value"]) == ("2024-10-31T00:00:00+00:00", 157e9)


@pytest.mark.parametrize("ask", [by_post, by_get])
def test_a_dashboards_variables_choose_the_subjects(client: TestClient, ask: Ask):
    assert rows(ask(client, QUERY, {"subjects": ["company/nobody"]})) == []
    assert len(rows(ask(client, QUERY, {"subjects": ["company/orbit"]}))) == 4


def test_a_panel_that_refreshes_by_get_is_answered_from_its_copy(client: TestClient):
    first = by_get(client, QUERY)
    again = client.get(str(first.url), headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304


def test_a_file_is_read_as_csv(client: TestClient):
    found = client.get("/export/figures.csv?metric=VALUATION", headers={"accept": "text/csv; charset=utf-8"})
    assert found.headers["content-type"] == "text/csv; charset=utf-8"
    assert found.text.splitlines()[0].startswith("id,")
