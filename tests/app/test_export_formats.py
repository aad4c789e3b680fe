"""Statements go out as files for other tools, and say what the JSON lines say."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import rdflib
from arro3.io import read_parquet
from defusedxml.ElementTree import fromstring, parse
from rdflib.namespace import PROV

from app.graphml import graphml
from kb.graph.connection import Graph
from tests.app.conftest import Kb

pytestmark = pytest.mark.usefixtures("few_known")

ARTICLE = (
    "Acme Robotics raised $40 million at a valuation of $300 million on March 3, 2025. "
    "Ann Lee is CEO of Acme Robotics.\n"
)


@pytest.fixture
def loaded(kb: Kb, on_graph: Graph, tmp_path: Path) -> list[dict[str, Any]]:
    """The exported lines of a graph with figures and a relation."""
    (tmp_path / "acme.txt").write_text(ARTICLE)
    kb("load", tmp_path / "acme.txt")
    return kb("export").lines


def cells(line: dict[str, Any]) -> dict[str, Any]:
    """Those of an exported line that a table of any kind has."""
    return {
        "id": line["id"],
        "subject_id": line["subject"]["id"],
        "modality": line["modality"],
        "evidence_text": line["evidence"]["text"],
        "evidence_start": line["evidence"]["start"],
        "value": line.get("value"),
        "object_id": line.get("object", {}).get("id"),
        "confidence": line["confidence"],
    }


def test_csv_has_a_file_per_predicate_with_all_statements(
    kb: Kb, loaded: list[dict[str, Any]], tmp_path: Path
):
    out = tmp_path / "out"
    assert kb("export", "--format", "csv", "-o", out).code == 0
    rows = {
        row["id"]: (path.stem, row)
        for path in out.glob("*.csv")
        for row in csv.DictReader(path.open(newline=""))
    }
    assert {id_: name for id_, (name, _) in rows.items()} == {one["id"]: one["predicate"] for one in loaded}
    for line in loaded:
        told = {name: "" if value is None else str(value) for name, value in cells(line).items()}
        row = rows[line["id"]][1]
        assert {name: row.get(name, "") for name in told} == told


def test_parquet_has_typed_columns_and_all_statements(kb: Kb, loaded: list[dict[str, Any]], tmp_path: Path):
    out = tmp_path / "out"
    assert kb("export", "--format", "parquet", "-o", out).code == 0
    rows: dict[str, dict[str, Any]] = {}
    for path in out.glob("*.parquet"):
        table = read_parquet(path).read_all()
        columns = {name: table.column(name).to_pylist() for name in table.column_names}
        for place in range(table.num_rows):
            rows[columns["id"][place]] = {name: column[place] for name, column in columns.items()}
    for line in loaded:
        told = cells(line)
        assert {name: rows[line["id"]].get(name) for name in told} == told


def test_a_folder_says_what_made_it_and_whose_words_are_in_it(
    kb: Kb, loaded: list[dict[str, Any]], tmp_path: Path
):
    kb("export", "--format", "csv", "-o", tmp_path / "out")
    about = json.loads((tmp_path / "out" / "about.json").read_text())
    assert about["made_by"].startswith("ai-industry-kb ")
    assert "rights" in about
    assert sum(about["tables"].values()) == len(loaded)


def test_a_folder_that_is_there_is_not_written_to(kb: Kb, on_graph: Graph, tmp_path: Path):
    ran = kb("export", "--format", "csv", "-o", tmp_path)
    assert (ran.code, list(tmp_path.iterdir())) == (2, [])


GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"


def test_graphml_has_every_statement_between_nodes_that_are_there(
    kb: Kb, loaded: list[dict[str, Any]], tmp_path: Path
):
    assert kb("export", "--format", "graphml", "-o", tmp_path / "facts.graphml").code == 0
    root = parse(tmp_path / "facts.graphml").getroot()
    assert root is not None
    nodes = [node.get("id") for node in root.iter(f"{GRAPHML}node")]
    edges = {edge.get("id"): (edge.get("source"), edge.get("target")) for edge in root.iter(f"{GRAPHML}edge")}
    assert len(nodes) == len(set(nodes))
    assert {end for ends in edges.values() for end in ends} <= set(nodes)
    assert {line["id"] for line in loaded} <= {*nodes, *edges}
    relations = [line for line in loaded if line["kind"] == "relation"]
    assert relations
    for line in relations:
        assert edges[line["id"]] == (line["subject"]["id"], line["object"]["id"])


def test_graphml_declares_every_key_and_holds_any_text(loaded: list[dict[str, Any]]):
    hostile = '<b>&"\x00\ud800]]>'
    line = {**loaded[0], "evidence": {**loaded[0]["evidence"], "text": hostile}}
    root = fromstring("\n".join(graphml([line])).encode())
    declared = {key.get("id") for key in root.iter(f"{GRAPHML}key")}
    told = {data.get("key"): data.text for data in root.iter(f"{GRAPHML}data")}
    assert told.keys() <= declared
    assert told["evidence_text"] == '<b>&"\ufffd\ufffd]]>'


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # of rdflib within rdflib
@pytest.mark.parametrize(("form", "read_as"), [("nt", "nt"), ("nt", "turtle"), ("jsonld", "json-ld")])
def test_rdf_derives_every_statement_from_its_document(
    kb: Kb, loaded: list[dict[str, Any]], tmp_path: Path, form: str, read_as: str
):
    assert kb("export", "--format", form, "-o", tmp_path / "facts").code == 0
    derived = rdflib.Graph().parse(tmp_path / "facts", format=read_as).subject_objects(PROV.wasDerivedFrom)
    found = {(str(one).rpartition(":")[2], str(other).partition("document:")[2]) for one, other in derived}
    assert found == {(one["id"], one["evidence"]["document"]) for one in loaded}
