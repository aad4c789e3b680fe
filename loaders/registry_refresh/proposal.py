"""What a package would add to the registry: new models, and claims that known models do not have yet.

Nothing is taken away and nothing is overwritten. A claim that differs from one there stands beside it;
what this same package version was already read for is left as it was read.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kb.ontology import EntityType, ModelLevel
from kb.registry import Claim, Registry, RegistryEntry
from loaders.registry_refresh.candidates import Candidate
from loaders.registry_refresh.claims import AGREED, Json, claims_of, family_claim
from loaders.registry_refresh.naming import model_key, word_key
from loaders.registry_refresh.wording import Wording

_OPEN: Final = frozenset({"OPEN_WEIGHTS", "OPEN_SOURCE"})
_FEWEST_PROVIDERS: Final = 2
"""A model that its developer does not list itself is taken when as many others do."""
_ROUNDING: Final = 0.05


@dataclass(frozen=True, slots=True)
class Addition:
    """A new record, or the claims that a known one gains; `differing` tells what they stand beside."""

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
        return self._new(candidate) if _sure(candidate) else None

    def families(self, found: Iterable[Candidate]) -> Iterator[Addition]:
        """The developer of each family that has none yet, from the best listed of its releases."""
        best: dict[str, Candidate] = {}
        for candidate in filter(_sure, found):
            held = best.get(candidate.family)
            if held is None or candidate.sightings[0].order < held.sightings[0].order:
                best[candidate.family] = candidate
        for family, candidate in best.items():
            claims = self._registry.entries[family].claims
            if not any(claim.fields["predicate"] == "DEVELOPS" for claim in claims):
                fresh = [family_claim(candidate, self._package.source)]
                yield Addition(family, new=False, record={"claims": fresh}, differing=())

    def _known(self, entry: RegistryEntry, candidate: Candidate) -> Addition | Refused | None:
        path = candidate.sightings[0].listing.path
        makers = {
            str(claim.fields["subject"]) for claim in entry.claims if claim.fields["predicate"] == "DEVELOPS"
        }
        if makers and candidate.company not in makers:
            return Refused(entry.name, path, f"its developer here is {', '.join(sorted(makers))}")
        fresh: list[Json] = []
        differing: list[str] = []
        for claim in claims_of(candidate, entry.level, self._package.source):
            beside = self._beside(entry, claim)
            if beside is None:
                continue
            fresh.append(claim)
            differing.extend(f"{claim['predicate']} {_value(claim)} beside {other}" for other in beside)
        return _gained(entry.id, fresh, differing)

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
            or (predicate == "RELEASED_ON" and AGREED in claim["locator"])
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
        record["claims"] = list(claims_of(candidate, ModelLevel.RELEASE, self._package.source))
        return Addition(words.id, new=True, record=record, differing=())


def _sure(candidate: Candidate) -> bool:
    """Whether the developer itself, or enough others, list the model."""
    return candidate.sightings[0].own or candidate.providers >= _FEWEST_PROVIDERS


def _gained(record_id: str, fresh: list[Json], differing: list[str]) -> Addition | None:
    if not fresh:
        return None
    return Addition(record_id, new=False, record={"claims": fresh}, differing=tuple(differing))


def _told_already(claim: Json, same: list[Claim]) -> bool:
    """Whether a context window is known already: a lower bound says no more, and 128000 is 131072 rounded."""
    if claim["comparator"] == "GTE":
        return True
    value = claim["value"]
    return any(abs(value - held.fields["value"]) <= _ROUNDING * value for held in same)


def _value(fields: Mapping[str, Any]) -> str:
    for key in ("subject", "object", "date", "access", "value"):
        if key in fields:
            return str(fields[key])
    return ""
