"""What goes out whole comes in whole: exports of graphs before and after."""

import json
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.errors import InputError, UsageError
from kb.graph.checks import run_checks
from kb.graph.connection import Graph
from kb.graph.export import export_statements
from kb.graph.imports import Imported, import_lines
from kb.graph.judging import Judge
from kb.graph.whole import since, whole_lines
from kb.graph.writer import Writer
from kb.judgements import Opinion, Verdict
from kb.registry import Registry
from tests import doors, merging
from tests.kb.graph.lives import Desk
from tests.kb.graph.test_judging_histories import History, Step, histories
from tests.merging import entry, load, rivals, with_entries, worth

HISTORIES = int(os.environ.get("KB_TEST_HISTORIES", "2"))
ACME, BETA = "company/acme", "company/beta"


def whole(graph: Graph) -> list[str]:
    return list(whole_lines(graph.driver, graph.database))


def history(graph: Graph) -> list[str]:
    return [repr(row) for row in export_statements(graph.driver, graph.database, history=True)]


def take(graph: Graph, lines: list[str]) -> Imported:
    return import_lines(graph.driver, graph.database, lines)


def everything(graph: Graph) -> Any:
    """All nodes and edges; the clusters of documents that do not stand mean nothing."""
    nodes, edges = merging.everything(graph)
    return [
        (id_, labels, {name: value for name, value in properties.items() if name != "cluster"})
        for id_, labels, properties in nodes
    ], edges


def wipe(graph: Graph) -> None:
    graph.driver.execute_query(doors.WIPE, database_=graph.database)


@pytest.fixture
def lived(graph: Graph) -> Desk:
    """A graph with all that can have happened to documents and facts."""
    desk = Desk(graph)
    for key, version in (("a", (1, True, True)), ("b", (2, True, True)), ("c", (3, False, False))):
        desk.load(key, version)
    desk.load("a", (4, True, True))
    desk.corrections.withdraw([desk.document("b")], "a hoax")
    desk.corrections.reject(desk.facts("c", (3, False, False)), "a slip of the pen")
    desk.load("d", (5, False, True))
    desk.corrections.withdraw([desk.document("d")], None)
    desk.corrections.restore([desk.document("d")])
    load(desk.writer, "e", rivals("Acme", "Beta"), worth("Beta", 7))
    judge = Judge(graph.driver, graph.database)
    judge.judge(Opinion(ACME, BETA, Verdict.SAME, "ann"))
    judge.undo(None, "ann")
    judge.judge(Opinion(ACME, BETA, Verdict.SAME, "bob", "one firm"))
    return desk


def test_an_import_in_an_empty_graph_makes_an_equal_one(lived: Desk):
    graph = lived.graph
    lines, told, shown, all_of_it = whole(graph), history(graph), lived.shown(), everything(graph)
    wipe(graph)
    done = take(graph, lines)
    assert done.failed == ()
    assert whole(graph) == lines
    assert history(graph) == told
    assert lived.shown() == shown
    assert everything(graph) == all_of_it


def test_importing_again_changes_nothing(lived: Desk):
    lines, all_of_it = whole(lived.graph), everything(lived.graph)
    assert take(lived.graph, lines) == Imported(len(lines) - 2, 0)
    assert (whole(lived.graph), everything(lived.graph)) == (lines, all_of_it)


def test_an_imported_graph_breaks_no_check(lived: Desk):
    lines = whole(lived.graph)
    wipe(lived.graph)
    take(lived.graph, lines)
    assert [
        found.check for found in run_checks(lived.graph.driver, lived.graph.database) if found.count
    ] == []


def test_what_was_judged_after_an_import_can_be_undone_there(lived: Desk):
    lines = whole(lived.graph)
    judge = Judge(lived.graph.driver, lived.graph.database)
    judge.undo(None, "ann")
    apart = lived.shown()
    wipe(lived.graph)
    take(lived.graph, lines)
    judge.undo(None, "ann")
    assert lived.shown() == apart


def test_an_import_beside_other_documents_is_as_if_all_had_been_loaded_here(graph: Graph):
    desk = Desk(graph)
    desk.load("a", (1, True, True))
    lines = whole(graph)
    wipe(graph)
    desk.load("b", (2, True, True))
    take(graph, lines)
    both = desk.shown()
    wipe(graph)
    desk.load("a", (1, True, True))
    desk.load("b", (2, True, True))
    assert desk.shown() == both


def test_of_two_versions_at_one_place_the_later_stands_after_an_import(graph: Graph):
    desk = Desk(graph)
    desk.load("a", (1, True, True))
    older = whole(graph)
    wipe(graph)
    desk.load("a", (2, True, True))
    alone = desk.shown()
    take(graph, older)
    assert desk.shown() == alone


def test_what_was_withdrawn_stays_so_when_an_older_export_is_imported(graph: Graph):
    desk = Desk(graph)
    desk.load("a", (1, True, True))
    older = whole(graph)
    desk.corrections.withdraw([desk.document("a")], None)
    take(graph, older)
    assert desk.shown()["lines"] == []


def test_a_judgement_that_contradicts_the_graph_is_named_and_left_out(graph: Graph):
    writer = Writer(graph.driver, graph.database, with_entries(entry("Acme"), entry("Beta")))
    load(writer, "e", rivals("Acme", "Beta"))
    judge = Judge(graph.driver, graph.database)
    judge.judge(Opinion(ACME, BETA, Verdict.SAME, "ann"))
    lines = whole(graph)
    judge.undo(None, "ann")
    judge.judge(Opinion(ACME, BETA, Verdict.DIFFERENT, "bob"))
    (told,) = (line for line in lines if '"judgement"' in line)
    renamed = told.replace(json.loads(told)["key"], "another")
    done = take(graph, [renamed if line == told else line for line in lines])
    assert len(done.failed) == 1
    assert "cannot be one entity" in done.failed[0]


def test_a_line_that_is_no_record_is_named_and_the_rest_written(lived: Desk):
    lines = whole(lived.graph)
    shown = lived.shown()
    wipe(lived.graph)
    done = take(lived.graph, [*lines[:-1], '{"record": "statement"}', end(len(lines) - 1)])
    assert lived.shown() == shown
    assert done.failed == (f"line {len(lines)} is no record of an export.",)


@pytest.mark.parametrize(
    ("record", "place", "value", "reason"),
    [
        ("statement", "claim_id", None, "properties.claim_id: Input should be a valid string."),
        ("statement", "slot", 7, "properties.slot: Input should be a valid string."),
        ("statement", "predicate", "OWNS", "properties.predicate: Value error, there is no 'OWNS'."),
        ("statement", "confidence", "sure", "properties.confidence: Input should be a valid number."),
        ("statement", "recorded_at", "yesterday", ""),
        ("statement", "value", 2**70, ""),
        ("document", "publisher", 1.5, "properties.publisher: Input should be a valid string."),
        ("document", "recorded_at", {"a": "map"}, "properties.recorded_at: Input should be a valid string."),
        ("entity", "name", None, "properties.name: Input should be a valid string."),
        ("entity", "id", "company/other", "its key is not its id."),
    ],
)
def test_a_record_that_breaks_its_form_is_named_and_the_rest_written(
    graph: Graph, record: str, place: str, value: object, reason: str
):
    load(Writer(graph.driver, graph.database, Registry({}, {})), "a", worth("Acme", 5))
    lines = whole(graph)
    number, broken = next(
        (number, row) for number, line in enumerate(lines, 1) if (row := json.loads(line))["record"] == record
    )
    broken["properties"][place] = value
    wipe(graph)
    done = take(graph, [json.dumps(broken) if n == number else line for n, line in enumerate(lines, 1)])
    assert f"line {number} ({record}): {reason}" in "\n".join(done.failed)
    assert done.records == len(lines) - 2
    assert run_checks(graph.driver, graph.database)
    assert isinstance(history(graph), list)


def test_a_statement_without_its_document_is_named_and_the_rest_written(graph: Graph):
    desk = Desk(graph)
    desk.load("a", (1, True, True))
    desk.load("c", (3, False, False))
    gone = desk.document("a")
    lines = whole(graph)
    wipe(graph)
    done = take(
        graph,
        [
            *(line for line in lines[:-1] if f'"document", "key": "{gone}"' not in line),
            end(len(lines) - 3),
        ],
    )
    assert {reason.partition(": ")[2] for reason in done.failed} == {
        f"the document {gone} is neither in the graph nor earlier in the file."
    }
    assert len(desk.shown()["lines"]) == 1


def end(records: int) -> str:
    return f'{{"record": "end", "records": {records}}}'


def test_a_file_that_was_cut_off_is_refused_and_can_be_imported_whole_later(lived: Desk):
    lines = whole(lived.graph)
    wipe(lived.graph)
    with pytest.raises(InputError, match="ends early"):
        take(lived.graph, lines[: len(lines) // 2])
    take(lived.graph, lines)
    assert whole(lived.graph) == lines


@pytest.mark.parametrize("first", ["", "[]", "{", '{"id": "sha256:1"}', '{"record": "export", "form": 99}'])
def test_what_is_no_whole_export_is_refused(graph: Graph, first: str):
    with pytest.raises(UsageError, match="export"):
        take(graph, [first])


def test_a_delta_of_another_state_is_refused(lived: Desk):
    lines = whole(lived.graph)
    lived.load("f", (6, True, False))
    delta = list(since(lines, whole(lived.graph)))
    with pytest.raises(UsageError, match="another state"):
        take(lived.graph, delta)


def test_an_earlier_export_of_another_graph_is_refused(lived: Desk):
    lines = whole(lived.graph)
    wipe(lived.graph)
    with pytest.raises(InputError, match="another graph"):
        list(since(lines, whole(lived.graph)))


def test_an_unchanged_graph_has_an_empty_delta(lived: Desk):
    lines = whole(lived.graph)
    assert len(list(since(lines, lines))) == 2


@settings(max_examples=HISTORIES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=histories, cut=st.integers(1, 8))
def test_a_delta_applied_to_the_earlier_state_is_the_later_one(graph: Graph, steps: list[Step], cut: int):
    past = History(graph)
    for step in steps[:cut]:
        past.take(step)
    before = whole(graph)
    for step in steps[cut:]:
        past.take(step)
    after, all_of_it = whole(graph), everything(graph)
    delta = list(since(before, after))
    wipe(graph)
    assert take(graph, before).failed == ()
    assert take(graph, delta).failed == ()
    assert whole(graph) == after
    assert everything(graph) == all_of_it


def test_a_delta_tells_of_documents_that_came_changed_and_went(lived: Desk):
    graph = lived.graph
    before = whole(graph)
    lived.load("a", (6, False, True))
    lived.corrections.restore([lived.document("b")])
    lived.corrections.accept(lived.facts("c", (3, False, False)))
    lived.corrections.withdraw([lived.document("d")], "old")
    after, shown, all_of_it = whole(graph), lived.shown(), everything(graph)
    delta = list(since(before, after))
    wipe(graph)
    take(graph, before)
    take(graph, delta)
    assert whole(graph) == after
    assert lived.shown() == shown
    assert everything(graph) == all_of_it
