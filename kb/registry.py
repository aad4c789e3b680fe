"""The registry: known entities with their names and aliases, and the sourced claims about them.

`seeds/registry/*.jsonl` holds one record a line; its README describes the format. Names and aliases
serve recognition and are no claims; every claim names the source in which it was read.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from kb.errors import InputError
from kb.ontology import EntityType, ModelLevel

_T = TypeVar("_T")
_CLAIMS: Final = re.compile(r'"claims"\s*:\s*\[')
"""The key, never a name or alias: those are followed by no colon."""
_QID: Final = re.compile(r"Q[1-9][0-9]{0,11}")
_TYPE_OF_PREFIX: Final = {kind.value.lower(): kind for kind in EntityType}


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of a registry record: the contract's fields as written, and where it was read."""

    fields: Mapping[str, Any]
    source: str
    locator: str


@dataclass(frozen=True, slots=True)
class RegistryEntry:
    """A known entity. `ambiguous` holds those of its forms that mean it only in a fitting context.

    `qid` is its id in Wikidata, which no other entry has.
    """

    id: str
    type: EntityType
    name: str
    aliases: tuple[str, ...]
    ambiguous: frozenset[str]
    level: ModelLevel | None
    demonyms: tuple[str, ...]
    claims: tuple[Claim, ...]
    file: str
    line: int
    text: str
    qid: str | None = None

    @property
    def forms(self) -> tuple[str, ...]:
        """The name and all aliases."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class Source:
    """Where claims were read: a package with its version, a licence's own text, a public page."""

    id: str
    title: str
    publisher: str | None
    url: str | None
    published: str | None
    retrieved: str | None


@dataclass(frozen=True, slots=True)
class Registry:
    """All records by id, and all sources by id."""

    entries: Mapping[str, RegistryEntry]
    sources: Mapping[str, Source]

    def of_type(self, kind: EntityType) -> Iterator[RegistryEntry]:
        """The entries of one type, in the order of their ids."""
        return (entry for entry in self.entries.values() if entry.type is kind)


def entity_type_of(entity_id: str) -> EntityType:
    """The type that an id such as `company/openai` begins with.

    Raises:
        InputError: when the id has no such beginning.
    """
    prefix = entity_id.partition("/")[0]
    if prefix not in _TYPE_OF_PREFIX:
        raise InputError(
            f"'{entity_id}' is no entity id: it begins with none of {', '.join(_TYPE_OF_PREFIX)}."
        )
    return _TYPE_OF_PREFIX[prefix]


def load_registry(folder: Path) -> Registry:
    """Read every `*.jsonl` of the folder.

    Raises:
        InputError: for a line that is no record, an id that occurs twice, or a claim without a source,
            naming file and line.
    """
    entries: dict[str, RegistryEntry] = {}
    sources: dict[str, Source] = {}
    for file in sorted(folder.glob("*.jsonl")):
        for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if not text.strip():
                continue
            place = f"{file.name}, line {number}"
            try:
                record = _record(text)
                if file.name.startswith("sources"):
                    source = _source(record)
                    _add(sources, source.id, source, place)
                else:
                    entry = _entry(record, text, file.name, number)
                    _add(entries, entry.id, entry, place)
            except (ValueError, KeyError, TypeError) as error:
                raise InputError(f"{place}: not a registry record ({error}).") from error
    _check_sources(entries, sources)
    _check_qids(entries)
    return Registry(dict(sorted(entries.items())), sources)


def _record(text: str) -> dict[str, Any]:
    record: object = json.loads(text)
    if not isinstance(record, dict):
        raise TypeError("a record is a JSON object")
    return cast("dict[str, Any]", record)


def _add(table: dict[str, _T], key: str, value: _T, place: str) -> None:
    if key in table:
        raise InputError(f"{place}: the id {key} occurs a second time; merge the two records.")
    table[key] = value


def _check_sources(entries: Mapping[str, RegistryEntry], sources: Mapping[str, Source]) -> None:
    for entry in entries.values():
        for claim in entry.claims:
            if claim.source not in sources:
                raise InputError(
                    f"{entry.file}, line {entry.line}: a claim of {entry.id} names the source "
                    f"'{claim.source}', which no sources*.jsonl lists."
                )


def _check_qids(entries: Mapping[str, RegistryEntry]) -> None:
    seen: dict[str, RegistryEntry] = {}
    for entry in entries.values():
        if entry.qid is not None and seen.setdefault(entry.qid, entry) is not entry:
            raise InputError(
                f"{entry.file}, line {entry.line}: {entry.id} has the qid {entry.qid} of "
                f"{seen[entry.qid].id}; merge the two records, or correct one of them."
            )


def _source(record: dict[str, Any]) -> Source:
    return Source(
        id=record["id"],
        title=record["title"],
        publisher=record.get("publisher"),
        url=record.get("url"),
        published=record.get("published"),
        retrieved=record.get("retrieved"),
    )


def _entry(record: dict[str, Any], text: str, file: str, line: int) -> RegistryEntry:
    level = record.get("level")
    return RegistryEntry(
        id=record["id"],
        type=entity_type_of(record["id"]),
        name=record["name"],
        aliases=tuple(record.get("aliases", ())),
        ambiguous=frozenset(record.get("ambiguous", ())),
        level=None if level is None else ModelLevel(level),
        demonyms=tuple(record.get("demonyms", ())),
        claims=tuple(_claim(fields) for fields in record.get("claims", ())),
        file=file,
        line=line,
        text=text,
        qid=_qid(record.get("qid")),
    )


def _qid(told: object) -> str | None:
    if told is None or (isinstance(told, str) and _QID.fullmatch(told)):
        return told
    raise ValueError("a qid is a Q with a number, as Wikidata has it")


def _claim(fields: dict[str, Any]) -> Claim:
    own = {key: value for key, value in fields.items() if key not in {"source", "locator"}}
    return Claim(own, fields["source"], fields["locator"])
