"""Predictions as KnowledgeNet's scorer reads them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bench.antecedents import Names
from loaders.extraction.pairs.classifier import ScoredPair


@dataclass(frozen=True, slots=True)
class Prediction:
    """A line of the data set's form, how probable it is, and whether both of its ends have names."""

    probability: float
    line: Mapping[str, Any]
    named: bool


def predictions(
    passage: str, found: Iterable[ScoredPair], names: Names, least: float
) -> Iterator[Prediction]:
    """The pairs of a passage that are at least so probable."""
    for pair in found:
        if pair.probability >= least:
            line = {
                "passage": passage,
                "predicate": pair.predicate.value,
                "subject": [pair.subject.start, pair.subject.end],
                "object": [pair.object.start, pair.object.end],
                "subject_name": names.name(pair.subject),
                "object_name": names.name(pair.object),
            }
            named = all(names.known_name(end) is not None for end in (pair.subject, pair.object))
            yield Prediction(pair.probability, line, named)


def by_names(found: Iterable[Prediction]) -> Iterator[Prediction]:
    """Each pair of names of a passage once; none where a pronoun stands for nobody who is named."""
    told: set[tuple[str, ...]] = set()
    for prediction in found:
        line = prediction.line
        key = tuple(line[part] for part in ("passage", "predicate", "subject_name", "object_name"))
        if prediction.named and key not in told:
            told.add(key)
            yield prediction
