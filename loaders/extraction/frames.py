"""Relations by grammar: a verb or noun that names the relation, and the words that fill its places.

The patterns of `relations` read surface words in order; a frame reads the parse, so that it does not matter
what stands between the words. `rules/frames.toml` holds the frames.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from spacy.tokens import Token

from kb.facts import EntityRef, Fact, Relation
from kb.ontology import RELATIONS, EmploymentStatus, EntityType, Modality, RelationType
from loaders.extraction.annotations import EXTRACTOR, Annotated, EntityMention, MentionKind
from loaders.extraction.arguments import Arguments
from loaders.extraction.circumstances import modality, speaker
from loaders.extraction.contrasts import is_set_apart
from loaders.extraction.employment import still_so
from loaders.extraction.focus import focus_company
from loaders.extraction.frame_places import agents, bearers, is_passive, patients
from loaders.extraction.frame_rules import Frame, frames_of
from loaders.extraction.relation_rules import RIVALRY
from loaders.extraction.roles import ROLE
from loaders.extraction.rounds import receiver
from loaders.extraction.tenures import Tenure, tenure
from loaders.extraction.trace import Reason, What

_NOUNS: Final = frozenset(("NOUN", "PROPN"))
_OBJECTS: Final = frozenset(("dobj", "obj"))
_SUBJECTS: Final = frozenset(("nsubj", "nsubjpass"))
_PAST: Final = frozenset(("former", "ex-", "previous"))
_PAST_BEFORE: Final = re.compile(
    r"\b(?:former |ex-|previous |one-time |erstwhile )(?:[A-Z][\w.&-]*(?:['’]s)? ){0,4}$"
)
_THEN: Final = frozenset("was were served worked had".split())
_CLIMB: Final = 4
_OWNERSHIP: Final = frozenset((RelationType.DEVELOPS, RelationType.OFFERS))
_ROLE: Final = re.compile(ROLE)


@dataclass(frozen=True, slots=True)
class _Use:
    """A frame's word where the text uses it."""

    annotated: Annotated
    arguments: Arguments
    frame: Frame
    token: Token
    thing: Token | None = None

    def let_go(self, reason: Reason) -> None:
        """Tell why the word names no relation here."""
        place = self.token.idx, self.token.idx + len(self.token)
        self.annotated.trace.dropped(
            What.RELATION, reason, place, rule=self.frame.where, says=self.frame.predicate
        )


class FrameFinder:
    """Reads the frames off the parse of a document."""

    def find(self, annotated: Annotated) -> Iterator[Fact]:
        """The relations that a verb or noun of the text names."""
        arguments = Arguments(annotated)
        for token in annotated.doc:
            for frame in frames_of(token.lower_):
                if (token.pos_ in _NOUNS) == frame.noun:
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
        use.let_go(Reason.POST if _is_post(use) else Reason.EACH_ITS_OWN)
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
    elif not pairs:
        use.let_go(Reason.NO_END if subjects or objects else Reason.NO_ENDS)
    for subject, target in pairs:
        if (reason := _why_apart(use, subject, target)) is not None:
            use.let_go(reason)
        else:
            yield from _relation(use, subject, target.ref, [subject, target], alone=len(subjects) == 1)


def _why_apart(use: _Use, subject: EntityMention, target: EntityMention) -> Reason | None:
    """Why these two are no ends of the relation that the word names; None where they are."""
    predicate = use.frame.predicate
    if predicate in _OWNERSHIP and RIVALRY.match(use.annotated.text, target.end):
        return Reason.RIVAL
    if subject.ref.name == target.ref.name or not _is_allowed(predicate, subject.ref, target.ref):
        return Reason.UNFIT_ENDS
    return None


def _is_allowed(predicate: RelationType, subject: EntityRef, target: EntityRef) -> bool:
    return not RELATIONS[predicate].symmetric or subject.type is target.type


def _into_round(use: _Use, investors: Sequence[EntityMention]) -> Iterator[Fact]:
    investing = [m.ref for m in investors]
    firm, is_told = receiver(use.annotated, use.token.idx, investing)
    if firm is None and not is_told:
        firm = focus_company(use.annotated, use.token.idx, investing)
    if firm is None:
        use.let_go(Reason.NO_END)
        return
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
        if place == "self" and use.token.tag_ == "NN" and use.token.dep_ == "appos":
            before = [m for m in found if m.end <= use.token.idx]
            found = before[-1:] or found
        if place == "agent" and not found and not is_passive(use.token):
            found = use.arguments.subjects(use.token, types)
        if place == "governor" and use.token.dep_ in _OBJECTS and use.token.head.pos_ == "VERB":
            found = use.arguments.subjects(use.token.head, types)
        if found:
            return found
    return []


def _tokens(use: _Use, place: str) -> Iterator[Token]:
    token = use.token
    if place == "agent":
        yield from agents(token)
    elif place == "patient":
        yield from patients(token)
    elif place == "self":
        title = use.arguments.after_title(token)
        yield from (title,) if title is not None else bearers(token)
    elif place in {"poss", "compound"}:
        yield from (
            c for c in token.children if c.dep_ == place or (place == "compound" and c.dep_ == "nmod")
        )
    elif place not in {"round", "governor"}:
        for head in (token, *((use.thing,) if use.thing is not None else ())):
            for child in head.children:
                if child.lower_ == place and child.dep_ in {"prep", "agent", "dative"}:
                    yield from (c for c in child.children if c.dep_ == "pobj")


def _relation(
    use: _Use, subject: EntityMention, target: EntityRef, ends: Sequence[EntityMention], *, alone: bool = True
) -> Iterator[Relation]:
    frame, annotated, token = use.frame, use.annotated, use.token
    start = min(token.idx, *(m.start for m in ends))
    end = max(token.idx + len(token), *(m.end for m in ends))
    sentence = annotated.sentence_at(token.idx)
    if start < sentence.start or end > sentence.end:
        use.let_go(Reason.BEYOND_SENTENCE)
        return
    told = (
        Modality.ASSERTED
        if frame.passing
        else modality(annotated, _verb_start(token), token.idx + len(token))
    )
    if any(is_set_apart(annotated, one) for one in ends):
        told = Modality.DENIED
    if told is Modality.DENIED and frame.predicate in _OWNERSHIP:
        use.let_go(Reason.DENIED)
        return
    works = frame.predicate is RelationType.WORKS_FOR
    post = _post(use, (start, end), told, alone=alone) if works else Tenure(start, end)
    weak = any(m.kind is not MentionKind.NAME for m in ends)
    relation = Relation(
        subject=subject.ref,
        predicate=frame.predicate,
        object=target,
        role=post.role,
        status=post.status,
        valid_from=post.since,
        how=frame.how,
        lead=True if frame.lead else None,
        modality=told,
        speaker=None if frame.passing else speaker(annotated, start, end),
        evidence=annotated.evidence(post.start, post.end),
        extractor=EXTRACTOR,
        confidence=round(frame.confidence * (0.93 if weak else 1.0), 3),
    )
    yield annotated.trace.made(relation, frame.where)


def _post(use: _Use, place: tuple[int, int], told: Modality, *, alone: bool) -> Tenure:
    role = _role(use) if use.frame.role else None
    if _is_former(use) and not still_so(use.token.lower_, use.annotated.text[place[1] :][:20]):
        return Tenure(*place, role=role, status=EmploymentStatus.FORMER)
    if told is Modality.DENIED:
        return Tenure(*place, role=role)
    since = tenure(use.annotated, *place, use.token.lower_, alone=alone)
    return replace(since, role=role or since.role)


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
    if _PAST_BEFORE.search(use.annotated.text[max(use.token.idx - 50, 0) : use.token.idx]):
        return True
    if use.token.dep_ not in {"attr", "pobj"}:
        return False
    verbs = (use.token.head, use.token.head.head)
    return any(word.lower_ in _THEN for verb in verbs for word in (verb, *verb.children))
