"""What the API asks the database for a query, and what that costs there: `PROFILE` of the Cypher itself."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any, Final, LiteralString, cast

import neo4j
from neo4j.exceptions import Neo4jError

from app.graphql import make_context
from kb.embedded import Address
from kb.errors import UsageError
from schema import build_schema

_SECONDS: Final = 60.0


class _Noting:
    """Keeps the queries that it is asked, and refuses them."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Mapping[str, object]]] = []

    async def fetch(self, query: str, parameters: Mapping[str, object]) -> list[Mapping[str, Any]]:
        self.asked.append((query, parameters))
        raise UsageError("It is only noted.")


def cypher_of(address: Address, text: str, variables: Mapping[str, Any]) -> tuple[str, Mapping[str, object]]:
    """The Cypher of a query with one root field, and its parameters; nothing is run."""
    noting = _Noting()
    context = make_context(address, noting)
    asyncio.run(build_schema().execute(text, variable_values=dict(variables), context_value=context))
    return noting.asked[-1]


def profile(driver: neo4j.Driver, cypher: str, parameters: Mapping[str, object]) -> Iterator[str]:
    """The plan's operators, one a line, with the rows and hits of the database.

    A query that takes longer than a minute is not run to its end: its plan has no numbers.
    """
    try:
        plan = _plan(driver, f"PROFILE {cypher}", parameters)
    except Neo4jError:
        yield f"more than {_SECONDS:.0f} s; the plan without numbers:"
        plan = _plan(driver, f"EXPLAIN {cypher}", parameters)
    yield f"{_hits(plan):,} hits of the database"
    yield from _lines(plan, 0)


def _plan(driver: neo4j.Driver, text: str, parameters: Mapping[str, object]) -> dict[str, Any]:
    query = neo4j.Query(cast("LiteralString", text), timeout=_SECONDS)
    with driver.session(default_access_mode=neo4j.READ_ACCESS) as session:
        summary = session.run(query, dict(parameters)).consume()
    return cast("dict[str, Any]", summary.profile or summary.plan)


def _hits(plan: Mapping[str, Any]) -> int:
    return plan.get("dbHits", 0) + sum(_hits(child) for child in plan.get("children", ()))


def _lines(plan: Mapping[str, Any], depth: int) -> Iterator[str]:
    told = str(plan["args"].get("Details", "")).replace("\n", " ")[:100]
    kind = plan["operatorType"].partition("@")[0]
    yield f"{plan.get('dbHits', 0):>10,} hits {plan.get('rows', 0):>8,} rows  {'| ' * depth}{kind} {told}"
    for child in plan.get("children", ()):
        yield from _lines(child, depth + 1)
