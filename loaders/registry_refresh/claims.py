"""The claims that a package makes of one model, each with the row in which it stands."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kb.ontology import ModelLevel
from loaders.registry_refresh.candidates import Candidate, Sighting
from loaders.registry_refresh.naming import model_key

Json = dict[str, Any]
AGREED: Final = "the same at"
"""In the locator of a date on which several providers agree."""
_FEWEST_AGREEING: Final = 2
_CATALOGUES: Final = 6
"""Ranks up to this are catalogues that tell open weights with care."""


def claims_of(candidate: Candidate, level: ModelLevel | None, source: str) -> Iterator[Json]:
    """The claims of a candidate; of a family only its developer."""
    best = candidate.sightings[0]
    yield _told(source, "DEVELOPS", {"subject": candidate.company}, best, _maker_told(best))
    if level is not ModelLevel.RELEASE:
        return
    yield _family(candidate, source)
    doubted = any(seen.listing.doubted for seen in candidate.sightings)  # the other rows are often its copies
    released = None if doubted else _dated(candidate)
    if released is not None:
        seen, words = released
        yield _told(source, "RELEASED_ON", {"date": seen.listing.released}, seen, words)
    yield from _openness(candidate, source)
    if not doubted:
        yield from _context(candidate, source)


def family_claim(candidate: Candidate, source: str) -> Json:
    """The claim that a family is its releases' developer's, read from the best row of one of them."""
    best = candidate.sightings[0]
    return _told(source, "DEVELOPS", {"subject": candidate.company}, best, f"{_maker_told(best)}, a release")


def _family(candidate: Candidate, source: str) -> Json:
    fields = {"object": candidate.family}
    for seen in candidate.sightings:
        told = seen.listing.family
        if told and _means(told, candidate.stem):
            return _told(source, "RELEASE_OF", fields, seen, f"family {told}")
    return _told(source, "RELEASE_OF", fields, candidate.sightings[0], "the family's name in the id")


def _openness(candidate: Candidate, source: str) -> Iterator[Json]:
    """Open where the developer or a catalogue says so; closed only where the developer itself does."""
    for seen in candidate.sightings:
        if seen.own or seen.rank <= _CATALOGUES:
            told = seen.listing.open_weights
            if told is not None and (told or seen.own):
                access = "OPEN_WEIGHTS" if told else "CLOSED"
                yield _told(source, "OPENNESS", {"access": access}, seen, f"open_weights {str(told).lower()}")
                return


def _context(candidate: Candidate, source: str) -> Iterator[Json]:
    for seen in candidate.sightings:
        row = seen.listing
        if not seen.own or seen.spelling.dated:
            continue
        value, comparator = (row.context, "EQ") if row.context else (row.max_input, "GTE")
        if value:
            words = "context window" if comparator == "EQ" else "max_input_tokens"
            fields = {"value": value, "unit": "token", "comparator": comparator}
            yield _told(source, "CONTEXT_WINDOW", fields, seen, words)
            return


def _told(source: str, predicate: str, fields: Mapping[str, Any], seen: Sighting, words: str) -> Json:
    place = f"{seen.listing.path}: {words}"
    return {"predicate": predicate, **fields, "source": source, "locator": place}


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
        house = seen.listing.provider.partition("-")[0]  # acme and acme-cn are one house
        providers[str(seen.listing.released)].add(house)
    if not providers:
        return None
    date = min(providers, key=lambda one: (-len(providers[one]), one))
    if len(providers[date]) < _FEWEST_AGREEING:
        return None
    row = next(seen for seen in rows if seen.listing.released == date)
    return row, f"release_date, {AGREED} {len(providers[date])} providers"


def _means(family: str, stem: str) -> bool:
    """Whether a package's name of a family means the one that a stem begins: `qwen3.5` and `qwen`."""
    return model_key(family).startswith(model_key(stem)) or model_key(stem).startswith(model_key(family))
