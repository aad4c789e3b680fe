"""`kb load` of other sources than texts: facts with their evidence, a look before, and nothing twice."""

import json
from pathlib import Path

import pytest

from kb.graph.connection import Graph
from tests.app.conftest import Kb
from tests.app.test_cli import ARTICLE, counts
from tests.loaders import bombs

PRICES = {
    "acme-1": {"litellm_provider": "acme", "input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05},
    "acme-2": {"litellm_provider": "acme", "input_cost_per_token": "much"},
}


@pytest.fixture
def pile(tmp_path: Path) -> Path:
    """A folder of several forms, with something wrong in it."""
    folder = tmp_path / "pile"
    folder.mkdir()
    (folder / "acme.pdf").write_bytes(bombs.pdf_of("OpenAI raised $40 billion in March 2025."))
    (folder / "prices.json").write_text(json.dumps(PRICES))
    (folder / "rows.jsonl").write_text(json.dumps({"id": 1, "text": ARTICLE}) + "\n{broken\n")
    return folder


def test_what_can_be_read_is_loaded_and_the_rest_is_named_with_its_place(kb: Kb, on_graph: Graph, pile: Path):
    ran = kb("load", pile, "--format", "jsonl")
    assert ran.code == 1
    ended = sorted((line["state"], Path(line["origin"]).name, line["code"]) for line in ran.lines)
    assert ended == [
        ("failed", "prices.json, acme-2", "BAD_ROW"),
        ("failed", "rows.jsonl, line 2", "BAD_ROW"),
        ("loaded", "acme.pdf", None),
        ("loaded", "prices.json, acme-1", None),
        ("loaded", "rows.jsonl, line 1", None),
    ]


def test_a_second_load_writes_nothing(kb: Kb, on_graph: Graph, pile: Path):
    kb("load", pile)
    before = counts(on_graph)
    assert "0 documents loaded with 0 facts, 3 unchanged, 2 failed" in kb("load", pile).err
    assert counts(on_graph) == before


def test_a_dry_run_tells_what_is_new_or_changed_and_writes_nothing(kb: Kb, on_graph: Graph, pile: Path):
    kb("load", pile / "prices.json")
    before = counts(on_graph)
    dearer = {**PRICES["acme-1"], "input_cost_per_token": 1e-6}
    (pile / "prices.json").write_text(json.dumps(PRICES | {"acme-1": dearer}))
    ran = kb("load", pile, "--dry-run", "--format", "jsonl")
    told = {
        Path(line["origin"]).name: (line["state"], line["facts"], line["retracted"]) for line in ran.lines
    }
    assert told["prices.json, acme-1"] == ("changed", 1, 1)
    assert told["acme.pdf"] == ("new", 1, 0)
    assert "1 changed documents" in ran.err
    assert "retract 1 that are told no more" in ran.err
    assert counts(on_graph) == before


def test_a_price_is_shown_with_its_provider_and_its_words(
    kb: Kb, on_graph: Graph, pile: Path, tmp_path: Path
):
    meta = tmp_path / "meta.json"
    meta.write_text('{"published": "2025-06-01", "publisher": "The Prices"}')
    kb("load", pile / "prices.json", "--meta", meta)
    asked = "exact unit asOf offeredBy { name } evidence { text }"
    query = f"{{ figures(where: {{metric: [PRICE_INPUT]}}) {{ nodes {{ {asked} }} }} }}"
    (node,) = json.loads(kb("query", query, "--format", "json").out)["data"]["figures"]["nodes"]
    assert (node["exact"], node["unit"], node["asOf"]) == ("2.5", "USD", "2025-06-01")
    assert node["offeredBy"]["name"].casefold() == "acme"
    (evidence,) = node["evidence"]
    assert evidence["text"] == "acme-1 at acme, input_cost_per_token: 0.0000025 USD, as of 2025-06-01"


def test_a_graph_of_records_passes_its_checks(kb: Kb, on_graph: Graph, pile: Path):
    kb("load", pile)
    assert kb("check").code == 0


def test_records_are_extracted_without_a_database(kb: Kb, nowhere: None, pile: Path):
    lines = kb("extract", pile / "prices.json", pile / "acme.pdf").lines
    told = [line["predicate"] for line in lines if "predicate" in line]
    assert sorted(told) == ["FUNDING_RAISED", "PRICE_INPUT", "PRICE_OUTPUT"]


MISTAKES = [
    (("load", "--map", "none.yaml", "."), "none.yaml"),
    (("load", "--meta", "none.json", "."), "none.json"),
    (("load", "none", "http://site.test/a"), "none"),
]


@pytest.mark.parametrize(("arguments", "named"), MISTAKES)
def test_wrong_use_is_told(kb: Kb, nowhere: None, arguments: tuple[str, ...], named: str):
    ran = kb(*arguments)
    assert ran.code == 2
    assert named in ran.err


def test_an_address_that_is_not_public_is_never_asked(kb: Kb, on_graph: Graph):
    ran = kb("load", "http://127.0.0.1/a", "--format", "jsonl")
    assert ran.code == 1
    assert [line["code"] for line in ran.lines] == ["URL_REFUSED"]


def test_a_model_card_states_its_licence_base_and_size(kb: Kb, nowhere: None, tmp_path: Path):
    (tmp_path / "README.md").write_text(
        "---\nlicense: apache-2.0\nbase_model: mistralai/Mistral-7B-v0.1\nlibrary_name: transformers\n---\n"
        "# Zephyr 7B Beta\n\nZephyr 7B Beta is a language model.\n\n- **Parameters:** 7B\n"
    )
    lines = kb("extract", tmp_path / "README.md").lines
    told = {(line["subject"]["name"], line["predicate"]) for line in lines if "predicate" in line}
    assert {predicate for _, predicate in told} >= {"RELEASED_UNDER", "DERIVED_FROM", "PARAMETERS"}
