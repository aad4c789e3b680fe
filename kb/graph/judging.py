"""Judgements in the graph: each is a node about two entities, and what follows from it moves with it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import neo4j

from kb.errors import UsageError
from kb.graph.clusters import EntityNode, entity_nodes, settle
from kb.graph.transactions import fetch, in_turn, run
from kb.judgements import Judgement, JudgementError, Judgements, Opinion, Verdict

_FIELDS: Final = """
RETURN j.id AS id, j.verdict AS verdict, j.by AS by, j.why AS why, j.at AS at, j.undone_at AS undone_at,
       j.undone_by AS undone_by, COLLECT { MATCH (j)-[:ABOUT]->(e) RETURN e.id ORDER BY e.id } AS pair
"""
STANDING: Final = f"MATCH (j:Judgement) WHERE j.undone_at IS NULL {_FIELDS} ORDER BY j.at, j.id"
ALL: Final = f"MATCH (j:Judgement) {_FIELDS} ORDER BY j.at, j.id"
ONE: Final = f"MATCH (j:Judgement {{id: $id}}) {_FIELDS}"

RECORD: Final = """
MERGE (j:Judgement {id: $id})
ON CREATE SET j.verdict = $verdict, j.by = $by, j.why = $why, j.at = $now
WITH j
UNWIND $pair AS id
CALL (id) { MATCH (e:Entity {id: id}) RETURN e UNION MATCH (e:MergedEntity {id: id}) RETURN e }
MERGE (j)-[:ABOUT]->(e)
"""
UNDO: Final = """
MATCH (j:Judgement {id: $id}) SET j.undone_at = $now, j.undone_by = $by, j.undoing = $token
"""
UNDONE: Final = f"MATCH (j:Judgement {{undoing: $token}}) {_FIELDS}"


_NONE: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of an opinion: the judgement, whether it is a new one, and what followed from it.

    `stands` is the entity that stands for both where they are one; `moved` counts the statements that are
    answered under another entity than before.
    """

    judgement: Judgement
    new: bool
    stands: str | None = None
    moved: int = 0


@dataclass(frozen=True, slots=True)
class Undone:
    """A judgement that is undone, and the number of statements that went back."""

    judgement: Judgement
    moved: int


class Judge:
    """Makes judgements about the entities of one database, undoes them, and tells of them."""

    def __init__(self, driver: neo4j.Driver, database: str) -> None:
        """Judge in one database of a server."""
        self._driver = driver
        self._database = database

    def judge(self, opinion: Opinion) -> Judged:
        """Record an opinion, and let one entity stand for all that are one by it.

        What was judged already is not recorded again.

        Raises:
            UsageError: when there is no such entity, or the two are of different types.
            JudgementError: when it contradicts what stands; the message names the judgements.
        """
        judgement = uuid.uuid4().hex[:12]

        def work(tx: neo4j.ManagedTransaction, now: datetime) -> Judged:
            return _judge(tx, judgement, opinion, now)

        return in_turn(self._driver, self._database, work)

    def undo(self, judgement: str | None, by: str) -> Undone:
        """Take a judgement back, or the newest that stands; all that followed from it goes back.

        Raises:
            UsageError: when there is none, or it is undone already.
        """
        token = uuid.uuid4().hex

        def work(tx: neo4j.ManagedTransaction, now: datetime) -> Undone:
            return _undo(tx, judgement, by, token, now)

        return in_turn(self._driver, self._database, work)

    def judgements(self, *, undone: bool = False) -> Sequence[Judgement]:
        """The judgements that stand, the oldest first; all of them where the undone ones are asked for."""
        with self._driver.session(database=self._database, default_access_mode=neo4j.READ_ACCESS) as session:
            return session.execute_read(_read, ALL if undone else STANDING)


def standing_judgements(tx: neo4j.ManagedTransaction) -> Judgements:
    """What the judgements that stand say together."""
    return Judgements(_read(tx, STANDING))


def _judge(tx: neo4j.ManagedTransaction, id_: str, opinion: Opinion, now: datetime) -> Judged:
    nodes = entity_nodes(tx, opinion.pair)
    _refuse_strangers(opinion, nodes)
    standing = standing_judgements(tx)
    before = standing.standing(opinion)
    if before is not None:
        new = before.id == id_  # the answer to the commit was lost, and this is the second run
        return Judged(before, new, _stands(nodes, opinion))
    standing.refuse(opinion)
    judgement = Judgement(id_, opinion, now)
    recorded = {"id": id_, "verdict": opinion.verdict.value, "by": opinion.by, "why": opinion.why}
    run(tx, RECORD, {**recorded, "pair": list(opinion.pair), "now": now})
    if opinion.verdict is not Verdict.SAME:
        return Judged(judgement, new=True)
    standing.add(judgement)
    moved = settle(tx, [standing.cluster(opinion.one)], now.date())
    return Judged(judgement, new=True, stands=_stands(entity_nodes(tx, opinion.pair), opinion), moved=moved)


def _stands(nodes: Mapping[str, EntityNode], opinion: Opinion) -> str | None:
    return nodes[opinion.one].stands if opinion.verdict is Verdict.SAME else None


def _refuse_strangers(opinion: Opinion, nodes: Mapping[str, EntityNode]) -> None:
    for entity in (opinion.one, opinion.other):
        if entity not in nodes:
            raise UsageError(
                f"There is no entity '{entity}': ids look like company/openai; "
                f"`kb query '{{ search(text: \"…\") {{ nodes {{ id name }} }} }}'` finds them."
            )
    kinds = {nodes[entity].type for entity in opinion.pair}
    if opinion.verdict is Verdict.SAME and len(kinds) > 1:
        told = " and ".join(f"{entity} is a {nodes[entity].type.value}" for entity in opinion.pair)
        raise JudgementError(f"Two of different types are never one entity: {told}.")


def _undo(tx: neo4j.ManagedTransaction, id_: str | None, by: str, token: str, now: datetime) -> Undone:
    ours = _read(tx, UNDONE, {"token": token})
    if ours:  # the answer to the commit was lost, and this is the second run
        return Undone(ours[0], 0)
    judgement = _chosen(tx, id_)
    if not judgement.stands:
        raise UsageError(f"Judgement {judgement.id} was undone by {judgement.undone_by} already.")
    run(tx, UNDO, {"id": judgement.id, "by": by, "token": token, "now": now})
    undone = Judgement(judgement.id, judgement.opinion, judgement.at, now, by)
    if judgement.opinion.verdict is not Verdict.SAME:
        return Undone(undone, 0)
    left = standing_judgements(tx)
    clusters = {left.cluster(entity) for entity in judgement.opinion.pair}
    return Undone(undone, settle(tx, clusters, now.date()))


def _chosen(tx: neo4j.ManagedTransaction, id_: str | None) -> Judgement:
    found = _read(tx, STANDING) if id_ is None else _read(tx, ONE, {"id": id_})
    if not found:
        raise UsageError(
            "No judgement stands: there is nothing to undo."
            if id_ is None
            else f"There is no judgement '{id_}': `kb judge --list` shows them."
        )
    return found[-1]


def _read(
    tx: neo4j.ManagedTransaction, query: str, parameters: Mapping[str, Any] = _NONE
) -> Sequence[Judgement]:
    return [_judgement(row) for row in fetch(tx, query, parameters)]


def _judgement(row: Mapping[str, Any]) -> Judgement:
    one, other = row["pair"]
    undone = row["undone_at"]
    return Judgement(
        id=row["id"],
        opinion=Opinion(one, other, Verdict(row["verdict"]), row["by"], row["why"]),
        at=row["at"].to_native(),
        undone_at=None if undone is None else undone.to_native(),
        undone_by=row["undone_by"],
    )
