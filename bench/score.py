"""Score the extractor on a corpus of annotated texts: `python bench/score.py [CORPUS] [scorer's options]`.

The corpus is a folder with docs/, gold/ and its own score.py: the argument, else `KB_CORPUS`, else
`../shared/corpus` beside this repository. Every document is extracted with the gold's `document` as its
metadata, and the corpus's own scorer judges the JSON lines.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kb.contract import dumps, extraction_lines
from kb.documents import Document, Metadata, RawDocument
from kb.partial_date import PartialDate
from kb.registry import load_registry
from kb.settings import Settings
from loaders.cleaning import MEDIA_TYPES, clean
from loaders.extraction.language import SpacyModel
from loaders.extraction.pipeline import SpacyExtractor

ROOT = Path(__file__).resolve().parent.parent


def corpus_folder(arguments: list[str]) -> Path | None:
    """The corpus to score on, or None where there is none."""
    named = [Path(a) for a in arguments if not a.startswith("-")] or [
        Path(os.environ.get("KB_CORPUS") or ROOT.parent / "shared" / "corpus")
    ]
    return named[0] if (named[0] / "score.py").is_file() else None


def documents(corpus: Path) -> Iterator[tuple[str, Document]]:
    """The cleaned documents with the metadata that the gold gives them."""
    for gold in sorted((corpus / "gold").glob("*.json")):
        about = json.loads(gold.read_text(encoding="utf-8"))["document"]
        source = next((corpus / "docs").glob(gold.stem + ".*"))
        raw = RawDocument(
            source_key=about.get("url") or source.name,
            data=source.read_bytes(),
            media_type=MEDIA_TYPES[source.suffix],
            metadata=metadata(about),
        )
        yield gold.stem, clean(raw)


def metadata(about: Mapping[str, Any]) -> Metadata:
    """What is known of a document, where it is known."""
    published = about.get("published")
    return Metadata(
        title=about.get("title"),
        publisher=about.get("publisher"),
        published=PartialDate.parse(published) if published else None,
        url=about.get("url"),
    )


def main(arguments: list[str]) -> int:
    """Extract, score, print; the exit status is the scorer's."""
    corpus = corpus_folder(arguments)
    if corpus is None:
        print("No corpus: name its folder as the argument or in KB_CORPUS.", file=sys.stderr)
        return 2
    extractor = SpacyExtractor(
        load_registry(ROOT / "seeds" / "registry"), model=SpacyModel(Settings.read().spacy_model)
    )
    slugs, texts = zip(*documents(corpus), strict=True)
    with tempfile.TemporaryDirectory() as folder:
        for slug, document, extraction in zip(slugs, texts, extractor.extract(texts), strict=True):
            lines = "\n".join(dumps(line) for line in extraction_lines(document, extraction))
            (Path(folder) / f"{slug}.jsonl").write_text(lines + "\n", encoding="utf-8")
        options = [a for a in arguments if a.startswith("-")]
        return subprocess.run([sys.executable, corpus / "score.py", folder, *options], check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
