"""Where the registry's names stand in a text: longest form first, case-sensitive, whole words only."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kb.ontology import EntityType
from kb.registry import Registry, RegistryEntry
from loaders.extraction.cover import Cover
from loaders.extraction.first_names import first_names
from loaders.extraction.model_names import variants_in

_WORD: Final = re.compile(r"\w+")
_CJK: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_STEM: Final = re.compile(r"([A-Za-z]{3,})\d")
_SUPERFLUOUS: Final = re.compile(r"[^0-9a-z.\u0080-\uffff]+")
_MASKED: Final = re.compile(
    r"https?://[^\s)>\]\"']+|www\.[^\s)>\]\"']+|\]\([^)\s]{0,400}\)|<[a-zA-Z/!][^<>\n]{0,400}>"
    r"|(?<![\w.+-])[\w.+-]++@[\w-]+\.[\w.]+"
)
_OWNED: Final = re.compile(r"[A-Z][\w.]*['’]s ")
_NEXT: Final = re.compile(r"[ \u00a0\t]*(?:\n[ \u00a0\t]*)?(.)")
_GAP: Final = re.compile(r"[ \u00a0\t]+|[ \u00a0\t]*\n[ \u00a0\t]*")


def squash(name: str) -> str:
    """The letters, digits and dots of a name in lower case: `GPT 4o` and `gpt-4o` are one key."""
    return _SUPERFLUOUS.sub("", name.casefold())


@dataclass(frozen=True, slots=True)
class Hit:
    """A form of the registry in the text, and all the entries that have it."""

    start: int
    end: int
    entries: tuple[RegistryEntry, ...]


class Gazetteer:
    """The registry's forms, indexed by their first word."""

    def __init__(self, registry: Registry) -> None:
        """Index all forms once; matching is then linear in the text."""
        owners: defaultdict[str, list[RegistryEntry]] = defaultdict(list)
        for entry in registry.entries.values():
            for form in _forms_of(entry):
                if entry not in owners[form]:
                    owners[form].append(entry)
        self._owners: Final[Mapping[str, tuple[RegistryEntry, ...]]] = {
            form: tuple(entries) for form, entries in owners.items()
        }
        self._by_first: Final = _by_first_word(self._owners)
        self._arranged: Final[dict[str, Mapping[str, tuple[str, ...]]]] = {}
        self._by_key: Final[Mapping[str, RegistryEntry]] = _model_keys(registry)
        self.first_names: Final = _first_names(registry)
        self.demonyms: Final = frozenset(
            word for entry in registry.of_type(EntityType.COUNTRY) for word in entry.demonyms
        )
        self.seats: Final = _seats(registry)
        self.makers: Final = makers(registry)
        models = registry.of_type(EntityType.MODEL)
        self.variants: Final = variants_in(form for entry in models for form in entry.forms)
        self._cjk: Final = _alternatives([form for form in self._owners if _CJK.match(form)])

    def hits(self, text: str) -> list[Hit]:
        """The forms in the text, in order, none within another, none in an address or a tag."""
        masked = Cover(len(text), masked_spans(text))
        found = [hit for hit in self._candidates(text) if not masked.touches(hit.start, hit.start + 1)]
        found.sort(key=lambda hit: (hit.start, -hit.end))
        kept: list[Hit] = []
        for hit in found:
            if not kept or hit.start >= kept[-1].end:
                kept.append(hit)
        return kept

    def model(self, name: str) -> RegistryEntry | None:
        """The model that is written so, whatever its case, blanks and hyphens."""
        return self._by_key.get(squash(name))

    def entries(self, form: str) -> tuple[RegistryEntry, ...]:
        """The entries that have exactly this form."""
        return self._owners.get(form, ())

    def _candidates(self, text: str) -> Iterator[Hit]:
        for word in _WORD.finditer(text):
            end, form = self._longest(text, word)
            if form:
                yield Hit(word.start(), end, self._owners[form])
                continue
            stem = _STEM.match(word[0])
            family = self._family(stem[1]) if stem else None
            if stem and family:
                yield Hit(word.start(), word.start() + len(stem[1]), (family,))
        if self._cjk and _CJK.search(text):
            for found in self._cjk.finditer(text):
                yield Hit(found.start(), found.end(), self._owners[found[0]])

    def _longest(self, text: str, word: re.Match[str]) -> tuple[int, str]:
        """The longest form that begins with this word; a blank in a form stands for any blanks."""
        beginning = self._by_first.get(word[0])
        if beginning is None:
            return 0, ""
        if word[0] not in self._arranged:
            self._arranged[word[0]] = _by_next(word[0], beginning)
        forms = self._arranged[word[0]]
        following = _NEXT.match(text, word.end())
        for form in forms.get(following[1], forms[""]) if following else forms[""]:
            end = word.start() + len(form)
            if not text.startswith(form, word.start()):
                end = _flexible(text, word.start(), form) if " " in form else 0
            if end and (end == len(text) or not _continues(text, end)):
                return end, form
        return 0, ""

    def _family(self, stem: str) -> RegistryEntry | None:
        entry = self._by_key.get(stem.casefold())
        return entry if entry is not None and stem[0].isupper() and stem in entry.forms else None


def _first_names(registry: Registry) -> frozenset[str]:
    """Those of the registry's people, and the usual ones that begin nothing else that the registry knows."""
    own = {entry.name.split()[0] for entry in registry.of_type(EntityType.PERSON) if " " in entry.name}
    others = {
        form.partition(" ")[0]
        for entry in registry.entries.values()
        if entry.type is not EntityType.PERSON
        for form in entry.forms
    }
    return frozenset(own | (first_names().keys() - others))


def masked_spans(text: str) -> list[tuple[int, int]]:
    """Addresses, link targets and tags: their words are not the text's."""
    return [found.span() for found in _MASKED.finditer(text)]


def _continues(text: str, end: int) -> bool:
    after = text[end]
    return after.isalnum() and not (_CJK.match(after) and text[end - 1].isascii())


def _flexible(text: str, start: int, form: str) -> int:
    position = start
    for index, part in enumerate(form.split(" ")):
        if index:
            gap = _GAP.match(text, position)
            if gap is None:
                return 0
            position = gap.end()
        if not text.startswith(part, position):
            return 0
        position += len(part)
    return position


def _forms_of(entry: RegistryEntry) -> Iterator[str]:
    for form in entry.forms:
        if entry.type in {EntityType.MODEL, EntityType.PRODUCT} and _OWNED.match(form):
            continue  # `Acme's Writer` names two entities
        yield form
        if "'" in form:
            yield form.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")
        if entry.type is EntityType.COMPANY and " " in form and len(form) > 7 and form not in entry.ambiguous:
            yield form.replace(" ", "")
        if entry.type is EntityType.COMPANY and form.endswith(" AI"):
            yield from (form[: -len(" AI")] + ending for ending in (".AI", ".ai"))


def _by_first_word(forms: Iterable[str]) -> Mapping[str, list[str]]:
    table: defaultdict[str, list[str]] = defaultdict(list)
    for form in forms:
        if word := _WORD.match(form):
            table[word[0]].append(form)
    return table


def _by_next(word: str, forms: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """The forms that begin with a word by the first character after it; those of one word fit any."""
    by_next: defaultdict[str, list[str]] = defaultdict(list, {"": []})
    for form in forms:
        by_next[form[len(word) :].lstrip()[:1]].append(form)
    alone = by_next[""]
    return {
        following: tuple(sorted({*found, *alone}, key=lambda f: (-len(f), f)))
        for following, found in by_next.items()
    }


def _seats(registry: Registry) -> Mapping[str, str]:
    """The country's ISO code of each firm that has one seat by the registry's claims, by the firm's id."""
    told: defaultdict[str, set[str]] = defaultdict(set)
    for entry in registry.of_type(EntityType.COMPANY):
        for claim in entry.claims:
            if claim.fields.get("predicate") == "BASED_IN" and "object" in claim.fields:
                told[entry.id].add(str(claim.fields["object"]).removeprefix("country/").upper())
    return {firm: next(iter(codes)) for firm, codes in told.items() if len(codes) == 1}


def makers(registry: Registry) -> Mapping[str, RegistryEntry]:
    """Whose a model is, where the registry claims it of one firm alone, by the model's id."""
    told: defaultdict[str, set[str]] = defaultdict(set)
    families: dict[str, str] = {}
    for entry in registry.of_type(EntityType.MODEL):
        for claim in entry.claims:
            if claim.fields.get("predicate") == "DEVELOPS" and "subject" in claim.fields:
                told[entry.id].add(str(claim.fields["subject"]))
            elif claim.fields.get("predicate") == "RELEASE_OF" and "object" in claim.fields:
                families[entry.id] = str(claim.fields["object"])
    for release, family in families.items():
        told[release] = told[release] or told.get(family, set())
    firms = {model: next(iter(ids)) for model, ids in told.items() if len(ids) == 1}
    return {model: registry.entries[firm] for model, firm in firms.items() if firm in registry.entries}


def _model_keys(registry: Registry) -> dict[str, RegistryEntry]:
    keys: dict[str, RegistryEntry] = {}
    for entry in registry.of_type(EntityType.MODEL):
        for form in entry.forms:
            keys.setdefault(squash(form), entry)
    for entry in registry.of_type(EntityType.MODEL):
        keys[squash(entry.name)] = entry
    return keys


def _alternatives(forms: list[str]) -> re.Pattern[str] | None:
    ordered = sorted(forms, key=lambda f: (-len(f), f))
    return re.compile("|".join(map(re.escape, ordered))) if ordered else None
