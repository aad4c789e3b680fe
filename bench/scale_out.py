"""What a page costs on its way into the graph, step by step: `make bench-scale-out` (BENCH="--pages N").

Pages are the seeds' documents, no two alike, within menus, scripts and footers as web pages have. Each step
is measured alone, in seconds of a processor for a page, which depend less than wall time on what else the
machine does: cleaning, extraction, the load's own process over outputs that are kept, the writer and its
server. At the end Ray reads the same pages with one worker and with two. docs/scale.md calculates with
these figures.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

import psutil

from bench.extract import ROOT, texts
from kb.documents import Document, RawDocument
from kb.embedded import Bar, EmbeddedServer, prepare
from kb.facts import Extraction
from kb.graph.connection import open_driver
from kb.graph.migrate import migrate
from kb.graph.writer import Writer
from kb.registry import load_registry
from loaders.cleaning import clean
from loaders.extraction.language import SpacyModel
from loaders.extraction.pipeline import SpacyExtractor
from loaders.ingest import BATCH
from loaders.shards.joining import joined
from loaders.shards.manifest import shards
from loaders.shards.outputs import Outputs, decoded, encoded
from loaders.shards.work import Edition
from loaders.sources.found import Read

PAGES: Final = 240
_TOGETHER: Final = BATCH
_MENU: Final = "".join(f'<li><a href="/section/{n}">Section {n}</a></li>' for n in range(150))
_SCRIPT: Final = "<script>" + "window.dataLayer.push({event: 'view', slot: 17});" * 500 + "</script>"

Pages = Sequence[tuple[Document, Extraction]]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a step took for all its pages: processor time and wall time, in seconds."""

    processor: float
    wall: float


def measured(work: Callable[[], object], beside: psutil.Process | None = None) -> Cost:
    """What the work takes, of this process, or of another one that does it."""

    def spent() -> float:
        times = psutil.Process().cpu_times() if beside is None else beside.cpu_times()
        return times.user + times.system

    before, begun = spent(), time.perf_counter()
    work()
    return Cost(spent() - before, time.perf_counter() - begun)


def pages(number: int) -> list[RawDocument]:
    """So many pages."""
    return [_page(n, text) for n, text in enumerate(islice(texts(), number))]


def _page(number: int, text: str) -> RawDocument:
    edition, _, article = text.split("---\n", 2)  # between them stands the front matter
    body = "".join(f"<p>{paragraph}</p>" for paragraph in (edition + article).split("\n\n"))
    head = f"<head><title>Page {number}</title>{_SCRIPT}</head>"
    html = f"<html>{head}<body><nav><ul>{_MENU}</ul></nav><article>{body}</article><footer>Imprint</footer>"
    place = f"https://news.example/{number}"
    return RawDocument(place, html.encode(), "text/html", origin=place)


def tell(name: str, cost: Cost, number: int) -> None:
    """Print what a step takes for a page."""
    print(f"{name:44}{1000 * cost.processor / number:9.1f} ms{number / cost.wall:10.1f} pages/s", flush=True)


def read(raws: Sequence[RawDocument]) -> Pages:
    """Clean and read the pages here, step by step, and print what that takes and gives."""
    documents: list[Document] = []
    extractions: list[Extraction] = []
    extractor = SpacyExtractor(load_registry(ROOT / "seeds" / "registry"))
    list(extractor.extract([clean(raws[0])]))  # models are loaded and rules compiled
    cleaning = measured(lambda: documents.extend(clean(raw) for raw in raws))
    extracting = measured(lambda: extractions.extend(extractor.extract(documents)))
    found = list(zip(documents, extractions, strict=True))
    output = encoded("bench", [Read(document, extraction) for document, extraction in found])
    number = len(raws)
    print(f"{'a page has':44}{sum(len(raw.data) for raw in raws) / number:9.0f} bytes")
    print(f"{'its text has':44}{sum(len(one.text.encode()) for one in documents) / number:9.0f} bytes")
    print(f"{'it states':44}{sum(len(one.facts) for one in extractions) / number:9.1f} facts")
    print(f"{'its output in a shard has':44}{len(output) / number:9.0f} bytes\n")
    tell("cleaning", cleaning, number)
    tell("extraction", extracting, number)
    return found


def list_and_decode(raws: Sequence[RawDocument], found: Pages) -> None:
    """What the one process spends that lists the pages and takes their outputs."""
    output = encoded("bench", [Read(document, extraction) for document, extraction in found])
    tell("the load: hashes and shards", measured(lambda: list(shards(raws, "bench"))), len(raws))
    tell("the load: outputs", measured(lambda: list(decoded(output))), len(raws))


def write(found: Pages, folder: Path) -> None:
    """Write the pages in single transactions and in large ones, each into a graph of its own."""
    for together in (1, _TOGETHER):
        name = f"the writer, transactions of {together}"
        home = folder / f"home-{together}"
        with writing(home) as writer:
            writer.write_registry()
        before = _bytes(home)
        blocks = [found[start : start + together] for start in range(0, len(found), together)]
        warm, rest = blocks[: len(blocks) // 4], blocks[len(blocks) // 4 :]
        with writing(home) as writer:
            _write_all(writer, warm)
            spent = psutil.Process().cpu_times().user
            cost = measured(partial(_write_all, writer, rest), _server_of(home))
            here = psutil.Process().cpu_times().user - spent
        number = sum(map(len, rest))
        facts = sum(len(extraction.facts) for block in rest for _, extraction in block)
        tell(f"{name}: the server", cost, number)
        tell(f"{name}: the load", Cost(here, cost.wall), number)
        print(f"{'':44}{facts / cost.wall:9.0f} facts/s")
        print(f"{'a page in the graph has':44}{(_bytes(home) - before) / len(found):9.0f} bytes")


@contextmanager
def writing(home: Path) -> Generator[Writer]:
    """A writer to the graph of this home; its server ends with the context, and all is in the store then."""
    known = load_registry(ROOT / "seeds" / "registry")
    with EmbeddedServer(home, linger=0) as server, open_driver(server.address) as driver:
        migrate(driver, server.address.database)
        yield Writer(driver, server.address.database, known)
    while _servers(home):
        time.sleep(0.2)


def _write_all(writer: Writer, blocks: Sequence[Pages]) -> None:
    for block in blocks:
        writer.write_together(block, "bench")


def _bytes(home: Path) -> int:
    """What the graph takes on disk, without the log of transactions."""
    store = (path for path in home.rglob("databases/*/*") if path.name != "database_lock")
    return sum(path.stat().st_size for one in store for path in [one, *one.rglob("*")] if path.is_file())


def _servers(home: Path) -> list[psutil.Process]:
    running = psutil.process_iter(["name", "cmdline"])
    return [
        one
        for one in running
        if one.info["name"] == "java" and str(home) in " ".join(one.info["cmdline"] or ())
    ]


def _server_of(home: Path) -> psutil.Process:
    (server,) = _servers(home)
    return server


def over_ray(raws: Sequence[RawDocument], folder: Path) -> None:
    """Read the pages with one worker and with two, in turns; the first pages make the workers ready."""
    edition = Edition.here(load_registry(ROOT / "seeds" / "registry"), SpacyModel.SMALL)
    rates: list[float] = []
    for workers in (1, 2):
        with joined(None, workers, edition, Outputs(folder / f"shards-{workers}")) as cluster:
            list(cluster.read(_others(raws[: len(raws) // 4])))  # models are loaded and rules compiled
            cost = measured(partial(list, cluster.read(raws)))
        rates.append(len(raws) / cost.wall)
        tell(f"Ray, {workers} of 2 processors: the load's process", cost, len(raws))
    print(f"two workers read {rates[1] / rates[0]:.2f} times as fast as one")


def _others(raws: Sequence[RawDocument]) -> Iterator[RawDocument]:
    """The same pages from elsewhere, so that they are in other shards."""
    return (replace(raw, source_key=f"{raw.source_key}/other") for raw in raws)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pages", type=int, default=PAGES)
    given = parser.parse_args()
    if given.pages < 2 * _TOGETHER:
        parser.error(f"--pages: at least {2 * _TOGETHER}")
    with Bar() as bar:
        prepare(bar)
    raws = pages(given.pages)
    print(f"{len(raws)} pages; load of the machine {os.getloadavg()[0]:.1f}\n")
    with tempfile.TemporaryDirectory() as name:
        found = read(raws)
        list_and_decode(raws, found)
        write(found, Path(name))
        over_ray(raws, Path(name))
    print(f"load of the machine {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
