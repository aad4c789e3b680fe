"""Train the pair classifier on KnowledgeNet: `python -m bench.train_pairs [FOLDER]` (`make train-pairs`).

FOLDER holds train.passages.jsonl, train.gold.jsonl and the data set's score.py: the argument, else
`KB_KNOWLEDGENET`, else `../shared/knowledgenet` beside this repository. The weights are those of all folds;
each threshold is the best on passages that the classifier has not seen.
"""

import importlib.util
import json
import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bench.antecedents import Names
from bench.score import ROOT
from loaders.extraction.language import parse
from loaders.extraction.pairs.classifier import THRESHOLD, Pair, PairPredicate, Weights, pairs

FILE: Final = ROOT / "loaders" / "extraction" / "pairs" / "weights-small.tsv"
STEPS: Final = tuple(step / 100 for step in range(16, 72, 2))
_HEAD: Final = """\
# Weights of the pair classifier: predicate, feature, weight; and each predicate's threshold.
# Trained on KnowledgeNet (Mesquita et al. 2019, diffbot), which is licensed CC BY-SA 4.0; these weights are
# made from it and come under the same licence.
# Written by `make train-pairs`; read by classifier.py.
"""
_INVERSE_STRENGTH: Final = 1.0
_LEAST_SEEN: Final = 3
_DIGITS: Final = 2


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage with its pairs, and what its annotators found in it."""

    id: str
    fold: int
    text: str
    pairs: Sequence[Pair]
    names: Names
    gold: Mapping[str, Any]

    def label(self, pair: Pair, predicate: PairPredicate) -> bool | None:
        """Whether a gold fact overlaps both ends; None where the predicate was not annotated."""
        if predicate not in self.gold["annotated"]:
            return None
        subject, other = pair.ends(predicate)
        return any(
            fact["predicate"] == predicate
            and _overlap((subject.start, subject.end), fact["subject"])
            and _overlap((other.start, other.end), fact["object"])
            for fact in self.gold["facts"]
        )


@dataclass(frozen=True, slots=True)
class Example:
    """A pair's features, and whether the relation holds."""

    predicate: PairPredicate
    features: frozenset[str]
    holds: bool


@dataclass(frozen=True, slots=True)
class Prediction:
    """A line of the data set's form for predictions, with its probability."""

    probability: float
    line: Mapping[str, Any]


def folder(arguments: Sequence[str]) -> Path | None:
    """Where the data set lies, or None."""
    named = Path(
        (arguments or [os.environ.get("KB_KNOWLEDGENET") or str(ROOT.parent / "shared" / "knowledgenet")])[0]
    )
    return named if (named / "score.py").is_file() else None


def passages(data: Path) -> list[Passage]:
    """The annotated passages, parsed."""
    gold = {line["passage"]: line for line in _lines(data / "train.gold.jsonl")}
    told = [line for line in _lines(data / "train.passages.jsonl") if line["passage"] in gold]
    parsed = parse(line["text"] for line in told)
    return [
        Passage(
            line["passage"], line["fold"], line["text"], tuple(pairs(doc)), Names(doc), gold[line["passage"]]
        )
        for line, doc in zip(told, parsed, strict=True)
    ]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _overlap(one: Sequence[int], other: Sequence[int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def examples(texts: Iterable[Passage]) -> Iterator[Example]:
    """The pairs whose predicates were annotated."""
    for passage in texts:
        for pair in passage.pairs:
            for predicate in pair.predicates:
                holds = passage.label(pair, predicate)
                if holds is not None:
                    yield Example(predicate, pair.features, holds)


def train(told: Iterable[Example]) -> dict[PairPredicate, dict[str, float]]:
    """The weights by predicate, rounded; those that round to nothing are left out."""
    sorted_in: defaultdict[PairPredicate, list[Example]] = defaultdict(list)
    for example in told:
        sorted_in[example.predicate].append(example)
    return {predicate: _trained(sorted_in[predicate]) for predicate in sorted(sorted_in)}


def _trained(told: Sequence[Example]) -> dict[str, float]:
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
    ).fit(matrix, [example.holds for example in told])
    rounded = (round(float(weight), _DIGITS) for weight in model.coef_[0])
    return {feature: weight for feature, weight in zip(columns, rounded, strict=True) if weight}


def predictions(texts: Iterable[Passage], weights: Weights, least: float = STEPS[0]) -> Iterator[Prediction]:
    """The relations at least so probable, as the data set's scorer reads them."""
    for passage in texts:
        for pair in passage.pairs:
            for predicate in pair.predicates:
                probability = weights.probability(predicate, pair.features)
                if probability >= least:
                    subject, other = pair.ends(predicate)
                    line = {
                        "passage": passage.id,
                        "predicate": predicate.value,
                        "subject": [subject.start, subject.end],
                        "object": [other.start, other.end],
                        "subject_name": passage.names.name(subject),
                        "object_name": passage.names.name(other),
                    }
                    yield Prediction(probability, line)


class Judge:
    """The data set's own scorer over some passages."""

    def __init__(self, data: Path, texts: Iterable[Passage]) -> None:
        """Load score.py; only these passages count."""
        spec = importlib.util.spec_from_file_location("knowledgenet_score", data / "score.py")
        if spec is None or spec.loader is None:
            raise ImportError(f"{data / 'score.py'} is no Python module")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        self._score: Final[Callable[..., Any]] = module.score
        self._gold: Final = [passage.gold for passage in texts]

    def counts(self, lines: Iterable[Mapping[str, Any]], mode: str = "overlap") -> dict[str, Sequence[int]]:
        """True, false and missed facts by predicate."""
        with tempfile.TemporaryDirectory() as name:
            gold, told = Path(name) / "gold.jsonl", Path(name) / "told.jsonl"
            gold.write_text("".join(json.dumps(g) + "\n" for g in self._gold), encoding="utf-8")
            told.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
            return dict(self._score(str(gold), str(told), mode)[0])


def f1(counts: Sequence[int]) -> float:
    """The harmonic mean of precision and recall."""
    right, wrong, missed = counts
    return 2 * right / (2 * right + wrong + missed) if right else 0.0


def unseen(texts: Sequence[Passage]) -> list[Prediction]:
    """Predictions for every passage by a classifier that was trained on the other folds."""
    found: list[Prediction] = []
    for fold in sorted({passage.fold for passage in texts}):
        weights = Weights(train(examples(p for p in texts if p.fold != fold)), {})
        found += predictions((p for p in texts if p.fold == fold), weights)
    return found


def best_thresholds(judge: Judge, found: Sequence[Prediction]) -> dict[PairPredicate, float]:
    """By predicate, the threshold with the best F1 for overlapping spans."""
    best: dict[PairPredicate, tuple[float, float]] = {}
    for step in STEPS:
        for predicate, counts in judge.counts(p.line for p in found if p.probability >= step).items():
            known = best.get(PairPredicate(predicate), (-1.0, 0.0))
            best[PairPredicate(predicate)] = max(known, (f1(counts), step))
    return {predicate: step for predicate, (_, step) in best.items()}


def written(weights: Weights) -> str:
    """The weights as the text of their file."""
    rows = [
        (predicate.value, feature, f"{weight:.{_DIGITS}f}")
        for predicate, known in weights.features.items()
        for feature, weight in {**known, THRESHOLD: weights.thresholds[predicate]}.items()
    ]
    return _HEAD + "".join("\t".join(row) + "\n" for row in sorted(rows))


def main(arguments: list[str]) -> int:
    """Train on all folds and write the weights."""
    data = folder(arguments)
    if data is None:
        print("No KnowledgeNet: name its folder as the argument or in KB_KNOWLEDGENET.", file=sys.stderr)
        return 2
    texts = passages(data)
    thresholds = best_thresholds(Judge(data, texts), unseen(texts))
    weights = Weights(train(examples(texts)), thresholds)
    FILE.write_text(written(weights), encoding="utf-8", newline="\n")
    print(f"{FILE.name}: {sum(map(len, weights.features.values()))} weights, {FILE.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
