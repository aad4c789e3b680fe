"""How fast the extraction reads: `python -m bench.extract [ROUNDS] [--memory N]`.

Interleaved rounds over texts made from the seeds: the bare spaCy model through `nlp.pipe`, the whole
extraction (text in, facts out), and two processes. Ratios of one round are comparable; the times are those
of a machine that may be doing other things. `--memory N` reads N documents and prints the memory on the way.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Final

import psutil
import spacy

from kb.documents import Document, Metadata, sha256
from kb.registry import load_registry
from loaders.extraction.language import MODEL
from loaders.extraction.parallel import ParallelExtractor
from loaders.extraction.pipeline import SpacyExtractor

ROOT: Final = Path(__file__).resolve().parent.parent
_DOCUMENTS: Final = 120
_ROUNDS: Final = 5
_STEP: Final = 500


def texts() -> Iterator[str]:
    """Endless texts, no two alike: the seeds' documents, each time with another first line."""
    bodies = [
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds" / "documents").glob("*.md"))
    ]
    number = 0
    while True:
        for body in bodies:
            number += 1
            yield f"Edition {number}.\n\n{body}"


def documents(number: int) -> Iterator[Document]:
    """So many documents."""
    for text in islice(texts(), number):
        yield Document(f"bench:{sha256(text.encode())}", text, "text/plain", "sha256:0", "none/1", Metadata())


def main(arguments: Sequence[str]) -> int:
    """Print the ratios, or the memory."""
    numbers = [int(a) for a in arguments if a.isdigit()]
    extractor = SpacyExtractor(load_registry(ROOT / "seeds" / "registry"))
    if "--memory" in arguments:
        _memory(extractor, numbers[0] if numbers else 5000)
        return 0
    print(f"start to first fact: {_start():.1f} s of processor time; load {os.getloadavg()[0]:.1f}")
    _rounds(extractor, numbers[0] if numbers else _ROUNDS)
    return 0


def _start() -> float:
    """Processor seconds of `kb extract` on a short text."""
    before = psutil.Process().cpu_times()
    text = ROOT / "seeds" / "documents" / "ai-deals-round-up-2026-04-27.md"
    subprocess.run(
        [sys.executable, "-m", "app", "extract", text], check=True, stdout=subprocess.DEVNULL, cwd=ROOT
    )
    after = psutil.Process().cpu_times()
    return (after.children_user - before.children_user) + (after.children_system - before.children_system)


def _rounds(extractor: SpacyExtractor, rounds: int) -> None:
    language = spacy.load(MODEL)
    batch = list(documents(_DOCUMENTS))
    words = sum(len(document.text.split()) for document in batch)
    ways: dict[str, Callable[[], object]] = {
        "bare nlp.pipe": lambda: [doc.has_annotation("DEP") for doc in language.pipe(d.text for d in batch)],
        "extraction": lambda: list(extractor.extract(batch)),
    }
    with ParallelExtractor(ROOT / "seeds", 2) as two:
        ways["two processes"] = lambda: list(two.extract(batch))
        for way in ways.values():
            way()  # models are loaded and rules compiled
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, way in ways.items():
                wall, cpu = time.perf_counter(), time.process_time()
                way()
                taken[name].append((time.perf_counter() - wall, time.process_time() - cpu))
    for name, times in taken.items():
        print(f"{name:14} {words / median(w for w, _ in times):8.0f} words/s, {words} words a round")
    _ratio("extraction to bare, processor time", [b / e for (_, b), (_, e) in _pairs(taken, "bare nlp.pipe")])
    _ratio("extraction to bare, wall time", [b / e for (b, _), (e, _) in _pairs(taken, "bare nlp.pipe")])
    both = zip(taken["extraction"], taken["two processes"], strict=True)
    _ratio("two processes to one, wall time", [one / two for (one, _), (two, _) in both])


def _pairs(
    taken: dict[str, list[tuple[float, float]]], name: str
) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    return zip(taken[name], taken["extraction"], strict=True)


def _ratio(name: str, values: Sequence[float]) -> None:
    print(f"{name}: median {median(values):.2f}, from {min(values):.2f} to {max(values):.2f}")


def _memory(extractor: SpacyExtractor, number: int) -> None:
    process = psutil.Process()
    for count, _ in enumerate(extractor.extract(documents(number)), start=1):
        if count % _STEP == 0 or count == number:
            print(f"{count:6} documents  {process.memory_info().rss / 2**20:7.0f} MiB", flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
