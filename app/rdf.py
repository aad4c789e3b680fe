"""Statements as RDF, in the terms of schema.org and PROV.

Each statement is a resource of its own that was derived from its document; a relation also has its plain
triple where it is asserted. Terms that no vocabulary has are of `urn:ai-industry-kb:term:`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from app.facts_table import columns, values
from app.rights import RIGHTS, made_by
from kb.ontology import Kind, Modality, kind_of

Literal = str | int | float | bool
_URN: Final = "urn:ai-industry-kb:"
PREFIXES: Final = {
    "schema": "https://schema.org/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "term": f"{_URN}term:",
}
"""The short names of vocabularies: `schema:name` is the IRI of this one and `name`."""
TYPE: Final = "rdf:type"
_TYPES: Final = {
    "company": "Organization",
    "person": "Person",
    "country": "Country",
    "product": "Product",
    "model": "SoftwareApplication",
    "licence": "CreativeWork",
}
"""What schema.org calls an entity, by the beginning of its id."""
_SOURCE: Final = {"title": "name", "publisher": "publisher", "published": "datePublished", "url": "url"}
_TOLD: Final = frozenset(("id", "subject_id", "subject_name", "object_id", "object_name"))
"""Columns that are told by the resources themselves."""
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Iri:
    """A resource: an absolute IRI, or a term by the short name of its vocabulary."""

    text: str


@dataclass(frozen=True, slots=True)
class Resource:
    """What is said of one resource: terms by their short names, each with a resource or a literal."""

    iri: Iri
    told: Sequence[tuple[str, Iri | Literal]]


def resources(lines: Iterable[Mapping[str, Any]]) -> Iterator[Resource]:
    """Exported statements with their entities and documents, each of which is told once."""
    told = [("schema:creditText", RIGHTS), ("prov:wasAttributedTo", made_by())]
    yield Resource(Iri(f"{_URN}export"), told)
    seen: set[str] = set()
    for line in lines:
        for end in ("subject", "object"):
            if end in line and line[end]["id"] not in seen:
                seen.add(line[end]["id"])
                yield _entity(line[end]["id"], line[end]["name"])
        document = line["evidence"]["document"]
        if document not in seen:
            seen.add(document)
            yield _document(document, line["source"])
        yield _statement(line)
        if _is_plain(line):
            target = _named("entity", line["object"]["id"])
            yield Resource(_named("entity", line["subject"]["id"]), [(f"term:{line['predicate']}", target)])


def text_of(literal: Literal) -> str:
    """A literal's text; what UTF-8 cannot hold is shown as missing."""
    return _SURROGATE.sub("\ufffd", str(literal))


def _entity(id_: str, name: str) -> Resource:
    kind = _TYPES.get(id_.partition("/")[0], "Thing")
    return Resource(_named("entity", id_), [(TYPE, Iri(f"schema:{kind}")), ("schema:name", name)])


def _document(id_: str, source: Mapping[str, Any]) -> Resource:
    told: list[tuple[str, Iri | Literal]] = [(TYPE, Iri("schema:CreativeWork")), (TYPE, Iri("prov:Entity"))]
    told += [(f"schema:{term}", source[name]) for name, term in _SOURCE.items() if source[name] is not None]
    return Resource(_named("document", id_), told)


def _statement(line: Mapping[str, Any]) -> Resource:
    kind = kind_of[line["predicate"]]
    told: list[tuple[str, Iri | Literal]] = [
        (TYPE, Iri("rdf:Statement")),
        (TYPE, Iri("prov:Entity")),
        ("rdf:subject", _named("entity", line["subject"]["id"])),
        ("rdf:predicate", Iri(f"term:{line['predicate']}")),
        ("prov:wasDerivedFrom", _named("document", line["evidence"]["document"])),
    ]
    if kind is Kind.RELATION:
        told.append(("rdf:object", _named("entity", line["object"]["id"])))
    cells = columns(kind)
    for column, value in zip(cells, values(line, cells), strict=True):
        if value is not None and column.name not in _TOLD and not column.name.startswith("source_"):
            each = value if isinstance(value, list) else [value]
            told.extend((f"term:{column.name}", one) for one in each)
    return Resource(_named("statement", line["id"]), told)


def _is_plain(line: Mapping[str, Any]) -> bool:
    asserted = line["modality"] == Modality.ASSERTED and line.get("retracted_at") is None
    return asserted and kind_of[line["predicate"]] is Kind.RELATION


def _named(sort: str, id_: str) -> Iri:
    return Iri(f"{_URN}{sort}:{quote(id_, safe='/:-._~', errors='replace')}")
