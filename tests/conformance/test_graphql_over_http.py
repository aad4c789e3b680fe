"""The audits of GraphQL over HTTP, run by their own package against a server on a real socket."""

import json
import subprocess
from pathlib import Path

import pytest

from kb.graph.connection import Graph
from tests.app.serving import access, served

HERE = Path(__file__).parent


@pytest.mark.conformance
def test_all_audits_of_graphql_over_http_pass(graph: Graph, tmp_path: Path):
    with served(graph.address, access(tmp_path)) as port:
        script = ["node", str(HERE / "graphql_over_http.js"), f"http://127.0.0.1:{port}/graphql"]
        ran = subprocess.run(script, capture_output=True, text=True, timeout=120, check=True)
    audits = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [audit for audit in audits if audit["status"] != "ok"] == []
    assert len(audits) == 61
