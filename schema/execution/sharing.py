"""Look-ups that differ only in what is looked up share a query, where others like them are under way.

To begin and end a query costs the database more than a look-up: eight together take 0.4 of the work of eight
alone. Nobody waits for company: a look-up that finds few like it under way is asked at once. Those that are
asked together take turns in the database, so they are few where they cost much.
"""

import asyncio
import re
from collections import deque
from collections.abc import Mapping
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from kb.protocols import GraphReader
from schema.planner.roots import Plan

AT_ONCE: Final = 2
"""Queries of one kind that the database works on at a time before further ones wait for each other."""
FEW: Final = 4
"""So many wait before they are asked for while another query of their kind is under way."""
MOST: Final = 16
"""Look-ups in one query at most."""
LONGEST_WAIT: Final = 2.0
"""Seconds that a look-up waits for its turn at most before it is asked alone."""
COST: Final = 10_000
"""What the look-ups of one query cost together at most, so that none waits long for the others."""
_TOGETHER: Final = (
    "UNWIND range(0, size($asked) - 1) AS place WITH place, $asked[place] AS own "
    "CALL (own) {{ {text} }} RETURN place, value"
)


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """A look-up that waits for its value, and in what it was asked."""

    parameters: Mapping[str, object]
    value: asyncio.Future[object]
    context: Context


@dataclass(slots=True)
class _Kind:
    """The look-ups of one text that differ in their own parameters alone."""

    reader: GraphReader
    plan: Plan
    most: int
    under_way: int = 0
    waiting: deque[_Waiting] = field(default_factory=deque[_Waiting])


class Sharing:
    """Asks for the values of plans."""

    def __init__(self) -> None:
        """Nothing is under way."""
        self._kinds: dict[tuple[str, str], _Kind] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def value(
        self, reader: GraphReader, plan: Plan, parameters: Mapping[str, object], cost: int
    ) -> object:
        """The value of a plan, for an operation of this cost.

        A look-up whose caller goes away is asked no more; a query ends when all of its callers went.

        Raises:
            UsageError: when the query takes too long.
        """
        most = min(MOST, COST // max(cost, 1)) if plan.own else 1
        if most <= 1:
            return await _alone(reader, plan, parameters)
        key = (plan.text, repr([told for name, told in parameters.items() if name not in plan.own]))
        kind = self._kinds.get(key) or _Kind(reader, plan, most)
        self._kinds[key] = kind
        if kind.under_way < AT_ONCE and not kind.waiting:
            kind.under_way += 1
            try:
                return await _alone(reader, plan, parameters)
            finally:
                self._ended(key, kind)
        loop = asyncio.get_running_loop()
        one = _Waiting(parameters, loop.create_future(), copy_context())
        kind.waiting.append(one)
        long_enough = loop.call_later(LONGEST_WAIT, self._ask_alone, kind, one)
        self._ask(key, kind)
        try:
            return await one.value
        finally:
            long_enough.cancel()

    def _ended(self, key: tuple[str, str], kind: _Kind) -> None:
        """A query of this kind ended."""
        kind.under_way -= 1
        self._ask(key, kind)
        if not (kind.under_way or kind.waiting):
            self._kinds.pop(key, None)

    def _ask(self, key: tuple[str, str], kind: _Kind) -> None:
        """Ask for those that wait, where none is under way, or few and enough wait to be worth a query."""
        if kind.under_way and (kind.under_way == AT_ONCE or len(kind.waiting) < FEW):
            return
        several: list[_Waiting] = []
        while kind.waiting and len(several) < kind.most:
            one = kind.waiting.popleft()
            if not one.value.done():
                several.append(one)
        if several:
            kind.under_way += 1
            task = asyncio.create_task(_together(kind, several), context=several[0].context)
            self._tasks.add(task)
            task.add_done_callback(lambda done: self._done(done, key, kind))
            for one in several:
                one.value.add_done_callback(lambda _: _end_unawaited(task, several))

    def _ask_alone(self, kind: _Kind, one: _Waiting) -> None:
        """Ask for one whose turn does not come: those before it take long."""
        if one in kind.waiting and not one.value.done():
            kind.waiting.remove(one)
            task = asyncio.create_task(_answered(kind, one), context=one.context)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            one.value.add_done_callback(lambda _: _end_unawaited(task, [one]))

    def _done(self, task: asyncio.Task[None], key: tuple[str, str], kind: _Kind) -> None:
        self._tasks.discard(task)
        self._ended(key, kind)


def _end_unawaited(task: asyncio.Task[None], several: list[_Waiting]) -> None:
    """End a query whose callers all went away."""
    if all(one.value.cancelled() for one in several):
        task.cancel()


async def _alone(reader: GraphReader, plan: Plan, parameters: Mapping[str, object]) -> object:
    return (await reader.fetch(plan.text, parameters))[0]["value"]


async def _together(kind: _Kind, several: list[_Waiting]) -> None:
    """Give all of them their values; where that fails, each is asked alone and fails for its own sake."""
    if len(several) > 1:
        own = kind.plan.own
        asked = [[one.parameters[name] for name in own] for one in several]
        shared = {name: told for name, told in several[0].parameters.items() if name not in own}
        try:
            records = await kind.reader.fetch(_text(kind.plan.text, own), {**shared, "asked": asked})
        except Exception:  # noqa: BLE001 - each is asked again
            await asyncio.gather(*(_answered(kind, one) for one in several))
        else:
            for record in records:
                _give(several[record["place"]], record["value"])
    else:
        await _answered(kind, several[0])


async def _answered(kind: _Kind, one: _Waiting) -> None:
    try:
        value = await _alone(kind.reader, kind.plan, one.parameters)
    except Exception as error:  # noqa: BLE001 - it is the caller's
        if not one.value.done():
            one.value.set_exception(error)
    else:
        _give(one, value)


def _give(one: _Waiting, value: object) -> None:
    if not one.value.done():
        one.value.set_result(value)


@lru_cache(256)
def _text(text: str, own: tuple[str, ...]) -> str:
    """The text that takes several values of each of these parameters."""
    places = {f"${name}": f"own[{place}]" for place, name in enumerate(own)}
    return _TOGETHER.format(text=re.sub(r"\$\w+", lambda found: places.get(found[0], found[0]), text))
