"""An ingest run takes in what can be read, names what cannot, and does nothing twice."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kb.documents import Document, RawDocument
from kb.errors import InputError
from kb.facts import Extraction
from kb.graph.connection import Graph
from kb.graph.writer import Writer
from kb.ontology import Metric
from kb.registry import Registry
from loaders.cleaning import clean
from loaders.ingest import IngestRun, Outcome, State
from loaders.sources import discover
from tests.valuations import ValuationReader


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("alpha", "beta", "gamma"):
        (tmp_path / f"{name}.txt").write_text(f"{name.title()} is valued at $5 billion by its owners.\n")
    return tmp_path


def ingest(graph: Graph, folder: Path, reader: ValuationReader | None = None) -> dict[str, Outcome]:
    writer = Writer(graph.driver, graph.database, Registry({}, {}))
    run = IngestRun(writer, reader or ValuationReader(), clean)
    return {Path(outcome.origin).name: outcome for outcome in run.outcomes(discover([folder]))}


def states(outcomes: dict[str, Outcome]) -> dict[str, str]:
    return {name: outcome.state.value for name, outcome in outcomes.items()}


def valued(graph: Graph) -> list[str]:
    query = (
        "MATCH (c:Company)-[:HAS_FIGURE]->(:Figure {predicate: $metric}) RETURN c.name AS name ORDER BY name"
    )
    answer = graph.driver.execute_query(query, metric=Metric.VALUATION.value, database_=graph.database)
    return [record["name"] for record in answer.records]


def ingests(graph: Graph) -> list[dict[str, object]]:
    query = "MATCH (i:Ingest) RETURN i.state AS state, i.documents AS documents, i.failed AS failed"
    return [record.data() for record in graph.driver.execute_query(query, database_=graph.database).records]


def test_every_document_is_loaded_with_its_facts(graph: Graph, folder: Path):
    outcomes = ingest(graph, folder)
    assert {name: (o.state, o.facts) for name, o in outcomes.items()} == {
        "alpha.txt": (State.LOADED, 1),
        "beta.txt": (State.LOADED, 1),
        "gamma.txt": (State.LOADED, 1),
    }
    assert valued(graph) == ["Alpha", "Beta", "Gamma"]


def test_a_broken_document_is_named_with_its_reason_and_the_rest_is_loaded(graph: Graph, folder: Path):
    (folder / "beta.txt").write_bytes(b"\x00\x01\x02\xff\xfe\x00PNG\x00" * 40)
    outcomes = ingest(graph, folder)
    assert states(outcomes) == {"alpha.txt": "loaded", "beta.txt": "failed", "gamma.txt": "loaded"}
    assert (outcomes["beta.txt"].reason or "").endswith(".")
    assert valued(graph) == ["Alpha", "Gamma"]


def test_the_record_of_the_run_says_what_was_loaded_and_what_failed(graph: Graph, folder: Path):
    (folder / "beta.txt").write_bytes(b"\x00\x01\x02\xff\xfe\x00PNG\x00" * 40)
    ingest(graph, folder)
    (record,) = ingests(graph)
    assert (record["state"], record["documents"]) == ("DONE", 2)
    assert [str(reason).startswith(str(folder / "beta.txt")) for reason in record["failed"]] == [True]


def test_a_second_run_finds_everything_unchanged_and_reads_nothing(graph: Graph, folder: Path):
    ingest(graph, folder)
    reader = ValuationReader()
    assert set(states(ingest(graph, folder, reader)).values()) == {"unchanged"}
    assert reader.read == []


def test_a_second_run_leaves_no_record_of_its_own(graph: Graph, folder: Path):
    ingest(graph, folder)
    ingest(graph, folder)
    assert len(ingests(graph)) == 1


def test_a_changed_document_is_read_again_and_the_others_are_not(graph: Graph, folder: Path):
    ingest(graph, folder)
    (folder / "beta.txt").write_text("Beta is valued at $6 billion now.\n")
    reader = ValuationReader()
    assert states(ingest(graph, folder, reader))["beta.txt"] == "loaded"
    assert reader.read == ["beta.txt"]


def test_another_extractor_reads_the_documents_again(graph: Graph, folder: Path):
    ingest(graph, folder)
    assert set(states(ingest(graph, folder, ValuationReader("valuations/2"))).values()) == {"loaded"}


@pytest.mark.parametrize(("moment", "written"), [(0, 1), (60, 3)])
def test_a_run_that_was_cut_off_goes_on_where_it_stopped(
    graph: Graph, folder: Path, monkeypatch: pytest.MonkeyPatch, moment: float, written: int
):
    monkeypatch.setattr("loaders.ingest.MOMENT", moment)
    writer = Writer(graph.driver, graph.database, Registry({}, {}))
    outcomes = IngestRun(writer, ValuationReader(), clean).outcomes(discover([folder]))
    assert next(outcomes).state is State.LOADED
    outcomes.close()
    again = sorted(states(ingest(graph, folder)).values())
    assert again == ["loaded"] * (3 - written) + ["unchanged"] * written


def test_what_comes_slowly_is_written_before_the_next_one_is_found(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("loaders.ingest.MOMENT", 0)
    held: list[list[str]] = []

    def slowly() -> Iterator[RawDocument]:
        for name in ("Alpha", "Beta", "Gamma"):
            held.append(valued(graph))
            yield RawDocument(name, f"{name} is valued at $5 billion.".encode(), "text/plain")

    list(
        IngestRun(Writer(graph.driver, graph.database, Registry({}, {})), ValuationReader(), clean).outcomes(
            slowly()
        )
    )
    assert held == [[], ["Alpha"], ["Alpha", "Beta"]]


def test_versions_of_one_place_take_turns_though_they_are_read_within_a_moment(graph: Graph):
    texts = ("Alpha is valued at $5 billion.", "Beta is valued at $5 billion.")
    found = [RawDocument("a", text.encode(), "text/plain", place="a") for text in texts]
    writer = Writer(graph.driver, graph.database, Registry({}, {}))
    assert [one.state for one in IngestRun(writer, ValuationReader(), clean).outcomes(found)] == [
        State.LOADED,
        State.LOADED,
    ]
    assert valued(graph) == ["Beta"]


@pytest.mark.parametrize("victim", ["Alpha", "Beta", "Gamma"])
def test_a_document_that_makes_the_extractor_raise_does_not_lose_the_others(
    graph: Graph, folder: Path, victim: str
):
    outcomes = ingest(graph, folder, ValuationReader(chokes_on=victim))
    assert outcomes[f"{victim.lower()}.txt"].state is State.FAILED
    assert valued(graph) == sorted({"Alpha", "Beta", "Gamma"} - {victim})


def test_a_fault_of_the_program_is_told_by_the_number_of_its_log_entry(
    graph: Graph, folder: Path, caplog: pytest.LogCaptureFixture
):
    reason = ingest(graph, folder, ValuationReader(chokes_on="Beta"))["beta.txt"].reason or ""
    incident = re.search(r"incident ([0-9a-f]{12})", reason)
    assert incident is not None
    assert f"incident={incident[1]}" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "ZeroDivisionError" not in reason


class Misquoting(ValuationReader):
    """Adds to each fact one whose words stand somewhere else, and one with words of its own."""

    def extract(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        for extraction in super().extract(documents):
            (fact,) = extraction.facts
            words = fact.evidence
            moved = replace(words, start=words.start + 1, end=words.end + 1)
            invented = replace(words, text=words.text.upper())
            wrong = tuple(replace(fact, evidence=evidence) for evidence in (moved, invented))
            yield replace(extraction, facts=(*wrong, fact))


def test_a_fact_whose_words_are_not_in_the_text_is_never_written(graph: Graph, folder: Path):
    assert {outcome.facts for outcome in ingest(graph, folder, Misquoting()).values()} == {1}
    assert valued(graph) == ["Alpha", "Beta", "Gamma"]


class Refusing(ValuationReader):
    """Says of one document that it cannot read it."""

    def extract(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        for document in documents:
            if "Beta" in document.text:
                raise InputError("No reading of Beta.")
            yield from super().extract([document])


def test_an_extractor_s_own_reason_is_told_and_the_others_are_loaded(graph: Graph, folder: Path):
    outcomes = ingest(graph, folder, Refusing())
    assert (outcomes["beta.txt"].state, outcomes["beta.txt"].reason) == (State.FAILED, "No reading of Beta.")
    assert valued(graph) == ["Alpha", "Gamma"]


def test_documents_beyond_one_batch_are_all_loaded(graph: Graph, folder: Path):
    for number in range(20):
        (folder / f"more-{number}.txt").write_text(f"Firm{number} is valued at $7 billion.\n")
    assert list(states(ingest(graph, folder)).values()).count("loaded") == 23


def test_one_text_in_two_files_is_two_documents(graph: Graph, folder: Path):
    (folder / "copy.txt").write_bytes((folder / "alpha.txt").read_bytes())
    outcomes = ingest(graph, folder)
    assert outcomes["copy.txt"].document != outcomes["alpha.txt"].document


def test_a_file_given_twice_is_loaded_once(graph: Graph, folder: Path):
    writer = Writer(graph.driver, graph.database, Registry({}, {}))
    run = IngestRun(writer, ValuationReader(), clean)
    found = [o.state for o in run.outcomes(discover([folder / "alpha.txt", folder / "alpha.txt"]))]
    assert found == [State.LOADED, State.UNCHANGED]


def test_a_moved_document_is_the_same_document(graph: Graph, tmp_path: Path):
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "alpha.txt").write_text("Alpha is valued at $5 billion.\n")
    ingest(graph, tmp_path / "old")
    assert states(ingest(graph, tmp_path / "new")) == {"alpha.txt": "unchanged"}


def test_the_second_of_two_texts_with_one_id_is_named_and_the_first_stands(graph: Graph):
    texts = ("Alpha is valued at $5 billion.", "Alpha is valued at $6 billion.")
    raw = [RawDocument("note-1", text.encode(), "text/plain", origin=text) for text in texts]
    writer = Writer(graph.driver, graph.database, Registry({}, {}))
    found = [[o.state for o in IngestRun(writer, ValuationReader(), clean).outcomes(raw)] for _ in range(2)]
    assert found == [[State.FAILED, State.LOADED], [State.FAILED, State.UNCHANGED]]


def test_rows_that_hold_half_of_a_character_fail_by_name_and_the_others_are_loaded(
    graph: Graph, tmp_path: Path
):
    rows = (
        r'{"id": "\ud800", "text": "Alpha is valued at $5 billion."}',
        r'{"id": "b", "title": "\ud800", "text": "Beta is valued at $5 billion."}',
        r'{"id": "c", "text": "Gamma is valued at $5 billion."}',
    )
    (tmp_path / "rows.jsonl").write_text("\n".join(rows))
    assert states(ingest(graph, tmp_path)) == {
        "rows.jsonl, line 1": "failed",
        "rows.jsonl, line 2": "failed",
        "rows.jsonl, line 3": "loaded",
    }
    assert valued(graph) == ["Gamma"]
