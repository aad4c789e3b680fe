"""A fact that exists is a fact that the contract allows; every other one is refused with a sentence."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import ContractError
from kb.facts import Amount, DateFact, EntityRef, Evidence, Fact, Figure, Relation, Term, plain
from kb.ontology import (
    Access,
    Basis,
    Comparator,
    Consequence,
    DateEvent,
    EmploymentStatus,
    EntityType,
    Metric,
    Period,
    RelationType,
    Scope,
    TermType,
)
from kb.partial_date import PartialDate
from tests import facts as make

SOURCE = make.document("Acme makes Acme-1.")
ACME, MODEL, ANN = make.company("Acme"), make.model("Acme-1"), make.person("Ann Lee")


def said(**more: Any) -> dict[str, Any]:
    return make.common(SOURCE, "Acme makes", **more)


def figure(metric: Metric = Metric.VALUATION, subject: EntityRef = ACME, **more: Any) -> Figure:
    given = {"unit": "USD", **more}
    return Figure(subject=subject, predicate=metric, **said(**given))


def relation(kind: RelationType, subject: EntityRef, target: EntityRef, **more: Any) -> Relation:
    return Relation(subject=subject, predicate=kind, object=target, **said(**more))


def term(kind: TermType, **more: Any) -> Term:
    return Term(subject=MODEL, predicate=kind, **said(**more))


REFUSED: list[tuple[str, Callable[[], object]]] = [
    ("PARAMETERS is said of a Model, not of a Company.", lambda: figure(Metric.PARAMETERS, value=1)),
    ("VALUATION is not measured in 'user'.", lambda: figure(value=1, unit="user")),
    ("VALUATION is not measured in 'dollars'.", lambda: figure(value=1, unit="dollars")),
    ("USERS is not measured in 'USD'.", lambda: figure(Metric.USERS, value=1)),
    ("VALUATION needs a value, or low and high.", figure),
    ("VALUATION needs a value, or low and high.", lambda: figure(low=1)),
    ("VALUATION has a value or a range, not both.", lambda: figure(value=1, low=1, high=2)),
    ("The range of VALUATION ends before it begins.", lambda: figure(low=2, high=1)),
    ("VALUATION is not counted per MONTH.", lambda: figure(value=1, period=Period.MONTH)),
    ("VALUATION has no field scope.", lambda: figure(value=1, scope=Scope.ROUND)),
    ("REVENUE has no field basis.", lambda: figure(Metric.REVENUE, value=1, basis=Basis.PRIVATE)),
    (
        "A BENCHMARK_SCORE names its benchmark.",
        lambda: figure(Metric.BENCHMARK_SCORE, MODEL, value=1, unit="%"),
    ),
    ("A fact cannot hold a number that is infinite, undefined", lambda: figure(value=float("inf"))),
    ("A fact cannot hold a number that is infinite, undefined", lambda: figure(value=float("nan"))),
    ("Confidence 1.5 of a VALUATION is not between 0 and 1.", lambda: figure(value=1, confidence=1.5)),
    ("Confidence nan of a VALUATION is not", lambda: figure(value=1, confidence=float("nan"))),
    (
        "DEVELOPS is said of a Company, not of a Person.",
        lambda: relation(RelationType.DEVELOPS, ANN, MODEL),
    ),
    ("DEVELOPS does not lead to a Company.", lambda: relation(RelationType.DEVELOPS, ACME, ANN_CO)),
    (
        "SUBSIDIARY_OF of Acme with itself says nothing.",
        lambda: relation(RelationType.SUBSIDIARY_OF, ACME, ACME),
    ),
    (
        "DEVELOPS has no field role, status.",
        lambda: relation(RelationType.DEVELOPS, ACME, MODEL, role="CEO", status=EmploymentStatus.CURRENT),
    ),
    (
        "A fact cannot hold a number that is infinite, undefined",
        lambda: relation(RelationType.INVESTED_IN, ANN, ACME, share=float("nan")),
    ),
    ("USER_THRESHOLD needs its value.", lambda: term(TermType.USER_THRESHOLD)),
    ("USER_THRESHOLD needs its unit.", lambda: term(TermType.USER_THRESHOLD, value=7)),
    (
        "USER_THRESHOLD is not measured in 'USD'.",
        lambda: term(TermType.USER_THRESHOLD, value=7, unit="USD", comparator=Comparator.GT),
    ),
    (
        "REVENUE_THRESHOLD is not measured in 'user'.",
        lambda: term(TermType.REVENUE_THRESHOLD, value=7, unit="user", comparator=Comparator.GT),
    ),
    ("OPENNESS needs its access.", lambda: term(TermType.OPENNESS)),
    ("NON_COMMERCIAL has no field access.", lambda: term(TermType.NON_COMMERCIAL, access=Access.CLOSED)),
    ("A Company without a name cannot be an end", lambda: EntityRef(EntityType.COMPANY, " \n")),
    ("'usd' is no ISO 4217 currency code.", lambda: Amount(1, "usd")),
    ("'ZZQ' is no ISO 4217 currency code.", lambda: Amount(1, "ZZQ")),
    ("'XXX' is no ISO 4217 currency code.", lambda: Amount(1, "XXX")),
    ("Evidence 0:3 does not fit its 4 characters of text.", lambda: Evidence("d", 0, 3, "Acme")),
    ("Evidence -1:3 does not fit", lambda: Evidence("d", -1, 3, "Acme")),
    ("Evidence 0:2 does not fit", lambda: Evidence("d", 0, 2, "  ")),
    (
        "FOUNDED_ON is said of a Company, not of a Person.",
        lambda: DateFact(subject=ANN, predicate=DateEvent.FOUNDED_ON, date=PartialDate(2015), **said()),
    ),
]
ANN_CO = make.company("Ann & Co")


@pytest.mark.parametrize(("sentence", "build"), REFUSED, ids=[sentence for sentence, _ in REFUSED])
def test_what_the_contract_does_not_allow_is_refused_with_a_sentence(
    sentence: str, build: Callable[[], object]
):
    with pytest.raises(ContractError) as refused:
        build()
    assert str(refused.value).startswith(sentence)
    assert str(refused.value).endswith(".")


ALLOWED: list[tuple[str, Callable[[], Fact]]] = [
    ("a range", lambda: figure(low=5e9, high=10e9)),
    ("a loss", lambda: figure(Metric.PROFIT, value=-5e9, period=Period.YEAR)),
    ("any currency", lambda: figure(value=1, unit="CNY")),
    ("a person as investor", lambda: relation(RelationType.INVESTED_IN, ANN, ACME, amount=Amount(1, "EUR"))),
    ("rivals of two types", lambda: relation(RelationType.COMPETES_WITH, ACME, make.product("Zeta"))),
    (
        "a threshold with its consequence",
        lambda: term(
            TermType.USER_THRESHOLD,
            value=700_000_000,
            unit="user",
            comparator=Comparator.GT,
            period=Period.MONTH,
            consequence=Consequence.OTHER_LICENCE,
        ),
    ),
    (
        "a threshold of revenue",
        lambda: term(TermType.REVENUE_THRESHOLD, value=1e6, unit="USD", comparator=Comparator.GTE),
    ),
    ("a term without fields", lambda: term(TermType.NO_TRAINING_OTHERS)),
]


@pytest.mark.parametrize("build", [b for _, b in ALLOWED], ids=[name for name, _ in ALLOWED])
def test_what_the_contract_allows_is_a_fact(build: Callable[[], Fact]):
    assert build().subject.name


def test_a_fact_never_changes():
    with pytest.raises(FrozenInstanceError):
        figure(value=1).value = 2


@pytest.mark.parametrize(
    ("written", "held"), [(3e11, 300_000_000_000), (0.5, 0.5), (-2.0, -2), (2**70, float(2**70)), (0.0, 0)]
)
def test_a_number_has_one_plain_form(written: float, held: float):
    assert (plain(written), type(plain(written))) == (held, type(held))


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**30), 10**30))
def test_a_plain_number_is_its_own_plain_form_and_as_near_as_a_float(number: float):
    held = plain(number)
    assert plain(held) == held
    assert type(plain(held)) is type(held)
    assert held == float(number)


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**30), 10**30))
def test_every_plain_number_fits_the_database(number: float):
    held = plain(number)
    assert isinstance(held, float) or abs(held) < 2**53


def test_a_number_beyond_floats_is_refused_with_a_sentence():
    with pytest.raises(ContractError, match="cannot hold a number"):
        plain(10**5000)


@given(st.text(min_size=1).filter(str.strip), st.integers(0, 1000))
def test_evidence_is_as_long_as_its_words(words: str, start: int):
    assert Evidence("d", start, start + len(words), words).text == words


def test_an_extraction_keeps_what_the_text_bears_out_and_counts_the_rest():
    fact = relation(RelationType.DEVELOPS, ACME, MODEL)
    words = fact.evidence
    elsewhere = (
        replace(words, start=1, end=words.end + 1),
        replace(words, start=99, end=99 + len(words.text)),
        replace(words, text=words.text.upper()),
        replace(words, document="sha256:0"),
    )
    wrong = [replace(fact, evidence=evidence) for evidence in elsewhere]
    found = replace(make.extraction(SOURCE, *wrong, fact), dropped=2)
    assert found.borne_out(SOURCE.text) == replace(found, facts=(fact,), dropped=6)
