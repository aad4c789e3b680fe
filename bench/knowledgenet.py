"""KnowledgeNet's relations in passages: `python -m bench.knowledgenet PASSAGES.jsonl --out PRED.jsonl`.

Each line of PASSAGES has "passage" and "text"; each line written is a prediction as the data set's scorer
reads it. Without PASSAGES, the score on folds 1 to 3, each by a classifier that was trained on the other two,
with the threshold that is best on the other two (`make score-knowledgenet`; `bench.train_pairs` says where
the data set lies). `KB_SPACY_MODEL` names the spaCy model. `--names` tells facts instead of places in a
text: each pair of names once, and none where a pronoun stands for nobody who is named.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bench.antecedents import names_of
from bench.predictions import Prediction, by_names, predictions
from kb.settings import Settings
from loaders.extraction.language import SpacyModel, parse
from loaders.extraction.pairs.classifier import load_weights, scored

MODES: Final = ("overlap", "exact", "names")
_CITIES: Final = "HEADQUARTERS"


def predicted(lines: Sequence[Mapping[str, Any]], model: SpacyModel = SpacyModel.SMALL) -> list[Prediction]:
    """The predictions for passages, each at or above the threshold."""
    weights = load_weights(model)
    docs = list(parse((line["text"] for line in lines), model))
    return [
        prediction
        for line, doc, names in zip(lines, docs, names_of(lines, docs), strict=True)
        for prediction in predictions(line["passage"], scored(doc, weights), names, weights.threshold)
    ]


def cross_validated(data: Path, model: SpacyModel) -> str:
    """Precision, recall and F1 by predicate and mode, on passages that training has not seen."""
    from bench import train_pairs as training  # noqa: PLC0415 - predictions need no scikit-learn

    texts = training.passages(data, model)
    found = training.unseen(texts)
    fold_of = {passage.id: passage.fold for passage in texts}
    kept: list[Prediction] = []
    for fold in sorted(set(fold_of.values())):
        others = training.Judge(data, [p for p in texts if p.fold != fold])
        threshold = training.best_threshold(others, [p for p in found if fold_of[p.line["passage"]] != fold])
        kept += [p for p in found if fold_of[p.line["passage"]] == fold and p.probability >= threshold]
    judge = training.Judge(data, texts)
    tables = [(mode, mode, kept) for mode in MODES] + [("names, with --names", "names", list(by_names(kept)))]
    return "\n".join(
        line
        for title, mode, told in tables
        for line in _table(title, mode, judge.counts((p.line for p in told), mode))
    )


def _table(title: str, mode: str, counts: Mapping[str, Sequence[int]]) -> Iterator[str]:
    yield f"{title:<24}{'P':>8}{'R':>8}{'F1':>8}"
    told = {name: c for name, c in sorted(counts.items()) if not (mode == "names" and name == _CITIES)}
    total: Counter[int] = Counter()
    for each in told.values():
        total.update(dict(enumerate(each)))
    for name, (right, wrong, missed) in [*told.items(), ("#all", [total[i] for i in range(3)])]:
        precision, recall = right / max(right + wrong, 1), right / max(right + missed, 1)
        both = 2 * right / max(2 * right + wrong + missed, 1)
        yield f"{name:<24}{precision:>8.3f}{recall:>8.3f}{both:>8.3f}"


def _written(lines: Iterable[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def main(arguments: list[str]) -> int:
    """Predict, or print the cross-validated score."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("passages", type=Path, nargs="?")
    options.add_argument("--out", type=Path)
    options.add_argument("--names", action="store_true", help="each pair of names once, no pronouns")
    given = options.parse_args(arguments)
    model = SpacyModel(Settings.read().spacy_model)
    if given.passages is None:
        from bench.train_pairs import folder  # noqa: PLC0415 - predictions need no scikit-learn

        data = folder([])
        if data is None:
            print("No KnowledgeNet: name its folder in KB_KNOWLEDGENET.", file=sys.stderr)
            return 2
        print(cross_validated(data, model))
        return 0
    content = given.passages.read_text(encoding="utf-8")
    found = predicted([json.loads(line) for line in content.split("\n") if line.strip()], model)
    told = _written(prediction.line for prediction in (by_names(found) if given.names else found))
    if given.out is None:
        sys.stdout.write(told)
    else:
        given.out.write_text(told, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
