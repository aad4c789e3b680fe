"""The subscriptions, driven by npm's `graphql-ws` and `graphql-sse` against a server on a real socket."""

import json
import subprocess
from pathlib import Path

import pytest

from kb.graph.connection import Graph
from tests.app.taking_in import taking_in

HERE = Path(__file__).parent


@pytest.mark.conformance
@pytest.mark.parametrize("transport", ["ws", "sse"])
def test_the_clients_of_npm_follow_a_job_and_the_facts(graph: Graph, tmp_path: Path, transport: str):
    with taking_in(graph.address, tmp_path) as client:
        token = client.headers["authorization"].removeprefix("Bearer ")
        script = ["node", str(HERE / "subscriptions.js"), transport, client.url, token]
        ran = subprocess.run(script, capture_output=True, text=True, timeout=120, check=False)
    assert ran.stderr == ""
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    states = [event["value"]["data"]["ingestProgress"] for event in events if event["kind"] == "progress"]
    assert states[-1] == {"state": "DONE", "done": 1, "documents": 1, "factsAdded": 1}
    assert [event["value"] for event in events if event["kind"] == "fact"] == [
        {
            "data": {
                "factsAdded": {"__typename": "Figure", "evidence": [{"text": "Acme is valued at $5 billion"}]}
            }
        }
    ]
    refused = [event for event in events if event["kind"] in ("refused", "wrong")]
    assert len(refused) == 2
    assert "Cannot query field 'nope'" in json.dumps(refused[0])
    assert "Syntax Error" in json.dumps(refused[1])
