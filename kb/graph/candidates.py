"""The entities of the graph as they are compared, and the proposals that nobody has judged yet."""

from dataclasses import replace
from typing import Final

import neo4j

from kb.graph.judging import Judge
from kb.judgements import Judgements, Verdict
from kb.ontology import EntityType
from kb.proposals import Candidate, Proposal, propose
from kb.registry import Registry
from kb.statement_ids import SEPARATOR

RESOLVER: Final = "kb resolve"
"""By whom certain merges are judged."""

CANDIDATES: Final = """
MATCH (e:Entity)
RETURN e.id AS id, head([l IN labels(e) WHERE l <> 'Entity']) AS type, e.name AS name,
       coalesce(e.provisional, false) AS provisional, e.qid AS qid,
       COLLECT { MATCH (e)<-[:NAMES]-(a:Alias) RETURN a.key } AS keys
"""


def open_proposals(driver: neo4j.Driver, database: str, registry: Registry) -> list[Proposal]:
    """Which entities may be one, without the pairs that somebody has judged, the surest first.

    What the resolver merged and somebody took back is proposed again, but is certain no more.
    """
    with driver.session(database=database, default_access_mode=neo4j.READ_ACCESS) as session:
        candidates = session.execute_read(_candidates)
    judged = Judge(driver, database).judgements(undone=True)
    standing = Judgements(judged)
    taken_back = {
        one.opinion.pair
        for one in judged
        if not one.stands and one.opinion.by == RESOLVER and one.opinion.verdict is Verdict.SAME
    }
    return [
        replace(one, certain=one.certain and one.pair not in taken_back)
        for one in propose(candidates, registry)
        if not standing.set_aside(*one.pair) and standing.apart(*one.pair) is None
    ]


def _candidates(tx: neo4j.ManagedTransaction) -> list[Candidate]:
    return [
        Candidate(
            id=row["id"],
            type=EntityType(row["type"]),
            name=row["name"],
            keys=frozenset(key.partition(SEPARATOR)[2] for key in row["keys"]),
            provisional=row["provisional"],
            qid=row["qid"],
        )
        for row in tx.run(CANDIDATES)
    ]
