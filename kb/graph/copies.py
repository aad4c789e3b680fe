"""Which documents count as one: copies of a text, and all that is held of one source.

Documents that stand are in one cluster when a chain of copies leads from one to the other. It is named by the
smallest id among them, so that neither the order of loading nor what was withdrawn shows in it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import neo4j

from kb.graph.rows import Row
from kb.graph.transactions import Written, fetch, run_batches, total
from kb.graph.version_queries import STANDS
from kb.likeness import Signature

_ROW: Final = "d.id AS id, d.source_key AS source, d.signature AS signature, d.cluster AS cluster"

TOUCHED: Final = f"""
UNWIND $ids AS id MATCH (d:Document {{id: id}}) RETURN {_ROW}, {STANDS} AS stands
"""

CANDIDATES: Final = f"""
CALL () {{
  UNWIND $bands AS key MATCH (:Band {{key: key}})<-[:IN_BAND]-(d:Document) RETURN d
  UNION
  UNWIND $sources AS source MATCH (d:Document {{source_key: source}}) RETURN d
}}
WITH d WHERE {STANDS} AND d.cluster IS NOT NULL AND NOT d.id IN $documents
RETURN DISTINCT d.cluster AS cluster
"""
"""The clusters of other documents that share a band or a source with some."""

MEMBERS: Final = f"""
UNWIND $clusters AS cluster
MATCH (d:Document {{cluster: cluster}}) WHERE {STANDS} RETURN {_ROW}
"""

NAME: Final = "UNWIND $rows AS row MATCH (d:Document {id: row.id}) SET d.cluster = row.cluster"


@dataclass(frozen=True, slots=True)
class _Paper:
    """A document as far as copies go."""

    id: str
    source: str
    cluster: str
    signature: Signature | None
    bands: frozenset[str]

    def is_copy_of(self, other: "_Paper") -> bool:
        if self.source == other.source:
            return True
        one, two = self.signature, other.signature
        return one is not None and two is not None and one.is_like(two)


@dataclass(slots=True)
class _Groups:
    """Disjoint sets of ids, each known by its smallest."""

    above: dict[str, str] = field(default_factory=dict[str, str])

    def first(self, one: str) -> str:
        while (up := self.above.setdefault(one, one)) != one:
            self.above[one] = self.above[up]
            one = up
        return one

    def join(self, one: str, other: str) -> None:
        low, high = sorted((self.first(one), self.first(other)))
        self.above[high] = low


def regroup(tx: neo4j.ManagedTransaction, documents: Iterable[str]) -> Written:
    """Bring the clusters up to date with documents that now stand, or stand no more."""
    named = sorted(set(documents))
    touched = fetch(tx, TOUCHED, {"ids": named}) if named else []
    came = {row["id"]: _paper(row) for row in touched if row["stands"]}
    broken = {row["cluster"] for row in touched if row["cluster"] is not None and not row["stands"]}
    around = {*_near(tx, came), *broken, *(paper.cluster for paper in came.values())}
    if around <= came.keys() and len(came) == 1:
        return total(())
    return _group(tx, came, around, broken)


def group_new(tx: neo4j.ManagedTransaction, rows: Sequence[Row], near: Collection[str]) -> Written:
    """Bring the clusters up to date with documents that are new, given the clusters that are near them."""
    papers = (_paper({**row, "source": row["source_key"]}) for row in rows)
    return _group(tx, {paper.id: paper for paper in papers}, near, ())


def _near(tx: neo4j.ManagedTransaction, papers: Mapping[str, _Paper]) -> list[str]:
    told = {
        "documents": sorted(papers),
        "bands": sorted({band for paper in papers.values() for band in paper.bands}),
        "sources": sorted({paper.source for paper in papers.values()}),
    }
    return [row["cluster"] for row in fetch(tx, CANDIDATES, told)] if papers else []


def _group(
    tx: neo4j.ManagedTransaction, came: dict[str, _Paper], around: Collection[str], broken: Collection[str]
) -> Written:
    """Group the documents that came with the members of the clusters around; the broken ones fall apart."""
    members = fetch(tx, MEMBERS, {"clusters": sorted(around)}) if around else []
    papers = {row["id"]: _paper(row) for row in members} | came
    loose = {id_ for id_, paper in papers.items() if id_ in came or paper.cluster in broken}
    groups = _Groups()
    for paper in papers.values():
        if paper.id not in loose:
            groups.join(paper.id, paper.cluster)
    for one, other in _pairs(papers, loose):
        if groups.first(one.id) != groups.first(other.id) and one.is_copy_of(other):
            groups.join(one.id, other.id)
    return _named(tx, papers, groups)


def _pairs(papers: dict[str, _Paper], loose: set[str]) -> Iterator[tuple[_Paper, _Paper]]:
    """Each loose document with all that share a band or its source."""
    shared: dict[str, list[_Paper]] = defaultdict(list)
    for paper in papers.values():
        for key in (*paper.bands, paper.source):
            shared[key].append(paper)
    for members in shared.values():
        for one in members:
            if one.id in loose:
                yield from ((one, other) for other in members if other.id != one.id)


def _named(tx: neo4j.ManagedTransaction, papers: dict[str, _Paper], groups: _Groups) -> Written:
    """Name each cluster by the smallest id of its members, which may have been another document's before."""
    smallest: dict[str, str] = {}
    for id_ in sorted(papers):
        smallest.setdefault(groups.first(id_), id_)
    rows = [
        {"id": id_, "cluster": smallest[groups.first(id_)]}
        for id_, paper in sorted(papers.items())
        if paper.cluster != smallest[groups.first(id_)]
    ]
    return run_batches(tx, NAME, rows, {})


def _paper(row: Mapping[str, Any]) -> _Paper:
    told = row.get("signature")
    signature = None if told is None else Signature.decoded(told)
    return _Paper(
        id=row["id"],
        source=row["source"],
        cluster=row["cluster"] or row["id"],
        signature=signature,
        bands=frozenset(() if signature is None else signature.bands),
    )
