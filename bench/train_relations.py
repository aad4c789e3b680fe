"""Train the relation classifier on `bench/annotated`: `make train-relations`.

The weights are those of all texts. The thresholds come from full texts that the classifier has not seen: each
is the lowest probability from which on, of the facts that no rule has found, enough are right.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bench.annotated_texts import Annotation, annotations, is_meant
from bench.score import ROOT
from kb.facts import Fact
from kb.ontology import RelationType
from kb.registry import load_registry
from loaders.extraction.annotations import Annotated, Span
from loaders.extraction.learnt.classifier import (
    NOTHING,
    THRESHOLD,
    TYPES,
    Predicate,
    candidates,
    described,
)
from loaders.extraction.learnt.ends import End
from loaders.extraction.learnt.features import OBJECT, SUBJECT
from loaders.extraction.learnt.known import Known
from loaders.extraction.pairs.words import Words
from loaders.extraction.pipeline import SpacyExtractor

FILE: Final = ROOT / "loaders" / "extraction" / "learnt" / "weights.tsv"
FOLDS: Final = 3
RIGHT: Final = 0.55
"""Of what is believed beyond the rules, so much is to be right in full texts that were not trained on."""
_STEPS: Final = tuple(step / 100 for step in range(50, 96, 5))
_TO_THE_RULES: Final = frozenset((RelationType.RELEASED_UNDER,))
"""A licence often stands by models that it is not of: on the seeds the classifier was wrong each time."""
_LEAST_RIGHT: Final = 3
_LEAST_SEEN: Final = 3
_LEAST_EXAMPLES: Final = 12
_INVERSE_STRENGTH: Final = 0.7
_DIGITS: Final = 2
_HEAD: Final = """\
# Weights of the relation classifier: predicate, feature, weight; and each predicate's threshold.
# Trained on the texts of our own words in bench/annotated.
# Written by `make train-relations`; read by classifier.py.
"""


@dataclass(frozen=True, slots=True)
class Example:
    """Two ends of a sentence; `fresh` are the predicates of which the rules leave room.

    `holds` is None for a predicate whose fact the text tells elsewhere.
    """

    text: int
    whole: bool
    fresh: frozenset[Predicate]
    key: tuple[str, str]
    features: frozenset[str]
    holds: Mapping[Predicate, bool | None]


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence of an annotated text."""

    annotation: Annotation
    text: str
    sentence: Span


def examples() -> Iterator[Example]:
    """Every pair that some predicate can stand between, in every text."""
    extractor = SpacyExtractor(load_registry(ROOT / "seeds" / "registry"), classifier=NOTHING)
    for number, annotation in enumerate(annotations()):
        annotated = next(extractor.annotate([annotation.document]))
        known = next(extractor.extract([annotation.document])).facts
        yield from _of_text(number, annotation, annotated, known)


def _of_text(
    number: int, annotation: Annotation, annotated: Annotated, known: Sequence[Fact]
) -> Iterator[Example]:
    words = Words.of(annotated.doc)
    told = Known(known)
    for sentence in annotated.sentences():
        picture, ends = described(annotated, words, sentence)
        said = frozenset(picture.sentence()) if ends else frozenset()
        for one, other, predicates in candidates(ends):
            key = (one.ref.name if one.ref else "", _name(other))
            yield Example(
                number,
                annotation.whole,
                frozenset(p for p in predicates if _is_open(told, p, one, other)),
                key,
                said.union(picture.end(one, SUBJECT), picture.end(other, OBJECT), picture.pair(one, other)),
                {p: _holds(_Told(annotation, annotated.text, sentence), p, one, other) for p in predicates},
            )


def _is_open(known: Known, predicate: Predicate, one: End, other: End) -> bool:
    target = other.ref if other.date is None else other.date.date
    return one.ref is not None and target is not None and known.leaves_open(predicate, one.ref, target)


def _name(end: End) -> str:
    return end.ref.name if end.ref is not None else str(end.date.date) if end.date is not None else ""


def _holds(told: "_Told", predicate: Predicate, one: End, other: End) -> bool | None:
    """Whether this sentence says so; None where another does, or where one may doubt it."""
    elsewhere: bool | None = False
    text, sentence = told.text, told.sentence
    for fact in told.annotation.facts:
        if predicate not in fact["predicate"].split("|") or not _matches(fact, one, other):
            continue
        quote = fact.get("quote")
        start = text.find(quote) if quote else 0
        end = start + (len(quote) if quote else len(text))
        if fact.get("optional") or not (start < sentence.end and sentence.start < end):
            elsewhere = None
        else:
            return True
    return elsewhere


def _matches(fact: Mapping[str, Any], one: End, other: End) -> bool:
    if one.ref is None:
        return False
    if other.date is not None:
        told, found = str(fact.get("date") or ""), str(other.date.date)
        return bool(told) and is_meant(fact["subject"], one.ref) and told.startswith(found[:7])
    if other.ref is None or "object" not in fact:
        return False
    ways = [(one.ref, other.ref)]
    if fact["predicate"] in {"PARTNER_OF", "COMPETES_WITH"}:
        ways.append((other.ref, one.ref))
    return any(is_meant(fact["subject"], s) and is_meant(fact["object"], o) for s, o in ways)


def train(told: Sequence[Example]) -> dict[Predicate, dict[str, float]]:
    """The weights by predicate, rounded; those that round to nothing are left out."""
    sorted_in: defaultdict[Predicate, list[Example]] = defaultdict(list)
    for example in told:
        for predicate, holds in example.holds.items():
            if holds is not None:
                sorted_in[predicate].append(example)
    return {
        predicate: _trained(sorted_in[predicate], predicate)
        for predicate in TYPES
        if predicate not in _TO_THE_RULES
        and sum(bool(e.holds[predicate]) for e in sorted_in[predicate]) >= _LEAST_EXAMPLES
    }


def _trained(told: Sequence[Example], predicate: Predicate) -> dict[str, float]:
    seen = Counter(feature for example in told for feature in example.features)
    columns = sorted(f for f, count in seen.items() if count >= _LEAST_SEEN and not set(f) & set("\t\r\n"))
    place = {feature: index for index, feature in enumerate(columns)}
    indices: list[int] = []
    ends = [0]
    for example in told:
        indices += sorted(place[feature] for feature in example.features if feature in place)
        ends.append(len(indices))
    matrix = csr_matrix((np.ones(len(indices)), indices, ends), shape=(len(told), len(columns)))
    model = LogisticRegression(
        C=_INVERSE_STRENGTH, l1_ratio=1, solver="liblinear", fit_intercept=False, max_iter=300, random_state=0
    ).fit(matrix, [bool(example.holds[predicate]) for example in told])
    rounded = (round(float(weight), _DIGITS) for weight in model.coef_[0])
    return {feature: weight for feature, weight in zip(columns, rounded, strict=True) if weight}


def unseen(told: Sequence[Example]) -> Iterator[tuple[Predicate, float, Example]]:
    """The pairs of full texts that no rule connects, as a classifier judges that had not seen them."""
    for fold in range(FOLDS):
        weights = train([e for e in told if e.text % FOLDS != fold])
        for example in told:
            if example.text % FOLDS == fold and example.whole:
                for predicate in example.fresh & weights.keys():
                    total = sum(weights[predicate].get(feature, 0.0) for feature in example.features)
                    yield predicate, float(1 / (1 + np.exp(-total))), example


def thresholds(told: Sequence[Example]) -> dict[Predicate, float]:
    """By predicate, the lowest step from which on enough is right; none for one that never gets there."""
    best: defaultdict[Predicate, dict[tuple[int, tuple[str, str]], tuple[float, bool | None]]] = defaultdict(
        dict
    )
    for predicate, probability, example in unseen(told):
        key = (example.text, example.key)
        best[predicate][key] = max(
            best[predicate].get(key, (0.0, None)), (probability, example.holds[predicate]), key=lambda p: p[0]
        )
    found: dict[Predicate, float] = {}
    for predicate, scored in best.items():
        for step in _STEPS:
            judged = [
                holds for probability, holds in scored.values() if probability >= step and holds is not None
            ]
            right = sum(judged)
            if right >= _LEAST_RIGHT and right >= RIGHT * len(judged):
                print(f"{predicate}: {right} of {len(judged)} right from {step}")
                found[predicate] = step
                break
        else:
            print(f"{predicate}: left to the rules")
    return found


def written(weights: Mapping[Predicate, Mapping[str, float]], least: Mapping[Predicate, float]) -> str:
    """The weights of the believed predicates as the text of their file."""
    rows = [
        (predicate.value, feature, f"{weight:.{_DIGITS}f}")
        for predicate, known in weights.items()
        if predicate in least
        for feature, weight in {**known, THRESHOLD: least[predicate]}.items()
    ]
    return _HEAD + "".join("\t".join(row) + "\n" for row in sorted(rows))


def main() -> int:
    """Train on all texts and write the weights."""
    told = list(examples())
    print(f"{len(told)} pairs")
    least = thresholds(told)
    weights = train(told)
    FILE.write_text(written(weights, least), encoding="utf-8", newline="\n")
    print(f"{FILE.name}: {FILE.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
