"""Which entities may be one: proposals for people, and the few that are certain.

Certain is one rule alone: the registry now has an entry that a provisional entity's name resolves to, by
exact key and type, and the entry does not say that this name needs a fitting context. All else only proposes.
Names that are short, or made of words that many names share, are never compared loosely; numbers must be
equal; two entities of the registry are proposed by their Wikidata id alone: people keep them apart there.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Final

from rapidfuzz.distance import Indel

from kb.facts import EntityRef
from kb.names import name_key
from kb.ontology import EntityType
from kb.registry import Registry, RegistryEntry
from kb.resolution import Resolver

GENERIC: Final = frozenset(
    (
        "a ag ai an and center centre company corporation foundation global group health holding holdings "
        "in institute international lab labs laboratories model models network of online platform research "
        "services software solutions studio studios systems team tech technologies technology the university "
        "ventures"
    ).split()
)
"""Words that tell no two names apart, and that no name is known by."""

_LEAST_LETTERS: Final = 5
_LEAST_ENTROPY: Final = 2.0
"""In bits per letter: `aaaaa` has none, five different letters have 2.3."""
_LARGEST_BLOCK: Final = 100
"""So many names that share a word or a piece of one are a sign that it tells nothing."""
_TYPOS: Final = ((8, 0.85), (6, 0.9))
"""From how many letters on which likeness counts as another spelling."""
_WORDS: Final = re.compile(r"\d+(?:\.\d+)*|[^\W\d_]+")


class Reason(StrEnum):
    """Why two entities may be one."""

    REGISTRY = "the registry knows this name"
    QID = "same Wikidata id"
    KEY = "same name"
    LETTERS = "same letters"
    ALIAS = "shared alias"
    FUZZY = "similar name"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity as it is compared; `keys` are the keys of all forms that it goes by."""

    id: str
    type: EntityType
    name: str
    keys: frozenset[str]
    provisional: bool
    qid: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two entities that may be one, with the score between 0 and 1; `certain` ones need nobody's look."""

    one: Candidate
    other: Candidate
    reason: Reason
    score: float
    certain: bool = False

    @property
    def pair(self) -> tuple[str, str]:
        """The two ids, the smaller first."""
        return (self.one.id, self.other.id)


def propose(candidates: Iterable[Candidate], registry: Registry) -> list[Proposal]:
    """All proposals, the surest first; of two for one pair the surer."""
    by_type: dict[EntityType, list[Candidate]] = defaultdict(list)
    for candidate in sorted(candidates, key=lambda one: one.id):
        by_type[candidate.type].append(candidate)
    found: dict[tuple[str, str], Proposal] = {}
    for group in by_type.values():
        for proposal in (*_by_registry(group, registry), *_exact(group), *_fuzzy(group)):
            known = found.get(proposal.pair)
            if known is None or (proposal.certain, proposal.score) > (known.certain, known.score):
                found[proposal.pair] = proposal
    return sorted(found.values(), key=lambda one: (not one.certain, -one.score, one.pair))


def _proposal(
    one: Candidate, other: Candidate, reason: Reason, score: float, *, certain: bool = False
) -> Proposal:
    first, second = sorted((one, other), key=lambda candidate: candidate.id)
    return Proposal(first, second, reason, round(score, 2), certain)


def _by_registry(group: Sequence[Candidate], registry: Registry) -> Iterator[Proposal]:
    resolver = Resolver(registry)
    by_id = {candidate.id: candidate for candidate in group}
    for candidate in group:
        if not candidate.provisional:
            continue
        resolved = resolver.resolve(EntityRef(candidate.type, candidate.name))
        if resolved.provisional or resolved.id == candidate.id:
            continue
        entry = registry.entries[resolved.id]
        known = by_id.get(entry.id) or _entry(entry)
        in_context = {name_key(form) for form in entry.ambiguous}
        certain = name_key(candidate.name) not in in_context
        yield _proposal(candidate, known, Reason.REGISTRY, 1.0 if certain else 0.9, certain=certain)


def _entry(entry: RegistryEntry) -> Candidate:
    """An entry that is not in the graph yet."""
    keys = frozenset(name_key(form) for form in entry.forms)
    return Candidate(entry.id, entry.type, entry.name, keys, provisional=False)


def _exact(group: Sequence[Candidate]) -> Iterator[Proposal]:
    """Pairs that share something exactly."""
    common = _common_words(group)
    shared: dict[tuple[Reason, str], list[Candidate]] = defaultdict(list)
    for one in group:
        if one.qid is not None:
            shared[Reason.QID, one.qid].append(one)
        shared[Reason.KEY, name_key(one.name)].append(one)
        shared[Reason.LETTERS, _letters(one.name)].append(one)
        for key in one.keys:
            if _tells(_words(key), common):
                shared[Reason.ALIAS, key].append(one)
    for (reason, _), them in sorted(shared.items()):
        for one, other in _pairs(them):
            if reason is Reason.QID or one.provisional or other.provisional:
                yield _proposal(one, other, reason, _SCORES[reason])


_SCORES: Final = {Reason.QID: 0.99, Reason.KEY: 0.98, Reason.LETTERS: 0.95, Reason.ALIAS: 0.9}


def _fuzzy(group: Sequence[Candidate]) -> Iterator[Proposal]:
    common = _common_words(group)
    words = {one.id: _words(name_key(one.name)) for one in group}
    blocks: dict[str, list[Candidate]] = defaultdict(list)
    for one in group:
        if _tells(words[one.id], common):
            for piece in {p for word in words[one.id] if word not in common for p in _pieces(word)}:
                blocks[piece].append(one)
    seen: set[tuple[str, str]] = set()
    for block in blocks.values():
        for one, other in _pairs(block):
            if (one.id, other.id) in seen or not (one.provisional or other.provisional):
                continue
            seen.add((one.id, other.id))
            score = likeness(words[one.id], words[other.id], one.type, common)
            if score:
                yield _proposal(one, other, Reason.FUZZY, 0.9 * score)


def _pairs(block: Sequence[Candidate]) -> Iterator[tuple[Candidate, Candidate]]:
    return combinations(block, 2) if len(block) <= _LARGEST_BLOCK else iter(())


def _pieces(word: str) -> tuple[str, ...]:
    """What two spellings of one word still share: its beginning or its end."""
    return (word,) if len(word) < _TYPOS[-1][0] else (f"{word[:3]}-", f"-{word[-3:]}")


def likeness(
    one: Sequence[str], other: Sequence[str], kind: EntityType, common: frozenset[str] = GENERIC
) -> float:
    """How alike two names are by their words, from 0 to 1; 0 where a word of one says more of its own."""
    if [w for w in sorted(one) if w[0].isdigit()] != [w for w in sorted(other) if w[0].isdigit()]:
        return 0.0
    left, right = Counter(one), Counter(other)
    shared = left & right
    rest, others = sorted((left - shared).elements()), sorted((right - shared).elements())
    matched: list[float] = []
    for word in list(rest):
        best = max(others, key=lambda there: (_spelling(word, there), there), default=None)
        if best is not None and _spelling(word, best):
            matched.append(_spelling(word, best))
            rest.remove(word)
            others.remove(best)
    if not all(_may_be_left_out(word, kind, common) for word in (*rest, *others)):
        return 0.0
    same = [*(word for word in shared.elements() if word not in common)]
    if not same and not matched:
        return 0.0
    left_out = 0.05 * len((*rest, *others))
    return max(0.0, (len(same) + sum(matched)) / (len(same) + len(matched)) - left_out)


def _may_be_left_out(word: str, kind: EntityType, common: frozenset[str]) -> bool:
    if kind is EntityType.PERSON:
        return len(word) == 1
    return kind is EntityType.COMPANY and word in common and word in GENERIC


def _spelling(one: str, other: str) -> float:
    """How alike two words are, 0 where they are two words."""
    least = next((alike for length, alike in _TYPOS if min(len(one), len(other)) >= length), None)
    return 0.0 if least is None else Indel.normalized_similarity(one, other, score_cutoff=least)


def _words(key: str) -> tuple[str, ...]:
    return tuple(_WORDS.findall(_plain(key)))


def _letters(name: str) -> str:
    return "".join(c for c in _plain(name_key(name)) if c.isalnum() or c in ".+")


def _plain(key: str) -> str:
    """Without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", key) if not unicodedata.combining(c))


def _tells(words: Iterable[str], common: frozenset[str]) -> bool:
    """Whether a name is long and varied enough, without its common words, to be compared loosely."""
    letters = "".join(word for word in words if word not in common and not word[0].isdigit())
    return len(letters) >= _LEAST_LETTERS and _entropy(Counter(letters)) >= _LEAST_ENTROPY


def _entropy(counts: Mapping[str, int]) -> float:
    total = sum(counts.values())
    return -sum(n / total * math.log2(n / total) for n in counts.values())


def _common_words(group: Sequence[Candidate]) -> frozenset[str]:
    """The generic words, and those that many of these names share."""
    names = Counter(word for one in group for word in set(_words(name_key(one.name))))
    most = max(20, len(group) // 50)
    return GENERIC | {word for word, n in names.items() if n > most}
