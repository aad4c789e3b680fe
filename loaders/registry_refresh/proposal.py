"""What a package would add to the registry: new models, and claims that known models do not have yet.

Nothing is taken away and nothing is overwritten. A claim that differs from one there stands beside it;
what this same package version was already read for is left as it was read.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kb.ontology import EntityType, ModelLevel
from kb.registry import Claim, Registry, RegistryEntry
from loaders.registry_refresh.candidates import Candidate, Sighting
from loaders.registry_refresh.naming import model_key, word_key
from loaders.registry_refresh.wording import Wording, spelled

Json = dict[str, Any]
_OPEN: Final = frozenset({"OPEN_WEIGHTS", "OPEN_SOURCE"})
_FEWEST_PROVIDERS: Final = 2
"""A model that its developer does not list itself is taken when as many others do."""
_CATALOGUES: Final = 6
"""Ranks up to this are catalogues that tell open weights with care."""
_ROUNDING: Final = 0.05
_AGREED: Final = "the same at"


@dataclass(frozen=True, slots=True)
class Addition:
    """A record that is new, or the claims that a known record gains; `differing` tells what they stand beside."""

    id: str
    new: bool
    record: Json
    differing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A model of the package that needs a person: its name, and why it was not taken."""

    name: str
    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Package:
    """The package whose rows are read: the source that its claims name, and all sources of that package."""

    source: str
    sources: frozenset[str]


class Proposer:
    """Compares candidates with the registry; the registry is only read."""

    def __init__(self, registry: Registry, package: Package) -> None:
        """Index the registry's models by the keys of their forms, and all forms by their holders."""
        self._registry: Final = registry
        self._package: Final = package
        self._by_key: Final[dict[str, RegistryEntry]] = {}
        self._by_words: Final[dict[tuple[str, ...], RegistryEntry]] = {}
        for entry in registry.of_type(EntityType.MODEL):
            for form in entry.forms:
                self._by_key.setdefault(model_key(form), entry)
                self._by_words.setdefault(word_key(form), entry)
        for entry in registry.of_type(EntityType.MODEL):
            self._by_key[model_key(entry.name)] = entry
        self._wording: Final = Wording(registry)

    def propose(self, candidate: Candidate) -> Addition | Refused | None:
        """The addition that a candidate makes, why it makes none, or None when nothing is new."""
        entry = self._by_key.get(model_key(candidate.bare)) or self._by_words.get(word_key(candidate.bare))
        if entry is not None:
            return self._known(entry, candidate)
        best = candidate.sightings[0]
        if not best.own and candidate.providers < _FEWEST_PROVIDERS:
            return None
        return self._new(candidate)

    def _known(self, entry: RegistryEntry, candidate: Candidate) -> Addition | Refused | None:
        path = candidate.sightings[0].listing.path
        makers = {
            str(claim.fields["subject"]) for claim in entry.claims if claim.fields["predicate"] == "DEVELOPS"
        }
        if makers and candidate.company not in makers:
            return Refused(entry.name, path, f"its developer here is {', '.join(sorted(makers))}")
        fresh: list[Json] = []
        differing: list[str] = []
        for claim in self._claims(candidate, entry.level):
            beside = self._beside(entry, claim)
            if beside is None:
                continue
            fresh.append(claim)
            differing.extend(f"{claim['predicate']} {_value(claim)} beside {other}" for other in beside)
        return Addition(entry.id, False, {"claims": fresh}, tuple(differing)) if fresh else None

    def _beside(self, entry: RegistryEntry, claim: Json) -> list[str] | None:
        """The differing values that a claim would stand beside; None when it is there, or adds nothing."""
        same = [held for held in entry.claims if held.fields["predicate"] == claim["predicate"]]
        value = _value(claim)
        values = [_value(held.fields) for held in same]
        mine = [held for held in same if held.source in self._package.sources]
        if any(held.source == self._package.source for held in mine):
            return None
        if value in {_value(held.fields) for held in mine}:
            return None
        predicate = claim["predicate"]
        settled = same and (
            predicate in {"DEVELOPS", "RELEASE_OF"}
            or (predicate == "CONTEXT_WINDOW" and _told_already(claim, same))
            or (predicate == "RELEASED_ON" and _AGREED in claim["locator"])
            or (predicate == "OPENNESS" and value in _OPEN and set(values) <= _OPEN)
            or (predicate == "RELEASED_ON" and any(one.startswith(value) for one in values))
        )
        if settled:
            return None
        return sorted({one for one in values if one != value})

    def _new(self, candidate: Candidate) -> Addition | Refused:
        family = self._registry.entries[candidate.family]
        words = self._wording.of(candidate, family)
        path = candidate.sightings[0].listing.path
        if words.id in self._registry.entries:
            return Refused(words.name, path, f"{words.id} is another record's id")
        holder = self._wording.holder(words.name)
        if holder is not None:
            return Refused(words.name, path, f"the name is a form of {holder}")
        record: Json = {"id": words.id, "name": words.name}
        if words.aliases:
            record["aliases"] = list(words.aliases)
        if words.ambiguous:
            record["ambiguous"] = list(words.ambiguous)
        record["level"] = ModelLevel.RELEASE.value
        record["claims"] = list(self._claims(candidate, ModelLevel.RELEASE))
        return Addition(words.id, True, record, ())

    def _claims(self, candidate: Candidate, level: ModelLevel | None) -> Iterator[Json]:
        best = candidate.sightings[0]
        yield self._told("DEVELOPS", {"subject": candidate.company}, best, _maker_told(best))
        if level is not ModelLevel.RELEASE:
            return
        yield self._family(candidate)
        released = _dated(candidate)
        if released is not None:
            seen, words = released
            yield self._told("RELEASED_ON", {"date": seen.listing.released}, seen, words)
        yield from self._openness(candidate)
        yield from self._context(candidate)

    def _family(self, candidate: Candidate) -> Json:
        fields = {"object": candidate.family}
        for seen in candidate.sightings:
            told = seen.listing.family
            if told and spelled(told, candidate.stem):
                return self._told("RELEASE_OF", fields, seen, f"family {told}")
        return self._told("RELEASE_OF", fields, candidate.sightings[0], "the family's name in the id")

    def _openness(self, candidate: Candidate) -> Iterator[Json]:
        """Open where the developer or a catalogue says so; closed only where the developer itself does."""
        for seen in candidate.sightings:
            if seen.own or seen.rank <= _CATALOGUES:
                told = seen.listing.open_weights
                if told is not None and (told or seen.own):
                    access = "OPEN_WEIGHTS" if told else "CLOSED"
                    yield self._told("OPENNESS", {"access": access}, seen, f"open_weights {str(told).lower()}")
                    return

    def _context(self, candidate: Candidate) -> Iterator[Json]:
        for seen in candidate.sightings:
            row = seen.listing
            if not seen.own or seen.spelling.dated:
                continue
            value, comparator = (row.context, "EQ") if row.context else (row.max_input, "GTE")
            if value:
                words = "context window" if comparator == "EQ" else "max_input_tokens"
                fields = {"value": value, "unit": "token", "comparator": comparator}
                yield self._told("CONTEXT_WINDOW", fields, seen, words)
                return

    def _told(self, predicate: str, fields: Mapping[str, Any], seen: Sighting, words: str) -> Json:
        place = f"{seen.listing.path}: {words}"
        return {"predicate": predicate, **fields, "source": self._package.source, "locator": place}


def _told_already(claim: Json, same: list[Claim]) -> bool:
    """Whether a context window is known already: a lower bound says no more, and 128000 is 131072 rounded."""
    if claim["comparator"] == "GTE":
        return True
    value = claim["value"]
    return any(abs(value - held.fields["value"]) <= _ROUNDING * value for held in same)


def _maker_told(seen: Sighting) -> str:
    return "listed under the provider itself" if seen.own else "author part of the id"


def _dated(candidate: Candidate) -> tuple[Sighting, str] | None:
    """The row whose date is the release's.

    A whole release as its developer lists it, else the first version that it lists, else a date on which
    most others agree: one listing alone may date itself.
    """
    rows = [seen for seen in candidate.sightings if seen.listing.released]
    own = [seen for seen in rows if seen.own]
    whole = [seen for seen in own if not seen.spelling.dated]
    if whole:
        return whole[0], "release_date"
    if own:
        first = min(own, key=lambda seen: (str(seen.listing.released), seen.order))
        return first, "release_date (first version)"
    return _agreed([seen for seen in rows if not seen.spelling.dated])


def _agreed(rows: list[Sighting]) -> tuple[Sighting, str] | None:
    providers: defaultdict[str, set[str]] = defaultdict(set)
    for seen in rows:
        providers[str(seen.listing.released)].add(seen.listing.provider)
    if not providers:
        return None
    date = min(providers, key=lambda one: (-len(providers[one]), one))
    if len(providers[date]) < _FEWEST_PROVIDERS:
        return None
    row = next(seen for seen in rows if seen.listing.released == date)
    return row, f"release_date, {_AGREED} {len(providers[date])} providers"


def _value(fields: Mapping[str, Any]) -> str:
    for key in ("subject", "object", "date", "access", "value"):
        if key in fields:
            return str(fields[key])
    return ""
