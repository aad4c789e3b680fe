"""Where a firm has its seat: `France's X`, `Paris-based X`, `the Chinese start-up X`, `X, based in Paris`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kb.facts import EntityRef, Fact, Relation
from kb.ontology import EntityType, RelationType
from kb.registry import Registry, RegistryEntry
from loaders.extraction.annotations import EXTRACTOR, Annotated, EntityMention, MentionKind
from loaders.extraction.clauses import clauses
from loaders.extraction.focus import focus_company
from loaders.extraction.geography import city_country, state_country
from loaders.extraction.lazy_pattern import LazyPattern
from loaders.extraction.rules import load_rules
from loaders.extraction.slots import Slotted, all_slotted, pattern
from loaders.extraction.trace import Reason, What


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: LazyPattern
    confidence: float
    where: str


_LIST_IN: Final = _Rule(pattern(r"{a:Cs} in {b:N}"), 0.8, "several firms in a country")


class PlaceFinder:
    """Finds seats; a city counts for its country."""

    def __init__(self, registry: Registry) -> None:
        """Make the patterns for the registry's nationalities."""
        self._countries: Final = {entry.id: entry for entry in registry.of_type(EntityType.COUNTRY)}
        self._by_name: Final[Mapping[str, RegistryEntry]] = {
            form: entry for entry in self._countries.values() for form in entry.forms
        }
        demonyms = {word: entry for entry in self._countries.values() for word in entry.demonyms}
        if (us := self._countries.get("country/us")) is not None:
            demonyms |= {"U.S.": us, "US": us}
        self._demonyms: Final = demonyms
        words = "|".join(re.escape(word) for word in sorted(demonyms, key=lambda w: (-len(w), w)) if word)
        self._rules: Final = tuple(
            _Rule(pattern(rule.text("pattern")), rule.confidence, rule.where)
            for rule in load_rules("places", NATION=f"(?P<nation>{words or '(?!)'})")
        )

    def find(self, annotated: Annotated) -> Iterator[Fact]:
        """The seats that the sentences name."""
        for sentence in all_slotted(annotated):
            for part in (sentence, *clauses(annotated, sentence)):
                for rule in self._rules:
                    for found in rule.pattern.finditer(part.text):
                        if not part.head or found.start() < part.head:
                            yield from self._seats(annotated, part, found, rule)
            for found in _LIST_IN.pattern.finditer(sentence.text):
                if len(sentence.mentions(found["a"])) > 1:
                    yield from self._seats(annotated, sentence, found, _LIST_IN)
            yield from self._described(annotated, sentence)

    def _seats(
        self, annotated: Annotated, sentence: Slotted, found: re.Match[str], rule: _Rule
    ) -> Iterator[Fact]:
        groups = found.groupdict()
        named = sentence.mentions(groups.get("a") or groups.get("a2"))
        place = sentence.original(found.start(), found.end())
        if "nation" in groups and any(m.kind is MentionKind.NOMINAL for m in named):
            _let_go(annotated, rule, place, Reason.SOMEBODY_ELSES)  # `its American rival, the company said`
            return
        firms, confidence = [m.ref for m in named], rule.confidence
        if not firms:
            about = focus_company(annotated, place[0])
            firms, confidence = ([about] if about else []), confidence * 0.92
        country, city = self._country(sentence, groups)
        if country is None or not firms:
            _let_go(annotated, rule, place, Reason.NO_PLACE if country is None else Reason.NO_END)
            return
        for firm in firms:
            seat = _seat(annotated, firm, (country, city), place, confidence)
            yield annotated.trace.made(seat, rule.where)

    def _described(self, annotated: Annotated, sentence: Slotted) -> Iterator[Fact]:
        """`the Toronto start-up`: the phrase that refers to the firm says where it is."""
        for filler in sentence.fillers:
            if not isinstance(filler, EntityMention) or filler.kind is not MentionKind.NOMINAL:
                continue
            words = annotated.text[filler.start : filler.end].split()
            if filler.type is not EntityType.COMPANY or len(words) < 3 or not words[1][0].isupper():
                continue
            country, city = self._seat_in(sentence, words[1:-1])
            if country is not None:
                seat = _seat(annotated, filler.ref, (country, city), (filler.start, filler.end), 0.82)
                yield annotated.trace.made(seat, "a phrase that refers to the firm by its place")

    def _seat_in(self, sentence: Slotted, words: Sequence[str]) -> tuple[EntityRef | None, str | None]:
        """The seat that these words before the noun name: `Toronto`, `Chinese AI`, `Austin, Texas-based`."""
        nation = self._demonyms.get(words[0])
        if nation is not None:
            return _ref(nation), None
        place, based, _ = " ".join(words).partition("-based")
        if based:
            city, _, wider = place.partition(", ")
            return self._country(sentence, {"place": city, "wider": wider or None})
        longest = self._country(sentence, {"place": " ".join(words[:2])})
        return longest if longest[0] else self._country(sentence, {"place": words[0]})

    def _country(
        self, sentence: Slotted, groups: Mapping[str, str | None]
    ) -> tuple[EntityRef | None, str | None]:
        nation = groups.get("nation")
        if nation is not None:
            return _ref(self._demonyms[nation]), None
        named = sentence.mentions(groups.get("b"))
        if named:
            return named[0].ref, None
        place, wider = (
            (groups.get("place") or "").removeprefix("the ").removesuffix("-based"),
            groups.get("wider"),
        )
        within = sentence.mentions(wider)
        if within:
            return within[0].ref, place
        if place in self._by_name:
            return _ref(self._by_name[place]), None
        place = place.rstrip(".")  # the sentence's own full stop
        code = state_country(wider) or state_country(place) or city_country(place)
        entry = self._countries.get(f"country/{code.lower()}") if code else None
        return (_ref(entry), None if state_country(place) else place) if entry else (None, None)


def _let_go(annotated: Annotated, rule: _Rule, place: tuple[int, int], reason: Reason) -> None:
    annotated.trace.dropped(What.RELATION, reason, place, rule=rule.where, says=RelationType.BASED_IN)


def _ref(entry: RegistryEntry) -> EntityRef:
    return EntityRef(EntityType.COUNTRY, entry.name, entry.id)


def _seat(
    annotated: Annotated,
    firm: EntityRef,
    seat: tuple[EntityRef, str | None],
    place: tuple[int, int],
    confidence: float,
) -> Relation:
    country, city = seat
    return Relation(
        subject=firm,
        predicate=RelationType.BASED_IN,
        object=country,
        city=city,
        evidence=annotated.evidence(*place),
        extractor=EXTRACTOR,
        confidence=round(confidence, 3),
    )
