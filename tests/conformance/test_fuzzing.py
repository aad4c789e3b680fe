"""Operations that schemathesis makes up from the schema: no answer is an error of the server.

`KB_FUZZ_EXAMPLES` says how many for each root field; the same number makes the same operations.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes

from kb.embedded import Address
from kb.graph.connection import open_driver
from kb.graph.writer import Writer
from kb.registry import Registry
from tests import doors
from tests.app.serving import access, served
from tests.schema import world

EXAMPLES = int(os.environ.get("KB_FUZZ_EXAMPLES", "10"))
DATES = st.dates().map(str) | st.sampled_from(["2025", "2025-04", "", "soon", "0000", "9999-12-31"])

schemathesis.graphql.scalar("PartialDate", DATES.map(nodes.String))
schemathesis.graphql.scalar("DateTime", st.datetimes().map(lambda moment: nodes.String(moment.isoformat())))


@pytest.fixture(scope="module")
def api(neo4j: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with open_driver(neo4j) as driver:
        driver.execute_query(doors.WIPE, database_=neo4j.database)
        writer = Writer(driver, neo4j.database, Registry({}, {}))
        for document, extraction in world.documents():
            writer.write(document, extraction, "tests")
    with served(neo4j, access(tmp_path_factory.mktemp("tokens"), open_read=True)) as port:
        yield schemathesis.graphql.from_url(f"http://127.0.0.1:{port}/graphql")


@pytest.mark.conformance
def test_no_operation_is_an_error_of_the_server(api: Any, subtests: pytest.Subtests):
    for found in api.get_all_operations():
        operation = found.ok()
        with subtests.test(operation.label):
            fuzz(operation)


def fuzz(operation: Any) -> None:
    """Send what is made up for one root field."""

    @settings(max_examples=EXAMPLES, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def send(case: schemathesis.Case) -> None:
        response = case.call(timeout=60)
        assert response.status_code in (200, 400)
        codes = {error.get("extensions", {}).get("code") for error in response.json().get("errors", ())}
        assert "INTERNAL" not in codes

    send()
