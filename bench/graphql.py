"""How fast the GraphQL API answers, beside `@neo4j/graphql` with Apollo Server and beside the bare driver.

`make bench-graphql`, or `python -m bench.graphql [--quick] [--statements N] [--rounds N] [--seconds S]
[--only q1] [--ours CHECKOUT]`. All three ask one Neo4j for one graph. First every answer is compared, and one
that is missing or differs fails the run; then all are warmed; then they take turns, round by round. Ratios of
one run can be compared; times are those of a machine that may be doing other things.
"""

import argparse
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

import psutil

from bench.graph_data import Industry
from bench.graph_queries import Question, Way, questions
from bench.graph_servers import (
    ROOT,
    Refused,
    Server,
    Worker,
    end_when_told,
    load,
    missing_tools,
    official_driver,
    our_server,
    peer_server,
)
from bench.graph_store import home_of, open_store
from kb.embedded import status

STATEMENTS: Final = 400_000
QUICK: Final = 100_000
QUICK_WARM: Final = {"requests": 200, "seconds": 20}
CONCURRENCY: Final = 16
WARM: Final = {"requests": 2000, "seconds": 300}
"""Before anything is measured; the seconds are for questions that take the database long."""
GOALS: Final = {"q1": 1.4, "q2": 2.5, "q3": 1.7, "q4 top 20, tuned": 1.6, "q5": 20.0, "q6": 1.7}
NAMES: Final = ("ours", "peer", "driver")
_NONE: Final = 0.01
"""Stands for no answers, so that there is a ratio."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round measured: answers, answers a second, times in ms, CPU in ms a request."""

    answers: int
    rate: float
    p50: float
    p95: float
    server: float
    database: float


@dataclass(slots=True)
class Bench:
    """Everybody who takes part."""

    servers: Mapping[str, Server]
    load: Worker
    driver: Worker
    database: psutil.Process
    rounds: dict[tuple[str, str, int], list[Round]] = field(default_factory=dict)

    def check(self, question: Question) -> bool:
        """Compare all answers; false, and said why, where one is missing or differs."""
        answers = self.driver.order(text=question.driver.text, variables=list(question.variables))
        for variables, rows in zip(question.variables, answers, strict=True):
            told = {"driver": question.driver.form(rows)}
            try:
                for name, server in self.servers.items():
                    way = _way(question, name)
                    told[name] = way.form(_patiently(server, way.text, variables))
            except Refused as refused:
                print(f"{question.name}: {refused}", flush=True)
                return False
            texts = {name: json.dumps(answer, sort_keys=True) for name, answer in told.items()}
            if len(set(texts.values())) > 1:
                shown = "\n".join(f"{name}: {text[:1500]}" for name, text in texts.items())
                print(f"{question.name} with {variables}: the answers differ.\n{shown}", flush=True)
                return False
        print(f"{question.name}: {len(question.variables)} answers are the same", flush=True)
        return True

    def run(self, question: Question, name: str, concurrency: int, **until: float) -> Round:
        """One round of one of the three."""
        process = self.driver.process if name == "driver" else self.servers[name].process
        before = [_cpu(process), _cpu(self.database)]
        done = self._ask(question, name, concurrency, until)
        sent = done["requests"] + done["failed"]
        if done["failed"]:
            print(f"{question.name}: {done['failed']} of {sent} answers of {name} had errors", flush=True)
        spent = [_cpu(process) - before[0], _cpu(self.database) - before[1]]
        each = [1000 * seconds / sent for seconds in spent]
        p50, p95 = (done[name] or float("inf") for name in ("p50", "p95"))
        answers: int = done["requests"]
        return Round(answers, (answers or _NONE) / done["seconds"], p50, p95, each[0], each[1])

    def note(self, question: Question, name: str, concurrency: int, seconds: float) -> None:
        """Run a round and keep what it measured."""
        found = self.run(question, name, concurrency, seconds=seconds)
        self.rounds.setdefault((question.name, name, concurrency), []).append(found)

    def middle(self, question: Question, name: str, concurrency: int, what: str) -> float:
        """The median over the rounds."""
        return median(getattr(one, what) for one in self.rounds[question.name, name, concurrency])

    def ratio(self, question: Question, other: str) -> tuple[float, float, float]:
        """Our throughput as a multiple of the other's, round by round: median, least, most."""
        ours, theirs = (self.rounds[question.name, name, CONCURRENCY] for name in ("ours", other))
        each = [one.rate / two.rate for one, two in zip(ours, theirs, strict=True)]
        return median(each), min(each), max(each)

    def _ask(
        self, question: Question, name: str, concurrency: int, until: Mapping[str, float]
    ) -> Mapping[str, Any]:
        way = _way(question, name)
        if name == "driver":
            variables = list(question.variables)
            return self.driver.order(text=way.text, variables=variables, concurrency=concurrency, **until)
        server = self.servers[name]
        bodies = [json.dumps({"query": way.text, "variables": one}) for one in question.variables]
        return self.load.order(
            port=server.port, path=server.path, bodies=bodies, concurrency=concurrency, **until
        )


def _patiently(server: Server, text: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    """Ask up to three times: a database that has just started takes long for its first plans."""
    for _ in range(2):
        with suppress(Refused):
            return server.ask(text, variables)
    return server.ask(text, variables)


def _way(question: Question, name: str) -> Way:
    return {"ours": question.ours, "peer": question.peer, "driver": question.driver}[name]


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def measure(
    bench: Bench, asked: Sequence[Question], rounds: int, seconds: float, warm: Mapping[str, float]
) -> None:
    """Warm, and let them take turns; each round is ours, peer, driver."""
    for question in asked:
        counts = [f"{name} {bench.run(question, name, CONCURRENCY, **warm).answers}" for name in NAMES]
        print(f"{question.name}: warmed by {', '.join(counts)} answers", flush=True)
    for number in range(rounds):
        for question in asked:
            for name in NAMES:
                bench.note(question, name, CONCURRENCY, seconds)
                bench.note(question, name, 1, seconds / 2)
        print(f"round {number + 1} of {rounds}, load {os.getloadavg()[0]:.1f}", flush=True)


def tell(bench: Bench, asked: Sequence[Question]) -> None:
    """Print the tables."""
    print(f"\nThroughput, {CONCURRENCY} clients, one process each: median of rounds (least to most)")
    print(
        f"{'':18}{'ours/s':>8}{'peer/s':>8}{'driver/s':>9}  ours to peer          ours to driver        goal"
    )
    for question in asked:
        rates = [bench.middle(question, name, CONCURRENCY, "rate") for name in NAMES]
        shown = ["{:5.2f} ({:.2f} to {:.2f})".format(*bench.ratio(question, other)) for other in NAMES[1:]]
        goal = next((f"{least}" for key, least in GOALS.items() if question.name.startswith(key)), "")
        told = "".join(f"{rate:{width}.1f}" for rate, width in zip(rates, (8, 8, 9), strict=True))
        print(f"{question.name:18}{told}  {shown[0]:22}{shown[1]:22}{goal}")
    print("\nOne client, ms p50 / p95; CPU ms a request at 16 clients, process + Neo4j")
    for question in asked:
        cells = []
        for name in NAMES:
            p50, p95 = (bench.middle(question, name, 1, what) for what in ("p50", "p95"))
            cpu = [bench.middle(question, name, CONCURRENCY, what) for what in ("server", "database")]
            cells.append(f"{name} {p50:.1f} / {p95:.1f}, {cpu[0]:.2f} + {cpu[1]:.2f}")
        print(f"{question.name:18}" + "   ".join(f"{cell:36}" for cell in cells))
    memory = {name: server.process.memory_info().rss for name, server in bench.servers.items()}
    memory |= {"driver": bench.driver.process.memory_info().rss, "Neo4j": bench.database.memory_info().rss}
    print("\nMemory: " + ", ".join(f"{name} {size / 2**20:.0f} MiB" for name, size in memory.items()))


def main() -> int:
    """Measure and print; the exit code is 0 where all answers were the same."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="short rounds, little warming")
    parser.add_argument("--statements", type=int, help=f"{STATEMENTS} or, quick, {QUICK}")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--only", help="the questions whose names begin so, with commas between")
    parser.add_argument("--ours", type=Path, default=ROOT, help="the checkout whose server is measured")
    given = parser.parse_args()
    if missing := missing_tools("node", "npm"):
        print(f"bench-graphql: skipped, because there is no {' and no '.join(missing)} on PATH")
        return 0
    end_when_told()
    statements = given.statements or (QUICK if given.quick else STATEMENTS)
    asked = questions(Industry(statements))
    if given.only:
        asked = [one for one in asked if one.name.startswith(tuple(given.only.split(",")))]
    with ExitStack() as stack:
        address = stack.enter_context(open_store(statements))
        bench = Bench(
            servers={
                "ours": stack.enter_context(our_server(given.ours, address)),
                "peer": stack.enter_context(peer_server(address)),
            },
            load=stack.enter_context(load()),
            driver=stack.enter_context(official_driver(address)),
            database=psutil.Process(status(home_of(statements)).pid),
        )
        rounds = given.rounds or (2 if given.quick else 5)
        seconds = given.seconds or (1.5 if given.quick else 5.0)
        same = {bench.check(question) for question in asked} == {True}
        measure(bench, asked, rounds, seconds, QUICK_WARM if given.quick else WARM)
        tell(bench, asked)
    if not same:
        print("Not all answers were there and the same: the ratios mean nothing where they were not.")
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main())
