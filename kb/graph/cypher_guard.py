"""Which ad-hoc Cypher may run: a user's text that can only read the graph.

The server's read mode stops writes, yet lets through what reaches beyond the graph: files and addresses
by LOAD CSV, other users' transactions, settings. So the plan that EXPLAIN gives is walked, and every
operator must be on a list of those that read the graph or work on rows. What it may cost is bounded by
the plan too, and what no time limit can stop is refused by the query's words (`kb.graph.cypher_work`).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kb.errors import UsageError
from kb.graph.cypher_work import check_work

MAX_TEXT: Final = 10_000
MAX_ESTIMATE: Final = 1e9
"""Rows that the planner may expect of an operator; two unconnected patterns over all there is have fewer."""
_PREFIX: Final = re.compile(
    r"\A(?:\s|//[^\n]*\n|/\*.*?\*/)*(EXPLAIN|PROFILE|CYPHER|USE)\b", re.IGNORECASE | re.DOTALL
)

_ALLOWED: Final = re.compile(
    # reading nodes and relationships
    r"(Partitioned|Directed|Undirected|Union|Subtraction|Intersection|Multi|Node|Relationship|All|By|Label|Labels"
    r"|Type|Types|ElementId|Id|Nodes|Relationships|Unique|Index|Scan|Seek|Range|Contains|EndsWith|ByIndex"
    r"|CountFromCountStore)+"
    # following them
    r"|(Optional)?Expand\((All|Into)\)|VarLengthExpand\((All|Into|Pruning)\)|(BFS)?PruningVarLengthExpand\(\w+\)"
    r"|VarLengthExpand\(Pruning,BFS,\w+\)|(StatefulShortestPath\(\w+(, ?\w+)*\))|(All)?ShortestPaths?"
    r"|Repeat\(\w+\)|Trail|ProjectEndpoints"
    # working on rows
    r"|Filter|(Remote|Cache)\w*Properties|CacheProperties|Projection|(Ordered)?Distinct|(Exhaustive)?Limit|Skip"
    r"|(Partial)?Sort|(Partial)?Top|Top1WithTies|(Eager|Ordered)Aggregation|(Ordered)?Union|(Partitioned)?Unwind"
    r"|(Let)?(Select(Or))?(Anti)?(Semi)?Apply|RollUpApply|(Anti)?ConditionalApply|Optional|Argument"
    r"|CartesianProduct|(Node|Value|NodeLeftOuter|NodeRightOuter|LeftOuter|RightOuter)HashJoin"
    r"|AssertSame(Node|Relationship)|Triadic(Selection|Build|Filter)|Eager|ProduceResults|EmptyResult|EmptyRow"
    r"|Anti|PreserveOrder|NullifyMetadata"
)
"""Operators of Neo4j 5.26 that read the graph or work on rows."""

_EVERY_PATH: Final = frozenset(("VarLengthExpand(All)", "VarLengthExpand(Into)", "Repeat(Trail)"))
"""Operators that follow each path there is; the others stop at what they have seen."""

PROCEDURES: Final = frozenset(
    (
        "db.labels",
        "db.relationshipTypes",
        "db.propertyKeys",
        "db.index.fulltext.queryNodes",
        "db.index.fulltext.queryRelationships",
    )
)
_ENDLESS: Final = re.compile(r"\*(\d+\.\.)?\]")
"""A path without an upper bound, as the plan writes it."""
_CALLED: Final = re.compile(r"\s*([A-Za-z_][\w.]*)\s*\(")


def check_text(query: str) -> str:
    """The query's text, stripped, when it may be sent to EXPLAIN.

    Raises:
        UsageError: when it is empty or too long, begins with a word that changes what is run, or asks for
            work that no time limit can stop.
    """
    text = query.strip()
    if not text:
        raise UsageError("There is no query: write for example MATCH (c:Company) RETURN c.name LIMIT 5.")
    if len(text) > MAX_TEXT:
        raise UsageError(f"The query has {len(text)} characters; {MAX_TEXT} are allowed.")
    found = _PREFIX.match(text)
    if found is not None:
        raise UsageError(f"A query may not begin with {found[1].upper()}: write the MATCH itself.")
    check_work(text)
    return text


def check_plan(query_type: str | None, plan: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Let the plan pass when it only reads, and not too much; its operators, from the last to the first.

    Raises:
        UsageError: naming the first operator or procedure that is not allowed.
    """
    if query_type != "r" or plan is None:
        raise UsageError("Only queries that read are allowed here: this one would write or administer.")
    return tuple(_checked(operator) for operator in _operators(plan))


def _checked(operator: Mapping[str, Any]) -> str:
    name = str(operator.get("operatorType", "")).partition("@")[0]
    arguments: Mapping[str, Any] = operator.get("args") or {}
    if name == "ProcedureCall":
        _check_procedure(str(arguments.get("Details", "")))
    elif _ALLOWED.fullmatch(name) is None:
        raise UsageError(f"The query is refused: its plan contains {name}, which may do more than read.")
    if name in _EVERY_PATH and _ENDLESS.search(str(arguments.get("Details", ""))):
        raise UsageError(
            "The query is refused: it follows paths of any length. Write how long they may be, such as *..4, "
            "or ask for the shortest one."
        )
    if float(arguments.get("EstimatedRows", 0)) > MAX_ESTIMATE:
        raise UsageError(
            f"The query is refused: the database expects more than {MAX_ESTIMATE:,.0f} rows in between. "
            "Connect its patterns, or narrow them."
        )
    return name


def _check_procedure(details: str) -> None:
    called = _CALLED.match(details)
    if called is None or called[1] not in PROCEDURES:
        name = details if called is None else called[1]
        raise UsageError(f"The procedure {name} is not allowed; these are: {', '.join(sorted(PROCEDURES))}.")


def _operators(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for child in plan.get("children") or ():
        yield from _operators(child)
