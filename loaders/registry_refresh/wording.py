"""Names, ids and aliases of new records, in the style that their family's records have."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Final

from kb.names import slug
from kb.ontology import EntityType
from kb.registry import Registry, RegistryEntry
from loaders.registry_refresh.candidates import Candidate
from loaders.registry_refresh.naming import clean_name, model_key

_UPPER: Final = frozenset("vl ocr tts asr mt xl xxl moe hd hd ai rl api sd ssd ui dpo er".split())
_SIZE: Final = re.compile(r"(?:\d+x)?\d+(?:\.\d+)?[bmkt]|a\d+(?:\.\d+)?[bm]|e\d+b|\d+e|[a-z]\d[a-z]|sd\d.*")
_EXTRA: Final = re.compile(r"(?:air|flash)x")
_NUMBER: Final = re.compile(r"\d")
_TELLING: Final = re.compile(r"\d+\.\d|\d[a-zA-Z]|[a-zA-Z]\d|\d{3,}")
_ID_LIKE: Final = re.compile(r"[a-z0-9.]+(?:-[a-z0-9.]+)+")
_SHORTEST: Final = 4
_TELLING_WORDS: Final = 2


@dataclass(frozen=True, slots=True)
class Words:
    """How a new record is called."""

    id: str
    name: str
    aliases: tuple[str, ...]
    ambiguous: tuple[str, ...]


class Wording:
    """Words for new records that clash with no form of the registry."""

    def __init__(self, registry: Registry) -> None:
        """Note who holds which form, and how each family joins its name and what follows."""
        self._holders: Final[dict[str, str]] = {}
        self._ambiguous: Final[set[str]] = set()
        self._names: Final = {
            model_key(entry.name): entry.name for entry in registry.of_type(EntityType.MODEL)
        }
        joints: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for entry in registry.entries.values():
            for form in entry.forms:
                self._holders.setdefault(form, entry.id)
            self._ambiguous.update(form.casefold() for form in entry.ambiguous)
            if entry.type is EntityType.MODEL:
                head = re.match(r"([^\W\d]+)([ -]?)\d", entry.name)
                if head:
                    joints[head[1].casefold()][head[2]] += 1
        self._joints: Final = {
            head: min(found, key=lambda joint: (-found[joint], joint)) for head, found in joints.items()
        }

    def holder(self, form: str) -> str | None:
        """The record that has this form."""
        return self._holders.get(form)

    def of(self, candidate: Candidate, family: RegistryEntry) -> Words:
        """Id, name and aliases of a candidate's record."""
        name = self._name(candidate, family)
        forms = [name.replace(" ", "-"), name.replace("-", " "), candidate.bare]
        forms = [form for form in dict.fromkeys(forms) if form != name and self.holder(form) is None]
        ambiguous = tuple(form for form in (name, *forms) if self._is_ambiguous(form))
        return Words(f"model/{slug(name)}", name, tuple(forms), ambiguous)

    def _name(self, candidate: Candidate, family: RegistryEntry) -> str:
        """The developer's or a catalogue's own spelling of the bare name, else one made from the id."""
        key = model_key(candidate.bare)
        for seen in candidate.sightings:
            told = clean_name(seen.listing.name or "")
            if model_key(told) == key and not _ID_LIKE.fullmatch(told) and told[:1].isupper():
                return self._joined(told)
        return self._spelled(candidate, family)

    def _joined(self, name: str) -> str:
        """The name with its beginning as the registry spells it, so that one model has one spelling."""
        words = name.split(" ")
        for count in range(len(words), 0, -1):
            known = self._names.get(model_key(" ".join(words[:count])))
            if known is not None:
                return " ".join([known, *words[count:]])
        return name

    def _spelled(self, candidate: Candidate, family: RegistryEntry) -> str:
        words = candidate.bare.split("-")
        shown = [_capital(word) for word in words]
        stem = candidate.stem
        own = next((form for form in family.forms if form.casefold().replace(" ", "-") == stem), None)
        size = stem.count("-") + 1
        if own is not None and "-".join(words[:size]) == stem:
            shown = [own, *shown[size:]]
        elif own is not None and words[0].startswith(stem):
            shown[0] = own + shown[0][len(stem) :]
        joint = self._joints.get(stem, " ")
        if len(shown) > 1 and shown[1][:1].isdigit() and shown[0] == own:
            shown[:2] = [f"{shown[0]}{joint}{shown[1]}"]
        return self._joined(" ".join(shown))

    def _is_ambiguous(self, form: str) -> bool:
        """Whether ordinary words may be spelled so: short, or a common word and nothing telling after."""
        if len(form) < _SHORTEST or not re.search(r"[\W\d]", form):
            return True
        words = re.split(r"[ -]", form)
        if words[0].casefold() not in self._ambiguous or len(words) > _TELLING_WORDS:
            return False
        return not _TELLING.search(form[len(words[0]) :])


def _capital(word: str) -> str:
    if word in _UPPER or _SIZE.fullmatch(word):
        return re.sub(r"(?<=\d)X(?=\d)", "x", word.upper())
    if _EXTRA.fullmatch(word):
        return word[:-1].capitalize() + "X"
    if _NUMBER.match(word):
        return word
    return word[:1].upper() + word[1:]
