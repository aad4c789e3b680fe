"""Which fact of a slot is shown first, as a condition of Cypher."""

from kb.graph.rank_order import rank_order
from schema.planner.query import Query


def same_role(one: str, other: str) -> list[str]:
    """That two relations of a slot tell of one role; facts of other kinds have none."""
    return [f"coalesce({one}.{p}, '') = coalesce({other}.{p}, '')" for p in ("role_code", "status")]


def is_current(query: Query, variable: str, *, relation: bool) -> str:
    """That the ranking rule shows this fact first in its slot.

    Relations are also told apart by role and status, since a person may hold two roles in one company.
    """
    if query.scope.now:
        return f"{variable}.rank = 'BEST'"
    other = query.name("x")
    same = [f"{other}.modality <> 'DENIED'", *query.scope.visible(other)]
    if relation:
        same += same_role(variable, other)
    rank = rank_order(other, query.scope.moment)
    return (
        f"{variable}.id = head(COLLECT {{ MATCH ({other}:Statement {{slot: {variable}.slot}}) "
        f"WHERE {' AND '.join(same)} RETURN {other}.id ORDER BY {rank} LIMIT 1 }})"
    )
