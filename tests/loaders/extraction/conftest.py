"""An extractor over a registry of invented names, made once."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.documents import Document, Metadata
from kb.facts import Extraction, Fact
from kb.partial_date import PartialDate
from kb.registry import Registry, load_registry
from loaders.extraction.learnt.classifier import NOTHING
from loaders.extraction.pipeline import SpacyExtractor

RECORDS = {
    "companies": [
        {"id": "company/northwind-ai", "name": "Northwind AI", "aliases": ["Northwind"]},
        {"id": "company/contoso", "name": "Contoso"},
        {"id": "company/fabrikam", "name": "Fabrikam"},
        {"id": "company/harbor", "name": "Harbor", "ambiguous": ["Harbor"]},
        {"id": "company/evening-post", "name": "Evening Post"},
    ],
    "countries": [
        {"id": "country/fr", "name": "France", "demonyms": ["French"]},
        {"id": "country/us", "name": "United States", "aliases": ["U.S."], "demonyms": ["American"]},
    ],
    "models": [{"id": "model/larkspur", "name": "Larkspur", "level": "FAMILY"}],
    "people": [{"id": "person/ada-moreau", "name": "Ada Moreau"}],
    "products": [{"id": "product/wrenbot", "name": "Wrenbot"}],
}
Read = Callable[..., Extraction]


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    folder: Path = tmp_path_factory.mktemp("registry")
    for name, records in RECORDS.items():
        lines = "".join(json.dumps(record) + "\n" for record in records)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return load_registry(folder)


@pytest.fixture(scope="session")
def extractor(registry: Registry) -> SpacyExtractor:
    """The rules alone, without what the classifier believes."""
    return SpacyExtractor(registry, classifier=NOTHING)


@pytest.fixture(scope="session")
def read(extractor: SpacyExtractor) -> Read:
    def extract(text: str, published: str | None = "2025-04-15") -> Extraction:
        return next(extractor.extract([document(text, published)]))

    return extract


@pytest.fixture(scope="session")
def told(read: Read) -> Callable[..., list[str]]:
    """The facts of a text, each as `subject PREDICATE object-or-value`."""

    def brief(text: str, published: str | None = "2025-04-15") -> list[str]:
        return [_brief(fact) for fact in read(text, published).facts]

    return brief


def document(text: str, published: str | None = "2025-04-15") -> Document:
    date = PartialDate.parse(published) if published else None
    return Document("test", text, "text/plain", "sha256:0", "none/1", Metadata(published=date))


def _brief(fact: Fact) -> str:
    end = next(
        (getattr(fact, name) for name in ("object", "value", "date", "access") if hasattr(fact, name)), ""
    )
    return f"{fact.subject.name} {fact.predicate.value} {getattr(end, 'name', end)}"
