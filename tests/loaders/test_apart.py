"""Work in a process apart: what goes wrong there is one piece of work's failure."""

import os
import re
import time
from collections.abc import Iterator

import pytest

from kb.errors import InputError
from loaders.apart import Apart, Bounds
from loaders.refusals import Code, ReadError


def half(number: int) -> int:
    if number % 2:
        raise InputError(f"{number} has no half.")
    return number // 2


def count(upto: int) -> Iterator[int]:
    for number in range(upto):
        if number == 3:
            raise ReadError(Code.BAD_ROW, "Three is where it ends.")
        yield number


def fill(megabytes: int) -> int:
    return len(bytes(megabytes * 2**20))


def sleep(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def spin(number: int) -> int:
    while True:
        number += 1


def steady(upto: int) -> Iterator[int]:
    for number in range(upto):
        until = time.process_time() + 0.4
        while time.process_time() < until:
            pass
        yield number


def whoami(_: int) -> int:
    return os.getpid()


def divide(number: int) -> float:
    return 1 / number


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    process = Apart(patience=60.0, bounds=Bounds(256 * 2**20, 1.0))
    yield process
    process.close()


def code(apart: Apart, *work: object) -> str:
    with pytest.raises(ReadError) as refused:
        apart.call(*work)  # pyright: ignore[reportArgumentType]
    return refused.value.code


def test_results_come_back(apart: Apart):
    assert [apart.call(half, 4), list(apart.stream(count, 3))] == [2, [0, 1, 2]]


def test_a_refusal_is_told_in_its_own_words(apart: Apart):
    with pytest.raises(InputError, match=r"3 has no half\."):
        apart.call(half, 3)


def test_what_came_before_a_refusal_stands(apart: Apart):
    seen: list[int] = []
    with pytest.raises(ReadError) as refused:
        seen.extend(apart.stream(count, 9))
    assert refused.value.code == Code.BAD_ROW


def test_more_memory_than_it_may_have_is_refused(apart: Apart):
    assert code(apart, fill, 300) == Code.OUT_OF_MEMORY
    assert apart.call(fill, 1) == 2**20


def test_work_that_is_waited_for_too_long_is_ended():
    impatient = Apart(patience=0.5)
    assert code(impatient, sleep, 60) == Code.TOO_SLOW
    impatient.close()


def test_work_that_takes_too_much_of_a_processor_is_ended(apart: Apart):
    assert code(apart, spin, 0) == Code.TOO_SLOW
    assert apart.call(half, 2) == 1


def test_each_result_has_the_time_anew(apart: Apart):
    assert len(list(apart.stream(steady, 5))) == 5


def test_a_process_that_did_much_is_replaced():
    process = Apart(patience=30.0, bounds=Bounds(256 * 2**20, 1.0, works=2))
    ids = [process.call(whoami, 0) for _ in range(5)]
    process.close()
    assert [ids[0] == ids[1], ids[1] == ids[2], ids[2] == ids[3], ids[3] == ids[4]] == [
        True,
        False,
        True,
        False,
    ]


def test_a_fault_of_the_program_fails_one_work_alone_and_is_told_by_the_number_of_its_log_entry(
    apart: Apart, caplog: pytest.LogCaptureFixture
):
    with pytest.raises(ReadError) as failed:
        apart.call(divide, 0)
    (incident,) = re.findall(r"incident ([0-9a-f]{12}) in the log", str(failed.value))
    assert incident in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert failed.value.code == Code.FAULT
    assert apart.call(half, 2) == 1


def test_a_stream_that_is_given_up_leaves_nothing_behind(apart: Apart):
    numbers = apart.stream(count, 3)
    assert next(numbers) == 0
    del numbers
    assert list(apart.stream(count, 2)) == [0, 1]


def test_nothing_is_done_after_it_was_closed():
    closed = Apart(patience=1.0)
    closed.close()
    with pytest.raises(ReadError, match="ended"):
        closed.call(half, 2)
