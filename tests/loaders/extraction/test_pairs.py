"""Which pairs of names in a sentence stand in a relation, by weights learned from annotated passages."""

import json
from importlib.resources import files
from pathlib import Path

import pytest

from bench import knowledgenet, train_pairs
from loaders.extraction.language import parse
from loaders.extraction.pairs.classifier import PairPredicate, ScoredPair, load_weights, scored

FOUNDING = "Acme Robotics was founded by Jane Miller in 1999 and is headquartered in Boston."
LEADING = "Peter Grant, the chief executive officer of Wolford Motors, said that he was pleased."
OWNING = "Brightline Foods is a wholly owned subsidiary of Harcourt Holdings."
PASSAGES = [{"passage": str(n), "text": text} for n, text in enumerate((FOUNDING, LEADING, OWNING))]


def best(text: str, predicate: PairPredicate) -> tuple[str, str]:
    """The words of the most probable pair."""
    found = [pair for pair in scored(next(parse([text]))) if pair.predicate is predicate]
    first: ScoredPair = max(found, key=lambda pair: pair.probability)
    return text[first.subject.start : first.subject.end], text[first.object.start : first.object.end]


@pytest.mark.parametrize(
    ("text", "predicate", "pair"),
    [
        (FOUNDING, PairPredicate.FOUNDED_BY, ("Acme Robotics", "Jane Miller")),
        (FOUNDING, PairPredicate.DATE_FOUNDED, ("Acme Robotics", "1999")),
        (FOUNDING, PairPredicate.HEADQUARTERS, ("Acme Robotics", "Boston")),
        (LEADING, PairPredicate.CEO, ("Wolford Motors", "Peter Grant")),
        (LEADING, PairPredicate.EMPLOYEE_OR_MEMBER_OF, ("Peter Grant", "Wolford Motors")),
        (OWNING, PairPredicate.SUBSIDIARY_OF, ("Brightline Foods", "Harcourt Holdings")),
    ],
)
def test_the_pair_that_the_sentence_relates_comes_first(
    text: str, predicate: PairPredicate, pair: tuple[str, str]
) -> None:
    assert best(text, predicate) == pair


@pytest.mark.parametrize("text", ["", " \n\n ", "Nothing here.", "it it it which who", "€ — …\u200b\x07"])
def test_a_text_without_names_has_no_likely_pair(text: str) -> None:
    assert all(pair.probability < 0.5 for pair in scored(next(parse([text]))))


def test_the_weights_name_their_data_and_its_licence() -> None:
    content = (files("loaders.extraction.pairs") / "weights-small.tsv").read_text(encoding="utf-8")
    head = " ".join(line.strip("# ") for line in content.split("\n") if line.startswith("#"))
    assert all(
        words in head
        for words in ("KnowledgeNet", "Mesquita et al. 2019", "CC BY-SA 4.0", "make train-pairs")
    )


def test_every_relation_has_weights_and_a_threshold() -> None:
    weights = load_weights()
    assert set(weights.features) == set(weights.thresholds) == set(PairPredicate)


def test_predictions_lie_in_their_passage(tmp_path: Path) -> None:
    source, out = tmp_path / "passages.jsonl", tmp_path / "predictions.jsonl"
    source.write_text("".join(json.dumps(p) + "\n" for p in PASSAGES), encoding="utf-8")
    assert knowledgenet.main([str(source), "--out", str(out)]) == 0
    told = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert {p["passage"] for p in PASSAGES} == {line["passage"] for line in told}
    for line in told:
        text = PASSAGES[int(line["passage"])]["text"]
        for end in ("subject", "object"):
            start, stop = line[end]
            assert 0 <= start < stop <= len(text)
            assert line[end + "_name"] in text


def test_a_pronoun_goes_by_the_name_it_stands_for() -> None:
    text = "Jane Miller is an engineer. She founded Acme Robotics, which is based in Boston."
    told = list(knowledgenet.predicted([{"passage": "0", "text": text}]))
    names = {(line["predicate"], line["subject_name"], line["object_name"]) for line in told}
    assert ("FOUNDED_BY", "Acme Robotics", "Jane Miller") in names


def test_training_twice_gives_equal_weights() -> None:
    told = [
        train_pairs.Example(
            PairPredicate.CEO, frozenset({"bias", f"noise={n % 3}", f"leads={n % 2 == 0}"}), n % 2 == 0
        )
        for n in range(60)
    ]
    once, again = train_pairs.train(told), train_pairs.train(iter(told))
    assert once == again
    assert once[PairPredicate.CEO]["leads=True"] > once[PairPredicate.CEO].get("leads=False", 0)
