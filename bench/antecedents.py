"""The name behind a candidate: its own words, or for a pronoun those of an earlier candidate."""

from collections.abc import Sequence
from typing import Final

from spacy.tokens import Doc

from loaders.extraction.pairs.candidates import PERSONAL, Candidate, candidates
from loaders.extraction.pairs.words import Words

_RELATIVE: Final = frozenset("who whose whom which that where".split())
_SUBJECTS: Final = frozenset("nsubj nsubjpass ROOT".split())
_FIRMS: Final = frozenset("ORG NAME PRODUCT".split())
_NO_FIRMS: Final = frozenset("PERSON DATE PRONOUN".split())


class Names:
    """The candidates of a text that pronouns may stand for."""

    def __init__(self, doc: Doc) -> None:
        """Find them."""
        self._words: Final = Words.of(doc)
        found = [c for c in candidates(doc, self._words) if c.label not in ("PRONOUN", "DATE")]
        self._named: Final[Sequence[Candidate]] = found

    def name(self, end: Candidate) -> str:
        """The words that name this end; the pronoun itself where the text names nobody."""
        named = self._antecedent(end) if end.label == "PRONOUN" else end
        found = named or end
        return self._words.text[found.start : found.end]

    def _antecedent(self, pronoun: Candidate) -> Candidate | None:
        word = self._words.lower[pronoun.first]
        if word in _RELATIVE and (close := self._modified(pronoun)):
            return close
        before = [c for c in self._named if c.last <= pronoun.first]
        if word in PERSONAL:
            fitting = [c for c in self._named if c.label == "PERSON"]
            near = [c for c in before if c.label == "PERSON"]
        else:
            fitting = [c for c in self._named if c.label not in _NO_FIRMS]
            near = [c for c in before if c.label in _FIRMS]
        subjects = [c for c in near if self._words.dep[c.root] in _SUBJECTS]
        return next(iter([*reversed(subjects), *fitting, *self._named]), None)

    def _modified(self, pronoun: Candidate) -> Candidate | None:
        """The candidate that the pronoun's clause hangs on, or that stands right before it."""
        words, at = self._words, pronoun.root
        while words.head[at] != at and words.dep[at] != "relcl":
            at = words.head[at]
        noun = words.head[at]
        hung = [c for c in self._named if c.first <= noun < c.last]
        before = [c for c in self._named if pronoun.first - 2 <= c.last <= pronoun.first]
        return next(iter([*hung, *reversed(before)]), None)
