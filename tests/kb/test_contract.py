"""The JSON lines are the contract's: the keys of ontology.md, one line each, every script as itself."""

import json
from typing import Any

import pytest

from kb.contract import (
    canonical,
    document_record,
    dumps,
    entity_record,
    extraction_lines,
    fact_record,
)
from kb.facts import Amount, EntityRecord, EntityRef, Extraction, Fact, Mention, Relation, Speaker
from kb.ontology import Access, EntityType, ModelLevel, RelationType
from kb.partial_date import PartialDate
from tests import facts as make

TEXT = "Acme (估值 🚀) is worth $300 billion. Ann Lee is CEO of Acme. Acme began in 2015. Acme-1 is open."
SOURCE = make.document(TEXT, title="On Acme", published=PartialDate.parse("2025-04"), authors=("Bo Ek",))
COMMON = {
    "kind", "subject", "predicate", "as_of", "valid_from", "valid_to", "modality", "speaker", "evidence",
    "extractor", "confidence",
}  # fmt: skip
OWN = {
    "figure": {
        "value", "low", "high", "unit", "comparator", "period", "basis", "scope", "active", "benchmark",
        "offered_by",
    },
    "relation": {"object", "role", "status", "how", "amount", "lead", "share", "city"},
    "date": {"date"},
    "term": {"value", "unit", "comparator", "period", "consequence", "access"},
}  # fmt: skip


def facts() -> dict[str, Fact]:
    speaker = Speaker("Bo Ek", make.company("Acme", "company/acme"))
    return {
        "figure": make.valuation(
            SOURCE, "is worth $300 billion", 3e11, speaker=speaker, as_of=PartialDate(2025)
        ),
        "relation": make.works_for(SOURCE, "Ann Lee is CEO of Acme", "Ann Lee", "Acme", role="CEO"),
        "date": make.founded_on(SOURCE, "Acme began in 2015", "Acme", "2015"),
        "term": make.openness(SOURCE, "Acme-1 is open", "Acme-1", Access.OPEN_WEIGHTS),
    }


def read_back(fact: Fact) -> dict[str, Any]:
    return json.loads(dumps(fact_record(fact)))


@pytest.mark.parametrize("kind", OWN)
def test_a_fact_s_line_has_the_keys_of_its_kind(kind: str):
    assert set(read_back(facts()[kind])) == COMMON | OWN[kind]


@pytest.mark.parametrize("kind", OWN)
def test_a_fact_s_line_names_its_kind(kind: str):
    assert read_back(facts()[kind])["kind"] == kind


def test_a_figure_s_line_is_as_the_ontology_shows_it():
    line = read_back(facts()["figure"])
    start = TEXT.index("is worth")
    words = "is worth $300 billion"
    assert {key: value for key, value in line.items() if value is not None} == {
        "kind": "figure",
        "subject": {"type": "Company", "name": "Acme"},
        "predicate": "VALUATION",
        "value": 300000000000,
        "unit": "USD",
        "comparator": "EQ",
        "as_of": "2025",
        "modality": "ASSERTED",
        "speaker": {"name": "Bo Ek", "id": "company/acme"},
        "evidence": {"document": SOURCE.id, "start": start, "end": start + len(words), "text": words},
        "extractor": make.EXTRACTOR,
        "confidence": 0.9,
    }


def test_what_the_text_leaves_open_is_null():
    assert read_back(facts()["figure"])["period"] is None


def test_a_number_is_written_plainly():
    assert '"value": 300000000000,' in dumps(fact_record(facts()["figure"]))


def test_a_sum_is_value_unit_and_comparator():
    bought = Relation(
        subject=make.company("Acme"),
        predicate=RelationType.ACQUIRED,
        object=make.company("Zeta"),
        amount=Amount(1e9, "EUR"),
        **make.common(SOURCE, "Acme"),
    )
    assert read_back(bought)["amount"] == {"value": 1000000000, "unit": "EUR", "comparator": "EQ"}


def test_the_documents_line_carries_the_text_that_offsets_refer_to():
    line = json.loads(dumps(document_record(SOURCE)))
    assert (line["kind"], line["id"], line["text"]) == ("document", SOURCE.id, TEXT)
    assert (line["title"], line["published"], line["authors"]) == ("On Acme", "2025-04", ["Bo Ek"])


def test_an_entity_s_line_lists_its_mentions():
    ref = EntityRef(EntityType.MODEL, "Acme-1")
    record = EntityRecord(ref, ("A1",), (Mention(3, 9),), ModelLevel.RELEASE)
    assert entity_record(record) == {
        "kind": "entity",
        "type": "Model",
        "name": "Acme-1",
        "id": None,
        "aliases": ["A1"],
        "level": "RELEASE",
        "mentions": [{"start": 3, "end": 9}],
    }


def test_lines_come_document_first_then_entities_then_facts_by_their_place():
    found = tuple(reversed(facts().values()))
    extraction = Extraction(SOURCE.id, make.EXTRACTOR, (EntityRecord(make.company("Acme")),), found)
    kinds = [line["kind"] for line in extraction_lines(SOURCE, extraction)]
    assert kinds == ["document", "entity", "figure", "relation", "date", "term"]


def test_the_words_of_each_fact_are_in_the_documents_line():
    found = make.extraction(SOURCE, *facts().values())
    document, *rest = (json.loads(dumps(line)) for line in extraction_lines(SOURCE, found))
    spans = [line["evidence"] for line in rest if line["kind"] != "entity"]
    assert [document["text"][s["start"] : s["end"]] for s in spans] == [s["text"] for s in spans]


def test_a_line_is_one_line_with_every_script_as_itself():
    line = dumps(document_record(make.document("估值 🚀\nline\u2028two")))
    assert "估值 🚀" in line
    assert len(line.split("\n")) == 1


def test_the_canonical_form_depends_on_neither_order_nor_missing_fields():
    assert (
        canonical({"b": "é", "a": 1, "c": None}) == canonical({"a": 1, "b": "é"}) == '{"a":1,"b":"\\u00e9"}'
    )
