"""A graph as its nodes and relationships lie there, for Neo4j's offline import.

Derived edges and ranks are among them, so that nothing has to be derived again. What a migration makes is
left out: a graph that was imported is migrated when it is opened first, which makes its indexes too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import neo4j
import neo4j.time

from kb.errors import InputError

_NODES: Final = """
MATCH (n) WHERE NOT n:Migration AND NOT n:Lease AND NOT n:KbTest
RETURN id(n) AS id, labels(n) AS labels, properties(n) AS properties
"""
_EDGES: Final = """
MATCH (a)-[r]->(b) RETURN id(a) AS start, type(r) AS type, id(b) AS end, properties(r) AS properties
"""
_NODE_COLUMNS: Final = """
CALL db.schema.nodeTypeProperties() YIELD nodeLabels, propertyName WHERE propertyName IS NOT NULL
RETURN nodeLabels AS labels, propertyName AS name
"""
_EDGE_COLUMNS: Final = """
CALL db.schema.relTypeProperties() YIELD relType, propertyName WHERE propertyName IS NOT NULL
RETURN relType AS type, propertyName AS name
"""
_EMPTY: Final = "_empty"
"""A property of an import alone: the names of those that are empty lists, which it takes for nothing."""
FILL: Final = f"""
MATCH (n) WHERE n.{_EMPTY} IS NOT NULL
CALL (n) {{ UNWIND n.{_EMPTY} AS name SET n[name] = [] REMOVE n.{_EMPTY} }} IN TRANSACTIONS OF 10000 ROWS
"""
"""What makes the empty lists after an import."""

_TYPES: Final[Mapping[type, str]] = {
    str: "string",
    bool: "boolean",
    int: "long",
    float: "double",
    neo4j.time.DateTime: "datetime",
}


@dataclass(frozen=True, slots=True)
class Item:
    """A node or a relationship: the ids that place it, its labels or its type, and its properties."""

    ids: tuple[int, ...]
    kind: str
    properties: Mapping[str, Any]


def nodes(session: neo4j.Session) -> Iterator[Item]:
    """All nodes; `kind` has the labels in order, with colons between them."""
    for row in session.run(_NODES):
        told: dict[str, Any] = row["properties"]
        empty = [name for name, value in told.items() if value == []]
        yield Item((row["id"],), _kind(row["labels"]), {**told, _EMPTY: empty})


def fill(driver: neo4j.Driver, database: str) -> None:
    """End an import: what was exported as an empty list becomes one."""
    with driver.session(database=database) as session:
        session.run(FILL).consume()


def relationships(session: neo4j.Session) -> Iterator[Item]:
    """All relationships, each with the ids of the nodes that it leads from and to."""
    for row in session.run(_EDGES):
        yield Item((row["start"], row["end"]), row["type"], row["properties"])


def columns(session: neo4j.Session) -> Mapping[str, Sequence[str]]:
    """The names of the properties that nodes of some labels and relationships of a type have, by `kind`."""
    found: dict[str, set[str]] = {}
    for row in session.run(_NODE_COLUMNS):
        found.setdefault(_kind(row["labels"]), {_EMPTY}).add(row["name"])
    for row in session.run(_EDGE_COLUMNS):
        found.setdefault(row["type"].removeprefix(":").strip("`"), set()).add(row["name"])
    return {kind: sorted(names) for kind, names in found.items()}


def type_of(value: object) -> str | None:
    """How an import's header names the type of a property; None of an empty list, which it cannot hold.

    Raises:
        InputError: when no import can hold it; nothing that this program writes is such.
    """
    if isinstance(value, list):
        held = cast("list[object]", value)
        return f"{type_of(held[0])}[]" if held else None
    told = _TYPES.get(type(value))
    if told is None:
        raise InputError(f"A property is of the type {type(value).__name__}, which is not exported.")
    return told


def _kind(labels: Sequence[str]) -> str:
    return ":".join(sorted(labels))
