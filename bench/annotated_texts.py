"""The annotated texts of `bench/annotated`, as documents with their gold facts."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.score import documents, metadata
from kb.documents import Document, RawDocument
from kb.facts import EntityRef
from loaders.cleaning import MEDIA_TYPES, clean

FOLDER: Final = Path(__file__).parent / "annotated"
_IGNORED: Final = re.compile(r"[^\w一-鿿]+|_")
_FORMS: Final = re.compile(r"\b(?:inc|corp|corporation|ltd|llc|plc|gmbh|holdings?)\b\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Annotation:
    """A document and its facts; `whole` for a full text, not for one of a few sentences."""

    document: Document
    facts: Sequence[Mapping[str, Any]]
    whole: bool


def annotations() -> Iterator[Annotation]:
    """The full texts, then the short ones."""
    for slug, document in documents(FOLDER):
        gold = json.loads((FOLDER / "gold" / f"{slug}.json").read_text(encoding="utf-8"))
        yield Annotation(document, gold["facts"], whole=True)
    for path in sorted((FOLDER / "phrases").glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            yield _short(f"{path.stem}-{number}.txt", json.loads(line))


def _short(name: str, told: Mapping[str, Any]) -> Annotation:
    raw = RawDocument(
        source_key=name,
        data=told["text"].encode(),
        media_type=MEDIA_TYPES[".txt"],
        metadata=metadata(told),
    )
    return Annotation(clean(raw), told["facts"], whole=False)


def is_meant(gold: Mapping[str, Any], ref: EntityRef) -> bool:
    """Whether the gold's subject or object is the entity: by any of its names, a country by its code."""
    names = {_plain(name) for name in gold["names"]}
    code = (ref.id or "").removeprefix("country/")
    return _plain(ref.name) in names or (gold["type"] == "Country" and code in names)


def _plain(name: str) -> str:
    return _IGNORED.sub("", _FORMS.sub("", name)).casefold()
