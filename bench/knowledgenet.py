"""KnowledgeNet's relations in passages: `python -m bench.knowledgenet PASSAGES.jsonl --out PRED.jsonl`.

Each line of PASSAGES has "passage" and "text"; each line written is a prediction as the data set's scorer
reads it. Without PASSAGES, the score on folds 1 to 3, each by a classifier that was trained on the other two,
with the thresholds that are best on the other two (`make score-knowledgenet`; `bench.train_pairs` says where
the data set lies).
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bench.antecedents import Names
from loaders.extraction.language import parse
from loaders.extraction.pairs.classifier import load_weights, scored

MODES: Final = ("overlap", "exact", "names")
_CITIES: Final = "HEADQUARTERS"


def predicted(lines: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The predictions for passages, each at or above its predicate's threshold."""
    weights = load_weights()
    for line, doc in zip(lines, parse(line["text"] for line in lines), strict=True):
        names = Names(doc)
        for pair in scored(doc):
            if pair.probability >= weights.thresholds[pair.predicate]:
                yield {
                    "passage": line["passage"],
                    "predicate": pair.predicate.value,
                    "subject": [pair.subject.start, pair.subject.end],
                    "object": [pair.object.start, pair.object.end],
                    "subject_name": names.name(pair.subject),
                    "object_name": names.name(pair.object),
                }


def cross_validated(data: Path) -> str:
    """Precision, recall and F1 by predicate and mode, on passages that training has not seen."""
    from bench import train_pairs as training  # noqa: PLC0415 - predictions need no scikit-learn

    texts = training.passages(data)
    found = training.unseen(texts)
    fold_of = {passage.id: passage.fold for passage in texts}
    kept: list[Mapping[str, Any]] = []
    for fold in sorted(set(fold_of.values())):
        others = training.Judge(data, [p for p in texts if p.fold != fold])
        thresholds = training.best_thresholds(
            others, [p for p in found if fold_of[p.line["passage"]] != fold]
        )
        kept += [
            p.line
            for p in found
            if fold_of[p.line["passage"]] == fold and p.probability >= thresholds[p.line["predicate"]]
        ]
    judge = training.Judge(data, texts)
    return "\n".join(line for mode in MODES for line in _table(mode, judge.counts(kept, mode)))


def _table(mode: str, counts: Mapping[str, Sequence[int]]) -> Iterator[str]:
    yield f"{mode:<24}{'P':>8}{'R':>8}{'F1':>8}"
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
    given = options.parse_args(arguments)
    if given.passages is None:
        from bench.train_pairs import folder  # noqa: PLC0415 - predictions need no scikit-learn

        data = folder([])
        if data is None:
            print("No KnowledgeNet: name its folder in KB_KNOWLEDGENET.", file=sys.stderr)
            return 2
        print(cross_validated(data))
        return 0
    content = given.passages.read_text(encoding="utf-8")
    told = _written(predicted([json.loads(line) for line in content.split("\n") if line.strip()]))
    if given.out is None:
        sys.stdout.write(told)
    else:
        given.out.write_text(told, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
