"""Whether pages stay as fast in a large graph as in a small one: `make bench-scale`.

`python -m bench.graph_scale [--quick] [--small N] [--large N] [--only NAME] [--ours CHECKOUT]`. Two
databases and a server of ours over each run side by side, and one client asks them in turns, round by round.
Every query is bounded by `first`. Printed are both medians and their ratio; where it is above the goal, the
Cypher of the query and its PROFILE in the large graph.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

from bench.graph_cypher import cypher_of, profile
from bench.graph_data import Industry
from bench.graph_queries import questions
from bench.graph_servers import ROOT, Server, Worker, end_when_told, load, missing_tools, our_server
from bench.graph_store import open_store
from kb.embedded import Address
from kb.graph.connection import open_driver
from kb.resolution import Resolver

SMALL: Final = 100_000
LARGE: Final = 1_000_000
GOAL: Final = 1.5
_LEAST: Final = 3
_WARM_SECONDS: Final = 10.0
_TOLD: Final = "nodes { id value asOf subject { name } evidence { text document { title } } }"

PAGES: Final[Mapping[str, str]] = {
    "entities by name": "{ entities(first: 20) { nodes { id name } pageInfo { endCursor } } }",
    "companies by name": "{ entities(where: {type: [COMPANY]}, first: 20) { nodes { id name } } }",
    "companies, last": "{ entities(where: {type: [COMPANY]}, last: 20) { nodes { id name } } }",
    "name starts with": """{
  entities(where: {type: [COMPANY], name: {startsWith: "ka"}}, first: 20) { nodes { id name } } }""",
    "companies of a country": """{
  entities(where: {type: [COMPANY], country: ["FR"]}, first: 20) { nodes { id name } } }""",
    "valued above": """{
  entities(where: {has: {metric: [VALUATION], unit: ["USD"], value: {gte: 1e9}}}, first: 20) {
    nodes { id name figure(metric: VALUATION, unit: "USD") { value asOf } } } }""",
    "develop models": """{
  entities(where: {type: [COMPANY], related: {type: [DEVELOPS], direction: OUT}}, first: 20) {
    nodes { id name } } }""",
    "companies by valuation": """{
  entities(
    where: {type: [COMPANY]}
    orderBy: [{by: VALUE, metric: VALUATION, unit: "USD", descending: true}]
    first: 20
  ) { nodes { id name } } }""",
    "companies by facts": """{
  entities(where: {type: [COMPANY]}, orderBy: [{by: FACT_COUNT, descending: true}], first: 20) {
    nodes { id name } } }""",
    "newest figures": f"{{ figures(first: 20) {{ {_TOLD} }} }}",
    "newest valuations": f"{{ figures(where: {{metric: [VALUATION]}}, first: 20) {{ {_TOLD} }} }}",
    "largest valuations": f"""{{
  figures(
    where: {{metric: [VALUATION], unit: ["USD"]}}, orderBy: [{{by: VALUE, descending: true}}], first: 20
  ) {{ {_TOLD} }} }}""",
    "valuations between": f"""{{
  figures(where: {{metric: [VALUATION], unit: ["USD"], value: {{gte: 1e9, lte: 1.1e9}}}}, first: 20) {{
    {_TOLD} }} }}""",
    "newest relations": """{
  relations(first: 20) { nodes { id type subject { name } object { name } asOf } } }""",
    "newest investments": """{
  relations(type: [INVESTED_IN], first: 20) { nodes { id subject { name } object { name } amount } } }""",
    "newest documents": "{ documents(first: 20) { nodes { id title published } } }",
    "documents of a publisher": """{
  documents(where: {publisher: {contains: "ba"}}, first: 20) { nodes { id title published } } }""",
    "search": '{ search(text: "robotics", first: 10) { nodes { id name } } }',
    "entity by name": """query ($name: String!) {
  entity(name: $name) { id name documents(first: 10) { nodes { id title } } } }""",
    "facts of a company": """query ($id: ID!) {
  entity(id: $id) { id relations(first: 20) { nodes { id type object { name } } }
    figures(first: 20, pick: ALL) { nodes { id metric value } } } }""",
    "node": "query ($id: ID!) { node(id: $id) { id ... on Company { name } } }",
    "time series": """query ($ids: [ID!]!) {
  timeSeries(metric: VALUATION, unit: "USD", subjects: $ids) { time value series } }""",
    "compare": """query ($ids: [ID!]!) {
  compare(ids: $ids, metrics: [VALUATION, HEADCOUNT]) { metric unit cells { figure { value } } } }""",
    "paths": """query ($id: ID!, $to: ID!) {
  paths(from: $id, to: $to, maxHops: 3, first: 3) { length nodes { id } } }""",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and for each of the graphs its variables."""

    name: str
    text: str
    variables: Sequence[Sequence[Mapping[str, Any]]]


@dataclass(slots=True)
class Place:
    """A graph with a server of ours over it."""

    address: Address
    server: Server
    medians: dict[str, list[float]] = field(default_factory=dict)

    def warm(self, worker: Worker, asked: Asked, variables: Sequence[Any]) -> None:
        """Let the database make its plans and read its pages, each of the variables once."""
        worker.order(**self._order(asked, variables), requests=len(variables), seconds=_WARM_SECONDS)

    def ask(self, worker: Worker, asked: Asked, variables: Sequence[Any], seconds: float) -> None:
        """One round, at least so many requests long; a query that fails is as slow as can be."""
        order = self._order(asked, variables)
        first = worker.order(**order, requests=_LEAST)
        done = first if first["seconds"] > seconds else worker.order(**order, seconds=seconds)
        found = float("inf") if first["failed"] or done["failed"] else done["p50"]
        self.medians.setdefault(asked.name, []).append(found)

    def _order(self, asked: Asked, variables: Sequence[Any]) -> Mapping[str, Any]:
        bodies = [json.dumps({"query": asked.text, "variables": one}) for one in variables]
        return {"port": self.server.port, "path": self.server.path, "bodies": bodies, "concurrency": 1}


def pages(industries: Sequence[Industry]) -> Sequence[Asked]:
    """All queries: those of the other benchmark that are bounded, and the pages here."""
    shared = [questions(industry, 10) for industry in industries]
    found = [
        Asked(each[0].name, each[0].ours.text, [one.variables for one in each])
        for each in zip(*shared, strict=True)
        if not each[0].name.startswith(("q5", "q4 top 20, tuned"))
    ]
    variables = [_variables(industry) for industry in industries]
    return found + [Asked(name, text, variables) for name, text in PAGES.items()]


def _variables(industry: Industry) -> Sequence[Mapping[str, Any]]:
    """What the pages' variables can be; each page takes those that it names."""
    chance, resolver = Random("pages"), Resolver(industry.registry)
    found: list[Mapping[str, Any]] = []
    for _ in range(10):
        refs = [industry.company(chance.randrange(industry.companies)) for _ in range(5)]
        ids = [resolver.resolve(ref).id for ref in refs]
        found.append({"id": ids[0], "to": ids[1], "ids": ids, "name": refs[0].name})
    return found


def measure(places: Sequence[Place], asked: Sequence[Asked], rounds: int, seconds: float) -> None:
    """Warm both graphs, and let them take turns."""
    with load() as worker:
        for one in asked:
            for place, variables in zip(places, one.variables, strict=True):
                place.warm(worker, one, variables)
        for number in range(rounds):
            for one in asked:
                for place, variables in zip(places, one.variables, strict=True):
                    place.ask(worker, one, variables, seconds)
                small, large = (place.medians[one.name][-1] for place in places)
                print(f"round {number + 1} of {rounds}: {one.name} {small:.1f} {large:.1f}", flush=True)


def tell(places: Sequence[Place], asked: Sequence[Asked]) -> None:
    """Print the medians and ratios; then the plans of what is too slow."""
    slow: list[Asked] = []
    print(f"\n{'one client, p50 in ms':28}{'small':>9}{'large':>9}{'ratio':>8}")
    for one in asked:
        small, large = (median(place.medians[one.name]) for place in places)
        pairs = zip(*(place.medians[one.name] for place in places), strict=True)
        ratio = median(second / first for first, second in pairs)
        over = not ratio <= GOAL  # where both fail, the ratio is no number
        print(f"{one.name:28}{small:9.1f}{large:9.1f}{ratio:8.2f}{'  over' if over else ''}")
        slow += [one] if over else []
    address = places[-1].address
    with open_driver(address) as driver:
        for one in slow:
            cypher, parameters = cypher_of(address, one.text, one.variables[-1][0])
            plan = "\n".join(profile(driver, cypher, parameters))
            print(f"\n{one.name}\n{one.text}\n{cypher}\n{dict(parameters)}\n{plan}")


def main() -> int:
    """Measure and print; the exit code is 0 unless something fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="one short round")
    parser.add_argument("--small", type=int, default=SMALL)
    parser.add_argument("--large", type=int, default=LARGE)
    parser.add_argument("--only", help="the queries whose names begin so, with commas between")
    parser.add_argument("--ours", type=Path, default=ROOT, help="the checkout whose server is measured")
    given = parser.parse_args()
    if missing := missing_tools("node"):
        print(f"bench-scale: skipped, because there is no {' and no '.join(missing)} on PATH")
        return 0
    end_when_told()
    sizes = (given.small, given.large)
    asked = pages([Industry(size) for size in sizes])
    if given.only:
        asked = [one for one in asked if one.name.startswith(tuple(given.only.split(",")))]
    with ExitStack() as stack:
        addresses = [stack.enter_context(open_store(size)) for size in sizes]
        places = [
            Place(address, stack.enter_context(our_server(given.ours, address))) for address in addresses
        ]
        measure(places, asked, 1 if given.quick else 5, 0.5 if given.quick else 2.0)
        tell(places, asked)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
