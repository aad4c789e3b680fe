"""What the endpoint is sent, and what comes of the ways in which servers misbehave."""

import json
import logging
import threading
import time
import traceback

import pytest
from pydantic import SecretStr

from loaders.llm.errors import Code, LlmError
from loaders.llm.extractor import LlmExtractor
from tests.loaders.llm.conftest import KEY, Make, Serve, document, relation
from tests.loaders.llm.server import (
    Reply,
    Request,
    Server,
    body,
    breaks_off,
    completes,
    drips,
    drips_headers,
    events,
    never_ends,
    refuses,
    resets,
    says,
    speaks_something_else,
    streams,
)

TEXT = "Contoso acquired Northwind AI."
FACT = relation("ACQUIRED", "Company Contoso", "Company Northwind AI", TEXT)
GOOD = says([FACT])
WORDS = json.dumps({"facts": [FACT]})


def outcome(extractor: LlmExtractor, text: str = TEXT) -> str:
    """How many facts were found, or why none could be."""
    try:
        return f"{len(next(extractor.extract([document(text)])).facts)} facts"
    except LlmError as error:
        return str(error).rpartition("(")[2].removesuffix(")")


def test_a_question_holds_the_model_the_key_and_a_strict_schema(serve: Serve, extractor: Make):
    server = serve(GOOD)
    outcome(extractor(server))
    sent = server.requests[0]
    assert (sent.path, sent.headers["Authorization"]) == ("/v1/chat/completions", f"Bearer {KEY}")
    assert sent.body["model"] == "wren-1"
    assert sent.body["response_format"]["json_schema"]["strict"] is True


def test_the_passage_stands_between_marks_that_it_cannot_hold(serve: Serve, extractor: Make):
    server = serve(GOOD)
    outcome(extractor(server))
    *_, opening, words, closing = server.requests[0].question.split("\n")
    assert words == TEXT
    assert opening == closing.replace("/", "") != "<passage>"


@pytest.mark.parametrize(
    "content",
    [
        WORDS,
        f"```json\n{WORDS}\n```",
        f"Here they are:\n```\n{WORDS}\n```\nAnything else?",
        f'<think>Is {{"facts": []}} right? No.</think>\n{WORDS}',
        f"The facts: {WORDS} That is all.",
        json.dumps([FACT]),
        json.dumps({"facts": [{**FACT, "note": "x"}], "comment": "y"}),
        [{"type": "thinking", "thinking": "Hm."}, {"type": "text", "text": WORDS}],
        WORDS.replace("]}", ', {"quote": NaN, "share": 1e999}]}'),
    ],
    ids=[
        *("bare", "fence", "fence between sentences", "thoughts", "sentences", "list", "extra fields"),
        *("content in parts", "beside what JSON has no words for"),
    ],
)
def test_json_is_found_in_whatever_a_model_puts_around_it(serve: Serve, extractor: Make, content: object):
    assert outcome(extractor(serve(completes(content)))) == "1 facts"


@pytest.mark.parametrize(
    "reply",
    [
        streams(WORDS[:20], WORDS[20:]),
        body({"choices": [{"message": {"content": WORDS, "tool_calls": None}}], "x": [1]}),
        body({"choices": [{"message": {"content": WORDS}}], "usage": None}, media_type="text/html"),
        body({"choices": [{"message": {"content": WORDS}}], "usage": {"total_tokens": "many"}}),
        streams(WORDS, finish=None, done=True),
        body(b": waiting\n\n: still waiting\n\n" + events(WORDS)),
    ],
    ids=[
        *("events", "unknown and missing fields", "wrong content type", "a bill of another type"),
        *("events without a reason to stop", "comments before the events"),
    ],
)
def test_a_completion_is_read_in_the_forms_that_servers_give_it(serve: Serve, extractor: Make, reply: Reply):
    assert outcome(extractor(serve(reply))) == "1 facts"


@pytest.mark.parametrize(
    "reply",
    [
        says("I found no facts, sorry."),
        says('{"facts": [{"predicate": "ACQUI'),
        says('{"facts": "none"}'),
        says('{"facts": ' + "[" * 100_000),
        says(None),
        completes([1, None]),
        body({"choices": []}),
        body({"choices": "none"}),
        body({"object": "error", "message": "out of memory"}),
        body(b"<html>Sign in</html>", media_type="text/html"),
        body(b""),
        body(b"\xff\xfe\x00"),
        body(b"[" * 100_000),
        streams(WORDS[:20], finish=None),
        body(b'data: {"error": {"message": "overloaded"}}\n\n'),
        body(b"data: {\n\n", media_type="text/event-stream"),
        body(b"\x1f\x8b\x08", Content_Encoding="gzip"),
    ],
    ids=[
        *("prose", "truncated JSON", "wrong types", "deep JSON", "content null", "empty parts"),
        "no choices",
        *("choices of another type", "an error with status 200", "a page", "nothing", "bytes", "deep body"),
        *("a stream that breaks off", "a stream of errors", "a broken stream", "packed"),
    ],
)
def test_an_answer_that_is_none_is_asked_for_once_more_and_then_told(
    serve: Serve, extractor: Make, reply: Reply
):
    server = serve(reply)
    assert outcome(extractor(server)) == Code.MALFORMED
    assert len(server.requests) == 2


def test_after_one_malformed_answer_a_good_one_counts(serve: Serve, extractor: Make):
    assert outcome(extractor(serve(says("What?"), GOOD))) == "1 facts"


@pytest.mark.parametrize(
    ("reply", "code", "asked"),
    [
        (says(None, refusal="I cannot help with that."), Code.REFUSED, 1),
        (says("", finish="content_filter"), Code.REFUSED, 1),
        (refuses(401), Code.KEY, 1),
        (refuses(403), Code.KEY, 1),
        (refuses(402), Code.QUOTA, 1),
        (refuses(404), Code.REJECTED, 1),
        (refuses(429), Code.BUSY, 4),
        (refuses(429, Retry_After="3600"), Code.BUSY, 1),
        (refuses(429, kind="insufficient_quota"), Code.QUOTA, 1),
        (refuses(500), Code.BUSY, 4),
        (refuses(503, Retry_After="0"), Code.BUSY, 4),
        (body(b"<html>Bad gateway</html>", 502), Code.BUSY, 4),
        (resets, Code.UNREACHABLE, 4),
        (breaks_off, Code.UNREACHABLE, 4),
        (speaks_something_else, Code.UNREACHABLE, 4),
        (never_ends, Code.TOO_LARGE, 1),
        (says(WORDS[:40], finish="length"), Code.TRUNCATED, 2),
    ],
    ids=[
        *(
            "refusal",
            "filtered",
            "401",
            "403",
            "402",
            "404",
            "429",
            "429 for an hour",
            "spent",
            "500",
            "503",
            "502",
        ),
        *("reset", "broken off", "no HTTP", "endless", "cut short"),
    ],
)
def test_each_failure_has_its_code_and_is_tried_again_where_that_may_help(
    serve: Serve, extractor: Make, reply: Reply, code: Code, asked: int
):
    server = serve(reply)
    assert outcome(extractor(server)) == code
    assert len(server.requests) == asked


@pytest.mark.parametrize("reply", [drips, drips_headers, lambda _: time.sleep(8)])
def test_the_deadline_is_for_the_whole_answer_however_it_comes(serve: Serve, extractor: Make, reply: Reply):
    began = time.monotonic()
    assert outcome(extractor(serve(reply), timeout=0.3)) == Code.TIMEOUT
    assert time.monotonic() - began < 7


def test_a_server_that_is_not_there_is_told(extractor: Make):
    nobody = Server("http://127.0.0.1:1/v1", lambda *_: GOOD)
    assert outcome(extractor(nobody)) == Code.UNREACHABLE


@pytest.mark.parametrize("passing", [refuses(429), refuses(500), refuses(529), resets, breaks_off])
def test_what_passes_is_waited_for(serve: Serve, extractor: Make, passing: Reply):
    assert outcome(extractor(serve(passing, passing, GOOD))) == "1 facts"


@pytest.mark.parametrize(
    "asked", ["1", "Wed, 21 Oct 2015 07:28:00 GMT", "soon", "-1", "Mon, 1 Jan 2024 00:00:00 +99999999999999"]
)
def test_a_pause_that_the_server_asks_for_is_kept(serve: Serve, extractor: Make, asked: str):
    began = time.monotonic()
    assert outcome(extractor(serve(refuses(429, Retry_After=asked), GOOD))) == "1 facts"
    assert time.monotonic() - began >= (1 if asked == "1" else 0)


def test_a_server_without_schemas_is_asked_for_plain_json_instead_and_from_then_on(
    serve: Serve, extractor: Make
):
    def script(request: Request, _: int) -> Reply:
        return refuses(400, "response_format") if request.format == "json_schema" else GOOD

    server = serve(script=script)
    reader = extractor(server)
    assert [outcome(reader), outcome(reader, TEXT + " Yes.")] == ["1 facts", "1 facts"]
    assert [r.format for r in server.requests] == ["json_schema", "json_object", "json_object"]


def test_each_plainer_form_is_tried_once(serve: Serve, extractor: Make):
    server = serve(refuses(400, "no such model"))
    assert outcome(extractor(server)) == Code.REJECTED
    assert [r.format for r in server.requests] == ["json_schema", "json_object", "text"]


def test_a_server_that_knows_no_response_format_is_asked_in_words_alone(serve: Serve, extractor: Make):
    def script(request: Request, _: int) -> Reply:
        return GOOD if request.format == "text" else refuses(422, "Unrecognized argument: response_format")

    assert outcome(extractor(serve(script=script))) == "1 facts"


def test_a_server_that_fails_on_the_schema_is_asked_for_plain_json(serve: Serve, extractor: Make):
    def script(request: Request, _: int) -> Reply:
        return refuses(500, "failed to parse grammar") if request.format == "json_schema" else GOOD

    server = serve(script=script)
    assert outcome(extractor(server)) == "1 facts"
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        ("max_tokens", "Unsupported parameter: use 'max_completion_tokens' instead."),
        ("max_tokens", "max_tokens is too large: 8192. This model supports at most 4096."),
        ("temperature", "Unsupported value: 'temperature' does not support 0 with this model."),
    ],
    ids=["its name", "its size", "temperature"],
)
def test_a_field_that_the_model_does_not_take_is_changed_and_the_schema_stays(
    serve: Serve, extractor: Make, refused: str, message: str
):
    server = serve(script=lambda request, _: refuses(400, message) if refused in request.body else GOOD)
    assert outcome(extractor(server)) == "1 facts"
    assert [r.format for r in server.requests] == ["json_schema", "json_schema"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_so_the_key_stays(serve: Serve, extractor: Make, status: int):
    thief = serve(GOOD)
    server = serve(body(b"", status, Location=f"{thief.url}/chat/completions"))
    assert outcome(extractor(server)) == Code.REDIRECT
    assert thief.requests == []


@pytest.mark.parametrize(
    ("reply", "code", "asked"),
    [
        (refuses(401), Code.KEY, 1),
        (refuses(402), Code.QUOTA, 1),
        (body(b"", 308, Location="http://example.com"), Code.REDIRECT, 1),
        (resets, Code.UNREACHABLE, 4),
    ],
    ids=["a refused key", "an empty account", "a redirect", "a server that never answered"],
)
def test_after_what_every_question_would_meet_nothing_more_is_sent(
    serve: Serve, extractor: Make, reply: Reply, code: Code, asked: int
):
    server = serve(reply)
    reader = extractor(server)
    assert [outcome(reader), outcome(reader, "Another text.")] == [code, code]
    assert len(server.requests) == asked


@pytest.mark.parametrize("reply", [refuses(403), refuses(404), refuses(500), says("What?"), drips])
def test_after_what_one_document_met_the_next_one_is_read(serve: Serve, extractor: Make, reply: Reply):
    def script(request: Request, _: int) -> Reply:
        return reply if "Another" in request.question else GOOD

    reader = extractor(serve(script=script), timeout=3.0)
    assert [outcome(reader, f"Another. {TEXT}") == "1 facts", outcome(reader)] == [False, "1 facts"]


def test_a_server_that_answered_before_is_asked_again_after_it_broke_off(serve: Serve, extractor: Make):
    server = serve(GOOD, resets, resets, resets, resets, GOOD)
    reader = extractor(server)
    assert [outcome(reader, f"{TEXT} {n}") for n in range(3)] == ["1 facts", Code.UNREACHABLE, "1 facts"]


@pytest.mark.parametrize(
    "reply", [refuses(401, f"Incorrect key {KEY}"), refuses(404, f"no {KEY}"), refuses(500, KEY), resets]
)
def test_the_key_is_in_no_message_log_or_repr(
    serve: Serve, extractor: Make, reply: Reply, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    reader = extractor(serve(reply))
    with pytest.raises(LlmError) as raised:
        next(reader.extract([document(TEXT)]))
    told = "".join(traceback.format_exception(raised.value)) + caplog.text + repr(vars(reader))
    assert KEY not in told


def test_a_server_s_own_sentence_is_one_short_printable_line(serve: Serve, extractor: Make):
    with pytest.raises(LlmError) as raised:
        next(extractor(serve(refuses(404, "no\x1b[31m such\nmodel " + "x" * 9999))).extract([document(TEXT)]))
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 400


def test_an_answer_cut_short_is_asked_for_again_by_halves(serve: Serve, extractor: Make):
    text = "\n\n".join(f"Contoso acquired Northwind AI. This is paragraph {n}." for n in range(40))

    def script(request: Request, _: int) -> Reply:
        long = len(request.question) > 1500
        return says(WORDS[:30], finish="length") if long else GOOD

    server = serve(script=script)
    assert outcome(extractor(server), text) == "1 facts"
    assert len(server.requests) == 3


def test_as_many_questions_are_open_at_a_time_as_allowed_and_no_more(serve: Serve, extractor: Make):
    together = threading.Barrier(3, timeout=20)

    def script(_: Request, __: int) -> Reply:
        together.wait()
        return GOOD

    server = serve(script=script)
    texts = [document(f"{TEXT} {n}", f"{n}.txt") for n in range(12)]
    assert len(list(extractor(server, concurrency=3).extract(texts))) == 12
    assert server.most_at_once == 3


def test_without_a_key_none_is_sent(serve: Serve, extractor: Make):
    server = serve(GOOD)
    outcome(extractor(server, key=SecretStr("")))
    assert "Authorization" not in server.requests[0].headers
