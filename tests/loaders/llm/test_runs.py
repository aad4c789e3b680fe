"""A run over documents: its order, its budget, what it keeps, and how it goes on after a failure."""

import json
import re
import stat
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from zlib import crc32

import pytest

from kb.documents import Document, sha256
from kb.errors import KbError
from kb.facts import Extraction
from loaders.llm.cache import AnswerCache
from loaders.llm.errors import Code, LlmError
from loaders.llm.extractor import LlmExtractor
from tests.loaders.llm.conftest import KEY, Make, Serve, document, relation
from tests.loaders.llm.server import Handler, Reply, Request, Server, refuses, resets, says, streams

TEXT = "Contoso acquired Northwind AI."
FACT = relation("ACQUIRED", "Company Contoso", "Company Northwind AI", TEXT)
GOOD = says([FACT])
TWELVE = [document(f"{TEXT} This is text {n}.", f"{n}.txt") for n in range(12)]
LONG = document("\n\n".join(f"Paragraph {n}. {TEXT}" for n in range(400)), "long.txt")
COUNTS = (1, 2, 8)


def results(extractor: LlmExtractor, documents: list[Document]) -> list[Extraction | str]:
    """What comes of each document, or why nothing does; after a failure, on with those behind."""
    found: list[Extraction | str] = []
    rest = extractor.extract(documents)
    for position in range(len(documents)):
        try:
            found.append(next(rest))
        except KbError as error:
            found.append(str(error).rpartition("(")[2].removesuffix(")"))
            rest = extractor.extract(documents[position + 1 :])
    return found


def read(found: list[Extraction | str]) -> list[bool | str]:
    return [one if isinstance(one, str) else len(one.facts) > 0 for one in found]


def unevenly(request: Request, _: int) -> Reply:
    """Answers late, and fails for some documents, by what they say alone."""
    chance = crc32(request.question.encode())
    reply = refuses(404) if chance % 4 == 0 else GOOD

    def answer(handler: Handler) -> None:
        time.sleep(chance % 7 / 100)
        reply(handler)

    return answer


def test_the_extractions_are_those_of_any_number_of_questions_at_a_time(
    serve: Serve, extractor: Make, tmp_path: Path
):
    server = serve(script=unevenly)
    runs = [
        results(extractor(server, concurrency=count, cache=tmp_path / str(count)), [LONG, *TWELVE])
        for count in COUNTS
    ]
    assert set(read(runs[0])) == {True, Code.REJECTED}
    assert [run for run in runs if run != runs[0]] == []


def test_a_budget_stops_at_the_same_document_whatever_the_number_of_questions_at_a_time(
    serve: Serve, extractor: Make, tmp_path: Path
):
    server = serve(says([FACT], tokens=30_000))
    for count in COUNTS:
        reader = extractor(server, concurrency=count, cache=tmp_path / str(count), budget=100_000)
        assert read(results(reader, TWELVE)) == [True] * 3 + [Code.BUDGET] * 9
        assert reader.tokens == 90_000
    assert len(server.requests) == 3 * len(COUNTS)


def test_what_a_budget_left_out_is_read_by_the_next_run_and_the_rest_is_not_paid_again(
    serve: Serve, extractor: Make
):
    server = serve(says([FACT], tokens=30_000))
    results(extractor(server, budget=100_000), TWELVE)
    reader = extractor(server)
    assert read(results(reader, TWELVE)) == [True] * 12
    assert (len(server.requests), reader.tokens) == (12, 9 * 30_000)


def test_a_long_document_that_the_budget_broke_off_goes_on_where_it_stopped(serve: Serve, extractor: Make):
    server = serve(says([FACT], tokens=30_000))
    assert read(results(extractor(server, budget=60_000), [LONG])) == [Code.BUDGET]
    asked = len(server.requests)
    assert read(results(extractor(server), [LONG])) == [True]
    questions = [request.question for request in server.requests]
    assert 0 < asked < len(questions) == len(set(questions))


def test_without_a_budget_what_is_kept_is_still_read(serve: Serve, extractor: Make):
    server = serve(GOOD)
    results(extractor(server), TWELVE[:2])
    assert read(results(extractor(server, budget=0), TWELVE[:3])) == [True, True, Code.BUDGET]


@pytest.mark.parametrize(
    ("reply", "counted"),
    [
        (GOOD, "as billed"),
        (says([FACT], tokens=None), "estimated"),
        (says([FACT], tokens=0), "estimated"),
        (streams(json.dumps({"facts": []})), "estimated"),
        (says("What?"), "as billed"),
        (lambda _: time.sleep(9), "estimated"),
        (refuses(401), "nothing"),
        (refuses(503), "nothing"),
        (resets, "nothing"),
    ],
    ids=["billed", "no bill", "a bill of nought", "stream", "malformed", "timeout", "key", "busy", "reset"],
)
def test_what_a_question_may_have_cost_counts(serve: Serve, extractor: Make, reply: Reply, counted: str):
    reader = extractor(serve(reply), timeout=3.0)
    results(reader, TWELVE[:1])
    assert (reader.tokens == 0, reader.tokens > 1_000) == (counted == "nothing", counted == "estimated")


def test_a_question_is_asked_once_in_its_life(serve: Serve, extractor: Make):
    server = serve(GOOD)
    first = results(extractor(server), TWELVE)
    reader = extractor(server)
    assert results(reader, TWELVE) == first
    assert (len(server.requests), reader.tokens) == (12, 0)


def test_the_same_words_are_asked_about_once_even_while_they_are_under_way(serve: Serve, extractor: Make):
    server = serve(GOOD)
    copies = [document(TEXT, name) for name in ("a.txt", "b.txt", "c.txt")]
    assert read(results(extractor(server), copies)) == [True] * 3
    assert len(server.requests) == 1


def test_another_model_another_date_or_other_words_are_another_question(serve: Serve, extractor: Make):
    server = serve(GOOD)
    results(extractor(server), [document(TEXT), document(f"{TEXT} Yes."), document(TEXT, published="2020")])
    results(extractor(server, model="wren-2"), [document(TEXT)])
    assert len(server.requests) == 4


def entries(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 9999,
        b'{"facts": []}',
        b'{"digest": "sha256:0", "facts": []}',
    ],
)
def test_an_entry_that_is_broken_is_asked_for_again_and_mended(
    serve: Serve, extractor: Make, tmp_path: Path, content: bytes
):
    server = serve(GOOD)
    results(extractor(server), TWELVE[:1])
    (entry,) = entries(tmp_path)
    entry.write_bytes(content)
    assert [read(results(extractor(server), TWELVE[:1])) for _ in range(2)] == [[True], [True]]
    assert len(server.requests) == 2


def test_the_cache_holds_answers_for_their_owner_alone_and_no_key(
    serve: Serve, extractor: Make, tmp_path: Path
):
    results(extractor(serve(GOOD)), TWELVE)
    assert len(entries(tmp_path)) == 12
    assert {stat.S_IMODE(path.stat().st_mode) for path in entries(tmp_path)} == {0o600}
    assert [path for path in entries(tmp_path) if KEY in path.read_text("ascii")] == []


@pytest.mark.parametrize(
    "reply", [says("What?"), says(None, refusal="no"), refuses(404), says("{", finish="length")]
)
def test_what_is_no_answer_is_not_kept(serve: Serve, extractor: Make, tmp_path: Path, reply: Reply):
    results(extractor(serve(reply)), TWELVE[:1])
    assert entries(tmp_path) == []


def test_an_answer_that_cannot_be_kept_is_used_and_the_log_tells_it_once(
    serve: Serve, extractor: Make, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    (tmp_path / "file").write_text("")
    assert read(results(extractor(serve(GOOD), cache=tmp_path / "file"), TWELVE)) == [True] * 12
    assert len([r for r in caplog.records if "cannot be kept" in r.message]) == 1


def _keep(folder: Path, facts: list[object]) -> int:
    """Write over the same entries again and again; count those that are read otherwise than written."""
    cache, wrong = AnswerCache(folder), 0
    for turn in range(300):
        key = sha256(str(turn % 3).encode())
        cache.put(key, facts)
        wrong += cache.get(key) != facts
    return wrong


def test_two_processes_can_keep_the_same_answers(tmp_path: Path):
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        wrong = list(pool.map(_keep, [tmp_path] * 2, [[{"quote": "x" * 10_000}]] * 2))
    assert wrong == [0, 0]
    assert len(entries(tmp_path)) == 3


def test_a_document_that_cannot_be_read_loses_no_other_and_nothing_is_asked_twice(
    serve: Serve, extractor: Make
):
    def script(request: Request, _: int) -> Reply:
        return refuses(404) if re.search(r"text (?:0|5|11)\.", request.question) else GOOD

    server = serve(script=script)
    found = read(results(extractor(server), TWELVE))
    assert [n for n, one in enumerate(found) if one == Code.REJECTED] == [0, 5, 11]
    assert found.count(True) == 9
    assert len(server.requests) == 12


def test_one_passage_that_cannot_be_read_leaves_the_whole_document_out(serve: Serve, extractor: Make):
    server = serve(script=lambda request, _: refuses(404) if "Paragraph 0." in request.question else GOOD)
    assert read(results(extractor(server), [LONG, *TWELVE[:1]])) == [Code.REJECTED, True]


def test_an_empty_text_is_read_without_a_question(serve: Serve, extractor: Make):
    server = serve(GOOD)
    assert read(results(extractor(server), [document(" \n")])) == [False]
    assert server.requests == []


def test_what_is_left_out_is_counted_by_reason(serve: Serve, extractor: Make):
    invented = relation("ACQUIRED", "Company Contoso", "Company Fabrikam", "Contoso bought Fabrikam")
    absent = relation("ACQUIRED", "Company Contoso", "Company Fabrikam", TEXT)
    reader = extractor(serve(says([FACT, invented, invented, absent, None])))
    (found,) = reader.extract(TWELVE[:1])
    assert (len(found.facts), found.dropped) == (1, 4)
    assert dict(reader.left_out) == {
        "words not in the text": 2,
        "ends not named in the text": 1,
        "fields missing or of other types": 1,
    }


def test_a_run_that_is_given_up_does_not_wait_for_its_answers(serve: Serve, extractor: Make):
    def script(request: Request, _: int) -> Reply:
        return GOOD if "text 0." in request.question else lambda _: time.sleep(20)

    began = time.monotonic()
    run = extractor(serve(script=script), timeout=20.0).extract(TWELVE)
    next(run)
    run.close()
    assert time.monotonic() - began < 10


def test_the_extractor_s_name_tells_the_model_and_what_it_was_asked(serve: Serve, extractor: Make):
    reader = extractor(serve(says([])), model="house/wren-1")
    assert re.fullmatch(r"llm/house/wren-1/\d+", reader.name)
    assert next(reader.extract(TWELVE)).extractor == reader.name


def test_a_server_that_is_gone_in_mid_run_fails_what_it_left_and_no_more(serve: Serve, extractor: Make):
    server: Server = serve(GOOD, GOOD, resets)
    reader = extractor(server, concurrency=1, attempts=1)
    with pytest.raises(LlmError, match=Code.UNREACHABLE):
        list(reader.extract(TWELVE[:3]))
    assert read(results(extractor(server, budget=0), TWELVE[:3])) == [True, True, Code.BUDGET]
