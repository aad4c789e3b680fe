"""Documents that the graph holds, as they were cleaned: to be read again, or compared with their sources."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import neo4j

from kb.documents import Document, Held, Metadata
from kb.graph.transactions import fetch
from kb.graph.version_queries import STANDS
from kb.partial_date import PartialDate

PAGE: Final = 50

_STALE: Final = f"""
MATCH (d:Document)-[r:READ_BY]->(x:Extractor)
WHERE d.id > $after AND {STANDS} AND r.ended_at IS NULL AND split(x.id, '/')[0] = $family
  AND (x.id <> $extractor OR coalesce(r.registry, '') <> $registry)
"""
STALE: Final = f"{_STALE} RETURN DISTINCT properties(d) AS d, d.id AS id ORDER BY id LIMIT $limit"
COUNT_STALE: Final = f"{_STALE} RETURN count(DISTINCT d) AS n"

HELD: Final = f"""
MATCH (d:Document) WHERE {STANDS}
UNWIND d.places AS place
WITH d, place WHERE place STARTS WITH 'file:' OR place STARTS WITH 'http:' OR place STARTS WITH 'https:'
RETURN d.id AS id, place, d.source_key AS source, d.raw_hash AS raw_hash,
       d {{.title, .publisher, .authors, .published, .url, .retrieved, .licence}} AS d
ORDER BY id, place
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading that documents may lack: by an extractor, with a state of the registry."""

    extractor: str
    registry: str

    @property
    def parameters(self) -> dict[str, str]:
        """What the queries ask with."""
        family = self.extractor.partition("/")[0]
        return {"extractor": self.extractor, "family": family, "registry": self.registry}


def count_stale(driver: neo4j.Driver, database: str, reading: Reading) -> int:
    """How many documents an earlier version of the extractor read, or with another registry."""
    with driver.session(database=database) as session:
        (row,) = session.execute_read(fetch, COUNT_STALE, {**reading.parameters, "after": ""})
    return row["n"]


def stale(driver: neo4j.Driver, database: str, reading: Reading) -> Iterator[Document]:
    """Those documents, by their ids; what is read again in the meantime is passed by."""
    after = ""
    with driver.session(database=database) as session:
        while True:
            told = {**reading.parameters, "after": after, "limit": PAGE}
            rows = session.execute_read(fetch, STALE, told)
            if not rows:
                return
            yield from (_document(row["d"]) for row in rows)
            after = rows[-1]["id"]


def held(driver: neo4j.Driver, database: str) -> list[Held]:
    """Every file and URL at which a document is held."""
    with driver.session(database=database) as session:
        rows = session.execute_read(fetch, HELD, {})
    return [
        Held(row["id"], row["place"], row["source"], row["raw_hash"], _metadata(row["d"])) for row in rows
    ]


def _document(row: Mapping[str, Any]) -> Document:
    return Document(
        source_key=row["source_key"],
        text=row["text"],
        media_type=row["media_type"],
        raw_hash=row["raw_hash"],
        cleaner=row["cleaner"],
        metadata=_metadata(row),
        origin=row.get("origin", ""),
    )


def _metadata(row: Mapping[str, Any]) -> Metadata:
    return Metadata(
        title=row.get("title"),
        publisher=row.get("publisher"),
        authors=tuple(row.get("authors") or ()),
        published=_date(row.get("published")),
        url=row.get("url"),
        retrieved=_date(row.get("retrieved")),
        licence=row.get("licence"),
    )


def _date(text: str | None) -> PartialDate | None:
    return None if text is None else PartialDate.parse(text)
