"""How probable each relation is between two ends of a sentence: a logistic regression over their features.

`weights.tsv` holds, by predicate, the weight of each feature and the probability from which on a pair is
believed; `make train-relations` writes it.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from kb.ontology import DATES, RELATIONS, DateEvent, RelationType
from loaders.extraction.annotations import Annotated, Span
from loaders.extraction.learnt.ends import DATE, End, find_ends
from loaders.extraction.learnt.features import OBJECT, SUBJECT, Described
from loaders.extraction.pairs.words import Words
from loaders.extraction.slots import LETTERS

THRESHOLD: Final = "threshold"
"""What stands in the weights file in a feature's place where the number is the predicate's threshold."""
Predicate = RelationType | DateEvent


def _types(predicate: Predicate) -> frozenset[str]:
    known = LETTERS.keys()
    if isinstance(predicate, DateEvent):
        return frozenset(LETTERS[s] + DATE for s in DATES[predicate].subjects & known)
    spec = RELATIONS[predicate]
    return frozenset(LETTERS[s] + LETTERS[o] for s in spec.subjects & known for o in spec.objects & known)


TYPES: Final[Mapping[Predicate, frozenset[str]]] = {p: _types(p) for p in (*RelationType, *DateEvent)}
"""The types of subject and object, as letters, that each predicate can stand between."""
_BY_TYPES: Final = {
    pair: tuple(p for p in TYPES if pair in TYPES[p])
    for pair in {t for types in TYPES.values() for t in types}
}


@dataclass(frozen=True, slots=True)
class Weights:
    """By feature, what it adds for each predicate; and the predicates' thresholds."""

    features: Mapping[str, Sequence[tuple[Predicate, float]]]
    thresholds: Mapping[Predicate, float]


@dataclass(frozen=True, slots=True)
class Scored:
    """Two ends of a sentence and how probable it is that it states the relation between them."""

    predicate: Predicate
    subject: End
    object: End
    probability: float


def candidates(ends: Sequence[End]) -> Iterator[tuple[End, End, tuple[Predicate, ...]]]:
    """The ordered pairs of ends that some predicate can stand between; one of the two has words for it."""
    known = [end for end in ends if end.ref is not None]
    for one in known:
        for other in (*known, *(end for end in ends if end.date is not None)):
            predicates = _BY_TYPES.get(one.letter + other.letter, ())
            if predicates and one.ref != other.ref and (one.is_named or other.is_named):
                yield one, other, predicates


def described(annotated: Annotated, words: Words, sentence: Span) -> tuple[Described, Sequence[End]]:
    """The sentence as the classifier sees it, and its ends."""
    ends = find_ends(annotated, words, sentence)
    tokens = annotated.tokens(sentence.start, sentence.end)
    return Described(words, tokens.start, tokens.end, ends), ends


class RelationClassifier:
    """Scores the pairs of a sentence; each feature is looked up once in a sentence."""

    def __init__(self, weights: Weights) -> None:
        """Judge by these weights."""
        self._features: Final = weights.features
        self.thresholds: Final = weights.thresholds

    def scored(self, annotated: Annotated, words: Words, sentence: Span) -> Iterator[Scored]:
        """Every pair of the sentence that reaches its predicate's threshold."""
        picture, ends = described(annotated, words, sentence)
        pairs = [
            (one, other, believed)
            for one, other, predicates in candidates(ends)
            if (believed := [p for p in predicates if p in self.thresholds])
        ]
        if not pairs:
            return
        said = self._sum(picture.sentence())
        parts: dict[tuple[End, str], Mapping[Predicate, float]] = {}
        for one, other, predicates in pairs:
            for end, part in ((one, SUBJECT), (other, OBJECT)):
                if (end, part) not in parts:
                    parts[end, part] = self._sum(picture.end(end, part))
            own = self._sum(picture.pair(one, other))
            terms = (said, parts[one, SUBJECT], parts[other, OBJECT], own)
            for predicate in predicates:
                probability = _logistic(math.fsum(term.get(predicate, 0.0) for term in terms))
                if probability >= self.thresholds[predicate]:
                    yield Scored(predicate, one, other, probability)

    def _sum(self, features: Iterable[str]) -> Mapping[Predicate, float]:
        total: defaultdict[Predicate, float] = defaultdict(float)
        known = self._features
        for feature in sorted(known.keys() & set(features)):
            for predicate, weight in known[feature]:
                total[predicate] += weight
        return total


NOTHING: Final = RelationClassifier(Weights({}, {}))
"""A classifier that believes nothing: the rules are alone."""


def _logistic(total: float) -> float:
    return 1 / (1 + math.exp(-total)) if total > -700 else 0.0


def named(name: str) -> Predicate:
    """The predicate of that name."""
    return DateEvent(name) if name in {*DateEvent} else RelationType(name)


@cache
def load_classifier() -> RelationClassifier:
    """The classifier by the weights that come with this package."""
    content = (files("loaders.extraction.learnt") / "weights.tsv").read_text(encoding="utf-8")
    features: defaultdict[str, list[tuple[Predicate, float]]] = defaultdict(list)
    thresholds: dict[Predicate, float] = {}
    for line in content.split("\n"):
        if line and not line.startswith("#"):
            name, feature, number = line.split("\t")
            predicate = named(name)
            if feature == THRESHOLD:
                thresholds[predicate] = float(number)
            else:
                features[feature].append((predicate, float(number)))
    return RelationClassifier(Weights(dict(features), thresholds))
