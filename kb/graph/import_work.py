"""What an import does with the records of each kind, within one transaction."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

import neo4j
import neo4j.time

from kb.errors import InputError
from kb.graph import version_queries, versions
from kb.graph import whole_queries as cypher
from kb.graph import write_queries as writing
from kb.graph.clusters import entity_nodes, joined, stands_for
from kb.graph.clusters import settle as settle_clusters
from kb.graph.copies import regroup
from kb.graph.derivation import derive
from kb.graph.ends import EDGES
from kb.graph.fact_counts import take_back
from kb.graph.judging import standing_judgements
from kb.graph.rows import DocumentRows, Row, names_in_small
from kb.graph.transactions import fetch, run_batches
from kb.graph.writer import write_entities
from kb.judgements import Judgement, Opinion, Verdict
from kb.likeness import Signature
from kb.ontology import EntityType, Kind

_TIMES: Final = frozenset(
    (
        "at",
        "ended_at",
        "finished_at",
        "gaps",
        "lost_at",
        "recorded_at",
        "retracted_at",
        "started_at",
        "superseded_at",
        "undone_at",
        "withdrawn_at",
    )
)
_TIES: Final = {"object": writing.OBJECTS, "speaker": writing.SPEAKERS, "offered_by": writing.SELLERS}


@dataclass(frozen=True, slots=True)
class Records:
    """Records of one kind; `replace` brings those that are there already to the state that is told."""

    rows: Sequence[Row]
    replace: bool

    def to_write(self, there: Collection[str]) -> list[Row]:
        """Those that the graph lacks, or all."""
        return [row for row in self.rows if self.replace or row["key"] not in there]


Work = Callable[[neo4j.ManagedTransaction, Records, datetime], int]


def _nodes(label: str) -> Work:
    def work(tx: neo4j.ManagedTransaction, records: Records, _now: datetime) -> int:
        rows = records.to_write(_there(tx, label, records.rows))
        run_batches(tx, cypher.NODE[label], [_with_times(row) for row in rows], {})
        return len(rows)

    return work


def _rejections(tx: neo4j.ManagedTransaction, records: Records, now: datetime) -> int:
    rows = records.to_write(_there(tx, "Rejection", records.rows))
    run_batches(tx, cypher.NODE["Rejection"], [_with_times(row) for row in rows], {})
    if not records.replace:  # else the statements that it hides are told themselves
        hidden = [row["id"] for row in fetch(tx, cypher.OF_REJECTION, {"rows": rows})]
        slots, _ = versions.settle(tx, hidden, now)
        derive(tx, slots, now.date())
    return len(rows)


def _entities(tx: neo4j.ManagedTransaction, records: Records, now: datetime) -> int:
    there = entity_nodes(tx, (row["key"] for row in records.rows))
    rows = [_entity(row) for row in records.rows]
    if not records.replace:
        rows = [
            row
            for row in rows
            if row["id"] not in there or (there[row["id"]].provisional and not row["provisional"])
        ]
    for row in rows:
        if row["id"] in there and there[row["id"]].type.value != row["label"]:
            raise InputError(f"{row['id']} is a {there[row['id']].type} in the graph, not a {row['label']}.")
    write_entities(rows, (), joined(tx, rows, stands_for(tx, rows), now.date()), tx)
    return len(rows)


def _entity(row: Row) -> Row:
    told = row["properties"]
    return {
        "id": row["key"],
        "label": EntityType(told["type"]).value,
        "name": told["name"],
        "aliases": told["aliases"],
        "level": told.get("level"),
        "provisional": bool(told["provisional"]),
        "qid": told.get("qid"),
        **names_in_small(told["name"], told["aliases"]),
    }


def _names(tx: neo4j.ManagedTransaction, records: Records, _now: datetime) -> int:
    rows = [{"key": row["key"], "entity": entity} for row in records.rows for entity in row["entities"]]
    nodes = _needed(tx, {row["entity"] for row in rows})
    moved = {id_: stands for id_, stands in nodes.items() if id_ != stands}
    parts = write_entities((), rows, moved, tx)
    return min(len(rows), parts.relationships)


def _documents(tx: neo4j.ManagedTransaction, records: Records, now: datetime) -> int:
    there = _there(tx, "Document", records.rows)
    rows = [_with_times(row) for row in records.to_write(there)]
    told = [_with_links(row, "read_by") for row in records.rows]
    run_batches(tx, cypher.DOCUMENT, rows, {})
    run_batches(tx, cypher.BANDS, [_bands(row) for row in rows if "signature" in row["properties"]], {})
    run_batches(tx, cypher.LOADED, told, {})
    run_batches(tx, cypher.READ_BY, told, {"replace": records.replace})
    written = [row["key"] for row in rows]
    losers: list[str] = []
    if not records.replace:  # else the versions that lose their places are told themselves
        rivals = fetch(tx, cypher.RIVALS, {"ids": written})
        run_batches(tx, version_queries.GIVE_PLACE, rivals, {"now": now})
        losers = [row[side] for row in rivals for side in ("one", "other")]
    slots, _ = versions.settle_documents(tx, losers, now)
    regroup(tx, [*written, *losers])
    derive(tx, slots, now.date())
    return len(rows)


def _bands(row: Row) -> Row:
    """By which parts of its signature the copies of a document are found."""
    return {"key": row["key"], "bands": list(Signature.decoded(row["properties"]["signature"]).bands)}


def _statements(tx: neo4j.ManagedTransaction, records: Records, now: datetime) -> int:
    there = _there(tx, "Statement", records.rows)
    documents = {row["evidence"]["document"] for row in records.rows}
    _refuse_missing("document", documents - _present(tx, "Document", documents))
    stands = _needed(tx, {end for row in records.rows for end in row["ends"].values()})
    all_rows = (
        DocumentRows((), (), (), tuple(_statement(row) for row in records.rows)).under(stands).statements
    )
    rows = [row for row in all_rows if records.replace or row["id"] not in there]
    left = [row["slot"] for row in fetch(tx, cypher.SLOTS, {"ids": [row["id"] for row in rows]})]
    take_back(tx, rows)
    run_batches(tx, version_queries.UNTIE, [row for row in rows if row["id"] in there], {})
    for kind in Kind:
        run_batches(tx, cypher.STATEMENT[kind], [row for row in rows if row["kind"] == kind.value], {})
    for end, query in _TIES.items():
        run_batches(tx, query, [row for row in rows if row[end] is not None], {})
    told = [_with_links(row, "found_by") for row in records.rows]
    run_batches(tx, cypher.FOUND_BY, told, {"replace": records.replace})
    settled, _ = versions.settle(tx, (row["id"] for row in all_rows), now)
    slots = {row["id"]: row["slot"] for row in rows}
    derive(tx, {**slots, **settled}, now.date(), left)
    return len(rows)


def _statement(row: Row) -> Row:
    properties = _times(row["properties"])
    return {
        "id": row["key"],
        "kind": Kind(properties["kind"]).value,
        "predicate": properties["predicate"],
        "slot": properties["slot"],
        **{name: row["ends"].get(name) for name in EDGES},
        "evidence": row["evidence"],
        "properties": properties,
    }


def _judgements(tx: neo4j.ManagedTransaction, records: Records, now: datetime) -> int:
    rows = [_with_times(row) for row in records.to_write(_there(tx, "Judgement", records.rows))]
    _needed(tx, {entity for row in rows for entity in row["pair"]})
    before = standing_judgements(tx)
    if not records.replace:
        for judgement in filter(lambda one: one.stands, map(_judgement, rows)):
            before.refuse(judgement.opinion)
            before.add(judgement)
    run_batches(tx, cypher.JUDGEMENT, rows, {})
    after = standing_judgements(tx)
    clusters = {after.cluster(entity) for row in rows for entity in row["pair"]}
    settle_clusters(tx, sorted(clusters, key=sorted), now.date())
    return len(rows)


def _judgement(row: Row) -> Judgement:
    told = row["properties"]
    one, other = row["pair"]
    opinion = Opinion(one, other, Verdict(told["verdict"]), told["by"], told.get("why"))
    return Judgement(row["key"], opinion, told["at"].to_native(), told.get("undone_at"))


def _there(tx: neo4j.ManagedTransaction, label: str, rows: Iterable[Row]) -> set[str]:
    return _present(tx, label, {row["key"] for row in rows})


def _present(tx: neo4j.ManagedTransaction, label: str, keys: Collection[str]) -> set[str]:
    return {row["key"] for row in fetch(tx, cypher.THERE[label], {"keys": sorted(keys)})}


def _needed(tx: neo4j.ManagedTransaction, ids: Collection[str]) -> dict[str, str]:
    """Who stands for these entities.

    Raises:
        InputError: when the graph has one of them not.
    """
    nodes = entity_nodes(tx, ids)
    _refuse_missing("entity", set(ids) - nodes.keys())
    return {id_: node.stands for id_, node in nodes.items()}


def _refuse_missing(what: str, missing: Collection[str]) -> None:
    if missing:
        raise InputError(f"the {what} {min(missing)} is neither in the graph nor earlier in the file.")


def _with_links(row: Row, name: str) -> Row:
    links = [{**one, "properties": _times(one["properties"])} for one in row[name]]
    return {"key": row["key"], "loaded_in": row.get("loaded_in", []), name: links}


def _with_times(row: Row) -> Row:
    return {**row, "properties": _times(row["properties"])}


def _times(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _time(value) if name in _TIMES else value for name, value in properties.items()}


def _time(value: Any) -> Any:  # noqa: ANN401 - a moment, or a list of them
    if isinstance(value, list):
        return [_time(one) for one in cast("list[object]", value)]
    return neo4j.time.DateTime.from_iso_format(value)


WORK: Final[Mapping[str, Work]] = {
    "extractor": _nodes("Extractor"),
    "ingest": _nodes("Ingest"),
    "entity": _entities,
    "name": _names,
    "document": _documents,
    "rejection": _rejections,
    "statement": _statements,
    "judgement": _judgements,
}
