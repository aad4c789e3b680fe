"""Seconds and CPU from nothing running to the first answered query of the embedded Neo4j.

`make bench-start`, or `python bench/start.py [--rounds N]`. It works on a folder and a cache of its own,
which are removed at the end, and prints one line a case: without the start-up archive (a new store, then an
existing one), with it, and joining a server that runs. Jars are taken from the user's cache.
"""

import argparse
import os
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from kb.embedded import Bar, EmbeddedServer, cache_folder, down, prepare, status
from kb.embedded.archive import archive_plan, make_archive
from kb.embedded.fetch import ensure_jars
from kb.embedded.java import require_java
from kb.embedded.progress import Quiet

Row = tuple[float, float, float]


def start(home: Path) -> Row:
    """Seconds to the first answer, CPU seconds of the server until then, and its resident MiB."""
    begun = time.perf_counter()
    with EmbeddedServer(home, linger=0):
        seconds = time.perf_counter() - begun
        process = psutil.Process(status(home).pid)
        times = process.cpu_times()
        memory = process.memory_info().rss / 2**20
    return seconds, times.user + times.system, memory


def cold(home: Path) -> Row:
    """A start on an existing or new store when nothing runs."""
    row = start(home)
    down(home)
    return row


def tell(name: str, measure: Callable[[], Row], rounds: int) -> None:
    """Print the medians of some rounds."""
    rows = [measure() for _ in range(rounds)]
    seconds, cpu, memory = (statistics.median(column) for column in zip(*rows, strict=True))
    load = os.getloadavg()[0]
    print(f"{name:34} {seconds:7.2f} s   {cpu:6.2f} s CPU   {memory:5.0f} MiB   load {load:.1f}", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=3)
    rounds: int = parser.parse_args().rounds
    with Bar() as bar:
        prepare(bar)
    java = require_java()
    print(f"Java {java.major}, {os.cpu_count()} cores, {platform.machine()}; medians of {rounds} rounds")
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "cache"
        cache.mkdir()
        shutil.copytree(cache_folder() / "jars", cache / "jars")
        os.environ["KB_CACHE"] = str(cache)
        homes = iter(Path(folder) / f"new-{number}" for number in range(rounds))
        old = Path(folder) / "old"
        tell("new store, no archive", lambda: cold(next(homes)), rounds)
        cold(old)
        tell("existing store, no archive", lambda: cold(old), rounds)
        begun = time.perf_counter()
        make_archive(archive_plan(cache, java, ensure_jars(cache, Quiet())))
        print(f"{'making the archive':34} {time.perf_counter() - begun:7.2f} s")
        tell("existing store, archive", lambda: cold(old), rounds)
        with EmbeddedServer(old, linger=0):
            tell("joining a running server", lambda: start(old), rounds)
        down(old)


if __name__ == "__main__":
    main()
