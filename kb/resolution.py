"""Resolution: from an entity as a document names it to the id of a node.

In order: the registry entry that the extractor recognised in context; the one entry of that type
whose name or alias has the same key; else a provisional entity whose id is made from type and name.
The result depends on the mention and the registry alone, never on what is in the graph, so the order
of loading does not matter, and what is unsure becomes an entity of its own, never a wrong merge.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kb.facts import EntityRef
from kb.names import name_key, slug
from kb.ontology import EntityType, ModelLevel
from kb.registry import Registry, RegistryEntry

REMEMBERED: Final = 10_000
"""How many mentions a resolver remembers, since the same are made again and again."""
LENGTH: Final = 200
"""Of names of at most so many characters."""


@dataclass(frozen=True, slots=True)
class ResolvedEntity:
    """The node that a mention leads to; `provisional` when no registry entry stands behind it."""

    id: str
    type: EntityType
    name: str
    aliases: tuple[str, ...] = ()
    level: ModelLevel | None = None
    provisional: bool = True
    qid: str | None = None


class Resolver:
    """Resolves mentions against one registry; build it once and share it."""

    def __init__(self, registry: Registry) -> None:
        """Index the names and aliases of the registry by type and key."""
        self._registry = registry
        self._by_key = _index(registry)
        self._remembered = lru_cache(REMEMBERED)(self._resolve)

    def resolve(self, ref: EntityRef) -> ResolvedEntity:
        """The entity that the mention means."""
        return self._remembered(ref) if len(ref.name) <= LENGTH else self._resolve(ref)

    def _resolve(self, ref: EntityRef) -> ResolvedEntity:
        entry = self._entry(ref)
        if entry is not None:
            return known(entry)
        return ResolvedEntity(f"{ref.type.value.lower()}/{slug(ref.name)}", ref.type, ref.name.strip())

    def _entry(self, ref: EntityRef) -> RegistryEntry | None:
        named = self._registry.entries.get(ref.id or f"{ref.type.value.lower()}/{slug(ref.name)}")
        if named is not None and named.type is ref.type:
            return named
        return self._by_key.get((ref.type, name_key(ref.name)))


def known(entry: RegistryEntry) -> ResolvedEntity:
    """The entity of a registry entry."""
    return ResolvedEntity(
        entry.id, entry.type, entry.name, entry.aliases, entry.level, provisional=False, qid=entry.qid
    )


def _index(registry: Registry) -> Mapping[tuple[EntityType, str], RegistryEntry]:
    owners: dict[tuple[EntityType, str], dict[str, RegistryEntry]] = defaultdict(dict)
    for entry in registry.entries.values():
        for form in entry.forms:
            owners[entry.type, name_key(form)][entry.id] = entry
    return {key: next(iter(them.values())) for key, them in owners.items() if len(them) == 1}
