"""Loading the seeds: every entity of the registry, the registry's claims, and the sample documents."""

from pathlib import Path
from typing import Final

from app.console import say
from app.ingesting import ingest
from app.output import Format
from app.wiring import extractor, registry
from kb.graph.connection import Graph
from kb.graph.writer import Writer
from kb.registry import Registry
from kb.registry_facts import EXTRACTOR, registry_documents
from kb.settings import Settings
from loaders.sources import discover

SEEDS_INGEST: Final = "seeds/registry"
TOGETHER: Final = 100


def load_seeds(graph: Graph, settings: Settings) -> None:
    """Bring the graph up to the seeds; what is there already is left as it is."""
    known = registry(settings.seeds_folder)
    writer = Writer(graph.driver, graph.database, known)
    claims = load_registry_claims(writer, known)
    say(f"Registry: {len(known.entries)} entities, {claims} records with new claims.")
    folder = settings.seeds_folder / "documents"
    if folder.is_dir():
        with extractor(settings) as reader:
            ingest(discover([Path(folder)]), writer, reader, Format.TABLE)


def load_registry_claims(writer: Writer, known: Registry) -> int:
    """Write the registry's entities and the claims that the graph lacks; the number of new records."""
    writer.write_registry()
    documents = list(registry_documents(known))
    there = writer.standing((document for document, _ in documents), EXTRACTOR)
    new = [(document, found) for document, found in documents if document.id not in there]
    writer.refresh_origins([document for document, _ in documents if document.id in there])
    for start in range(0, len(new), TOGETHER):
        writer.write_together(new[start : start + TOGETHER], SEEDS_INGEST)
    if new:
        writer.finish(SEEDS_INGEST, [])
    return len(new)
