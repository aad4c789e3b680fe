"""Writes are noticed in the order in which they were recorded, whatever clocks say."""

import asyncio
import threading
from datetime import datetime, timedelta
from typing import Any

from kb.graph.arrivals import ArrivalWatch
from kb.graph.connection import Graph
from kb.graph.reader import AsyncReader
from kb.graph.writer import Writer
from kb.registry import Registry
from tests import facts as make

RECORDED = "MATCH (s:Statement) RETURN s.recorded_at AS at ORDER BY at"


def write(graph: Graph, key: str) -> None:
    source = make.document(f"{key} is valued at $5 billion.", key)
    fact = make.valuation(source, source.text, 5e9, key)
    Writer(graph.driver, graph.database, Registry({}, {})).write(
        source, make.extraction(source, fact), "tests"
    )


def recorded(graph: Graph) -> list[datetime]:
    found = graph.driver.execute_query(RECORDED, database_=graph.database).records
    return [row["at"].to_native() for row in found]


def test_each_write_is_recorded_later_than_the_one_before_although_they_compete(graph: Graph):
    threads = [threading.Thread(target=write, args=(graph, f"Firm{n}")) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(recorded(graph))) == 12


def test_a_clock_that_is_set_back_takes_no_write_out_of_order(graph: Graph):
    write(graph, "First")
    ahead = timedelta(hours=1)
    later = recorded(graph)[0] + ahead
    graph.driver.execute_query(
        "MATCH (l:Lease {id: 'writer'}) SET l.at = $at", at=later, database_=graph.database
    )
    write(graph, "Second")
    assert recorded(graph)[1] == later + timedelta(microseconds=1)
    graph.driver.execute_query(
        "MATCH (l:Lease {id: 'writer'}) SET l.at = datetime.realtime()", database_=graph.database
    )


def test_a_stamp_comes_at_once_and_for_what_was_written_since(graph: Graph):
    async def listen() -> tuple[list[datetime], Any]:
        reader = AsyncReader(graph.address)
        watch = ArrivalWatch(reader, tick=0.05)
        stamps = watch.stamps()
        seen = [await anext(stamps)]
        for n in range(2):
            await asyncio.to_thread(write, graph, f"Firm{n}")
            seen.append(await asyncio.wait_for(anext(stamps), 20))
        await stamps.aclose()
        await reader.close()
        return seen, watch

    seen, _ = asyncio.run(listen())
    assert seen == sorted(set(seen))
    assert seen[1:] == recorded(graph)
