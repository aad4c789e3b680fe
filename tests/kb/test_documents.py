"""A document is its source and its cleaned text; what is known beside them is no part of its id."""

from dataclasses import replace

from kb.documents import Metadata, sha256
from kb.partial_date import PartialDate
from tests import facts as make

PAGE = make.document("Acme makes Acme-1.", "a.txt")


def test_the_same_text_of_the_same_source_is_the_same_document():
    assert make.document("Acme makes Acme-1.", "a.txt").id == PAGE.id


def test_another_text_or_another_source_is_another_document():
    assert len({PAGE.id, replace(PAGE, text="Acme.").id, replace(PAGE, source_key="b.txt").id}) == 3


def test_metadata_place_and_raw_bytes_make_no_other_document():
    told = replace(PAGE, metadata=Metadata(title="On Acme"), origin="/elsewhere/a.txt", raw_hash="sha256:0")
    assert told.id == PAGE.id


def test_the_hash_of_the_text_is_the_text_s_alone():
    assert replace(PAGE, source_key="b.txt").text_hash == PAGE.text_hash == sha256(b"Acme makes Acme-1.")


def test_what_is_known_from_outside_comes_before_what_the_document_tells_of_itself():
    inside = Metadata(title="Inside", publisher="A paper")
    outside = Metadata(title="Outside", published=PartialDate(2025))
    assert replace(PAGE, metadata=inside).with_metadata(outside).metadata == Metadata(
        title="Outside", publisher="A paper", published=PartialDate(2025)
    )
