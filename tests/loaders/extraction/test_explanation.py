"""Which rule made a fact, and why a candidate became none."""

from importlib.resources import files

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.documents import Document, Metadata
from kb.partial_date import PartialDate
from loaders.extraction.explanation import Explanation
from loaders.extraction.pipeline import SpacyExtractor
from loaders.extraction.rules import load_rules
from loaders.extraction.selection import distinct
from loaders.extraction.trace import Reason, Recording, What
from tests import facts as make
from tests.loaders.extraction import reading

TEXTS = (
    "Contoso raised $40 million at a valuation of $300 million, up from $120 million last year. ",
    "Ada Moreau, the CEO of Contoso, founded it in 2019.\n",
    "It plans to buy Fabrikam for $2 billion, but Fabrikam denied that it would be sold. ",
    "Together they have 900 employees, and whoever has more than 700 million users must ask for a licence. ",
    "Harbor lights were on; the firm said so.\n\n",
    "| Model | Parameters (B) | Licence |\n| --- | --- | --- |\n| Larkspur 2 | 7 | MIT |\n| | many | |\n",
    "License: a long sentence that goes on and on after the label, so that nobody takes it for its value\n",
    "The weights of Larkspur are open, and it may not be used for commercial purposes. ",
    "On May 3, 2024, Northwind released Wrenbot, whose makers met Quibble in 12 weeks.\n",
    "法国新创公司 Contoso 发布了 Larkspur 3。",
)


def document(text: str) -> Document:
    known = Metadata(published=PartialDate(2025, 4, 15))
    return Document("test", text, "text/plain", "sha256:0", "none/1", known)


@pytest.fixture(scope="session")
def explain(extractor: SpacyExtractor):
    return lambda text: extractor.explain(document(text))


def reasons(explanation: Explanation) -> dict[str, set[Reason]]:
    """The reasons by the words that were let go."""
    text, found = explanation.document.text, dict[str, set[Reason]]()
    for one in explanation.candidates:
        found.setdefault(text[one.start : one.end], set()).add(one.reason)
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(TEXTS), max_size=6))
def test_a_text_gives_the_same_facts_whether_or_not_it_is_explained(extractor, texts: list[str]) -> None:
    text = "".join(texts)
    assert extractor.explain(document(text)).extraction == next(extractor.extract([document(text)]))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(TEXTS), max_size=6))
def test_every_reason_stands_at_words_of_the_text(explain, texts: list[str]) -> None:
    text = "".join(texts)
    assert [one for one in explain(text).candidates if not text[one.start : one.end].strip()] == []


def test_a_fact_names_its_component_and_the_line_of_its_rule(explain) -> None:
    (finding,) = explain("Contoso was valued at $300 million.").findings
    topic, _, line = finding.origin.rule.partition(":")
    lines = (files("loaders.extraction.rules") / topic).read_text(encoding="utf-8").split("\n")
    assert (finding.origin.component, lines[int(line) - 1]) == ("figures", "[[rule]]")
    assert lines[int(line)] == 'says = "VALUATION"'


def test_rules_are_told_apart_by_where_they_stand() -> None:
    topics = ("figures", "dates", "places", "frames", "people", "models", "deals")
    places = [rule.where for topic in topics for rule in load_rules(topic, NATION="x")]
    assert len(set(places)) == len(places)


def test_a_number_is_told_as_the_words_that_its_figure_hangs_on(explain) -> None:
    text = "Contoso was valued at $300 million."
    (finding,) = explain(text).findings
    assert finding.origin.at is not None
    assert text[slice(*finding.origin.at)] == "$300 million"


def test_who_else_found_a_fact_is_told_beside_it(explain) -> None:
    (finding,) = explain("Contoso acquired Fabrikam.").findings
    assert (finding.origin.component, [o.component for o in finding.also]) == ("relations", ["frames"])


@pytest.mark.parametrize(
    ("text", "words", "reason"),
    [
        ("Contoso opened 32 offices.", "32", Reason.NO_RULE),
        ("Contoso grew by 40%.", "40%", Reason.NO_RULE),
        ("Contoso needed 12 weeks for it.", "12", Reason.COUNTS_TIME),
        ("Contoso will dismiss 300 employees.", "300", Reason.JOBS_CUT),
        ("Whoever has more than 700 million users must ask.", "more than 700 million", Reason.CONDITION),
        ("Nobody knows whether Contoso has 3 million users.", "3 million", Reason.SUPPOSITION),
        ("AI start-ups raised $5 billion.", "$5 billion", Reason.SEVERAL_NAMELESS),
        ("The cloud business had revenue of $3 billion.", "$3 billion", Reason.PART),
        ("Together they have 900 employees.", "900", Reason.TOGETHER),
        ("Zyx has 3 million users. Contoso does not.", "3 million", Reason.UNKNOWN_OWNER),
        ("They were valued at $3 billion.", "$3 billion", Reason.NO_SUBJECT),
        ("Larkspur models range from 7B to 70B parameters.", "70B", Reason.RANGE_OF_SIZES),
        ("Contoso met Fabrikam on May 3, 2024.", "May 3, 2024", Reason.NO_EVENT),
        ("Harbor lights were on.", "Harbor", Reason.COMMON_WORD),
        ("It was late.", "It", Reason.NOBODY_BEFORE),
        (
            "Contoso grew and Fabrikam shrank. The firm won.",
            "The firm",
            Reason.UNCLEAR_WHO,
        ),
        ("Contoso bought Fabrikam's office.", "Contoso bought Fabrikam", Reason.POSSESSION),
        ("Contoso acquired it all.", "acquired", Reason.NO_END),
        ("Somebody acquired something.", "acquired", Reason.NO_ENDS),
    ],
)
def test_a_candidate_is_told_with_its_reason(explain, text: str, words: str, reason: Reason) -> None:
    assert reason in reasons(explain(text)).get(words, set())


def test_what_a_table_does_not_say_is_told(explain) -> None:
    table = "| Model | Parameters (B) |\n| --- | --- |\n| Larkspur 2 | 7 |\n| Larkspur 3 | many |\n"
    assert reasons(explain(table))["many"] == {Reason.UNREAD}


def test_a_table_without_a_label_that_is_understood_is_told(explain) -> None:
    table = "| Fruit | Colour |\n| --- | --- |\n| Apple | red |\n"
    assert reasons(explain(table))["| Fruit | Colour |"] == {Reason.NO_LABELS}


def test_a_reading_that_gave_way_names_the_one_that_it_gave_way_to() -> None:
    trace, source = Recording(), make.document("Valuation: $3 billion")
    line = trace.made(make.valuation(source, "Valuation: $3 billion", 3e9, "Contoso"), "a line")
    part = trace.made(make.valuation(source, "$3 billion", 3e9, "Fabrikam"), "a part")
    assert distinct([part, line], trace) == [line]
    (given,) = trace.candidates
    assert (given.fact, given.instead, given.reason) == (part, line, Reason.RIVAL_READING)


def test_what_is_said_of_code_is_no_licence_of_the_model() -> None:
    explanation = reading.extractor().explain(
        document("The code of Mixtral 8x7B is released under Apache 2.0.")
    )
    assert Reason.NOT_THE_MODEL in {one.reason for one in explanation.candidates}


@pytest.mark.parametrize(
    "text",
    [
        "Contoso was valued at $300 million in May 2024.",
        "Contoso acquired Fabrikam for $2 billion.",
        "Contoso was founded in 2019.",
        "The market for chips: Contoso has a share of 40%.",
    ],
)
def test_words_that_a_fact_uses_are_no_candidate(explain, text: str) -> None:
    assert [one for one in explain(text).candidates if one.what in (What.NUMBER, What.DATE)] == []


def test_a_name_that_nobody_knows_is_told(explain) -> None:
    assert Reason.UNTYPED in reasons(explain("They showed it to Quillon Brothers."))["Quillon Brothers"]
