"""The name behind a candidate: its own words, or for a pronoun those of the candidate that it stands for.

Of a document there are only passages; a pronoun that no name of its own passage fits may stand for somebody
whom another passage of the document is about.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from spacy.tokens import Doc

from loaders.extraction.first_names import contradicts
from loaders.extraction.pairs.candidates import PERSONAL, Candidate, candidates
from loaders.extraction.pairs.words import Words

_RELATIVE: Final = frozenset("who whose whom which that where".split())
_OF_PEOPLE: Final = PERSONAL | {"who", "whose", "whom"}
_PLACING: Final = frozenset("which where".split())
_SUBJECTS: Final = frozenset("nsubj nsubjpass ROOT".split())
_FIRMS: Final = frozenset("ORG NAME PRODUCT".split())
_CLAUSES: Final = frozenset("relcl acl".split())
_STEPS: Final = 4
_NO_NAMES: Final = frozenset("PRONOUN DATE".split())


class Names:
    """The candidates of a passage that pronouns may stand for."""

    def __init__(self, doc: Doc) -> None:
        """Find them."""
        self._words: Final = Words.of(doc)
        self._named: Final = [c for c in candidates(doc, self._words) if c.label not in _NO_NAMES]
        self.elsewhere: Sequence[Names] = ()

    def name(self, end: Candidate) -> str:
        """The words that name this end; the pronoun itself where the text names nobody."""
        return self.known_name(end) or next(map(self._text, self._named), self._text(end))

    def known_name(self, end: Candidate) -> str | None:
        """The words that name this end; None where no name fits the pronoun."""
        if end.label != "PRONOUN":
            return self._text(end)
        here = next(self._antecedents(end), None)
        if here is not None:
            return self._text(here)
        word = self._words.lower[end.first]
        return next((name for other in self.elsewhere if (name := other.topic(word))), None)

    def topic(self, word: str) -> str | None:
        """The person, or the firm, that this pronoun of another passage may stand for."""
        fitting = self._fitting(word)
        subjects = [c for c in fitting if self._is_subject(c)]
        return self._text([*fitting, *subjects][-1]) if fitting else None

    def _fitting(self, word: str) -> Sequence[Candidate]:
        if word in _OF_PEOPLE:
            return [c for c in self._named if c.label == "PERSON" and not self._contradicts(word, c)]
        return [c for c in self._named if c.label in _FIRMS]

    def _contradicts(self, word: str, person: Candidate) -> bool:
        """Whether the person's first name does not go with the pronoun; a surname alone tells nothing."""
        return person.last - person.first > 1 and contradicts(word, self._text(person))

    def _text(self, end: Candidate) -> str:
        return self._words.text[end.start : end.end]

    def _is_subject(self, end: Candidate) -> bool:
        return self._words.dep[end.root] in _SUBJECTS

    def _antecedents(self, pronoun: Candidate) -> Iterator[Candidate]:
        """Those that fit, the likeliest first: the last subject before, then others before, then subjects."""
        word = self._words.lower[pronoun.first]
        fitting = self._fitting(word)
        before = [c for c in fitting if c.last <= pronoun.first]
        if word in _RELATIVE:
            yield from self._modified(pronoun, self._describable(word))
        if word in _PLACING:
            yield from reversed(before)
        yield from (c for c in reversed(before) if self._is_subject(c))
        yield from before
        yield from (c for c in fitting if self._is_subject(c))

    def _describable(self, word: str) -> Sequence[Candidate]:
        """What a clause that begins with this word may describe."""
        if word in _OF_PEOPLE:
            return self._fitting(word)
        return [c for c in self._named if c.label != "PERSON" or word not in _PLACING]

    def _modified(self, pronoun: Candidate, fitting: Sequence[Candidate]) -> Iterator[Candidate]:
        """The candidate that the pronoun's clause describes, then those that stand close before it."""
        words, at = self._words, pronoun.root
        while words.head[at] != at and words.dep[at] not in _CLAUSES:
            at = words.head[at]
        noun = words.head[at]
        for _ in range(_STEPS):
            yield from (c for c in fitting if c.first <= noun < c.last)
            noun = self._same_as(noun)
        yield from (c for c in reversed(fitting) if pronoun.first - 2 <= c.last <= pronoun.first)

    def _same_as(self, noun: int) -> int:
        """The word that this one is said to be the same as: `Jane Miller is an engineer`, `Acme, a firm`."""
        words = self._words
        head = words.head[noun]
        if words.dep[noun] == "attr":
            return next((c for c in words.children.get(head, ()) if words.dep[c] in _SUBJECTS), noun)
        return head if words.dep[noun] in ("appos", "conj") else noun


def names_of(lines: Sequence[Mapping[str, Any]], docs: Sequence[Doc]) -> list[Names]:
    """The names of each passage; `lines` are the passages as the data set has them.

    What a passage does not name, the passages before it may, the nearest first, and then those after it.
    """
    found = [Names(doc) for doc in docs]
    documents: defaultdict[object, list[tuple[int, Names]]] = defaultdict(list)
    for line, names in zip(lines, found, strict=True):
        if line.get("document") is not None:
            documents[line["document"]].append((line.get("offset", 0), names))
    for passages in documents.values():
        ordered = [names for _, names in sorted(passages, key=lambda one: one[0])]
        for place, names in enumerate(ordered):
            names.elsewhere = [*reversed(ordered[:place]), *ordered[place + 1 :]]
    return found
