"""Which entities a word of the parse stands for, with what is listed, apposed or referred to beside it."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from spacy.tokens import Token

from kb.ontology import EntityType
from loaders.extraction.annotations import Annotated, EntityMention, MentionKind

Types = frozenset[EntityType]

_SUBJECTS: Final = frozenset(("nsubj", "nsubjpass"))
_RELATIVES: Final = frozenset(("which", "who", "that", "whom"))
_EXAMPLES: Final = frozenset(("including", "like"))
_NAMING: Final = frozenset(("called", "named", "dubbed", "known"))
_KINDS: Final[Mapping[EntityType, frozenset[str]]] = {
    EntityType.MODEL: frozenset(
        "model models llm llms family series version versions line line-up weights checkpoint checkpoints"
        " generation update variants variant".split()
    ),
    EntityType.PRODUCT: frozenset(
        "app apps chatbot chatbots assistant assistants service services platform tool tools browser product"
        " products agent agents bot search engine api software".split()
    ),
    EntityType.LICENCE: frozenset("license licence licenses licences agreement terms".split()),
    EntityType.COMPANY: frozenset(
        "team teams labs lab group division unit arm subsidiary start-up startup company".split()
    ),
}
"""Nouns that a name before them only specifies: `the Claude models` are Claude."""

_GOVERNS: Final = frozenset(("xcomp", "advcl", "pcomp", "ccomp", "conj", "prep", "dep"))
_JOINT: Final = re.compile(
    r"(?: ?\([^()\n]{1,60}\))?(?P<last>,? (?:and|or|as well as|along with|together with|&) |/)?(?(last)|, )"
    r"(?:the |also |existing investors? |newcomers? )?"
)
_TITLES: Final = re.compile(r"(?: and (?:co-?)?founder)? ")
_ASIDE_END: Final = re.compile(r"(?: ?\([^()\n]{1,60}\))?")
_VERB: Final = re.compile(
    r" (?:is|was|are|were|has|had|have|will|would|can|does|did|said|says|plans|makes|offers|bought|took"
    r"|led)\b"
)
_CLIMB: Final = 5
_LONGEST_LIST: Final = 20


class Arguments:
    """Looks mentions up by the words of one document's parse."""

    def __init__(self, annotated: Annotated) -> None:
        """Index the mentions by their tokens."""
        self._annotated: Final = annotated
        self._starts: Final = {m.start: m for m in annotated.mentions if m.kind is MentionKind.NAME}
        self._of_token: Final[dict[int, EntityMention]] = {}
        for mention in annotated.mentions:
            for token in annotated.tokens(mention.start, mention.end):
                self._of_token.setdefault(token.i, mention)

    def at(self, token: Token) -> EntityMention | None:
        """The mention that the token is part of."""
        return self._of_token.get(token.i)

    def of(self, token: Token, types: Types, depth: int = 0) -> list[EntityMention]:
        """The entities of these types that the word means: itself, what it is apposed to, and its list."""
        if depth > _CLIMB:
            return []
        if token.lower_ in _RELATIVES and token.tag_ in {"WDT", "WP"}:
            return self._antecedent(token, types, depth)
        mention = self.at(token)
        if mention is None:
            return self._described(token, types, depth)
        found = [mention] if mention.type in types else []
        if not found and mention.type in {EntityType.COMPANY, EntityType.COUNTRY, EntityType.PERSON}:
            return []  # `Acme` is no model, whatever follows it
        return _once([*found, *self._listed(token, types, depth)])

    def after_title(self, title: Token) -> Token | None:
        """The person right after a title, whose it is: `Acme president and co-founder Jo Doe`."""
        between = _TITLES.match(self._annotated.text, title.idx + len(title))
        person = self._starts.get(between.end()) if between else None
        if person is None or person.type is not EntityType.PERSON:
            return None
        return self._annotated.tokens(person.start, person.end).root

    def subjects(self, verb: Token, types: Types) -> list[EntityMention]:
        """Who does what the verb says, be it said beside the verb that governs it."""
        token = verb
        for _ in range(_CLIMB):
            own = [child for child in token.children if child.dep_ in _SUBJECTS]
            if own:
                passive = own[0].dep_ == "nsubjpass" and token is not verb
                return [] if passive and token.lower_ in _ASKED else self.of(own[0], types)
            if token.dep_ in {"relcl", "acl"}:
                return self.of(token.head, types) if token.tag_ != "VBN" or token is not verb else []
            if token.dep_ not in _GOVERNS or token.head.i == token.i:
                return []
            beside = self._overlooked(token)
            if beside is not None:
                return [beside] if beside.type in types else []
            if token.dep_ in {"xcomp", "ccomp"} and any(c.dep_ == "dobj" for c in token.head.children):
                return []  # `asked Acme to sell`: not the one who asked
            token = token.head
        return []

    def _overlooked(self, verb: Token) -> EntityMention | None:
        """A name right before a finite verb is its subject, even where the parse made it part of a list."""
        before = verb.nbor(-1) if verb.i > verb.sent.start else None
        if before is None or verb.tag_ not in {"VBD", "VBZ", "VBP"} or before.dep_ not in {"conj", "appos"}:
            return None
        return self.at(before)

    def _antecedent(self, pronoun: Token, types: Types, depth: int) -> list[EntityMention]:
        verb = pronoun.head
        for _ in range(_CLIMB):
            if verb.dep_ == "relcl":
                found = self.of(verb.head, types, depth + 1)
                return found[-1:] if len(found) > 1 and verb.tag_ in {"VBZ", "VBD"} else found
            if verb.head.i == verb.i:
                break
            verb = verb.head
        return []

    def _described(self, token: Token, types: Types, depth: int) -> list[EntityMention]:
        """A common noun stands for the name beside it, or for those that it gives as examples."""
        found: list[EntityMention] = []
        for child in token.children:
            if child.dep_ == "appos" or (child.dep_ == "prep" and child.lower_ in _EXAMPLES):
                words = [child] if child.dep_ == "appos" else [c for c in child.children if c.dep_ == "pobj"]
                found += [m for word in words for m in self.of(word, types, depth + 1)]
            elif (
                child.dep_ == "prep" and child.lower_ == "as" and child.i and child.nbor(-1).lower_ == "such"
            ):
                found += [m for c in child.children if c.dep_ == "pobj" for m in self.of(c, types, depth + 1)]
            elif child.dep_ == "acl" and child.lower_ in _NAMING:
                named = [c for c in child.children if c.dep_ in {"oprd", "dobj", "attr"}]
                found += [m for word in named for m in self.of(word, types, depth + 1)]
            elif child.dep_ in {"compound", "nmod"} and self._specifies(child, token, types):
                found += [m for m in (self.at(child),) if m is not None]
        if not found and token.dep_ == "appos":
            return [m for m in self.of(token.head, types, depth + 1) if m.start < token.idx][-1:]
        return _once([*found, *(self._listed(token, types, depth) if found else ())])

    def _specifies(self, name: Token, noun: Token, types: Types) -> bool:
        mention = self.at(name)
        if mention is None or mention.type not in types or mention.kind is not MentionKind.NAME:
            return False
        return noun.lower_ in _KINDS.get(mention.type, frozenset())

    def _listed(self, token: Token, types: Types, depth: int) -> Iterator[EntityMention]:
        for child in token.children:
            if child.dep_ == "conj" and child.pos_ in {"PROPN", "NOUN", "X", "NUM", "ADJ", "PRON"}:
                yield from self.of(child, types, depth + 1)
        mention = self.at(token)
        if mention is not None and mention.kind is MentionKind.NAME and depth == 0:
            yield from self._written_list(mention, types)
            yield from self._written_before(mention, types)

    def _written_before(self, last: EntityMention, types: Types) -> Sequence[EntityMention]:
        """The names ahead of the one that ends a list between commas."""
        mentions = self._annotated.mentions
        index = bisect_left(mentions, last.start, key=lambda m: m.start)
        for first in mentions[max(index - _LONGEST_LIST, 0) : index]:
            if first.kind is MentionKind.NAME and first.type in types:
                listed = self._written_list(first, types)
                if listed and listed[-1] is last:
                    return [first, *listed[:-1]]
        return []

    def _written_list(self, first: EntityMention, types: Types) -> Sequence[EntityMention]:
        """The names that follow between commas up to an `and`: a parse loses its way in long lists."""
        text, found, position = self._annotated.text, list[EntityMention](), first.end
        while len(found) < _LONGEST_LIST:
            joint = _JOINT.match(text, position)
            following = self._starts.get(joint.end()) if joint else None
            if joint is None or following is None or following.type not in types:
                return []
            found.append(following)
            position = following.end
            if joint["last"]:
                after = _ASIDE_END.match(text, position)
                end = after.end() if after else position
                return [] if _VERB.match(text, end) or text[end : end + 2] in {"'s", "’s"} else found
        return found


_ASKED: Final = frozenset("asked told ordered forced allowed required urged said reported believed".split())


def _once(mentions: Sequence[EntityMention]) -> list[EntityMention]:
    return list({mention.start: mention for mention in mentions}.values())
