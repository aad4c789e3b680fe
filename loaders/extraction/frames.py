"""Relations by grammar: a verb or noun that names the relation, and the words that fill its places.

The patterns of `relations` read surface words in order; a frame reads the parse, so that it does not matter
what stands between the words. `rules/frames.toml` holds the frames.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from spacy.tokens import Token

from kb.facts import EntityRef, Fact, Relation
from kb.ontology import RELATIONS, Derivation, EmploymentStatus, EntityType, Modality, RelationType
from loaders.extraction.annotations import EXTRACTOR, Annotated, EntityMention, MentionKind
from loaders.extraction.arguments import Arguments
from loaders.extraction.circumstances import modality, speaker
from loaders.extraction.focus import focus_company
from loaders.extraction.relation_rules import RIVALRY
from loaders.extraction.roles import ROLE
from loaders.extraction.rounds import receiver
from loaders.extraction.rules import Rule, load_rules

_NOUNS: Final = frozenset(("NOUN", "PROPN"))
_OBJECTS: Final = frozenset(("dobj", "obj"))
_SUBJECTS: Final = frozenset(("nsubj", "nsubjpass"))
_BE: Final = frozenset("is was are were be been being became become becomes remains remained".split())
_HAVE: Final = frozenset(("has", "have", "had"))
_AS_VERBS: Final = frozenset(
    "serve serves served serving works worked acts acted acting joined joins join".split()
)
_INCLUDE: Final = frozenset(("include", "includes", "included"))
_PAST: Final = frozenset(("former", "ex-", "previous"))
_THEN: Final = frozenset("was were served worked had".split())
_CLIMB: Final = 4
_OWNERSHIP: Final = frozenset((RelationType.DEVELOPS, RelationType.OFFERS))
_ROLE: Final = re.compile(ROLE)


@dataclass(frozen=True, slots=True)
class Frame:
    """One way of naming a relation; `a` and `b` say which places of the word its ends fill.

    Places of a verb: `agent`, `patient`, and a preposition; of a noun: `self` (what the noun describes),
    `poss`, `compound`, `governor` (the subject of the verb that it is the object of), and a preposition.
    `round` is the firm whose funding the text tells of. `object` is a noun that a verb's object must be.
    """

    predicate: RelationType
    word: re.Pattern[str]
    noun: bool
    a: tuple[str, ...]
    b: tuple[str, ...]
    confidence: float
    object: re.Pattern[str] | None
    particle: str | None
    how: Derivation | None
    lead: bool
    former: bool
    role: bool
    passing: bool


@dataclass(frozen=True, slots=True)
class _Use:
    """A frame's word where the text uses it."""

    annotated: Annotated
    arguments: Arguments
    frame: Frame
    token: Token
    thing: Token | None = None


class FrameFinder:
    """Reads the frames off the parse of a document."""

    def find(self, annotated: Annotated) -> Iterator[Fact]:
        """The relations that a verb or noun of the text names."""
        arguments = Arguments(annotated)
        for token in annotated.doc:
            for frame in _FRAMES_OF.get(token.lower_[:_KEY], ()):
                if frame.word.fullmatch(token.lower_) and (token.pos_ in _NOUNS) == frame.noun:
                    yield from _read(_Use(annotated, arguments, frame, token, None))


def _read(use: _Use) -> Iterator[Fact]:
    frame = use.frame
    if frame.particle and not any(c.lower_ == frame.particle for c in use.token.children):
        return
    if frame.object is not None:
        thing = _object(use)
        if thing is None:
            return
        use = _Use(use.annotated, use.arguments, frame, use.token, thing)
    if not _among_each_other(use) or _is_post(use):
        return
    spec = RELATIONS[frame.predicate]
    subjects = _filled(use, frame.a, frozenset(spec.subjects))
    objects = _filled(use, frame.b, frozenset(spec.objects))
    if frame.predicate is RelationType.INVESTED_IN:
        investors = {m.ref for m in subjects}
        objects = [m for m in objects if m.ref not in investors]
    if frame.a == frame.b:
        pairs = [(s, o) for i, s in enumerate(subjects) for o in objects[i + 1 :]]
    else:
        pairs = [(s, o) for s in subjects for o in objects]
    if "round" in frame.b and subjects and not objects:
        yield from _into_round(use, subjects)
    if frame.predicate in _OWNERSHIP:
        text = use.annotated.text
        pairs = [(s, o) for s, o in pairs if not RIVALRY.match(text, o.end)]
    for subject, target in pairs:
        if subject.ref.name != target.ref.name and _is_allowed(frame.predicate, subject.ref, target.ref):
            yield from _relation(use, subject, target.ref, [subject, target])


def _is_allowed(predicate: RelationType, subject: EntityRef, target: EntityRef) -> bool:
    return not RELATIONS[predicate].symmetric or subject.type is target.type


def _into_round(use: _Use, investors: Sequence[EntityMention]) -> Iterator[Fact]:
    investing = [m.ref for m in investors]
    firm, is_told = receiver(use.annotated, use.token.idx, investing)
    if firm is None and not is_told:
        firm = focus_company(use.annotated, use.token.idx, investing)
    if firm is not None:
        for investor in investors:
            yield from _relation(use, investor, firm, [investor])


def _among_each_other(use: _Use) -> bool:
    """Whether the ends are parties of one pact: two firms' `deals` are each one's own."""
    mutual = use.frame.a == use.frame.b
    return not mutual or use.thing is None or use.thing.tag_ != "NNS"


def _is_post(use: _Use) -> bool:
    """Whether `investor` is somebody's post (`an investor at Acme`)."""
    investor = use.frame.noun and use.frame.predicate is RelationType.INVESTED_IN
    return investor and any(c.dep_ == "prep" and c.lower_ == "at" for c in use.token.children)


def _object(use: _Use) -> Token | None:
    """The object that the frame asks for, of an active verb or of a passive one."""
    wanted = use.frame.object
    for child in use.token.children:
        if child.dep_ in {"dobj", "nsubjpass", "pobj"} and wanted and wanted.fullmatch(child.lower_):
            return child
        if child.dep_ == "prep":
            for noun in child.children:
                if noun.dep_ == "pobj" and wanted and wanted.fullmatch(noun.lower_):
                    return noun
    if use.token.dep_ == "acl" and wanted and wanted.fullmatch(use.token.head.lower_):
        return use.token.head
    return None


def _filled(use: _Use, places: Sequence[str], types: frozenset[EntityType]) -> list[EntityMention]:
    for place in places:
        found = [mention for token in _tokens(use, place) for mention in use.arguments.of(token, types)]
        if place == "agent" and not found and not _is_passive(use.token):
            found = use.arguments.subjects(use.token, types)
        if place == "governor" and use.token.dep_ in _OBJECTS and use.token.head.pos_ == "VERB":
            found = use.arguments.subjects(use.token.head, types)
        if found:
            return found
    return []


def _tokens(use: _Use, place: str) -> Iterator[Token]:
    token = use.token
    if place == "agent":
        yield from _agents(token)
    elif place == "patient":
        yield from _patients(token)
    elif place == "self":
        yield from _bearers(token)
    elif place in {"poss", "compound"}:
        yield from (
            c for c in token.children if c.dep_ == place or (place == "compound" and c.dep_ == "nmod")
        )
    elif place not in {"round", "governor"}:
        for head in (token, *((use.thing,) if use.thing is not None else ())):
            for child in head.children:
                if child.lower_ == place and child.dep_ in {"prep", "agent", "dative"}:
                    yield from (c for c in child.children if c.dep_ == "pobj")


def _is_passive(verb: Token) -> bool:
    if any(c.dep_ in {"nsubjpass", "auxpass"} for c in verb.children):
        return True
    if verb.dep_ == "advcl" and verb.head.lower_ in _HAVE:
        return False  # `has, not for the first time, invested`
    return verb.tag_ == "VBN" and (
        verb.dep_ == "acl" or not any(c.dep_ in {"aux", "nsubj"} for c in verb.children)
    )


def _agents(verb: Token) -> Iterator[Token]:
    for child in verb.children:
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by"):
            yield from (c for c in child.children if c.dep_ == "pobj")


def _patients(verb: Token) -> Iterator[Token]:
    if not _is_passive(verb):
        yield from (c for c in verb.children if c.dep_ in _OBJECTS)
        if verb.dep_ == "relcl" and any(c.dep_ in _SUBJECTS for c in verb.children):
            pronouns = [
                c for c in verb.children if c.lower_ in {"which", "that", "who"} and c.dep_ in _OBJECTS
            ]
            if not pronouns and not any(c.dep_ in _OBJECTS for c in verb.children):
                yield verb.head
        return
    own = [c for c in verb.children if c.dep_ == "nsubjpass"]
    yield from own
    if not own and verb.dep_ == "acl":
        yield verb.head
    elif not own and verb.dep_ == "conj":
        yield from _patients(verb.head)
    elif not own and verb.dep_ == "advcl" and verb.head.lower_ in _BE:
        yield from (c for c in verb.head.children if c.dep_ in _SUBJECTS)


def _bearers(noun: Token) -> Iterator[Token]:
    """Whom or what the noun describes: `X, maker of …`, `X is the maker of …`, `maker X`, `as maker of …`."""
    token = noun
    for _ in range(_CLIMB):
        yield from (c for c in token.children if c.dep_ == "appos")
        yield from (
            c for p in token.children if p.dep_ == "prep" and p.lower_ == "including" for c in p.children
        )
        yield from _described_by(token)
        one_of = token.dep_ == "pobj" and token.head.lower_ == "of" and token.head.head.lower_ == "one"
        if not one_of and token.dep_ != "conj":
            return
        token = token.head.head if one_of else token.head


def _described_by(noun: Token) -> Iterator[Token]:
    """What a noun at this place of the sentence describes."""
    head = noun.head
    if noun.dep_ == "appos" or (noun.dep_ in {"compound", "nmod"} and head.i > noun.i):
        yield head
    elif noun.dep_ in {"attr", "nsubj"} and head.lower_ in _BE:
        yield from (c for c in head.children if c.dep_ in {"nsubj", "attr"} and c is not noun)
    elif noun.dep_ == "nsubj" and head.lower_ in _INCLUDE:
        yield from (c for c in head.children if c.dep_ in _OBJECTS)
    elif noun.dep_ == "pobj" and head.lower_ == "among":
        yield from (c for c in head.head.children if c.dep_ in _SUBJECTS)
    elif noun.dep_ == "pobj" and head.lower_ == "as" and head.head.lower_ in _AS_VERBS:
        yield from (c for c in head.head.children if c.dep_ == "nsubj")


def _relation(
    use: _Use, subject: EntityMention, target: EntityRef, ends: Sequence[EntityMention]
) -> Iterator[Relation]:
    frame, annotated, token = use.frame, use.annotated, use.token
    start = min(token.idx, *(m.start for m in ends))
    end = max(token.idx + len(token), *(m.end for m in ends))
    sentence = annotated.sentence_at(token.idx)
    if start < sentence.start or end > sentence.end:
        return
    told = (
        Modality.ASSERTED
        if frame.passing
        else modality(annotated, _verb_start(token), token.idx + len(token))
    )
    if told is Modality.DENIED and frame.predicate in _OWNERSHIP:
        return
    works = frame.predicate is RelationType.WORKS_FOR
    weak = any(m.kind is not MentionKind.NAME for m in ends)
    yield Relation(
        subject=subject.ref,
        predicate=frame.predicate,
        object=target,
        role=_role(use) if works and frame.role else None,
        status=EmploymentStatus.FORMER if works and _is_former(use) else None,
        how=frame.how,
        lead=True if frame.lead else None,
        modality=told,
        speaker=None if frame.passing else speaker(annotated, start, end),
        evidence=annotated.evidence(start, end),
        extractor=EXTRACTOR,
        confidence=round(frame.confidence * (0.93 if weak else 1.0), 3),
    )


def _verb_start(token: Token) -> int:
    """Where the words begin that tell how the verb is meant: `agreed to buy`, `has not bought`."""
    words = [token]
    verb = token
    for _ in range(_CLIMB):
        words += [c for c in verb.children if c.dep_ in {"aux", "auxpass", "neg"}]
        if verb.dep_ not in {"xcomp", "dobj", "prep", "pobj", "pcomp"}:
            break
        verb = verb.head
        words.append(verb)
    return min(word.idx for word in words if word.i <= token.i)


def _role(use: _Use) -> str | None:
    """The title as written, from its first adjective on."""
    first = min(
        (c.i for c in use.token.children if c.dep_ in {"compound", "amod"} and c.i < use.token.i),
        default=use.token.i,
    )
    sentence = use.annotated.sentence_at(use.token.idx)
    for index in range(first, use.token.i + 1):
        start = use.annotated.doc[index].idx
        found = _ROLE.match(use.annotated.text, start, sentence.end)
        if found is not None and found.end() >= use.token.idx + len(use.token):
            return re.sub(r"^(?:former|ex-|previous|then-)\s?", "", found[0])
    return None


def _is_former(use: _Use) -> bool:
    """Whether the words tell of the past: `a former …`, `was …`, `had been …`, `served as …`."""
    if use.frame.former:
        return True
    if any(c.lower_ in _PAST for c in use.token.children):
        return True
    if use.token.dep_ not in {"attr", "pobj"}:
        return False
    verbs = (use.token.head, use.token.head.head)
    return any(word.lower_ in _THEN for verb in verbs for word in (verb, *verb.children))


def _compiled(rule: Rule) -> Frame:
    word, noun = rule.text_or_none("verb"), rule.text_or_none("noun")
    how, thing = rule.text_or_none("how"), rule.text_or_none("object")
    return Frame(
        RelationType(rule.text("says")),
        re.compile(word or noun or ""),
        noun is not None,
        tuple(rule.text("a").split()),
        tuple(rule.text("b").split()),
        rule.confidence,
        re.compile(thing) if thing else None,
        rule.text_or_none("particle"),
        Derivation(how) if how else None,
        rule.flag("lead"),
        rule.flag("former"),
        rule.flag("role"),
        rule.flag("in_passing"),
    )


_KEY: Final = 2
"""Frames are looked up by the first letters of their words, each written out in the file."""


def _by_beginning() -> dict[str, tuple[Frame, ...]]:
    found: defaultdict[str, list[Frame]] = defaultdict(list)
    for rule in load_rules("frames"):
        frame = _compiled(rule)
        for beginning in sorted({word[:_KEY] for word in frame.word.pattern.split("|")}):
            found[beginning].append(frame)
    return {beginning: tuple(frames) for beginning, frames in found.items()}


_FRAMES_OF: Final = _by_beginning()
