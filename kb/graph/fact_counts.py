"""How many facts are about an entity: `facts` on its node, kept in step with the statements that stand.

A statement counts for each of its ends, subject and object, until it is retracted. One that is not counted,
yet or any more, is `uncounted`; so each is counted once, whatever runs again. Whoever makes statements adds
them; whoever moves one to other entities takes it back first, and `count` follows with what is derived.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

import neo4j

from kb.graph.rows import Row
from kb.graph.transactions import Written, run_batches

NUMBER: Final = "COUNT { MATCH (e)<-[:SUBJECT|OBJECT]-(s:Statement) WHERE s.retracted_at IS NULL }"
"""How many facts are about an entity `e`, counted anew."""

_MARKED: Final = """
MATCH (s:Statement {id: id}) WHERE (s.retracted_at IS NULL) = (s.uncounted IS NOT NULL)
SET s.uncounted = CASE WHEN s.retracted_at IS NOT NULL THEN true END
"""

COUNT: Final = f"""
UNWIND $rows AS id {_MARKED}
WITH s, CASE WHEN s.retracted_at IS NULL THEN 1 ELSE -1 END AS change
MATCH (s)-[:SUBJECT|OBJECT]->(e:Entity)
WITH e, sum(change) AS change WHERE change <> 0
SET e.facts = coalesce(e.facts, 0) + change
"""

TAKE_BACK: Final = """
UNWIND $rows AS row
MATCH (s:Statement {id: row.id}) WHERE s.slot <> row.slot AND s.uncounted IS NULL
SET s.uncounted = true
WITH s
MATCH (s)-[:SUBJECT|OBJECT]->(e:Entity)
WITH e, count(*) AS gone
SET e.facts = coalesce(e.facts, 0) - gone
"""

ADD: Final = """
UNWIND $rows AS row
MATCH (e:Entity {id: row.id})
SET e.facts = coalesce(e.facts, 0) + row.facts
"""

MARK: Final = f"UNWIND $ids AS id {_MARKED}"
"""For counting all anew: statements are marked as they should be, and then all entities get their number."""

RECOUNT: Final = f"""
UNWIND $ids AS id
MATCH (e:Entity {{id: id}})
WITH e, {NUMBER} AS facts WHERE coalesce(e.facts, -1) <> facts
SET e.facts = facts
"""


def count(tx: neo4j.ManagedTransaction, statements: Iterable[str]) -> Written:
    """Count statements that were written, retracted, brought back or moved, as they stand now."""
    return run_batches(tx, COUNT, sorted(statements), {})


def take_back(tx: neo4j.ManagedTransaction, rows: Iterable[Row]) -> Written:
    """Count those statements for nobody whose `slot` will be another one, before their ends move."""
    return run_batches(tx, TAKE_BACK, [{"id": row["id"], "slot": row["slot"]} for row in rows], {})


def add(tx: neo4j.ManagedTransaction, statements: Iterable[Row]) -> Written:
    """Count statements that were made just now."""
    more = Counter(row[end] for row in statements for end in ("subject", "object") if row[end] is not None)
    return run_batches(tx, ADD, [{"id": id_, "facts": facts} for id_, facts in sorted(more.items())], {})
