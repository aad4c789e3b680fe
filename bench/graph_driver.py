"""The official driver alone, without HTTP and GraphQL: what the others are compared with.

A child process that takes the same orders as `peer/load.js`, one line of JSON each: `text` and `variables` in
place of port, path and bodies. The address comes from NEO4J_URI, NEO4J_USER and NEO4J_PASSWORD.
"""

import asyncio
import json
import os
import resource
import sys
import time
from collections.abc import Mapping
from itertools import cycle
from typing import Any

import neo4j


async def rows_of(driver: neo4j.AsyncDriver, text: str, variables: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All records of a query as maps, in an auto-commit transaction."""
    async with driver.session(default_access_mode=neo4j.READ_ACCESS, fetch_size=-1) as session:
        result = await session.run(text, dict(variables))  # pyright: ignore[reportArgumentType]
        return [record.data() async for record in result]


async def run_round(driver: neo4j.AsyncDriver, order: Mapping[str, Any]) -> Mapping[str, Any]:
    """So many clients ask one after another until the seconds or requests are over."""
    times: list[float] = []
    turns = cycle(order["variables"])
    begun, cpu = time.perf_counter(), _cpu()
    until = begun + order.get("seconds", float("inf"))
    left = iter(range(order.get("requests", sys.maxsize)))

    async def client() -> None:
        while time.perf_counter() < until and next(left, None) is not None:
            start = time.perf_counter()
            await rows_of(driver, order["text"], next(turns))
            times.append(1000 * (time.perf_counter() - start))

    await asyncio.gather(*(client() for _ in range(order["concurrency"])))
    times.sort()
    p50, p95 = (times[min(len(times) - 1, int(len(times) * share))] for share in (0.5, 0.95))
    took = time.perf_counter() - begun
    return {
        "requests": len(times), "failed": 0, "seconds": took, "p50": p50, "p95": p95, "cpu": _cpu() - cpu
    }  # fmt: skip


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def main() -> None:
    """Take orders until the input ends."""
    login = (os.environ["NEO4J_USER"], os.environ["NEO4J_PASSWORD"])
    uri = os.environ["NEO4J_URI"]
    async with neo4j.AsyncGraphDatabase.driver(uri, auth=login, notifications_min_severity="OFF") as driver:
        while line := sys.stdin.readline():
            order = json.loads(line)
            done = await (run_round(driver, order) if "concurrency" in order else _answers(driver, order))
            print(json.dumps(done), flush=True)


async def _answers(driver: neo4j.AsyncDriver, order: Mapping[str, Any]) -> list[Any]:
    return [await rows_of(driver, order["text"], variables) for variables in order["variables"]]


if __name__ == "__main__":
    asyncio.run(main())
