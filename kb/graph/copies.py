"""Which documents count as one: copies of a text, and all that is held of one source.

Documents that stand are in one cluster when a chain of copies leads from one to the other. It is named by the
smallest id among them, so that neither the order of loading nor what was withdrawn shows in it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import neo4j

from kb.graph.transactions import Written, fetch, run_batches, total
from kb.graph.version_queries import STANDS
from kb.likeness import Signature

_ROW: Final = (
    "d.id AS id, d.source_key AS source, d.signature AS signature, d.bands AS bands, d.cluster AS cluster"
)

TOUCHED: Final = f"""
UNWIND $ids AS id MATCH (d:Document {{id: id}}) RETURN {_ROW}, {STANDS} AS stands
"""

CANDIDATES: Final = f"""
CALL () {{
  CALL db.index.fulltext.queryNodes('document_bands', $bands) YIELD node AS d RETURN d
  UNION
  MATCH (d:Document {{source_key: $source}}) RETURN d
}}
WITH d WHERE {STANDS} AND d.id <> $id
RETURN DISTINCT d.cluster AS cluster
"""

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
    near = {cluster for paper in came.values() for cluster in _clusters_near(tx, paper)}
    broken = {row["cluster"] for row in touched if row["cluster"] is not None and not row["stands"]}
    around = {*near, *broken, *(paper.cluster for paper in came.values())}
    if around <= came.keys() and len(came) == 1:
        return total(())
    papers = {row["id"]: _paper(row) for row in fetch(tx, MEMBERS, {"clusters": sorted(around)})} | came
    loose = {id_ for id_, paper in papers.items() if id_ in came or paper.cluster in broken}
    groups = _Groups()
    for paper in papers.values():
        if paper.id not in loose:
            groups.join(paper.id, paper.cluster)
    for one, other in _pairs(papers, loose):
        if groups.first(one.id) != groups.first(other.id) and one.is_copy_of(other):
            groups.join(one.id, other.id)
    return _named(tx, papers, groups)


def _clusters_near(tx: neo4j.ManagedTransaction, paper: _Paper) -> list[str]:
    bands = " ".join(sorted(paper.bands)) or "none"
    rows = fetch(tx, CANDIDATES, {"bands": bands, "source": paper.source, "id": paper.id})
    return [row["cluster"] for row in rows if row["cluster"] is not None]


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


def _paper(row: dict[str, object]) -> _Paper:
    told, bands = row["signature"], row["bands"]
    return _Paper(
        id=str(row["id"]),
        source=str(row["source"]),
        cluster=str(row["cluster"] or row["id"]),
        signature=None if told is None else Signature.decoded(str(told)),
        bands=frozenset(str(bands).split()) if bands else frozenset(),
    )
