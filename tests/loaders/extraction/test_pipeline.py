import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.documents import Document
from kb.ontology import EntityType
from loaders.extraction import pipeline

SENTENCES = (
    "Contoso raised $40 million. ",
    "Ada Moreau is CEO of Contoso.\n",
    "“Wrenbot has 3 million users,” said Ada Moreau. ",
    "法国新创公司 Contoso 发布了 Larkspur 3。",
    "- Contoso’s [Larkspur 2](https://example.org/l) has 7B parameters\n",
    "Café 🙂 naïve.\n\n",
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(SENTENCES), max_size=8))
def test_every_fact_quotes_the_document_at_its_offsets(read, sentences: list[str]) -> None:
    text = "".join(sentences)
    facts = read(text).facts
    assert all(text[f.evidence.start : f.evidence.end] == f.evidence.text for f in facts)


@pytest.mark.parametrize("text", ["", "\n\n", "   ", "42", "Home\nNews\nLog in", "[[[[", "今天天气很好。"])
def test_a_text_that_says_nothing_yields_nothing(read, text: str) -> None:
    assert read(text).facts == ()


def test_extractions_come_in_the_order_of_the_documents_and_do_not_depend_on_the_batch(extractor) -> None:
    documents = [Document("k", text, "text/plain", "sha256:0", "none/1") for text in SENTENCES]
    together = list(extractor.extract(documents))
    assert together == [next(extractor.extract([document])) for document in documents]


def test_a_text_longer_than_the_parser_takes_is_read_to_its_end(read) -> None:
    filler = "Nothing was said about it on that day.\n" * 3000
    facts = read(f"{filler}Contoso acquired Fabrikam.\n").facts
    assert [f.predicate.value for f in facts] == ["ACQUIRED"]


def test_a_text_beyond_the_limit_is_read_to_the_last_line_within_it(
    extractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "LONGEST", 60)
    text = "Contoso acquired Fabrikam.\nWe met.\nContoso raised $40 million on Monday.\n"
    document = Document("k", text, "text/plain", "sha256:0", "none/1")
    (extraction,) = extractor.extract([document])
    assert extraction.unread == len("Contoso raised $40 million on Monday.\n")
    assert [fact.evidence.document for fact in extraction.facts] == [document.id]


def test_a_text_within_the_limit_has_nothing_unread(read) -> None:
    assert read("Contoso acquired Fabrikam.").unread == 0


def entities(read, text: str) -> dict[str, EntityType]:
    return {record.ref.name: record.ref.type for record in read(text).entities}


def test_a_surname_alone_means_the_person_named_before(read) -> None:
    (record,) = read("Ada Moreau spoke first. Then Moreau left.").entities
    assert len(record.mentions) == 2


def test_an_ambiguous_name_counts_only_where_a_capital_marks_it(read) -> None:
    assert "Harbor" in entities(read, "The deal with Harbor was signed.")
    assert entities(read, "Harbor lights were on.") == {}


def test_a_version_makes_a_release_of_the_family(read) -> None:
    assert entities(read, "They tried Larkspur 3.5 Pro and Larkspur.") == {
        "Larkspur 3.5 Pro": EntityType.MODEL,
        "Larkspur": EntityType.MODEL,
    }


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Zzyzx Ventures led the round.", "Zzyzx Ventures", EntityType.COMPANY),
        ("They met Quibble, a start-up from Lyon.", "Quibble", EntityType.COMPANY),
        ("The chatbot called Quibble is new.", "Quibble", EntityType.PRODUCT),
        ("It is the size of Quibble-7B.", "Quibble-7B", EntityType.MODEL),
    ],
)
def test_a_new_name_is_typed_where_the_text_makes_it_plain(
    read, text: str, name: str, kind: EntityType
) -> None:
    assert entities(read, text).get(name) is kind


def test_names_in_addresses_and_link_targets_are_no_mentions(read) -> None:
    assert entities(read, "See https://example.org/Contoso and [here](https://x.org/Fabrikam).") == {}
