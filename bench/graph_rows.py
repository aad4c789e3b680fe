"""The rows of a large graph as files of Neo4j's bulk import: the loader's rows, and what its queries derive.

`kb.graph.write_queries` says in Cypher what is derived here: which statement of a slot is `BEST`, the plain
edges of asserted relations, one per role and status, and the edges to asserted figures and dates.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final, TextIO

from bench.graph_data import EXTRACTOR, Industry
from kb.graph.rows import Row, alias_row, document_rows, entity_row
from kb.graph.write_queries import HOLDERS, LABELS
from kb.ontology import EntityType, Kind, Modality, RelationType
from kb.partial_date import PartialDate
from kb.ranking import Ranked, best
from kb.resolution import Resolver, known

INGEST: Final = "bench"
_AT_ONCE: Final = 100
_LISTS: Final = "|"
_TYPES: Final = {
    **dict.fromkeys(("value", "amount", "start", "end", "statements", "facts"), "long"),
    **dict.fromkeys(("aliases", "authors", "places", "countries"), "string[]"),
    **dict.fromkeys(("recorded_at", "at", "started_at"), "datetime"),
    "confidence": "double",
    "provisional": "boolean",
}
"""Types of properties that are no strings."""
_ENTITY: Final = (
    *("id", "name", "aliases", "level", "provisional", "folded", "folded_short"),
    *("countries", "facts"),
)
_DOCUMENT: Final = (
    "id source_key title publisher authors published published_last url retrieved raw_hash text_hash cleaner "
    "media_type origin places cluster signature text recorded_at"
).split()
_STATEMENT: Final = (
    "id claim_id kind predicate slot subject_key as_of as_of_first as_of_last modality speaker confidence "
    "extractor recorded_at"
).split()
_QUALIFIERS: Final = {
    Kind.FIGURE: "value unit comparator period basis scope".split(),
    Kind.RELATION: "object_key role role_code status amount amount_unit amount_comparator".split(),
    Kind.DATE: "date date_first date_last".split(),
}
_PLAIN_EDGE: Final = ("id", "statements", "role", "role_code", "status", "as_of")


class _Files:
    """CSV files in a folder, one a label or type of edge, each with a header that says what is in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, tuple[TextIO, Any]] = {}
        self._paths: dict[str, Path] = {}

    @property
    def sources(self) -> list[str]:
        """The files as arguments of the import."""
        return [f"{source}={path}" for source, path in self._paths.items()]

    def nodes(self, label: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Rows of a label; the first column is the key, unique among those of the first label."""
        key, *rest = columns
        header = [f"{key}:ID({label.partition(':')[0]})", *(_typed(name) for name in rest)]
        self._write(f"--nodes={label}", header, ([row.get(name) for name in columns] for row in rows))

    def edges(self, pattern: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Rows of a pattern such as `Alias NAMES Entity`: the keys of both ends, then the columns."""
        start, kind, end = pattern.split()
        header = [f":START_ID({start})", f":END_ID({end})", *(_typed(name) for name in columns)]
        self._write(f"--relationships={kind}", header, rows)

    def close(self, unranked: AbstractSet[str]) -> None:
        """End all files, and put in the ranks of statements."""
        for source, (file, _) in self._open.items():
            file.close()
            if source.startswith("--nodes=Statement:"):
                _rank(self._paths[source], unranked)

    def _write(self, source: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        if source not in self._open:
            path = self._paths[source] = self._folder / f"{len(self._paths)}.csv"
            file = path.open("w", encoding="utf-8", newline="")
            self._open[source] = (file, csv.writer(file, lineterminator="\n"))
            self._open[source][1].writerow(header)
        self._open[source][1].writerows([_cell(value) for value in row] for row in rows)


def _typed(name: str) -> str:
    return f"{name}:{_TYPES.get(name, 'string')}"


def _cell(value: object) -> object:
    if isinstance(value, list):
        return _LISTS.join(value)
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, datetime) else value


def _rank(path: Path, unranked: AbstractSet[str]) -> None:
    """Add ranks, and the values of figures that are shown first, which are known when all statements are."""
    part = path.with_suffix(".part")
    with (
        path.open(encoding="utf-8", newline="") as lines,
        part.open("w", encoding="utf-8", newline="") as out,
    ):
        rows, written = csv.reader(lines), csv.writer(out, lineterminator="\n")
        header = next(rows)
        value = header.index("value:long") if "value:long" in header else None
        written.writerow([*header, "rank:string", "shown:long"])
        for row in rows:
            best = row[0] not in unranked
            shown = "" if value is None or not best else row[value]
            written.writerow([*row, "BEST" if best else "", shown])
    part.replace(path)


class _Slots:
    """What is told of each slot, for what is derived from all statements of it."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._told: dict[tuple[str, ...], list[Ranked]] = defaultdict(list)
        self._edges: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        self._facts = Counter[str]()

    def take(self, row: Row) -> None:
        """Note a statement."""
        self._facts.update(row[end] for end in ("subject", "object") if row[end] is not None)
        told = row["properties"]
        as_of = told.get("as_of")
        role = (told.get("role_code", ""), told.get("status", ""))
        self._told[row["slot"], *role].append(
            Ranked(
                id=row["id"],
                slot="",
                modality=Modality(told["modality"]),
                as_of=None if as_of is None else PartialDate.parse(as_of),
                confidence=told["confidence"],
            )
        )
        if row["object"] is not None and told["modality"] == Modality.ASSERTED:
            newest = (told.get("as_of_last", ""), row["id"])
            kept = {name: told.get(name) for name in ("role", "role_code", "status", "as_of")}
            ends = {"ends": (row["subject"], row["object"]), "newest": newest}
            self._edges[row["predicate"]][row["slot"]].append({**kept, **ends})

    def unranked(self) -> frozenset[str]:
        """The statements that are not the best of their slot and role."""
        firsts = ((told, best(told, self._today)) for told in self._told.values())
        return frozenset(one.id for told, first in firsts for one in told if one is not first)

    def facts_about(self, entity: str) -> int:
        """How many statements are about it."""
        return self._facts[entity]

    def countries(self) -> dict[str, list[str]]:
        """The codes of the countries of each company."""
        found: dict[str, set[str]] = defaultdict(set)
        for rows in self._edges[RelationType.BASED_IN].values():
            for company, country in (row["ends"] for row in rows):
                found[company].add(country.removeprefix("country/").upper())
        return {company: sorted(codes) for company, codes in found.items()}

    def edges(self) -> Iterator[tuple[str, list[Sequence[Any]]]]:
        """The plain edges by predicate."""
        for predicate, slots in self._edges.items():
            yield predicate, [edge for slot, rows in slots.items() for edge in _plain_edges(slot, rows)]


def _plain_edges(slot: str, rows: Sequence[Row]) -> Iterator[Sequence[Any]]:
    """One edge a role and status, with role and date as they are told last."""
    groups: dict[tuple[str | None, str | None], list[Row]] = defaultdict(list)
    ordered = sorted(rows, key=lambda row: row["newest"][1])
    for row in sorted(ordered, key=lambda row: row["newest"][0], reverse=True):
        groups[row["role_code"], row["status"]].append(row)
    for (code, status), told in groups.items():
        key = f"{slot}|{code or ''}|{status or ''}"
        role, as_of = (next((row[name] for row in told if row[name]), None) for name in ("role", "as_of"))
        yield (*told[0]["ends"], key, len(told), role, code, status, as_of)


def write_files(industry: Industry, folder: Path, now: datetime) -> list[str]:
    """Write all rows as recorded now; gives the arguments of the import that name the files."""
    files, slots, resolver = _Files(folder), _Slots(now.date()), Resolver(industry.registry)
    found = industry.found()
    entries = industry.registry.entries.values()
    entities: dict[str, Row] = {entry.id: entity_row(known(entry)) for entry in entries}
    named = (alias_row(entry.type, form, entry.id) for entry in entries for form in entry.forms)
    aliases = {(row["key"], row["entity"]) for row in named}
    bands: set[str] = set()
    while batch := list(islice(found, _AT_ONCE)):
        rows = document_rows(batch, resolver)
        entities = {**{row["id"]: row for row in rows.entities}, **entities}
        aliases |= {(row["key"], row["entity"]) for row in rows.aliases}
        _write_documents(files, rows.documents, now)
        bands.update(band for row in rows.documents for band in row["bands"])
        for kind in _QUALIFIERS:
            _write_statements(files, kind, rows.of_kind(kind), now)
        for row in rows.statements:
            slots.take(row)
    files.nodes("Extractor", ["id"], [{"id": EXTRACTOR}])
    files.nodes(
        "Ingest", ["id", "state", "started_at"], [{"id": INGEST, "state": "RUNNING", "started_at": now}]
    )
    countries = slots.countries()
    for label in EntityType:
        named = [
            {**row, "countries": countries.get(row["id"]), "facts": slots.facts_about(row["id"])}
            for row in entities.values()
            if row["label"] == label.value
        ]
        files.nodes(f"Entity:{label.value}", _ENTITY, named)
    files.nodes("Alias", ["key"], ({"key": key} for key in sorted({key for key, _ in aliases})))
    files.edges("Alias NAMES Entity", (), sorted(aliases))
    files.nodes("Band", ["key"], ({"key": key} for key in sorted(bands)))
    for predicate, edges in slots.edges():
        files.edges(f"Entity {predicate} Entity", _PLAIN_EDGE, edges)
    files.close(slots.unranked())
    return files.sources


def _write_documents(files: _Files, rows: Sequence[Row], now: datetime) -> None:
    files.nodes("Document", _DOCUMENT, ({**row, "recorded_at": now} for row in rows))
    files.nodes("Source", ["key"], ({"key": row["source_key"]} for row in rows))
    files.edges("Document VERSION_OF Source", (), ((row["id"], row["source_key"]) for row in rows))
    files.edges("Document LOADED_IN Ingest", (), ((row["id"], INGEST) for row in rows))
    in_bands = ((row["id"], band) for row in rows for band in row["bands"])
    files.edges("Document IN_BAND Band", (), in_bands)
    files.edges("Document READ_BY Extractor", ("at",), ((row["id"], EXTRACTOR, now) for row in rows))


def _write_statements(files: _Files, kind: Kind, rows: Sequence[Row], now: datetime) -> None:
    told = ({**row["properties"], "id": row["id"], "recorded_at": now} for row in rows)
    files.nodes(f"Statement:{LABELS[kind]}", [*_STATEMENT, *_QUALIFIERS[kind]], told)
    files.edges("Statement SUBJECT Entity", (), ((row["id"], row["subject"]) for row in rows))
    files.edges(
        "Statement EVIDENCED_BY Document",
        ("start", "end", "text"),
        ((row["id"], row["document"], row["start"], row["end"], row["text"]) for row in rows),
    )
    files.edges(
        "Statement FOUND_BY Extractor",
        ("confidence", "at"),
        ((row["id"], EXTRACTOR, row["confidence"], now) for row in rows),
    )
    objects = [(row["id"], row["object"]) for row in rows if row["object"] is not None]
    files.edges("Statement OBJECT Entity", (), objects)
    if kind in HOLDERS:
        asserted = [row for row in rows if row["properties"]["modality"] == Modality.ASSERTED]
        held = ((row["subject"], row["id"], row["id"]) for row in asserted)
        files.edges(f"Entity {HOLDERS[kind]} Statement", ("id",), held)
