"""Parsing what is hostile: a coded error within 10 seconds and 512 MB, and the next document is read."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.documents import RawDocument
from loaders.cleaning import MEDIA_TYPES
from loaders.parsing import MEMORY, SECONDS, Parser
from loaders.refusals import Code, ReadError
from loaders.sources import Found, Problem, discover
from tests.loaders import bombs

HANG = SECONDS + 60
"""What a machine with much to do may take for the start of a process and the ten seconds in it."""


@pytest.fixture(scope="module")
def parsing() -> Iterator[Parser]:
    parser = Parser()
    yield parser
    parser.close()


def refusal(parsing: Parser, suffix: str, data: bytes) -> str:
    begun = time.monotonic()
    with pytest.raises(ReadError) as refused:
        parsing.clean(RawDocument("a", data, MEDIA_TYPES[suffix]))
    assert time.monotonic() - begun < HANG
    return refused.value.code


def test_the_bounds_are_512_megabytes_and_ten_seconds():
    assert (MEMORY, SECONDS) == (512 * 2**20, 10.0)


def test_a_pdf_that_expands_is_refused(parsing: Parser):
    bomb = bombs.pdf_of("x", packed=bombs.deflated(600, times=3), filters="/FlateDecode " * 3)
    assert len(bomb) < 100_000
    assert refusal(parsing, ".pdf", bomb) in {Code.DAMAGED, Code.OUT_OF_MEMORY}


def test_a_docx_that_unpacks_to_more_than_a_document_has_is_refused(parsing: Parser):
    assert refusal(parsing, ".docx", bombs.docx_of(bombs.megabytes(101, b" "))) == Code.TOO_LARGE


def test_a_docx_of_millions_of_elements_is_ended(parsing: Parser):
    bomb = bombs.docx_of([bombs.BODY.encode(), *bombs.megabytes(60, b"<w:p/> ")])
    assert refusal(parsing, ".docx", bomb) in {Code.DAMAGED, Code.OUT_OF_MEMORY, Code.TOO_SLOW, Code.DIED}


def test_an_epub_that_unpacks_to_more_than_a_book_has_is_refused(parsing: Parser):
    bomb = bombs.epub_of(bombs.opf("a.xhtml"), {"a.xhtml": bombs.megabytes(101, b" ")})
    assert refusal(parsing, ".epub", bomb) == Code.TOO_LARGE


def test_entities_of_an_epub_s_index_are_not_expanded(parsing: Parser):
    doctype = f"<!DOCTYPE package [{bombs.LAUGHS}]>"
    about = "<dc:title>&a11;</dc:title>"
    bomb = bombs.epub_of(bombs.opf("a.xhtml", about=about, doctype=doctype), {"a.xhtml": "<p>A</p>"})
    assert refusal(parsing, ".epub", bomb) == Code.DAMAGED


def test_entities_of_a_docx_are_not_expanded(parsing: Parser):
    used = "<w:p><w:r><w:t>&a11;</w:t></w:r></w:p></w:body></w:document>"
    bomb = bombs.docx_of(f"<!DOCTYPE d [{bombs.LAUGHS}]>{bombs.BODY}{used}")
    assert refusal(parsing, ".docx", bomb) == Code.DAMAGED


def test_html_a_million_tags_deep_is_read_as_words(parsing: Parser):
    page = b"<html><body>" + b"<div>" * 1_000_000 + b"Acme is a firm."
    begun = time.monotonic()
    assert parsing.clean(RawDocument("a", page, "text/html")).text == "Acme is a firm."
    assert time.monotonic() - begun < HANG


def test_the_next_document_is_read_after_one_that_was_ended(parsing: Parser):
    with pytest.raises(ReadError):
        parsing.clean(RawDocument("a", b"%PDF-1.7 nothing", MEDIA_TYPES[".pdf"]))
    assert parsing.clean(RawDocument("b", b"Acme is a firm.", "text/plain")).text == "Acme is a firm."


def one(path: Path) -> Found:
    begun = time.monotonic()
    (found,) = discover([path])
    assert time.monotonic() - begun < HANG
    return found


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.docx", "a.html", "a.json", "a.yaml"])
def test_a_file_of_a_gigabyte_is_refused_by_its_size(tmp_path: Path, name: str):
    with (tmp_path / name).open("wb") as file:
        file.truncate(2**30)
    found = one(tmp_path / name)
    assert isinstance(found, Problem)
    assert found.code == Code.TOO_LARGE


GIGABYTES = {"a.jsonl": Code.TOO_LARGE, "a.csv": Code.OUT_OF_MEMORY, "a.warc": Code.UNKNOWN_FORM}


@pytest.mark.parametrize("name", GIGABYTES)
def test_a_line_of_a_gigabyte_is_a_problem(tmp_path: Path, name: str):
    with (tmp_path / name).open("wb") as file:
        file.truncate(2**30)
    found = one(tmp_path / name)
    assert isinstance(found, Problem)
    assert found.code == GIGABYTES[name]


def test_a_warc_whose_header_expands_is_a_problem(tmp_path: Path):
    (tmp_path / "a.warc.gz").write_bytes(bombs.gzipped(b"WARC/1.0\r\nWARC-Type: ", 700))
    found = one(tmp_path / "a.warc.gz")
    assert isinstance(found, Problem)
    assert found.code in {Code.DAMAGED, Code.OUT_OF_MEMORY, Code.TOO_SLOW}


def test_a_feed_that_declares_entities_is_a_problem(tmp_path: Path):
    declared = f'<?xml version="1.0"?><!DOCTYPE rss [{bombs.LAUGHS}]>'
    feed = f'{declared}<rss version="2.0"><channel><title>&a11;</title>'
    (tmp_path / "a.rss").write_text(feed)
    found = one(tmp_path / "a.rss")
    assert isinstance(found, Problem)


@pytest.mark.parametrize(("name", "unit"), [("a.json", b"["), ("a.yaml", b"[")])
def test_data_nested_a_million_deep_is_a_problem(tmp_path: Path, name: str, unit: bytes):
    (tmp_path / name).write_bytes(unit * 1_000_000)
    found = one(tmp_path / name)
    assert isinstance(found, Problem)
    assert found.code in {Code.DAMAGED, Code.DIED, Code.OUT_OF_MEMORY}


def test_yaml_whose_aliases_expand_is_a_problem(tmp_path: Path):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    (tmp_path / "a.yaml").write_text("\n".join(lines))
    found = one(tmp_path / "a.yaml")
    assert isinstance(found, Problem)
    assert found.code == Code.UNKNOWN_FORM
