"""Train the pair classifier on KnowledgeNet: `python -m bench.train_pairs [FOLDER]` (`make train-pairs`).

`KB_SPACY_MODEL` names the spaCy model whose parses it learns to read: small, or medium.
FOLDER holds train.passages.jsonl, train.gold.jsonl and the data set's score.py: the argument, else
`KB_KNOWLEDGENET`, else `../shared/knowledgenet` beside this repository. The weights are those of all folds;
the threshold is the best on passages that the classifier has not seen.
"""

import importlib.util
import json
import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from bench.antecedents import Names, names_of
from bench.predictions import Prediction, predictions
from bench.score import ROOT
from kb.settings import Settings
from loaders.extraction.language import SpacyModel, parse
from loaders.extraction.pairs.classifier import THRESHOLD, VECTOR, Pair, PairPredicate, Weights, pairs
from loaders.extraction.pairs.vectors import PARTS, Places

FOLDER: Final = ROOT / "loaders" / "extraction" / "pairs"
STEPS: Final = tuple(step / 100 for step in range(16, 72, 2))
_HEAD: Final = """\
# Weights of the pair classifier: the threshold of all, then by predicate each feature's weight and, for the
# vectors at each place, one weight for each of their numbers.
# Trained on KnowledgeNet (Mesquita et al. 2019, diffbot), which is licensed CC BY-SA 4.0; these weights are
# made from it and come under the same licence.
# Written by `make train-pairs`; read by classifier.py.
"""
_INVERSE_STRENGTH: Final = 0.5
_TOLERANCE: Final = 1e-2
_KEPT: Final = 1300
"""So many features of a predicate are kept, the heaviest, so that the file stays one that can be read."""
_LEAST_SEEN: Final = 3
_DIGITS: Final = 2
_SPREAD: Final = 6.0
"""By so much the numbers of vectors are brought down, beside features that are 0 or 1."""
_NOTHING: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage with its pairs, and what its annotators found in it."""

    id: str
    fold: int
    text: str
    pairs: Sequence[Pair]
    tensor: NDArray[np.float32]
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
    vectors: NDArray[np.float32]
    holds: bool


def folder(arguments: Sequence[str]) -> Path | None:
    """Where the data set lies, or None."""
    named = Path(
        (arguments or [os.environ.get("KB_KNOWLEDGENET") or str(ROOT.parent / "shared" / "knowledgenet")])[0]
    )
    return named if (named / "score.py").is_file() else None


def passages(data: Path, model: SpacyModel = SpacyModel.SMALL) -> list[Passage]:
    """The annotated passages, parsed by this model."""
    gold = {line["passage"]: line for line in _lines(data / "train.gold.jsonl")}
    told = [line for line in _lines(data / "train.passages.jsonl") if line["passage"] in gold]
    parsed = list(parse((line["text"] for line in told), model))
    return [
        Passage(
            line["passage"],
            line["fold"],
            line["text"],
            tuple(pairs(doc)),
            doc.tensor,
            named,
            gold[line["passage"]],
        )
        for line, doc, named in zip(told, parsed, names_of(told, parsed), strict=True)
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
            vectors = means(passage.tensor, pair.places)
            for predicate in pair.predicates:
                holds = passage.label(pair, predicate)
                if holds is not None:
                    yield Example(predicate, pair.features, vectors, holds)


def means(tensor: NDArray[np.float32], found: Places) -> NDArray[np.float32]:
    """The mean vector at each place, one after the other; nothing where there is no such place."""
    nothing = np.zeros(tensor.shape[1], dtype=np.float32)
    return np.concatenate([tensor[list(place)].mean(axis=0) if place else nothing for place in found])


def train(told: Iterable[Example]) -> Weights:
    """The weights, rounded."""
    sorted_in: defaultdict[PairPredicate, list[Example]] = defaultdict(list)
    for example in told:
        sorted_in[example.predicate].append(example)
    learnt = {predicate: _trained(sorted_in[predicate]) for predicate in sorted(sorted_in)}
    return Weights(
        {p: one for p, (one, _) in learnt.items()}, {p: two for p, (_, two) in learnt.items()}, threshold=0.5
    )


def _trained(told: Sequence[Example]) -> tuple[dict[str, float], NDArray[np.float32]]:
    """The weights of the heaviest features, learnt again without the others, and those of the vectors."""
    seen = Counter(feature for example in told for feature in example.features)
    columns = sorted(f for f, count in seen.items() if count >= _LEAST_SEEN and not set(f) & set("\t\r\n"))
    present, holds = _present(told, columns), [example.holds for example in told]
    vectors = np.stack([example.vectors for example in told]).astype(np.float64)
    scale = _SPREAD * vectors.std(axis=0) + _NOTHING
    weights, _ = _fitted(present, csr_matrix(vectors / scale), holds)
    kept = np.sort(np.argsort(-np.abs(weights), kind="stable")[:_KEPT])
    weights, numbers = _fitted(present[:, kept], csr_matrix(vectors / scale), holds)
    rounded = (round(float(weight), _DIGITS) for weight in weights)
    return (
        {columns[place]: weight for place, weight in zip(kept, rounded, strict=True) if weight},
        np.round(numbers / scale, _DIGITS).reshape(len(PARTS), -1).astype(np.float32),
    )


def _fitted(
    present: csr_matrix, vectors: csr_matrix, holds: Sequence[bool]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The weights of features and of the numbers of vectors."""
    matrix = hstack([present, vectors], format="csr")
    matrix.indices, matrix.indptr = matrix.indices.astype("int32"), matrix.indptr.astype("int32")
    model = LogisticRegression(
        C=_INVERSE_STRENGTH, solver="liblinear", fit_intercept=False, tol=_TOLERANCE, random_state=0
    ).fit(matrix, holds)
    weights, numbers = np.split(model.coef_[0], [present.shape[1]])
    return weights, numbers


def _present(told: Sequence[Example], columns: Sequence[str]) -> csr_matrix:
    """A row for each example: 1 for each feature that it has."""
    place = {feature: index for index, feature in enumerate(columns)}
    indices: list[int] = []
    ends = [0]
    for example in told:
        indices += sorted(place[feature] for feature in example.features if feature in place)
        ends.append(len(indices))
    return csr_matrix((np.ones(len(indices)), indices, ends), shape=(len(told), len(columns)))


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
        weights = train(examples(p for p in texts if p.fold != fold))
        for passage in (p for p in texts if p.fold == fold):
            told = weights.scored(passage.pairs, passage.tensor)
            found += predictions(passage.id, told, passage.names, STEPS[0])
    return found


def best_threshold(judge: Judge, found: Sequence[Prediction]) -> float:
    """The threshold with the best F1 for overlapping spans over all predicates."""
    return max(
        STEPS, key=lambda step: f1(total(judge.counts(p.line for p in found if p.probability >= step)))
    )


def total(counts: Mapping[str, Sequence[int]]) -> Sequence[int]:
    """The counts of all predicates together."""
    return [sum(told) for told in zip(*counts.values(), strict=True)]


def written(weights: Weights) -> str:
    """The weights as the text of their file."""
    lines = [f"{THRESHOLD}\t{_number(weights.threshold)}"]
    for predicate, known in weights.features.items():
        lines.append(f"[{predicate}]")
        lines += [f"{feature}\t{_number(weight)}" for feature, weight in sorted(known.items())]
        rows = zip(PARTS, weights.vectors[predicate], strict=True)
        lines += [f"{VECTOR}{part}\t{' '.join(map(_number, row))}" for part, row in rows]
    return _HEAD + "".join(line + "\n" for line in lines)


def _number(weight: float) -> str:
    return f"{weight:.{_DIGITS}f}"


def main(arguments: list[str]) -> int:
    """Train on all folds and write the weights."""
    data = folder(arguments)
    if data is None:
        print("No KnowledgeNet: name its folder as the argument or in KB_KNOWLEDGENET.", file=sys.stderr)
        return 2
    model = SpacyModel(Settings.read().spacy_model)
    texts = passages(data, model)
    threshold = best_threshold(Judge(data, texts), unseen(texts))
    weights = replace(train(examples(texts)), threshold=threshold)
    file = FOLDER / f"weights-{model}.tsv"
    file.write_text(written(weights), encoding="utf-8", newline="\n")
    print(f"{file.name}: {sum(map(len, weights.features.values()))} features, {file.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
