"""Reading over a Ray cluster: a task a shard, results in the order of the manifest, each kept when it comes.

Ray does a task again whose worker or machine died. Few shards are under way at a time, so that neither this
process nor the cluster's memory holds more, however large the load is.
"""

import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

import ray
from ray.exceptions import RayError, RayTaskError

from kb.documents import RawDocument
from kb.errors import KbError, SetupError
from loaders.reading import ReadingProcess
from loaders.refusals import Code
from loaders.shards.manifest import Shard, shards
from loaders.shards.outputs import Entry, Outputs, decoded
from loaders.shards.work import Edition, Output, read_shard
from loaders.sources.found import Found, Problem, Read

_AGAIN: Final = 5
"""How often a shard is begun again whose worker died."""
_AHEAD: Final = 3
"""Shards under way for each processor: one that it reads, and others that wait for it."""


@dataclass(slots=True)
class Counts:
    """How many shards of documents were read now, and how many had been before."""

    read: int = 0
    kept: int = 0


@dataclass(slots=True)
class _Underway:
    """A shard without its documents' bytes, and its task, its output, or why it has none."""

    shard: Shard
    task: Any = None
    content: bytes | None = None
    lost: str | None = None


class Cluster:
    """The workers of a cluster; `joining.py` gives one. `reader` reads here as they do there."""

    def __init__(self, processors: int, edition: Edition, outputs: Outputs) -> None:
        """Read by this edition, as many shards at a time as keep so many processors busy."""
        self.processors: Final = processors
        self.counts: Final = Counts()
        self.reader: Final = ReadingProcess(edition.registry, edition.model)
        self._edition: Final = edition
        self._outputs: Final = outputs
        self._sent: Final = ray.put(edition)
        self._work: Final[Any] = ray.remote(num_cpus=1, max_retries=_AGAIN)(_read_there)

    def read(self, items: Iterable[Found]) -> Iterator[Read | Found]:
        """All items in their order, with documents read or told of as problems.

        Raises:
            SetupError: when the cluster is lost, one of its machines lacks something, or outputs cannot be
                kept.
        """
        coming = shards(items, self._edition.name)
        underway: deque[_Underway] = deque()
        while True:
            room = _AHEAD * self.processors - len(underway)
            underway.extend(self._begun(shard) for shard in islice(coming, room))
            if not underway:
                return
            self._collect(underway, until=underway[0])
            yield from _in_place(underway.popleft())

    def _begun(self, shard: Shard) -> _Underway:
        if not shard.documents:
            return _Underway(shard)
        content = self._outputs.get(shard.name)
        if content is not None:
            self.counts.kept += 1
            return _Underway(shard.emptied(), content=content)
        self.counts.read += 1
        task = self._work.remote(shard.name, shard.documents, self._sent)
        return _Underway(shard.emptied(), task)

    def _collect(self, underway: Iterable[_Underway], until: _Underway) -> None:
        """Keep the output of every task that has ended, and wait for one of them."""
        running = {one.task: one for one in underway if one.task is not None}
        while running:
            wait = until.task is not None
            ended, _ = ray.wait(list(running), num_returns=1, timeout=None if wait else 0)
            if not ended:
                return
            for task in ended:
                self._end(running.pop(task))

    def _end(self, one: _Underway) -> None:
        task, one.task = one.task, None
        try:
            output: Output = ray.get(task)
        except RayTaskError as error:
            raise _told(error) from error
        except RayError as error:
            one.lost = f"Each worker that was to read it died ({type(error).__name__}); load it again."
            return
        one.content = output.content
        if output.final:
            self._outputs.put(one.shard.name, output.content)


def _read_there(name: str, documents: Sequence[RawDocument], edition: Edition) -> Output:
    """What a worker does.

    Processes that it spawns would run its program's file, which is Ray's, before their own work: they had
    less memory left within their bounds.
    """
    vars(sys.modules["__main__"]).pop("__file__", None)
    return read_shard(name, documents, edition)


def _in_place(one: _Underway) -> Iterator[Read | Found]:
    """The items of a shard, those that were read as they were found this time."""
    entries = iter(() if one.content is None else decoded(one.content))
    for item in one.shard.items:
        if not isinstance(item, RawDocument):
            yield item
        elif one.lost is not None:
            yield Problem(item.origin, one.lost, Code.DIED)
        else:
            yield _found_here(next(entries), item)


def _found_here(entry: Entry, raw: RawDocument) -> Read | Problem:
    if isinstance(entry, Problem):
        return replace(entry, origin=raw.origin)
    return replace(entry, document=replace(entry.document, origin=raw.origin, place=raw.place))


def _told(error: RayTaskError) -> KbError:
    """What a task said itself; else it could not even begin."""
    if isinstance(error.cause, KbError):
        return error.cause
    return SetupError(
        f"A worker of the Ray cluster could not begin ({error.cause!r}): install this program, in the same "
        "version, on all its machines."
    )
