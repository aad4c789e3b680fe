"""Relations that a classifier believes, where no rule tells of them."""

from collections.abc import Callable, Mapping

import pytest

from kb.ontology import DateEvent, EmploymentStatus, Modality, RelationType
from kb.registry import Registry
from loaders.extraction.learnt.classifier import Predicate, RelationClassifier, Weights, load_classifier
from loaders.extraction.pipeline import SpacyExtractor
from tests.loaders.extraction.conftest import document

Believer = Callable[[Predicate, Mapping[str, float]], SpacyExtractor]
_UNTOLD = "Contoso and its good friend Fabrikam danced."


@pytest.fixture
def believer(registry: Registry) -> Believer:
    """An extractor whose classifier gives one predicate these weights and believes what is likely."""

    def build(predicate: Predicate, weights: Mapping[str, float]) -> SpacyExtractor:
        features = {feature: [(predicate, weight)] for feature, weight in weights.items()}
        return SpacyExtractor(registry, classifier=RelationClassifier(Weights(features, {predicate: 0.5})))

    return build


def _facts(extractor: SpacyExtractor, text: str) -> list[str]:
    extraction = next(extractor.extract([document(text)]))
    return [f"{f.subject.name} {f.predicate} {getattr(f, 'object', f).name}" for f in extraction.facts]


def test_what_the_words_between_speak_for_is_a_fact(believer: Believer) -> None:
    extractor = believer(RelationType.PARTNER_OF, {"b": -1.0, "m=>friend": 2.0})
    assert _facts(extractor, _UNTOLD) == ["Contoso PARTNER_OF Fabrikam"]


def test_what_speaks_against_it_outweighs(believer: Believer) -> None:
    extractor = believer(RelationType.PARTNER_OF, {"b": -3.0, "m=>friend": 2.0})
    assert _facts(extractor, _UNTOLD) == []


def test_nothing_is_added_between_two_whom_a_rule_connects(believer: Believer) -> None:
    extractor = believer(RelationType.PARTNER_OF, {"b": 3.0})
    assert _facts(extractor, "Contoso bought Fabrikam for $2 million.") == ["Contoso ACQUIRED Fabrikam"]


@pytest.mark.parametrize(
    "text",
    [
        "Ada Moreau joined Contoso as CFO in June 2024, after leaving Fabrikam.",
        "In May 2024, Ada Moreau joined Contoso as CEO.",
        "Contoso hired Ada Moreau in 2024.",
        "Ada Moreau and Sam Wickers joined Contoso in 2024.",
    ],
)
def test_the_day_on_which_somebody_joins_a_firm_does_not_begin_it(believer: Believer, text: str) -> None:
    extraction = next(believer(DateEvent.FOUNDED_ON, {"b": 3.0}).extract([document(text)]))
    assert "Contoso" not in [f.subject.name for f in extraction.facts if f.predicate is DateEvent.FOUNDED_ON]


def test_only_types_that_the_predicate_allows_are_connected(believer: Believer) -> None:
    extractor = believer(RelationType.WORKS_FOR, {"b": 3.0})
    assert _facts(extractor, _UNTOLD) == []


def test_a_firm_that_the_sentence_leaves_unnamed_is_the_one_spoken_of(believer: Believer) -> None:
    extractor = believer(RelationType.INVESTED_IN, {"b": -1.0, "ki=nf": 3.0})
    text = "Contoso grew. Contoso hired. Contoso moved. Among those who believe in it is Fabrikam."
    assert _facts(extractor, text.replace("in it ", "")) == ["Fabrikam INVESTED_IN Contoso"]


def test_every_predicate_of_the_weights_has_a_threshold_that_can_be_reached() -> None:
    known = load_classifier()
    assert known.thresholds
    assert all(0 < least < 1 for least in known.thresholds.values())


def test_a_believed_fact_is_told_as_its_clause_tells_it(believer: Believer) -> None:
    extractor = believer(RelationType.PARTNER_OF, {"b": 3.0})
    (fact,) = next(extractor.extract([document("Contoso will never dance with Fabrikam.")])).facts
    assert fact.modality is Modality.DENIED


def test_a_job_is_past_where_the_words_around_say_so(believer: Believer) -> None:
    extractor = believer(RelationType.WORKS_FOR, {"b": 3.0})
    (fact,) = next(extractor.extract([document("Ada Moreau, once an ornament of Contoso, sings.")])).facts
    assert getattr(fact, "status", None) is EmploymentStatus.FORMER


def test_belief_counts_for_less_than_a_rule_of_the_same_certainty(believer: Believer) -> None:
    extractor = believer(RelationType.PARTNER_OF, {"b": 30.0})
    explained = extractor.explain(document(_UNTOLD))
    assert [(f.origin.component, f.origin.prior) for f in explained.findings] == [("learnt", 0.65)]
