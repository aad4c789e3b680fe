"""Licence terms: in a licence's own text, and as articles tell them."""

import pytest

from kb.ontology import Consequence, Modality
from loaders.extraction.terms import TermFinder
from tests.loaders.extraction.reading import found, told

LICENCE = """Quillon Community License

1. You may use the model if you agree to this Agreement. Licensor hereby grants you a right to use it.
2. If your products had more than 50 million monthly active users in the month before, you must request \
a license from Quillon, and you may not use the model without it.
3. You may not use the model if your annual revenue exceeds $1 million, unless you obtain a commercial \
license.
4. You must prominently display “Built with Quill” on a page of your website. You must retain all \
attribution notices.
5. You will not use the model or its outputs to train or improve any other language model.
6. The model may be used for research only. You may not use it for commercial purposes.
"""
TITLE = "Quillon Community License"


def test_the_terms_of_a_licence_belong_to_the_licence_each_once() -> None:
    assert told(TermFinder(), LICENCE, title=TITLE) == {
        (TITLE, "USER_THRESHOLD", 50_000_000, "user", "GT", "MONTH", "OTHER_LICENCE"),
        (TITLE, "REVENUE_THRESHOLD", 1_000_000, "USD", "GT", "YEAR", "OTHER_LICENCE"),
        (TITLE, "ATTRIBUTION"),
        (TITLE, "NO_TRAINING_OTHERS"),
        (TITLE, "NON_COMMERCIAL"),
    }
    assert len(found(TermFinder(), LICENCE, title=TITLE)) == 5


@pytest.mark.parametrize(
    ("sentence", "threshold"),
    [
        (
            "The license of DBRX bars services with more than 700 million monthly active users.",
            (700_000_000, "user", "GT", "MONTH", "FORBIDDEN"),
        ),
        (
            "Under its license, DBRX is free for firms with fewer than 100 million daily active users.",
            (100_000_000, "user", "GTE", "DAY", "FORBIDDEN"),
        ),
        (
            "Whoever has over 10 million users needs a separate license for DBRX.",
            (10_000_000, "user", "GT", "OTHER_LICENCE"),
        ),
    ],
)
def test_an_article_tells_a_threshold_of_users(sentence: str, threshold: tuple[object, ...]) -> None:
    assert ("DBRX", "USER_THRESHOLD", *threshold) in told(TermFinder(), sentence)


def test_a_threshold_that_somebody_rejects_is_denied() -> None:
    text = "“We will never say that you cannot use DBRX if you have over 5 million monthly users,” he wrote."
    assert [fact.modality for fact in found(TermFinder(), text)] == [Modality.DENIED]


def test_the_consequence_is_another_licence_where_one_can_be_asked_for() -> None:
    text = "The DBRX license says that firms with more than 5 million monthly users must ask for permission."
    [fact] = found(TermFinder(), text)
    assert fact.consequence is Consequence.OTHER_LICENCE  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "sentence",
    [
        "ChatGPT has more than 500 million weekly active users.",
        "DBRX is licensed to 40 firms.",
        "The license of DBRX was read by 3 million users.",
        "DBRX is released for both research and commercial use.",
        "The license of DBRX allows commercial and non-commercial use.",
        "You may use the outputs of DBRX to train other models.",
        "DBRX was trained on the outputs of other models.",
        "The company must give credit to no one.",
    ],
)
def test_what_is_no_term_tells_nothing(sentence: str) -> None:
    assert told(TermFinder(), sentence) == set()


@pytest.mark.parametrize(
    ("sentence", "access"),
    [
        ("DBRX is an open-source model.", "OPEN_SOURCE"),
        ("DBRX is fully open source.", "OPEN_SOURCE"),
        ("Databricks published DBRX, an open-weights language model.", "OPEN_WEIGHTS"),
        ("Databricks and its open-source model family, DBRX, are new.", "OPEN_SOURCE"),
        ("DBRX (its largest closed-model family) is costly.", "CLOSED"),
        ("DBRX remains proprietary.", "CLOSED"),
        ("Proprietary models such as DBRX cost more.", "CLOSED"),
        ("DBRX is a closed-source model.", "CLOSED"),
        ("Databricks has open-sourced DBRX.", "OPEN_SOURCE"),
    ],
)
def test_a_model_is_called_open_or_closed(sentence: str, access: str) -> None:
    assert told(TermFinder(), sentence) == {("DBRX", "OPENNESS", access)}


@pytest.mark.parametrize(
    "sentence",
    [
        "DBRX is the new generation of open-weights language models made by Databricks.",
        "DBRX language models are a new set of small, open foundation models.",
        "DBRX is the largest openly available language model.",
    ],
)
def test_what_a_model_is_among_says_how_open_it_is(sentence: str) -> None:
    assert told(TermFinder(), sentence) == {("DBRX", "OPENNESS", "OPEN_WEIGHTS")}


@pytest.mark.parametrize(
    "sentence",
    [
        "DBRX is open on Monday.",
        "DBRX is better than open-source rivals.",
        "OpenAI closed its office, and DBRX was trained.",
        "Databricks open-sourced the DBRX training code.",
        "DBRX beats other open-source models, including those of Meta.",
    ],
)
def test_words_near_a_model_do_not_make_it_open(sentence: str) -> None:
    assert told(TermFinder(), sentence) == set()


def test_a_model_said_not_to_be_open_source_is_denied() -> None:
    assert {fact.modality for fact in found(TermFinder(), "DBRX is not open source.")} == {Modality.DENIED}


@pytest.mark.parametrize(
    ("sentence", "access"),
    [
        ("Databricks keeps DBRX closed.", "CLOSED"),
        ("They tried DBRX, which is closed.", "CLOSED"),
        ("The family DBRX has open weights.", "OPEN_WEIGHTS"),
        ("Databricks published the weights of DBRX.", "OPEN_WEIGHTS"),
        ("The weights of DBRX can be downloaded.", "OPEN_WEIGHTS"),
        ("DBRX, whose weights are public, is large.", "OPEN_WEIGHTS"),
        ("DBRX is available only through an API.", "CLOSED"),
        ("DBRX was released as open source.", "OPEN_SOURCE"),
    ],
)
def test_an_article_tells_how_open_a_model_is(sentence: str, access: str) -> None:
    assert ("DBRX", "OPENNESS", access) in told(TermFinder(), sentence)


def test_a_threshold_of_several_licences_belongs_to_each() -> None:
    text = (
        "The Llama 2 Community License and the Llama 3.1 Community License each require a separate licence "
        "for whoever has over 700 million monthly active users."
    )
    threshold = ("USER_THRESHOLD", 700_000_000, "user", "GT", "MONTH", "OTHER_LICENCE")
    assert told(TermFinder(), text) == {
        ("Llama 2 Community License", *threshold),
        ("Llama 3.1 Community License", *threshold),
    }


def test_a_further_duty_belongs_to_the_licence_told_before() -> None:
    text = (
        "DBRX comes under the Apache 2.0 licence. "
        "The same duty to name the source falls on firms with more than $5 million in monthly revenue."
    )
    assert ("Apache-2.0", "REVENUE_THRESHOLD", 5_000_000, "USD", "GT", "MONTH", "ATTRIBUTION") in told(
        TermFinder(), text
    )


def own_terms(clauses: str, title: str = TITLE) -> set[object]:
    """What the licence of the title says with these clauses between the usual words of an agreement."""
    frame = "You agree to this Agreement. Licensor hereby grants you a right. You may use the model."
    return {fact[1:] for fact in told(TermFinder(), f"{title}\n\n{frame}\n\n{clauses}\n", title=title)}


@pytest.mark.parametrize(
    "clause",
    [
        "You shall give any recipient of version 2.0 a copy and include this attribution notice.",
        "The above copyright notice must be included in all copies.",
        "Every copy must be accompanied by a “Notice” file.",
        "Whoever passes it on shall: (i) give this text; (ii) display “Powered by Quillon” on a page.",
    ],
)
def test_a_licence_asks_for_attribution_in_many_ways(clause: str) -> None:
    assert own_terms(clause) == {("ATTRIBUTION",)}


@pytest.mark.parametrize(
    "clause",
    [
        "You must not use Quill 2.0 or any results of Quill 2.0 to improve any other AI model.",
        "You may not use the Output to train or distill a model that is competitive with the model.",
    ],
)
def test_a_licence_forbids_the_training_of_other_models(clause: str) -> None:
    assert own_terms(clause) == {("NO_TRAINING_OTHERS",)}


def test_examples_of_derivatives_forbid_nothing() -> None:
    clause = "Derivatives include, but are not limited to, models that use outputs to train another model."
    assert own_terms(clause) == set()


def test_a_licence_that_grants_commercial_use_too_is_not_non_commercial() -> None:
    clauses = (
        "You may use the model for non-commercial purposes only under section 2.\n"
        "A commercial use license is granted under section 3."
    )
    assert own_terms(clauses) == set()
    assert own_terms(clauses, "Quillon Non-Commercial License") == {("NON_COMMERCIAL",)}


def test_the_next_sentence_may_say_what_those_above_the_number_must_do() -> None:
    clause = (
        "If you earn more than USD $2 million in annual revenue, your rights under this license end. "
        "You must request a license from Quillon."
    )
    assert own_terms(clause) == {("REVENUE_THRESHOLD", 2_000_000, "USD", "GT", "YEAR", "OTHER_LICENCE")}


@pytest.mark.parametrize(
    ("sentence", "term"),
    [
        ("Commercial use of DBRX requires a paid contract.", "NON_COMMERCIAL"),
        ("DBRX is limited to academic research.", "NON_COMMERCIAL"),
        ("Whoever hosts DBRX has to show the logo.", "ATTRIBUTION"),
    ],
)
def test_an_article_tells_what_may_be_done_with_a_model(sentence: str, term: str) -> None:
    assert told(TermFinder(), sentence) == {("DBRX", term)}
