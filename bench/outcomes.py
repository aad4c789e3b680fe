"""Which findings are right: the facts of the texts of an annotated corpus, judged by its own scorer."""

import importlib.util
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from bench.score import ROOT, documents
from kb.contract import dumps, extraction_lines
from kb.registry import load_registry
from kb.settings import Settings
from loaders.extraction.calibration import Calibration
from loaders.extraction.language import SpacyModel
from loaders.extraction.learnt.classifier import NOTHING
from loaders.extraction.pipeline import SpacyExtractor


@dataclass(frozen=True, slots=True)
class Outcome:
    """One fact: its text, the confidence before calibration, and whether the gold has it."""

    text: str
    predicate: str
    confidence: float
    right: bool


def outcomes(corpus: Path) -> Iterator[Outcome]:
    """Every fact of the rules in every text; what is optional, and doubles of what is right, are right."""
    scorer = _scorer(corpus)
    gold = scorer.load_gold()
    extractor = SpacyExtractor(
        load_registry(ROOT / "seeds" / "registry"),
        Calibration(),
        classifier=NOTHING,  # it was trained on these texts
        model=SpacyModel(Settings.read().spacy_model),
    )
    slugs, texts = zip(*documents(corpus), strict=True)
    for slug, document, extraction in zip(slugs, texts, extractor.extract(texts), strict=True):
        lines = [json.loads(dumps(line)) for line in extraction_lines(document, extraction)]
        facts = [line for line in lines if line.get("kind") in scorer.FACT_KINDS]
        known = gold[slug][0]["facts"]
        for fact in facts:
            right = any(scorer.fact_ok(one, fact) for one in known)
            yield Outcome(slug, fact["predicate"], fact["confidence"], right)


def _scorer(corpus: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("corpus_score", corpus / "score.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(corpus / "score.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["corpus_score"] = module
    spec.loader.exec_module(module)
    return module
