"""Pronouns and phrases like `the company` that refer to an entity, where it is clear to which.

An unclear one refers to nothing: no mention is made of it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from spacy.tokens import Doc, Token

from kb.facts import EntityRef
from kb.ontology import EntityType
from loaders.extraction.anaphors import WE, find_anaphors
from loaders.extraction.annotations import EntityMention, MentionKind
from loaders.extraction.first_names import contradicts
from loaders.extraction.focus import is_beside, is_source, topic
from loaders.extraction.gazetteer import Gazetteer
from loaders.extraction.geography import city_country
from loaders.extraction.sections import Sections
from loaders.extraction.trace import NO_TRACE, Reason, Trace, What

_C, _M, _D, _P = EntityType.COMPANY, EntityType.MODEL, EntityType.PRODUCT, EntityType.PERSON
_THINGS: Final = (_C, _M, _D)
_SUBJECTS: Final = frozenset(("nsubj", "nsubjpass"))
_FUND: Final = re.compile(
    r"(?:Ventures|Capital|Partners|Management|Bank|Funds?|Investments?|Holdings|Foundation|University)$"
)
_ALSO: Final = re.compile(r"\s(?:has\s|had\s|have\s)?also\s")
_ENDS_SENTENCE: Final = re.compile(r"[.!?](?:\s|$)")
_OPENING: Final = re.compile(r"\n\s*\n")
_CLIMB: Final = 12
_FRONTED: Final = frozenset(("prep", "advcl", "npadvmod", "advmod"))
_TITLES: Final = frozenset(
    "ceo cfo cto coo chief president chairman chair founder co-founder boss executive".split()
)
_OTHERS: Final = frozenset(
    "backers investors shareholders owners customers clients rivals partners founders".split()
)
_LOOK_BACK: Final = 4
_MEMORY: Final = 8
_BESIDE: Final = 3
_CROWD: Final = 40
"""So many mentions of one sentence are looked back at."""


@dataclass(frozen=True, slots=True)
class _Known:
    mention: EntityMention
    subject: bool
    verb: int = -1
    last: bool = False
    part_of: int = -1
    """The verb whose subject's words the name stands among (`investors led by Acme gave …`)."""
    agent: bool = False


def resolve(
    doc: Doc,
    mentions: Sequence[EntityMention],
    sections: Sections,
    gazetteer: Gazetteer,
    trace: Trace = NO_TRACE,
) -> list[EntityMention]:
    """The pronouns and nominals of the text with what they refer to.

    What the registry knows helps: `the Paris firm` is none that it puts elsewhere, and `we` who write about
    a model of our own are the firm whose model it is.
    `trace` is told of the words that refer to nobody here.
    """
    text, seats = doc.text, gazetteer.seats
    anaphors = find_anaphors(doc, mentions)
    topics = {kind: topic(mentions, (kind,)) for kind in (*_THINGS, _P)}
    author = _author(mentions, topics[_M], gazetteer) or topics[_C]
    names = sorted(mentions, key=lambda m: m.start)
    resolved: list[EntityMention] = []
    history: list[list[_Known]] = []
    position, current = 0, 0
    opened: EntityRef | None = None
    for sentence in doc.sents:
        here: list[_Known] = []
        lead = sections.lead(sentence.start_char, _THINGS)
        if lead != opened:
            history, opened = [], lead
        while current < len(names) and names[current].start < sentence.end_char:
            passing = is_source(text, names[current]) or is_beside(text, names[current])
            if not passing and not _is_modifier(doc, names[current]):
                here.append(_known(doc, text, names[current]))
                del here[:-_CROWD]
            current += 1
        while position < len(anaphors) and anaphors[position].start < sentence.end_char:
            one = anaphors[position]
            start, end, types, kind = one.start, one.end, one.types, one.kind
            position += 1
            words, verb = text[start:end].lower(), _verb_of_object(doc, start, end)
            beside = _apposed(text, start, kind, here)
            also = _ALSO.match(text, end) is not None
            country = _country(text[start:end]) if kind is MentionKind.NOMINAL else None
            opens = _OPENING.search(text, max(0, sentence.start_char - 3), start) is not None
            anaphor = _Anaphor(
                words, kind, start, types, verb, here, history, beside, also, country, seats, opens
            )
            ahead = _subject_ahead(doc, anaphor, names, current)
            local = {k: _topic_of_part(sections, start, k) or topics[k] for k in topics}
            found = ahead.ref if ahead is not None else _referent(anaphor, local)
            ref = author if words in WE else found
            if ref is None:
                trace.dropped(What.ANAPHOR, _why_nobody(anaphor), (start, end))
            else:
                mention = EntityMention(start, end, ref, kind)
                resolved.append(mention)
                here.append(_known(doc, text, mention))
        if here:
            history.append(here)
            del history[:-_MEMORY]
        elif sentence.text.strip():
            history.append([])
            del history[:-_MEMORY]
    return resolved


def _author(
    mentions: Sequence[EntityMention], model: EntityRef | None, gazetteer: Gazetteer
) -> EntityRef | None:
    """The firm whose model the text is about, under the name that the text has for it."""
    firm = gazetteer.makers.get(model.id or "") if model is not None else None
    if firm is None:
        return None
    named = (m.ref for m in mentions if m.type is _C and m.ref.id == firm.id)
    return next(named, EntityRef(_C, firm.name, firm.id))


def _topic_of_part(sections: Sections, position: int, kind: EntityType) -> EntityRef | None:
    return sections.lead(position, (kind,)) or sections.heading(position, (kind,))


def _country(words: str) -> str | None:
    """The code of the country of the city that the phrase names: `the Helsinki firm`."""
    between = words.split()[1:-1]
    if not between or not between[0][0].isupper():
        return None
    place = " ".join(between).partition("-based")[0].partition(",")[0]
    return city_country(place) or city_country(place.split()[0])


def _why_nobody(anaphor: "_Anaphor") -> Reason:
    """Why the words refer to nobody here."""
    before = (known for sentence in (*anaphor.history, anaphor.here) for known in sentence)
    return Reason.UNCLEAR_WHO if any(map(anaphor.fits, before)) else Reason.NOBODY_BEFORE


def _apposed(text: str, start: int, kind: MentionKind, here: Sequence[_Known]) -> EntityMention | None:
    """The name that the phrase only describes: `Acme, the Paris-based maker of …`."""
    if kind is not MentionKind.NOMINAL or text[start - 2 : start] != ", ":
        return None
    return next((k.mention for k in here if k.mention.end == start - 2), None)


@dataclass(frozen=True, slots=True)
class _Anaphor:
    """Words that refer back, and what is known where they stand."""

    words: str
    kind: MentionKind
    start: int
    types: Sequence[EntityType]
    object_of: int | None
    here: Sequence[_Known]
    history: Sequence[Sequence[_Known]]
    apposed: EntityMention | None = None
    also: bool = False
    country: str | None = None
    seats: Mapping[str, str] = field(default_factory=dict[str, str])
    opens: bool = False
    """Whether the sentence opens a paragraph."""

    @property
    def own_subjects(self) -> frozenset[EntityRef]:
        """The subjects of the verb whose object the words are."""
        if self.object_of is None:
            return frozenset()
        return frozenset(k.mention.ref for k in self.here if k.part_of == self.object_of)

    def is_seated(self, ref: EntityRef) -> bool:
        """Whether the firm is known to have its seat in the country that the words name."""
        return self.country is not None and self.seats.get(ref.id or "") == self.country

    def is_like(self, mention: EntityMention) -> bool:
        """Whether the mention is of a fitting type, and of a person whom the pronoun can mean."""
        return mention.type in self.types and not (
            mention.type is _P and contradicts(self.words, mention.ref.name)
        )

    def fits(self, known: _Known) -> bool:
        """Whether the mention comes before and is of a fitting type; a fund is no start-up.

        An object does not refer to the subject of its own verb.
        """
        if known.mention.start >= self.start or not self.is_like(known.mention):
            return False
        if known.mention.ref in self.own_subjects:
            return False
        if (
            self.country is not None
            and self.seats.get(known.mention.ref.id or "", self.country) != self.country
        ):
            return False
        any_firm = self.kind is not MentionKind.NOMINAL or self.words.endswith("firm")
        return any_firm or not _FUND.search(known.mention.ref.name)


def _subject_ahead(
    doc: Doc, anaphor: _Anaphor, names: Sequence[EntityMention], known: int
) -> EntityMention | None:
    """The sentence's subject, where the pronoun stands in a phrase ahead of it: `After its launch, Foo …`."""
    if anaphor.kind is not MentionKind.PRONOUN or any(anaphor.fits(one) for one in anaphor.here):
        return None
    span = doc.char_span(anaphor.start, anaphor.start + len(anaphor.words))
    if span is None:
        return None
    token = span.root
    for _ in range(_CLIMB):
        if token.head.i == token.i or token.head.dep_ == "ROOT":
            break
        token = token.head
    if token.dep_ not in _FRONTED or token.head.i == token.i:
        return None
    subject = next((c for c in token.head.children if c.dep_ in _SUBJECTS and c.i > token.i), None)
    if subject is None:
        return None
    last = bisect_right(names, subject.idx, hi=known, key=lambda m: m.start)
    beside = names[max(last - _BESIDE, 0) : last]
    return next((m for m in beside if subject.idx < m.end and m.type in anaphor.types), None)


def _referent(anaphor: _Anaphor, topics: Mapping[EntityType, EntityRef | None]) -> EntityRef | None:
    """Who is meant: `that firm` the last one, `Foo, the start-up` Foo."""
    before = (k for sentence in (*anaphor.history, anaphor.here) for k in sentence)
    fitting = [k.mention.ref for k in before if anaphor.fits(k)]
    if anaphor.apposed is not None:
        return anaphor.apposed.ref if anaphor.apposed.type in anaphor.types else None
    if anaphor.words.startswith("that") and anaphor.kind is MentionKind.NOMINAL:
        return fitting[-1] if fitting else None
    local = {k.mention.ref for k in _recent(anaphor) if anaphor.is_seated(k.mention.ref)}
    if len(local) == 1:
        return local.pop()
    return _newcomer(anaphor, topics) or _of_topics(anaphor, topics, fitting)


def _newcomer(anaphor: _Anaphor, topics: Mapping[EntityType, EntityRef | None]) -> EntityRef | None:
    """`The Helsinki firm` is the only one of the sentence before that the text is not about."""
    if anaphor.country is None or not anaphor.history:
        return None
    topic = topics.get(anaphor.types[0])
    others = {k.mention.ref for k in anaphor.history[-1] if anaphor.fits(k)} - {topic}
    return others.pop() if len(others) == 1 else None


def _of_topics(
    anaphor: _Anaphor, topics: Mapping[EntityType, EntityRef | None], fitting: Sequence[EntityRef]
) -> EntityRef | None:
    topic_of_type = topics.get(anaphor.types[0])
    if _is_spoken_of_anew(anaphor, topic_of_type):
        return topic_of_type
    if _is_contested(anaphor, topic_of_type):
        return None
    named = _goes_on(anaphor) or _named_by_nominal(anaphor, topic_of_type, fitting)
    return named or _antecedent(anaphor, [topics.get(t) for t in anaphor.types])


def _is_spoken_of_anew(anaphor: _Anaphor, topic: EntityRef | None) -> bool:
    """Whether `the company` opens a paragraph: it is the text's topic, not whom the last one ended with."""
    return (
        anaphor.opens
        and anaphor.words == "the company"
        and topic is not None
        and topic not in anaphor.own_subjects
        and not any(map(anaphor.fits, anaphor.here))
    )


def _recent(anaphor: _Anaphor) -> Iterator[_Known]:
    return (
        k for sentence in (*anaphor.history[-_LOOK_BACK:], anaphor.here) for k in sentence if anaphor.fits(k)
    )


def _goes_on(anaphor: _Anaphor) -> EntityRef | None:
    """`The firm also …` is the one that acted in the sentence before."""
    is_first = not any(anaphor.fits(known) for known in anaphor.here)
    before = anaphor.history[-1] if anaphor.also and anaphor.history and is_first else ()
    acting = {known.mention.ref for known in before if known.subject and anaphor.fits(known)}
    return acting.pop() if len(acting) == 1 else None


def _is_contested(anaphor: _Anaphor, topic: EntityRef | None) -> bool:
    """Whether several have acted in the sentence before, the text's topic not last, and none in this one."""
    if anaphor.kind is not MentionKind.NOMINAL or not anaphor.history:
        return False
    if any(known.subject and anaphor.fits(known) for known in anaphor.here):
        return False
    acting = [k.mention.ref for k in anaphor.history[-1] if (k.subject or k.agent) and anaphor.fits(k)]
    if not acting:
        return len({k.mention.ref for k in anaphor.history[-1] if anaphor.fits(k)}) > 1
    return len(set(acting)) > 1 and acting[-1] != topic


def _named_by_nominal(
    anaphor: _Anaphor, topic: EntityRef | None, fitting: Sequence[EntityRef]
) -> EntityRef | None:
    """The one who acts in the sentence, the one last spoken of, or the text's topic, in this order."""
    if anaphor.kind is not MentionKind.NOMINAL:
        return None
    acting = {k.mention.ref for k in anaphor.here if k.subject and anaphor.fits(k)}
    if len(acting) == 1:
        return acting.pop()
    alone = {k.mention.ref for k in anaphor.here if anaphor.fits(k)}
    if len(alone) == 1 and any(
        k.mention.type is _P and k.mention.start < anaphor.start for k in anaphor.here
    ):
        return alone.pop()
    last = _last_spoken_of(anaphor)
    if last is not None:
        return last
    is_free = topic is not None and topic not in anaphor.own_subjects
    lately = {known.mention.ref for known in _recent(anaphor)}
    return topic if is_free and (topic in lately or not fitting) else None


def _last_spoken_of(anaphor: _Anaphor) -> EntityRef | None:
    """The only fitting entity of the sentence before, and of this one so far; it has taken the stage."""
    lately = [*(anaphor.history[-1] if anaphor.history else ()), *anaphor.here]
    refs = {known.mention.ref for known in lately if anaphor.fits(known)}
    acts = any(
        known.subject or known.last or known.mention.kind is MentionKind.PRONOUN
        for known in lately
        if anaphor.fits(known)
    )
    return next(iter(refs)) if len(refs) == 1 and acts else None


def _antecedent(anaphor: _Anaphor, topics: Sequence[EntityRef | None]) -> EntityRef | None:
    """The subject so far in the sentence, else what the sentences before speak of, the topic first.

    An object does not refer to its own sentence's subject.
    """
    before = [known for known in anaphor.here if anaphor.fits(known)]
    if before:
        return _pick(before)
    for sentence in reversed(anaphor.history[-_LOOK_BACK:]):
        fitting = [known for known in sentence if anaphor.is_like(known.mention)]
        for known in fitting:
            if known.mention.ref in topics:
                return known.mention.ref
        if fitting:
            return _pick(fitting)
    return None


def _pick(candidates: Sequence[_Known]) -> EntityRef | None:
    """The only one, else the only or first subject; else it is unclear."""
    if len({known.mention.ref for known in candidates}) == 1:
        return candidates[0].mention.ref
    subjects = [known.mention.ref for known in candidates if known.subject]
    return subjects[0] if subjects else None


def _verb_of_object(doc: Doc, start: int, end: int) -> int | None:
    """The verb whose object the words are, or None where they are something else."""
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None:
        return None
    objects = {"dobj", "dative", "iobj"} if len(span) == 1 else {"dobj", "dative", "iobj", "pobj"}
    token = span.root
    if token.dep_ == "poss" and token.head.lower_ in _OTHERS:
        token = token.head  # nobody is among its own backers
        objects = {"pobj", "attr", "dobj"}
    if token.dep_ not in objects:
        return None
    while token.pos_ not in {"VERB", "AUX"} and token.head.i != token.i:
        token = token.head
    return token.i


def _is_modifier(doc: Doc, mention: EntityMention) -> bool:
    """Whether the name only qualifies a noun (`3,000 Acme chips`): nothing later refers to it."""
    span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
    if span is None or span.root.dep_ not in {"compound", "nmod"} or mention.type is not _C:
        return False
    return span.root.head.lower_ not in _TITLES and span.root.head.ent_type_ != "PERSON"


def _known(doc: Doc, text: str, mention: EntityMention) -> _Known:
    span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
    verb = -1 if span is None else span.root.head.i
    last = _ENDS_SENTENCE.match(text, mention.end) is not None
    part_of = -1 if span is None or span.root.dep_ == "poss" else _verb_of_subject(span.root)
    agent = span is not None and span.root.dep_ == "pobj" and span.root.head.dep_ == "agent"
    return _Known(mention, _is_subject(doc, mention), verb, last, part_of, agent)


def _verb_of_subject(token: Token) -> int:
    """The verb whose subject the token is part of, or -1."""
    for _ in range(_CLIMB):
        if token.dep_ in _SUBJECTS:
            return token.head.i
        if token.head.i == token.i:
            break
        token = token.head
    return -1


def _is_subject(doc: Doc, mention: EntityMention) -> bool:
    span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
    return span is not None and span.root.dep_ in _SUBJECTS
