"""Which pairs of a sentence's candidates stand in a relation: a logistic regression over their features.

`weights-small.tsv` holds, by predicate, the weight of each feature and the threshold at which F1 is best;
`make train-pairs` writes it, for the parses of the small model.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

from spacy.tokens import Doc

from loaders.extraction.pairs.candidates import Candidate, Role, candidates
from loaders.extraction.pairs.features import Sentence
from loaders.extraction.pairs.words import Words

THRESHOLD: Final = "threshold"
"""What stands in the weights file in a feature's place where the number is the predicate's threshold."""


class PairPredicate(StrEnum):
    """KnowledgeNet's names of the relations."""

    FOUNDED_BY = "FOUNDED_BY"
    CEO = "CEO"
    EMPLOYEE_OR_MEMBER_OF = "EMPLOYEE_OR_MEMBER_OF"
    SUBSIDIARY_OF = "SUBSIDIARY_OF"
    HEADQUARTERS = "HEADQUARTERS"
    DATE_FOUNDED = "DATE_FOUNDED"


PREDICATES: Final[Mapping[Role, tuple[PairPredicate, ...]]] = {
    Role.PERSON: (PairPredicate.FOUNDED_BY, PairPredicate.CEO, PairPredicate.EMPLOYEE_OR_MEMBER_OF),
    Role.ORGANISATION: (PairPredicate.SUBSIDIARY_OF,),
    Role.PLACE: (PairPredicate.HEADQUARTERS,),
    Role.DATE: (PairPredicate.DATE_FOUNDED,),
}
"""The relations between an organisation and another end, by the role of that end."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An organisation and another end in one sentence; their predicates, and what speaks for each."""

    organisation: Candidate
    other: Candidate
    predicates: tuple[PairPredicate, ...]
    features: frozenset[str]

    def ends(self, predicate: PairPredicate) -> tuple[Candidate, Candidate]:
        """Subject and object: the employee comes before the employer, else the organisation first."""
        if predicate is PairPredicate.EMPLOYEE_OR_MEMBER_OF:
            return self.other, self.organisation
        return self.organisation, self.other


@dataclass(frozen=True, slots=True)
class ScoredPair:
    """A pair with how probable the relation between the two is."""

    subject: Candidate
    object: Candidate
    predicate: PairPredicate
    probability: float


@dataclass(frozen=True, slots=True)
class Weights:
    """By predicate: the features' weights, and the probability from which on a pair is taken."""

    features: Mapping[PairPredicate, Mapping[str, float]]
    thresholds: Mapping[PairPredicate, float]

    def probability(self, predicate: PairPredicate, features: frozenset[str]) -> float:
        """How probable the relation is for a pair with these features."""
        known = self.features[predicate]
        total = math.fsum(known[feature] for feature in features if feature in known)
        return 1 / (1 + math.exp(-total)) if total > -700 else 0.0


def pairs(doc: Doc) -> Iterator[Pair]:
    """The pairs of candidates that may stand in a relation, sentence by sentence."""
    words = Words.of(doc)
    found = candidates(doc, words)
    for sentence in doc.sents:
        here = [end for end in found if sentence.start <= end.first < sentence.end]
        described = Sentence(words, sentence.start, sentence.end, here)
        for one in (end for end in here if Role.ORGANISATION in end.roles):
            for other in (end for end in here if end is not one):
                predicates = tuple(p for role in PREDICATES if role in other.roles for p in PREDICATES[role])
                yield Pair(one, other, predicates, frozenset(described.features(one, other)))


def scored(doc: Doc, weights: Weights | None = None) -> Iterator[ScoredPair]:
    """Every pair of the document with its probability; by the weights that come with this, or others."""
    known = weights or load_weights()
    for pair in pairs(doc):
        for predicate in pair.predicates:
            subject, other = pair.ends(predicate)
            yield ScoredPair(subject, other, predicate, known.probability(predicate, pair.features))


@cache
def load_weights() -> Weights:
    """The weights for the parses of the small model."""
    content = (files("loaders.extraction.pairs") / "weights-small.tsv").read_text(encoding="utf-8")
    features: defaultdict[PairPredicate, dict[str, float]] = defaultdict(dict)
    for line in content.split("\n"):
        if line and not line.startswith("#"):
            predicate, feature, number = line.split("\t")
            features[PairPredicate(predicate)][feature] = float(number)
    thresholds = {predicate: known.pop(THRESHOLD) for predicate, known in features.items()}
    return Weights(dict(features), thresholds)
