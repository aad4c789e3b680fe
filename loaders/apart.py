"""Work in a process apart, bounded in memory and time: what hostile bytes do, they do to that process alone.

The process takes one piece of work after the other and gives its results as they come. One that needs more
memory than it may, works too long on a result, or dies is ended, and the next work starts another one; the
caller's own process neither waits for it nor dies of it.
"""

import logging
import multiprocessing
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, Final, TypeVar, cast

from kb.errors import InputError
from kb.incidents import log_incident
from loaders.refusals import Code, ReadError, code_of

_NO_MEMORY: Final = 77
"""What the process ends with when it was refused memory."""
_STARTING: Final = 60.0
"""Seconds until it is ready for work."""
_LETTING_GO: Final = 5.0
"""Seconds that an ended process is waited for."""

Given = TypeVar("Given")
Result = TypeVar("Result")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _One:
    result: Any


@dataclass(frozen=True, slots=True)
class _Refused:
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class _Fault:
    trace: str


@dataclass(frozen=True, slots=True)
class _Done:
    pass


@dataclass(frozen=True, slots=True)
class _Process:
    process: SpawnProcess
    connection: Connection

    def end(self) -> int | None:
        """End it now, whatever it does; what it had ended with, if it had."""
        ended = self.process.exitcode
        if ended is None:
            self.process.join(0.2)  # one that closed its end of the pipe is about to be gone
            ended = self.process.exitcode
        self.process.kill()
        self.process.join(_LETTING_GO)
        self.connection.close()
        return ended


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bytes that the process may map (macOS knows no such bound), and seconds of a processor a result.

    After so many pieces of work it is replaced, so that what its libraries keep never adds up to the bound.
    """

    memory: int
    seconds: float
    works: int = 500


class Apart:
    """A process that starts with the first work; one caller at a time."""

    def __init__(
        self, *, patience: float, bounds: Bounds | None = None, begin: Callable[[], None] | None = None
    ) -> None:
        """Remember how to make the process.

        `patience` is how many seconds a result is waited for, whatever the machine has to do beside;
        `begin` is what the process does before its first work.
        """
        self._patience: Final = patience
        self._bounds: Final = bounds
        self._begin: Final = begin
        self._process: _Process | None = None
        self._works = 0
        self._closed = False

    def call(self, function: Callable[[Given], Result], given: Given) -> Result:
        """What the function gives there.

        Raises:
            ReadError: when it cannot: by its own word, or because the process was ended.
        """
        (only,) = self.stream(_once, (function, given))
        return only

    def stream(self, function: Callable[[Given], Iterable[Result]], given: Given) -> Iterator[Result]:
        """What the function gives there, one by one as it comes.

        Raises:
            ReadError: as `call` does; what came before stands.
        """
        process = self._ready()
        whole = False
        try:
            process.connection.send((function, given))
            while not isinstance(answer := self._answer(process), _Done):
                yield answer.result
            whole = True
        except (EOFError, OSError) as error:
            raise self._death(process) from error
        except ReadError as error:
            whole = error.code not in {Code.TOO_SLOW, Code.DIED}
            raise
        finally:
            if not whole:
                self._drop(process)

    def close(self) -> None:
        """End the process, whatever it does; what it was and will be asked for fails."""
        self._closed = True
        process = self._process
        if process is not None:
            process.process.kill()
            process.process.join(_LETTING_GO)

    def _ready(self) -> _Process:
        if self._closed:
            raise ReadError(Code.DIED, "Reading was ended before this document.")
        worn = self._bounds is not None and self._works >= self._bounds.works
        if self._process is not None and (worn or not self._process.process.is_alive()):
            self._drop(self._process)
        if self._process is None:
            self._process, self._works = self._started(), 0
        self._works += 1
        if self._closed:
            self.close()
        return self._process

    def _answer(self, process: _Process) -> _One | _Done:
        if not process.connection.poll(self._patience):
            raise _too_slow(self._patience)
        match process.connection.recv():
            case _Refused(code, sentence):
                raise ReadError(code, sentence)
            case _Fault(trace):
                incident = log_incident(log, f"a process apart failed:\n{trace}")
                raise ReadError(
                    Code.FAULT, f"Reading it hit a fault of the program (incident {incident} in the log)."
                )
            case _One() | _Done() as answer:
                return answer
            case _:
                raise EOFError

    def _death(self, process: _Process) -> ReadError:
        ended = process.end()
        if self._bounds is not None and ended == _NO_MEMORY:
            most = self._bounds.memory // 2**20
            return ReadError(Code.OUT_OF_MEMORY, f"Reading it takes more than {most} MB of memory.")
        if self._bounds is not None and ended == -signal.SIGPROF:
            return _too_slow(self._bounds.seconds)
        return ReadError(Code.DIED, "The process that read it died, perhaps for want of memory.")

    def _drop(self, process: _Process) -> None:
        if self._process is process:
            self._process = None
        process.end()

    def _started(self) -> _Process:
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(target=_serve, args=(there, self._bounds, self._begin), daemon=True)
        process.start()
        there.close()
        started = _Process(process, cast("Connection", here))
        if not here.poll(_STARTING) or not _is_ready(started.connection):
            started.end()
            raise ReadError(Code.DIED, "The process that reads could not be started.")
        return started


def _too_slow(seconds: float) -> ReadError:
    return ReadError(Code.TOO_SLOW, f"Reading it took longer than {seconds:g} seconds, and was ended.")


def _is_ready(connection: Connection) -> bool:
    try:
        return isinstance(connection.recv(), _Done)
    except (EOFError, OSError):
        return False


def _once(work: tuple[Callable[[Given], Result], Given]) -> Iterator[Result]:
    function, given = work
    yield function(given)


def _serve(connection: Connection, bounds: Bounds | None, begin: Callable[[], None] | None) -> None:
    """The life of the process: work until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    if begin is not None:
        begin()
    if bounds is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # libraries tell of flaws on stderr
    if bounds is not None and sys.platform != "darwin":
        resource.setrlimit(resource.RLIMIT_AS, (bounds.memory, bounds.memory))
    seconds = 0.0 if bounds is None else bounds.seconds
    with suppress(EOFError, OSError):
        connection.send(_Done())
        while True:
            _work(connection, *connection.recv(), seconds=seconds)


def _work(
    connection: Connection, function: Callable[[Any], Iterable[Any]], given: object, seconds: float
) -> None:
    """Give the results of one piece of work; the timer's signal ends the process, whatever runs in it."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        for result in function(given):
            signal.setitimer(signal.ITIMER_PROF, seconds)
            connection.send(_One(result))
    except MemoryError:
        os._exit(_NO_MEMORY)
    except InputError as error:
        connection.send(_Refused(code_of(error), str(error)))
    except OSError:
        raise
    except Exception:  # noqa: BLE001 - told to the caller, whose boundary it is
        connection.send(_Fault(traceback.format_exc()))
    else:
        connection.send(_Done())
