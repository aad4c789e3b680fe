"""The rows of a package grouped into models: one candidate for each model of a known developer."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from kb.ontology import EntityType, ModelLevel
from kb.registry import Registry
from loaders.registry_refresh.listings import Listing
from loaders.registry_refresh.makers import Maker, Makers
from loaders.registry_refresh.naming import Spelling, model_key, spelling, without_mode, word_key

_GAP: Final = re.compile(r"[-_. ]+")
_MOST_WORDS: Final = 11
_WHOLE_DATE: Final = len("2025-01-31")
_Key: TypeAlias = tuple[str, str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A row of a known developer's model; `own` when the developer itself lists it, `rank` 0 is best."""

    listing: Listing
    spelling: Spelling
    own: bool
    rank: int

    @property
    def order(self) -> tuple[int, bool, int, int, str]:
        """Best first: a whole release before one version, the developer's own row before a catalogue's."""
        worn = len(self.spelling.forms)
        return (self.rank, self.spelling.dated, worn, len(self.listing.id), self.listing.path)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that the package lists: developer, family, bare name, and all its rows, best first."""

    company: str
    family: str
    stem: str
    bare: str
    sightings: tuple[Sighting, ...]

    @property
    def providers(self) -> int:
        """How many providers list it."""
        return len({seen.listing.provider for seen in self.sightings})


@dataclass(frozen=True, slots=True)
class Found:
    """A family, the beginning of its names that was found, and where."""

    family: str
    stem: str
    start: int


class Families:
    """Which family of a maker a name belongs to, by the beginnings of the names of each."""

    def __init__(self, registry: Registry) -> None:
        """Take each family's own forms from the registry."""
        self._forms: Final[Mapping[str, tuple[str, ...]]] = {
            entry.id: tuple(_GAP.sub("-", form.casefold()) for form in entry.forms)
            for entry in registry.of_type(EntityType.MODEL)
            if entry.level is ModelLevel.FAMILY
        }

    def find(self, name: str, maker: Maker) -> Found | None:
        """The family whose beginning the name has; the earliest in it, then the longest."""
        found: list[tuple[int, int, str, str]] = []
        for family, stems in maker.families.items():
            for stem in (*stems, *self._forms.get(family, ())):
                at = re.search(rf"(?:^|[-_.])({re.escape(stem)})(?=[-_.\d+]|v?\d|$)", name)
                if at:
                    found.append((at.start(1), -len(stem), family, stem))
        if not found:
            return None
        start, _, family, stem = min(found)
        return Found(family, stem, start)


def candidates(
    rows: Iterable[Listing], makers: Makers, families: Families, known: frozenset[str]
) -> list[Candidate]:
    """The models of known developers among the rows, in the order of company and name.

    `known` are the keys of the registry's models: a version or a mode that has a record of its own is one.
    """
    groups: defaultdict[_Key, list[tuple[str, Sighting]]] = defaultdict(list)
    for row in rows:
        seen = _sighting(row, makers)
        if seen is None:
            continue
        maker, sighting = seen
        name = _without_maker(_settled(sighting.spelling, known), maker)
        found = families.find(name, maker)
        if found is None or (found.start and sighting.spelling.author is None):
            continue
        groups[maker.company, found.family, found.stem, word_key(name)].append((name, sighting))
    made = [_candidate(key, group) for key, group in groups.items()]
    return sorted(_modes_merged(made, known), key=lambda one: (one.company, one.bare))


def _candidate(key: _Key, group: list[tuple[str, Sighting]]) -> Candidate:
    company, family, stem, _ = key
    ordered = sorted(group, key=lambda pair: pair[1].order)
    return Candidate(company, family, stem, ordered[0][0], tuple(sighting for _, sighting in ordered))


def _sighting(row: Listing, makers: Makers) -> tuple[Maker, Sighting] | None:
    taken = spelling(row.id)
    words = set(_GAP.split(taken.forms[0]))
    if (words | set(taken.forms)) & makers.passed_over or len(words) > _MOST_WORDS:
        return None
    home = makers.by_provider.get(row.provider)
    author = makers.by_author.get(taken.author or "")
    fresh = _trusted(row, makers)
    if author is not None:
        own = home is not None and home.company == author.company
        return author, Sighting(fresh, taken, own, _rank(row.provider, makers, own=own))
    if home is None or taken.author not in {None, row.provider} or row.id.count("/") > 1:
        return None
    return home, Sighting(fresh, Spelling(None, taken.forms, taken.dated), own=True, rank=0)


def _trusted(row: Listing, makers: Makers) -> Listing:
    """The row without what cannot be relied on: a month alone, or New Year's Day, is often a filler."""
    if row.path in makers.doubted:
        return replace(row, doubted=True)
    date = row.released or ""
    if len(date) < _WHOLE_DATE or date.endswith("-01-01") or row.provider in makers.undated:
        return replace(row, released=None)
    return replace(row, released=date[: -len("-01")] if date.endswith("-01") else date)


def _rank(provider: str, makers: Makers, *, own: bool) -> int:
    if own:
        return 0
    order = makers.catalogues
    return 1 + (order.index(provider) if provider in order else len(order))


def _settled(taken: Spelling, known: frozenset[str]) -> str:
    """The longest form that has a record already, else the bare one."""
    return next((form for form in taken.forms if model_key(form) in known), taken.bare)


def _without_maker(name: str, maker: Maker) -> str:
    for word in maker.names:
        rest = name.removeprefix(f"{word}-")
        if rest != name and rest and not rest[0].isdigit() and word not in _stems(maker):
            return rest
    return name


def _stems(maker: Maker) -> set[str]:
    return {stem for stems in maker.families.values() for stem in stems}


def _modes_merged(made: list[Candidate], known: frozenset[str]) -> list[Candidate]:
    """Leave out a mode that only routes tell of (`...-thinking`) where the model itself is there."""
    keys = known | {model_key(one.bare) for one in made}
    return [
        one
        for one in made
        if model_key(one.bare) in known
        or without_mode(one.bare) == one.bare
        or model_key(without_mode(one.bare)) not in keys
        or (one.bare.endswith("thinking") and any(seen.own for seen in one.sightings))
    ]
