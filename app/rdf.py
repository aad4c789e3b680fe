"""Statements as RDF: N-Triples, which are Turtle too, in the terms of schema.org and PROV, line by line.

Each statement is a resource of its own that was derived from its document; a relation also has its plain
triple where it is asserted. Terms that no vocabulary has are of `urn:ai-industry-kb:term:`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from app.facts_table import columns, values
from app.rights import RIGHTS, made_by
from kb.ontology import Kind, Modality, kind_of
from schema.tables import Value

_URN: Final = "urn:ai-industry-kb:"
_SCHEMA: Final = "https://schema.org/"
_PROV: Final = "http://www.w3.org/ns/prov#"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
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
_ESCAPED: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
_SPECIAL: Final = re.compile(r'[\\"\n\r]')
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def n_triples(lines: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The triples of exported statements, a line each; of each entity and document once."""
    export = _iri(f"{_URN}export")
    yield _triple(export, f"{_SCHEMA}creditText", _literal(RIGHTS))
    yield _triple(export, f"{_PROV}wasAttributedTo", _literal(made_by()))
    seen: set[str] = set()
    for line in lines:
        for end in ("subject", "object"):
            if end in line and line[end]["id"] not in seen:
                seen.add(line[end]["id"])
                yield from _entity(line[end]["id"], line[end]["name"])
        document = line["evidence"]["document"]
        if document not in seen:
            seen.add(document)
            yield from _document(document, line["source"])
        yield from _statement(line)


def _entity(id_: str, name: str) -> Iterator[str]:
    entity = _resource("entity", id_)
    kind = _TYPES.get(id_.partition("/")[0], "Thing")
    yield _triple(entity, f"{_RDF}type", _iri(_SCHEMA + kind))
    yield _triple(entity, f"{_SCHEMA}name", _literal(name))


def _document(id_: str, source: Mapping[str, Any]) -> Iterator[str]:
    document = _resource("document", id_)
    yield _triple(document, f"{_RDF}type", _iri(f"{_SCHEMA}CreativeWork"))
    yield _triple(document, f"{_RDF}type", _iri(f"{_PROV}Entity"))
    for name, term in _SOURCE.items():
        if source[name] is not None:
            yield _triple(document, _SCHEMA + term, _literal(source[name]))


def _statement(line: Mapping[str, Any]) -> Iterator[str]:
    statement, subject = _resource("statement", line["id"]), _resource("entity", line["subject"]["id"])
    predicate = f"{_URN}term:{line['predicate']}"
    kind = kind_of[line["predicate"]]
    yield _triple(statement, f"{_RDF}type", _iri(f"{_RDF}Statement"))
    yield _triple(statement, f"{_RDF}type", _iri(f"{_PROV}Entity"))
    yield _triple(statement, f"{_RDF}subject", subject)
    yield _triple(statement, f"{_RDF}predicate", _iri(predicate))
    yield _triple(statement, f"{_PROV}wasDerivedFrom", _resource("document", line["evidence"]["document"]))
    if kind is Kind.RELATION:
        target = _resource("entity", line["object"]["id"])
        yield _triple(statement, f"{_RDF}object", target)
        if line["modality"] == Modality.ASSERTED and line.get("retracted_at") is None:
            yield _triple(subject, predicate, target)
    cells = columns(kind)
    for column, value in zip(cells, values(line, cells), strict=True):
        if value is not None and column.name not in _TOLD and not column.name.startswith("source_"):
            yield _triple(statement, f"{_URN}term:{column.name}", _literal(value))


def _triple(subject: str, predicate: str, target: str) -> str:
    return f"{subject} {_iri(predicate)} {target} ."


def _resource(sort: str, id_: str) -> str:
    return _iri(f"{_URN}{sort}:{quote(id_, safe='/:-._~', errors='replace')}")


def _iri(text: str) -> str:
    return f"<{text}>"


def _literal(value: Value) -> str:
    """A literal with its type; what UTF-8 cannot hold is shown as missing."""
    match value:
        case bool():
            return f'"{str(value).lower()}"^^<{_XSD}boolean>'
        case int():
            return f'"{value}"^^<{_XSD}integer>'
        case float():
            return f'"{value!r}"^^<{_XSD}double>'
        case _:
            text = _SURROGATE.sub("\ufffd", str(value))
            return f'"{_SPECIAL.sub(lambda found: _ESCAPED[found[0]], text)}"'
