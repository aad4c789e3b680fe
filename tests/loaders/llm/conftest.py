"""An extractor over a registry of invented names, before a server that says what a test wants."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from kb.documents import Document, Metadata
from kb.facts import Extraction
from kb.partial_date import PartialDate
from kb.registry import Registry, load_registry
from loaders.llm.endpoint import Endpoint
from loaders.llm.extractor import LlmExtractor
from tests.loaders.llm.server import Reply, Script, Server, says, serving

Serve = Callable[..., Server]
Make = Callable[..., LlmExtractor]

KEY = "sk-very-secret-0123456789"
RECORDS = {
    "companies": [
        {"id": "company/northwind-ai", "name": "Northwind AI", "aliases": ["Northwind"]},
        {"id": "company/contoso", "name": "Contoso"},
        {"id": "company/harbor", "name": "Harbor Systems", "aliases": ["Harbor"], "ambiguous": ["Harbor"]},
    ],
    "countries": [
        {"id": "country/fr", "name": "France", "demonyms": ["French"]},
        {"id": "country/us", "name": "United States", "aliases": ["U.S."], "demonyms": ["American"]},
    ],
    "models": [{"id": "model/larkspur-2", "name": "Larkspur 2", "level": "RELEASE"}],
    "people": [{"id": "person/ada-moreau", "name": "Ada Moreau"}],
}


@pytest.fixture(autouse=True)
def _direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy of the machine stands between a test and its server."""
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    folder: Path = tmp_path_factory.mktemp("registry")
    for name, records in RECORDS.items():
        lines = "".join(json.dumps(record) + "\n" for record in records)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return load_registry(folder)


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Starts a server that gives these replies in turn, the last one for ever; or follows a script."""
    with ExitStack() as stack:

        def start(*replies: Reply, script: Script | None = None) -> Server:
            def in_turn(_: object, number: int) -> Reply:
                return replies[min(number, len(replies) - 1)]

            return stack.enter_context(serving(script or in_turn))

        yield start


@pytest.fixture
def extractor(tmp_path: Path, registry: Registry) -> Callable[..., LlmExtractor]:
    """An extractor before a server; its pauses are short, and its cache is the test's own."""

    def make(server: Server, **limits: Any) -> LlmExtractor:
        endpoint = Endpoint(
            url=f"{server.url}/chat/completions",
            model="wren-1",
            key=SecretStr(KEY),
            cache=tmp_path / "cache",
            timeout=30.0,
            first_wait=0.01,
        )
        return LlmExtractor(replace(endpoint, **limits), registry)

    return make


@pytest.fixture
def read(serve: Callable[..., Server], extractor: Callable[..., LlmExtractor]) -> Callable[..., Extraction]:
    """The extraction of a text of which the model tells these facts."""

    def extract(text: str, *told: dict[str, Any], published: str | None = "2025-04-15") -> Extraction:
        server = serve(says(list(told)))
        return next(extractor(server).extract([document(text, published=published)]))

    return extract


def document(text: str, name: str = "a.txt", published: str | None = "2025-04-15") -> Document:
    known = Metadata(title="A title", published=None if published is None else PartialDate.parse(published))
    return Document(name, text, "text/plain", "sha256:0", "cleaner/1", known, name)


def relation(predicate: str, subject: str, object_: str, quote: str, **more: Any) -> dict[str, Any]:
    """A relation as a model tells it; ends are written `Type Name`."""
    return {"predicate": predicate, "quote": quote, "subject": end(subject), "object": end(object_), **more}


def figure(predicate: str, subject: str, value: Any, unit: str, quote: str, **more: Any) -> dict[str, Any]:
    """A figure as a model tells it."""
    measure = {"value": value, "low": None, "high": None, "unit": unit, "comparator": "EQ"}
    return {"predicate": predicate, "quote": quote, "subject": end(subject), "measure": measure, **more}


def dated(predicate: str, subject: str, date: str, quote: str) -> dict[str, Any]:
    """A dated event as a model tells it."""
    return {"predicate": predicate, "quote": quote, "subject": end(subject), "date": date}


def end(written: str) -> dict[str, str]:
    kind, _, name = written.partition(" ")
    return {"type": kind, "name": name}
