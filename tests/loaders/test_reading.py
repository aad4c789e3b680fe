"""Reading in processes apart: what kills one of them, or keeps it, is one document's failure."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kb.documents import RawDocument
from kb.errors import InputError
from loaders.reading import ReadingProcess

SEEDS = Path(__file__).parents[2] / "seeds"


def raw(text: str) -> RawDocument:
    return RawDocument("a.txt", text.encode(), "text/plain", origin="a.txt")


@pytest.fixture(scope="module")
def others() -> set[int]:
    """Processes that earlier tests left, which are none of the fixture's."""
    return {worker.pid for worker in workers()}


@pytest.fixture(scope="module")
def reading(others: set[int]) -> Iterator[ReadingProcess]:
    process = ReadingProcess(SEEDS)
    yield process
    process.close()


def workers() -> list[psutil.Process]:
    return [
        child for child in psutil.Process().children() if "multiprocessing.spawn" in " ".join(child.cmdline())
    ]


def test_it_cleans_and_extracts_in_a_process_each(reading: ReadingProcess):
    document = reading.clean(raw("OpenAI raised $40 billion in March 2025.\n"))
    (extraction,) = reading.extract([document])
    assert [str(fact.predicate) for fact in extraction.facts] == ["FUNDING_RAISED"]
    assert len(workers()) >= 2


def test_what_cannot_be_cleaned_is_told(reading: ReadingProcess):
    with pytest.raises(InputError, match="PDF"):
        reading.clean(raw("%PDF-1.7"))


def html(body: str) -> RawDocument:
    return RawDocument("a.html", body.encode(), "text/html", origin="a.html")


LAUGHS = '<!ENTITY a0 "haha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    ("declared", "used"), [(LAUGHS, "&a11;"), ('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;")]
)
def test_entities_that_a_page_declares_are_not_expanded(reading: ReadingProcess, declared: str, used: str):
    page = f"<!DOCTYPE html [{declared}]><html><body><p>{used} Acme is a firm.</p></body></html>"
    assert reading.clean(html(page)).text == f"{used} Acme is a firm."


def test_a_page_of_very_many_entities_is_read_or_told_of(reading: ReadingProcess):
    page = f"<html><body><p>{'&amp;' * 300_000}</p></body></html>"
    assert len(reading.clean(html(page)).text) <= 300_000


def test_a_process_that_dies_is_replaced_for_the_next_document(reading: ReadingProcess, others: set[int]):
    document = reading.clean(raw("One."))
    list(reading.extract([document]))
    for worker in (one for one in workers() if one.pid not in others):
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait(20)
    with pytest.raises(InputError, match="died"):
        reading.clean(raw("Two."))
    with pytest.raises(InputError, match="died"):
        list(reading.extract([document]))
    assert reading.clean(raw("Three.")).text == "Three."
    assert len(list(reading.extract([document]))) == 1


def test_a_document_that_takes_too_long_is_ended_with_its_process():
    process = ReadingProcess(SEEDS, longest=0.05)
    with pytest.raises(InputError, match="longer than"):
        list(process.extract([process.clean(raw("OpenAI raised money. " * 10_000))]))
    process.close()


def test_closing_ends_what_it_works_on_and_all_that_would_come():
    process = ReadingProcess(SEEDS)
    document = process.clean(
        raw("".join(f"Firm {n} raised ${n} million in May 2025.\n" for n in range(20_000)))
    )
    failed: list[str] = []

    def read() -> None:
        with pytest.raises(InputError) as error:
            list(process.extract([document]))
        failed.append(str(error.value))

    thread = threading.Thread(target=read)
    thread.start()
    time.sleep(1)
    process.close()
    thread.join(20)
    assert len(failed) == 1
    with pytest.raises(InputError, match="ended"):
        process.clean(raw("Later."))
