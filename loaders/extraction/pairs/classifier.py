"""Which pairs of a sentence's candidates stand in a relation: a logistic regression over their features.

`weights-small.tsv` and `weights-medium.tsv` hold the weights for the parses of each spaCy model: those of
each feature by predicate, and the threshold at which F1 over all predicates is best. `make train-pairs`
writes them. Most features are there or not; the vectors at the places of a pair have a weight for each of
their numbers (`vector PLACE`).
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from loaders.extraction.language import SpacyModel
from loaders.extraction.pairs.candidates import Candidate, Role, candidates
from loaders.extraction.pairs.features import Sentence
from loaders.extraction.pairs.vectors import Places, places
from loaders.extraction.pairs.words import Words

THRESHOLD: Final = "threshold"
"""What stands in the weights file before the threshold."""

VECTOR: Final = "vector "
"""What stands before a place's name where the numbers are the weights of the vectors at that place."""


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
    places: Places

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
    """By predicate the weights of features and of vectors, and the probability at which a pair is taken.

    The weights of vectors have a row for each of `PARTS`.
    """

    features: Mapping[PairPredicate, Mapping[str, float]]
    vectors: Mapping[PairPredicate, NDArray[np.float32]]
    threshold: float

    def scored(self, found: Iterable[Pair], tensor: NDArray[np.float32]) -> Iterator[ScoredPair]:
        """Pairs of a document with these vectors, each with its probability for each of its predicates."""
        told = {
            predicate: (tensor @ weights.T).tolist() if len(tensor) else []
            for predicate, weights in self.vectors.items()
        }
        for pair in found:
            for predicate in pair.predicates:
                subject, other = pair.ends(predicate)
                total = math.fsum(self._told(predicate, pair, told[predicate]))
                probability = 1 / (1 + math.exp(-total)) if total > -700 else 0.0
                yield ScoredPair(subject, other, predicate, probability)

    def _told(
        self, predicate: PairPredicate, pair: Pair, tokens: Sequence[Sequence[float]]
    ) -> Iterator[float]:
        """What speaks for a pair; `tokens` is what each token's vector says at each of the places."""
        known = self.features[predicate]
        yield from (known[feature] for feature in pair.features if feature in known)
        for part, place in enumerate(pair.places):
            if place:
                yield math.fsum(tokens[token][part] for token in place) / len(place)


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
                features = frozenset(described.features(one, other))
                yield Pair(one, other, predicates, features, places(words, one, other))


def scored(doc: Doc, weights: Weights) -> Iterator[ScoredPair]:
    """Every pair of the document with its probability."""
    vectors = cast("NDArray[np.float32]", doc.tensor)  # spaCy's types say float64
    return weights.scored(pairs(doc), vectors)


@cache
def load_weights(model: SpacyModel = SpacyModel.SMALL) -> Weights:
    """The weights for the parses of this model."""
    content = (files("loaders.extraction.pairs") / f"weights-{model}.tsv").read_text(encoding="utf-8")
    threshold, *sections = "\n".join(x for x in content.split("\n") if x and not x.startswith("# ")).split(
        "\n["
    )
    features: dict[PairPredicate, Mapping[str, float]] = {}
    vectors: dict[PairPredicate, NDArray[np.float32]] = {}
    for section in sections:
        name, *lines = section.split("\n")
        told = [line.split("\t") for line in lines]
        predicate = PairPredicate(name.rstrip("]"))
        features[predicate] = {f: float(number) for f, number in told if not f.startswith(VECTOR)}
        rows = [numbers.split(" ") for place, numbers in told if place.startswith(VECTOR)]
        vectors[predicate] = np.array(rows, dtype=np.float32)
    return Weights(features, vectors, float(threshold.removeprefix(THRESHOLD)))
