"""What the commands for a whole graph take: `make bench-whole` (BENCH="--statements 100000 --forms").

A graph of so many statements is checked, exported and backed up, and comes back in several ways, by the
commands that users have, each a process of its own. After each way back the whole export must be that of the
first graph, byte for byte. Printed are the seconds of each command, from its start to its end with what it
starts, and the largest memory of its process; that of the database is its own. `--ways` are `restore` of the
backup, `build` by Neo4j's offline import, and `import` of the whole export through the writer, which takes
long. `--forms` measures the exports for other tools too.
"""

import argparse
import filecmp
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil

from bench.graph_store import home_of, open_store
from kb.embedded import down

STATEMENTS: Final = 1_000_000
_LOOK: Final = 0.1
"""Seconds between two looks at a process's memory."""


class Commands:
    """Runs `kb` over the graph of a home, and tells what each run took."""

    def __init__(self, home: Path) -> None:
        """A home that holds a graph, or will."""
        self._home = home

    def run(self, *arguments: str | Path) -> None:
        """Run one; its end is awaited.

        Raises:
            SystemExit: when it fails.
        """
        told = [str(argument) for argument in arguments]
        name = " ".join(argument for argument in told if not argument.startswith(os.sep))
        begun, memory = time.monotonic(), 0
        process = psutil.Popen(
            [sys.executable, "-m", "app", *told],
            env={**os.environ, "KB_HOME": str(self._home)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while process.poll() is None:
            with suppress(psutil.Error):
                memory = max(memory, process.memory_info().rss)
            time.sleep(_LOOK)
        print(f"kb {name:40} {time.monotonic() - begun:7.0f} s {memory / 2**20:6.0f} MB", flush=True)
        if process.returncode:
            raise SystemExit(f"kb {name}: exit code {process.returncode}")

    def equal(self, first: Path, folder: Path) -> bool:
        """Whether the graph's whole export is the first one; the graph is closed."""
        export = folder / "again.jsonl"
        self.run("export", "--whole", "-o", export)
        down(self._home)
        equal = filecmp.cmp(first, export, shallow=False)
        print("an equal whole export" if equal else "ANOTHER whole export", flush=True)
        return equal


def measure(home: Path, folder: Path, ways: Sequence[str], forms: Sequence[str]) -> bool:
    """Take the graph of a home out, and in again in new places; False where another comes of it."""
    here, whole = Commands(home), folder / "whole.jsonl"
    here.run("check")
    sources = {"restore": folder / "backup", "build": folder / "export-neo4j", "import": whole}
    for form in (*forms, *(["neo4j"] if "build" in ways else [])):
        here.run("export", "--format", form, "-o", folder / f"export-{form}")
    here.run("export", "--whole", "-o", whole)
    if "restore" in ways:
        here.run("backup", sources["restore"])
    down(home)
    equal = True
    for way in ways:
        there = Commands(folder / f"{way}-home")
        there.run(way, sources[way])
        equal &= there.equal(whole, folder)
    return equal


def main() -> int:
    """Measure and print; the exit code is 0 unless a graph that comes back is another."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--statements", type=int, default=STATEMENTS)
    parser.add_argument("--ways", default="restore,build", help="of restore, build and import")
    parser.add_argument("--forms", action="store_true", help="exports for other tools, too")
    given = parser.parse_args()
    with open_store(given.statements):
        home = home_of(given.statements)
    forms = ("jsonl", "parquet", "jsonld") if given.forms else ()
    with tempfile.TemporaryDirectory() as folder:
        return 0 if measure(home, Path(folder), given.ways.split(","), forms) else 1


if __name__ == "__main__":
    raise SystemExit(main())
