"""The registry is read line by line; what is wrong is told by file and line."""

import json
from pathlib import Path
from typing import Any

import pytest

from kb.errors import InputError
from kb.ontology import EntityType, ModelLevel
from kb.registry import entity_type_of, load_registry

ACME: dict[str, Any] = {
    "id": "company/acme",
    "name": "Acme",
    "aliases": ["Acme Labs", "AC"],
    "ambiguous": ["AC"],
    "claims": [
        {"predicate": "FOUNDED_ON", "date": "2015", "source": "page", "locator": "line 3"},
        {"predicate": "HEADCOUNT", "value": 12, "unit": "person", "source": "page", "locator": "é [1]"},
    ],
}
PAGE = {"id": "page", "title": "A page", "publisher": "A publisher", "url": "https://example.org"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "companies.jsonl", ACME)
    write(tmp_path / "sources.jsonl", PAGE)
    return tmp_path


def write(file: Path, *records: object) -> None:
    lines = (r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def refusal(folder: Path) -> str:
    with pytest.raises(InputError) as refused:
        load_registry(folder)
    return str(refused.value)


def test_a_record_is_an_entity_with_its_names(folder: Path):
    acme = load_registry(folder).entries["company/acme"]
    assert (acme.type, acme.forms, acme.ambiguous) == (
        EntityType.COMPANY,
        ("Acme", "Acme Labs", "AC"),
        frozenset({"AC"}),
    )


def test_a_record_says_in_which_file_and_line_it_stands(folder: Path):
    write(folder / "companies.jsonl", "", ACME)
    acme = load_registry(folder).entries["company/acme"]
    assert (acme.file, acme.line) == ("companies.jsonl", 2)


def test_each_claim_knows_its_own_words_in_the_line(folder: Path):
    acme = load_registry(folder).entries["company/acme"]
    assert [{**c.fields, "source": c.source, "locator": c.locator} for c in acme.claims] == ACME["claims"]


def test_a_claim_s_source_and_locator_are_no_fields_of_the_fact(folder: Path):
    claim = load_registry(folder).entries["company/acme"].claims[0]
    assert (dict(claim.fields), claim.source, claim.locator) == (
        {"predicate": "FOUNDED_ON", "date": "2015"},
        "page",
        "line 3",
    )


def test_a_word_of_a_name_is_not_taken_for_the_list_of_claims(folder: Path):
    write(
        folder / "companies.jsonl",
        {"id": "company/a", "name": "claims", "aliases": ['"claims": [{"x']} | {"claims": ACME["claims"]},
    )
    found = load_registry(folder).entries["company/a"]
    assert [{**c.fields, "source": c.source, "locator": c.locator} for c in found.claims] == ACME["claims"]


def test_sources_are_read_from_their_own_files(folder: Path):
    source = load_registry(folder).sources["page"]
    assert (source.title, source.publisher, source.retrieved) == ("A page", "A publisher", None)


def test_a_model_s_level_is_read(folder: Path):
    write(folder / "models.jsonl", {"id": "model/acme", "name": "Acme", "level": "FAMILY"})
    assert load_registry(folder).entries["model/acme"].level is ModelLevel.FAMILY


def test_an_id_in_wikidata_is_read(folder: Path):
    write(folder / "companies.jsonl", {"id": "company/a", "name": "A", "qid": "Q42"})
    assert load_registry(folder).entries["company/a"].qid == "Q42"


def test_two_records_with_one_id_in_wikidata_are_refused(folder: Path):
    write(
        folder / "companies.jsonl",
        {"id": "company/a", "name": "A", "qid": "Q42"},
        {"id": "company/b", "name": "B", "qid": "Q42"},
    )
    assert refusal(folder) == (
        "companies.jsonl, line 2: company/b has the qid Q42 of company/a; merge the two records, or correct "
        "one of them."
    )


def test_entries_come_by_their_ids_whatever_the_order_of_lines(folder: Path):
    write(folder / "companies.jsonl", {"id": "company/b", "name": "B"}, {"id": "company/a", "name": "A"})
    assert [e.id for e in load_registry(folder).of_type(EntityType.COMPANY)] == ["company/a", "company/b"]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '"Acme"',
        '{"name": "Acme"}',
        '{"id": "company/x"}',
        '{"id": "model/x", "name": "X", "level": "NEW"}',
        '{"id": "model/x", "name": "X", "qid": "42"}',
        '{"id": "model/x", "name": "X", "qid": ["Q42"]}',
    ],
)
def test_a_line_that_is_no_record_is_told_by_file_and_line(folder: Path, line: str):
    write(folder / "companies.jsonl", ACME, line)
    assert refusal(folder).startswith("companies.jsonl, line 2: not a registry record (")


def test_an_id_of_no_known_type_is_refused(folder: Path):
    write(folder / "companies.jsonl", {"id": "ship/acme", "name": "Acme"})
    assert "'ship/acme' is no entity id" in refusal(folder)


def test_an_id_that_occurs_twice_is_refused(folder: Path):
    write(folder / "more.jsonl", ACME)
    assert (
        refusal(folder)
        == "more.jsonl, line 1: the id company/acme occurs a second time; merge the two records."
    )


def test_a_claim_without_a_source_is_refused(folder: Path):
    write(folder / "companies.jsonl", {**ACME, "claims": [{"predicate": "FOUNDED_ON", "date": "2015"}]})
    assert refusal(folder).startswith("companies.jsonl, line 1: not a registry record")


def test_a_claim_whose_source_is_not_listed_is_refused_by_name(folder: Path):
    write(folder / "sources.jsonl", {**PAGE, "id": "another"})
    assert "a claim of company/acme names the source 'page', which no sources*.jsonl lists" in refusal(folder)


@pytest.mark.parametrize(("entity_id", "kind"), [("company/openai", "Company"), ("country/us", "Country")])
def test_an_id_tells_its_type(entity_id: str, kind: str):
    assert entity_type_of(entity_id) is EntityType(kind)
