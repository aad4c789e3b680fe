"""Whole exports: all that a graph holds, line by line, so that an import makes an equal graph of it.

What is derived (plain edges, ranks, clusters of documents, who stands for whom) is left out: it follows from
the rest. Equal graphs give equal lines; a delta has the lines that an earlier export lacks.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import neo4j

from kb.contract import dumps
from kb.errors import InputError
from kb.graph import whole_queries as cypher
from kb.graph.ends import EDGES, End, Ends
from kb.graph.transactions import fetch
from kb.graph.values import plain

FORM: Final = 1
"""The form of the lines, which an import has to know."""

_PAGE: Final = 1000
_NAME_OF_EDGE: Final = {edge: name for name, edge in EDGES.items()}


@dataclass(frozen=True, slots=True)
class _Part:
    """The records of one kind: the query that reads a page of them, and how many a page has."""

    record: str
    query: str
    page: int = _PAGE


PARTS: Final = (
    _Part("extractor", cypher.EXTRACTORS),
    _Part("ingest", cypher.INGESTS),
    _Part("entity", cypher.ENTITIES),
    _Part("name", cypher.NAMES),
    _Part("document", cypher.DOCUMENTS, 50),
    _Part("rejection", cypher.REJECTIONS),
    _Part("statement", cypher.STATEMENTS),
    _Part("judgement", cypher.JUDGEMENTS),
)
"""In the order in which they can be written: what a record refers to comes before it."""


def whole_lines(driver: neo4j.Driver, database: str) -> Iterator[str]:
    """All records of a graph, between a first line and a last one that tells how many there are."""
    yield from framed(_records(driver, database), {})


def framed(records: Iterable[str], told: Mapping[str, Any]) -> Iterator[str]:
    """Records with the first and the last line of a file of them."""
    yield dumps({"record": "export", "form": FORM, **told})
    number = 0
    for record in records:
        number += 1
        yield record
    yield dumps({"record": "end", "records": number})


def digest(lines: Iterable[str]) -> str:
    """The name of one state of a graph: a hash of its whole export."""
    state = hashlib.sha256()
    for line in lines:
        state.update(line.encode())
        state.update(b"\n")
    return f"sha256:{state.hexdigest()}"


def since(earlier: Iterable[str], now: Iterable[str]) -> Iterator[str]:
    """A delta: the first line names the state that it begins from, and the rest is what has changed.

    Raises:
        InputError: at the end, when the earlier export has what the later one lacks: nothing that was ever
            recorded goes away, so they are of two graphs.
    """
    state = hashlib.sha256()
    known: dict[bytes, bytes] = {}
    for line in earlier:
        state.update(line.encode() + b"\n")
        known[_key(line)] = _short(line)
    yield from framed(_changed(known, now), {"since": f"sha256:{state.hexdigest()}"})


def _changed(known: dict[bytes, bytes], now: Iterable[str]) -> Iterator[str]:
    for line in now:
        if known.pop(_key(line), None) != _short(line) and not _is_frame(line):
            yield line
    if known:
        raise InputError(
            f"The earlier export has {len(known)} records that this graph lacks: it is one of another graph."
        )


def _is_frame(line: str) -> bool:
    return line.startswith(('{"record": "export"', '{"record": "end"'))


def _key(line: str) -> bytes:
    """What stays of a record when it changes: its kind and its key, which begin the line."""
    return _short(line.partition(', "properties": ')[0] if not _is_frame(line) else line[:18])


def _short(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _records(driver: neo4j.Driver, database: str) -> Iterator[str]:
    with driver.session(database=database, default_access_mode=neo4j.READ_ACCESS) as session:
        for part in PARTS:
            after = ""
            while rows := session.execute_read(fetch, part.query, {"after": after, "limit": part.page}):
                for row in rows:
                    told = _statement(row) if part.record == "statement" else row
                    yield dumps({"record": part.record, "key": row["key"], **_ordered(plain(told))})
                after = rows[-1]["key"]


def _statement(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A statement as it was resolved, whoever stands for its entities now."""
    own = {_NAME_OF_EDGE[edge]: End(id_) for edge, id_ in row["ends"]}
    properties = cast("dict[str, Any]", row["properties"])
    themselves = {end.id: end.id for end in own.values()}
    resolved = Ends(properties["predicate"], properties["slot"], own).under(themselves)
    ends = {name: end.id for name, end in resolved.ends.items()}
    return {**row, "properties": {**properties, "slot": resolved.slot}, "ends": ends}


def _ordered(row: Mapping[str, Any]) -> dict[str, Any]:
    """The rest of a record: properties first, all names in order, and nothing that has no value."""
    rest = {name: _sorted(row[name]) for name in sorted(row) if name not in ("key", "properties")}
    return {"properties": _sorted(row["properties"]), **rest}


def _sorted(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, Mapping):
        told = cast("Mapping[str, Any]", value)
        return {name: _sorted(told[name]) for name in sorted(told) if told[name] is not None}
    if isinstance(value, list):
        return [_sorted(one) for one in cast("list[Any]", value)]
    return value
