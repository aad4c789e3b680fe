"""Terms and dates come as plain lists: of each thing the fact that is shown first, or all of them."""

from collections.abc import Iterator

import pytest

from kb.embedded import Address
from kb.facts import DateFact
from kb.ontology import Access, DateEvent, Modality
from kb.partial_date import PartialDate
from tests import facts as make
from tests.schema.conftest import Ask, asking

TEXT = (
    "Lama is open source. Lama has open weights. Lama is closed, no. "
    "Lama came out in April. Lama came out in May."
)


@pytest.fixture(scope="module")
def ask_lama(neo4j: Address) -> Iterator[Ask]:
    """Asks a world in which two openings and two dates of one model are told."""
    source = make.document(TEXT, published=PartialDate(2025, 6))
    lama = make.model("Lama")

    def released(words: str, month: int) -> DateFact:
        told = make.common(source, words, confidence=month / 10)
        return DateFact(subject=lama, predicate=DateEvent.RELEASED_ON, date=PartialDate(2025, month), **told)

    facts = [
        make.openness(source, "is open source", "Lama", Access.OPEN_SOURCE, as_of=PartialDate(2024)),
        make.openness(source, "has open weights", "Lama", Access.OPEN_WEIGHTS, as_of=PartialDate(2025)),
        make.openness(source, "is closed, no", "Lama", Access.CLOSED, modality=Modality.DENIED),
        released("came out in April", 4),
        released("came out in May", 5),
    ]
    with asking(neo4j, [(source, make.extraction(source, *facts))]) as put:
        yield put


def told(ask: Ask, field: str) -> list[str]:
    answer = ask(f'{{ entity(name: "Lama") {{ ... on Model {{ {field} }} }} }}')
    (rows,) = answer.data["entity"].values()
    return [row.popitem()[1] for row in rows]


def test_of_terms_of_one_type_the_one_that_is_shown_first_is_listed(ask_lama: Ask):
    assert told(ask_lama, "terms { access }") == ["OPEN_WEIGHTS"]


def test_all_terms_are_listed_when_asked_for_the_denied_too(ask_lama: Ask):
    assert sorted(told(ask_lama, "terms(pick: ALL) { access }")) == ["CLOSED", "OPEN_SOURCE", "OPEN_WEIGHTS"]


def test_the_term_that_was_shown_first_at_another_time_is_listed_for_that(ask_lama: Ask):
    assert told(ask_lama, 'terms(at: {valid: "2024-06-01"}) { access }') == ["OPEN_SOURCE"]


def test_of_dates_of_one_event_the_one_that_is_shown_first_is_listed(ask_lama: Ask):
    (shown,) = told(ask_lama, "dates { date }")
    assert sorted(told(ask_lama, "dates(pick: ALL) { date }")) == ["2025-04", "2025-05"]
    assert shown in {"2025-04", "2025-05"}
