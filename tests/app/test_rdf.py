"""Statements as RDF, told by the terms of schema.org and PROV: as N-Triples and as JSON-LD."""

import re
from typing import Any

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from app.json_ld import json_ld
from app.n_triples import n_triples
from app.rdf import resources

IRI = r'<[^\x00-\x20<>"{}|^`\\]+>'
LITERAL = r'"(?:[^\x22\x5C\x0A\x0D]|\\["\\nr])*"(?:\^\^' + IRI + ")?"
TRIPLE = re.compile(f"({IRI}) ({IRI}) ({IRI}|{LITERAL}) \\.")


def line(**told: Any) -> dict[str, Any]:
    """A relation as `kb export` writes it."""
    return {
        "id": "s1",
        "claim_id": "c1",
        "kind": "relation",
        "predicate": "WORKS_FOR",
        "subject": {"id": "person/ann-lee", "name": "Ann Lee", "as_written": "ann lee"},
        "object": {"id": "company/acme", "name": "Acme", "as_written": "acme"},
        "modality": "ASSERTED",
        "evidence": {"document": "sha256:1", "start": 0, "end": 3, "text": "Ann"},
        "source": {"source": "a", "title": "News", "publisher": None, "published": "2025", "url": None},
        "extractor": "test/1",
        "confidence": 0.9,
        **told,
    }


def triples(*lines: dict[str, Any]) -> list[tuple[str, ...]]:
    found = [TRIPLE.fullmatch(one) for one in n_triples(resources(lines))]
    return [one.groups() for one in found if one is not None]


def test_a_relation_is_a_plain_triple_and_a_statement_derived_from_its_document():
    found = triples(line())
    ann, acme = "<urn:ai-industry-kb:entity:person/ann-lee>", "<urn:ai-industry-kb:entity:company/acme>"
    assert (ann, "<urn:ai-industry-kb:term:WORKS_FOR>", acme) in found
    assert (ann, "<https://schema.org/name>", '"Ann Lee"') in found
    derived = "<http://www.w3.org/ns/prov#wasDerivedFrom>"
    document = "<urn:ai-industry-kb:document:sha256:1>"
    assert ("<urn:ai-industry-kb:statement:s1>", derived, document) in found
    assert (document, "<https://schema.org/name>", '"News"') in found


def test_what_is_denied_or_retracted_is_no_plain_triple():
    for told in (line(modality="DENIED"), line(retracted_at="2025-01-01T00:00:00Z")):
        assert not [one for one in triples(told) if one[1] == "<urn:ai-industry-kb:term:WORKS_FOR>"]


def test_entities_and_documents_are_told_once():
    lines = [line(), line(id="s2")]
    found = triples(*lines)
    assert len(found) == len(set(found)) + 1  # both say the plain triple


@given(text=st.text(), id_=st.text(min_size=1))
def test_any_text_makes_lines_of_the_grammar(text: str, id_: str):
    told = line(subject={"id": id_, "name": text, "as_written": text}, id=id_)
    lines = list(n_triples(resources([told])))
    assert all(TRIPLE.fullmatch(one) for one in lines)
    "\n".join(lines).encode()


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # of rdflib within rdflib
@given(text=st.text(), id_=st.text(min_size=1), amount=st.none() | st.integers() | st.floats(allow_nan=False))
def test_json_ld_says_what_the_n_triples_say(text: str, id_: str, amount: float | None):
    ann = {"id": id_, "name": text, "as_written": text}
    told = [
        line(subject=ann, amount={"value": amount, "unit": "USD"}),
        line(id="s2", modality="DENIED"),
        line(id="s3"),
    ]
    as_json = "\n".join(json_ld(resources(told)))
    as_lines = "\n".join(n_triples(resources(told)))
    found = rdflib.Graph().parse(data=as_json, format="json-ld")
    assert set(found) == set(rdflib.Graph().parse(data=as_lines, format="nt"))
    assert len(found) >= 3 * 12
