"""Putting the parts together for one process: the registry, the extractor, the graph."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.console import say
from kb.errors import UsageError
from kb.protocols import Extractor
from kb.registry import Registry, load_registry
from kb.settings import Settings

if TYPE_CHECKING:
    from app.jobs import Ingesting
    from kb.graph.connection import Graph
    from loaders.extraction.pipeline import SpacyExtractor
    from loaders.fetching.answers import Answers
    from loaders.llm.extractor import LlmExtractor
    from loaders.shards.cluster import Cluster


@contextmanager
def open_graph(settings: Settings, *, migrated: bool = True) -> Generator["Graph"]:
    """The graph of these settings, started where it must be and brought to this program's schema.

    `migrated=False` leaves the schema as it is, for commands that only look.
    """
    from kb.embedded import Bar
    from kb.graph.connection import Graph, explained, open_driver, reach
    from kb.graph.migrate import migrate

    with Bar() as bar, reach(settings, bar) as address, open_driver(address) as driver, explained(address):
        if migrated:
            migrate(driver, address.database)
        yield Graph(driver, address)


@cache
def registry(seeds: Path) -> Registry:
    """The registry of a seeds folder, read once."""
    return load_registry(seeds / "registry")


def answers(settings: Settings) -> "Answers":
    """By what pages that were fetched are told from later ones at their addresses."""
    from loaders.fetching.answers import Answers

    return Answers(settings.home / "fetched")


@cache
def _extractor(seeds: Path, model: str) -> "SpacyExtractor":
    from loaders.extraction.language import SpacyModel
    from loaders.extraction.pipeline import SpacyExtractor

    return SpacyExtractor(registry(seeds), model=SpacyModel(model))


@contextmanager
def extractor(settings: Settings, workers: int = 1) -> Generator[Extractor]:
    """The default extractor, with the registry of these settings; its models load at the first text.

    With more than one worker it reads in as many processes, which end with the context.
    """
    if workers == 1:
        yield _extractor(settings.seeds_folder, settings.spacy_model)
        return
    from loaders.extraction.language import SpacyModel
    from loaders.extraction.parallel import ParallelExtractor

    model = SpacyModel(settings.spacy_model)
    with ParallelExtractor(settings.seeds_folder, workers, model) as parallel:
        yield parallel


@contextmanager
def ray_cluster(settings: Settings, workers: int | None, folder: Path | None) -> Generator["Cluster"]:
    """The Ray cluster of these settings, or one of so many workers on this machine; says what it did.

    Raises:
        SetupError: when Ray is not installed, or the cluster cannot be had.
    """
    from loaders.extraction.language import SpacyModel
    from loaders.shards.joining import joined
    from loaders.shards.outputs import Outputs
    from loaders.shards.work import Edition

    edition = Edition.here(registry(settings.seeds_folder), SpacyModel(settings.spacy_model))
    address = settings.ray_address or os.environ.get("RAY_ADDRESS")
    if address is not None and workers is not None:
        raise UsageError(f"--workers is for a Ray cluster on this machine, not for the one at {address}.")
    outputs = Outputs(folder or settings.home / "shards")
    processors = workers or os.cpu_count() or 1
    with joined(address, processors, edition, outputs) as cluster:
        say(f"Ray: {cluster.processors} processors.")
        try:
            yield cluster
        finally:
            say(f"Ray: {cluster.counts.read} shards begun, {cluster.counts.kept} read by an earlier load.")


def explainer(settings: Settings) -> "SpacyExtractor":
    """The default extractor as the one that can tell its reasons."""
    return _extractor(settings.seeds_folder, settings.spacy_model)


def ingesting(settings: Settings) -> "Ingesting":
    """What a server takes documents in with; its process starts at the first of them."""
    from app.jobs import Ingesting
    from loaders.extraction.language import SpacyModel
    from loaders.reading import ReadingProcess

    reader = ReadingProcess(settings.seeds_folder, SpacyModel(settings.spacy_model))
    return Ingesting(reader, partial(registry, settings.seeds_folder))


def llm_extractor(settings: Settings) -> "LlmExtractor":
    """The extractor behind the endpoint of these settings; each call begins a budget of its own.

    Raises:
        UsageError: when the settings name no usable endpoint.
    """
    from loaders.llm.endpoint import endpoint
    from loaders.llm.extractor import LlmExtractor

    return LlmExtractor(endpoint(settings), registry(settings.seeds_folder))
