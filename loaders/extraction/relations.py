"""Relations between the entities of a sentence, by the patterns of `relation_rules`."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from typing import Final

from kb.facts import EntityRef, Fact, Relation, Speaker
from kb.ontology import RELATIONS, EntityType, Modality, RelationType
from kb.registry import Registry, RegistryEntry
from loaders.extraction.amounts import amount_in, is_of_each, place_of_number
from loaders.extraction.annotations import EXTRACTOR, Annotated
from loaders.extraction.circumstances import modality, speaker
from loaders.extraction.clauses import clauses, told_by_clause
from loaders.extraction.contrasts import ends_in_denial
from loaders.extraction.employment import appointment, role_of, status
from loaders.extraction.focus import focus
from loaders.extraction.gazetteer import makers, squash
from loaders.extraction.owned_names import BY_NAME, by_name
from loaders.extraction.relation_rules import RELATION_RULES, RIVALRY, RelationRule
from loaders.extraction.rounds import receiver
from loaders.extraction.slots import Slotted, all_slotted
from loaders.extraction.tenures import Tenure, tenure
from loaders.extraction.trace import Reason, What

_SLOT: Final = re.compile(r"<[A-Z]")
_POSSESSED: Final = re.compile(r"(?<=>)'s ")
_ATTEMPT: Final = re.compile(r"\b(?:tried|trying|considering|exploring|negotiating|seeking) ")
_REBUFFED: Final = re.compile(r"\b(?:turned down|rejected|rebuffed|refused|in vain|without success)\b")
_RELATIVE: Final = re.compile(r", (?:which|who|whose) ")
_OWNERSHIP: Final = frozenset((RelationType.DEVELOPS, RelationType.OFFERS))
_SLUG: Final = re.compile(r"(?<![\w/.@-])(?P<firm>[A-Za-z][\w-]{1,30})/(?=[\w.-]*\d)[A-Za-z0-9][\w.-]*\w")
_FOCUS_FACTOR: Final = 0.95


class RelationFinder:
    """Applies every rule to every sentence that has enough slots."""

    def __init__(self, registry: Registry) -> None:
        """Remember whose models the registry says they are: a list after one firm's name may hold others'."""
        self._makers: Final = makers(registry)
        self._firms: Final = _by_squashed_name(registry)

    def find(self, annotated: Annotated) -> Iterator[Fact]:
        """The relations that the sentences state, and those that products' names do."""
        yield from by_name(annotated)
        yield from self._by_slug(annotated)
        for sentence in all_slotted(annotated):
            for part in (sentence, *clauses(annotated, sentence)):
                letters = {slot[1] for slot in _SLOT.findall(part.text)}
                for rule in RELATION_RULES.among(part.text):
                    if rule.fits(part.text, letters):
                        for found in rule.pattern.finditer(part.text):
                            for fact in _facts(annotated, part, rule, found):
                                if self._is_plausible(fact):
                                    yield fact

    def _is_plausible(self, fact: Relation) -> bool:
        """Whether no other firm than the one named is known to have made the model."""
        if fact.predicate is not RelationType.DEVELOPS or fact.subject.id is None:
            return True
        maker = self._makers.get(fact.object.id or "")
        return maker is None or maker.id == fact.subject.id or fact.object.name.startswith(fact.subject.name)

    def _by_slug(self, annotated: Annotated) -> Iterator[Relation]:
        """`acme/foo-2` is a model of Acme's in its own space, not one that Acme only hosts."""
        seen: set[EntityRef] = set()
        for found in _SLUG.finditer(annotated.text):
            firm = self._firms.get(squash(found["firm"]))
            mention = annotated.mention_at(found.end() - 1)
            if firm is None or mention is None or mention.type is not EntityType.MODEL or mention.ref in seen:
                continue
            maker = self._makers.get(mention.ref.id or "")
            if maker is not None and maker.id == firm.id:
                seen.add(mention.ref)
                yield Relation(
                    subject=EntityRef(EntityType.COMPANY, firm.name, firm.id),
                    predicate=RelationType.DEVELOPS,
                    object=mention.ref,
                    evidence=annotated.evidence(found.start(), found.end()),
                    extractor=EXTRACTOR,
                    confidence=BY_NAME,
                )


def _by_squashed_name(registry: Registry) -> dict[str, RegistryEntry]:
    firms: dict[str, RegistryEntry] = {}
    for entry in registry.of_type(EntityType.COMPANY):
        for form in entry.forms:
            firms.setdefault(squash(form), entry)
    return firms


def _facts(
    annotated: Annotated, sentence: Slotted, rule: RelationRule, found: re.Match[str]
) -> Iterator[Relation]:
    groups = found.groupdict()
    if sentence.head and found.start() >= sentence.head:
        return  # the whole sentence says so, too
    if (reason := _why_void(sentence, rule, found)) is not None:
        _let_go(annotated, sentence, rule, found, reason)
        return
    start, _ = sentence.original(found.start(), found.end())
    subjects = _ends(sentence, groups, "a")
    objects = _ends(sentence, groups, "b")
    confidence = rule.confidence
    if not subjects or not objects:
        missing = _focus(annotated, rule, start, subjects, objects)
        if missing is None:
            _let_go(annotated, sentence, rule, found, Reason.NO_END)
            return
        subjects, objects = subjects or [missing], objects or [missing]
        confidence *= _FOCUS_FACTOR
    said = _Said(annotated, sentence, rule, found, round(confidence, 3), subjects, objects)
    for subject in subjects:
        for target in objects:
            if not is_allowed(rule.predicate, subject, target):
                _let_go(annotated, sentence, rule, found, Reason.UNFIT_ENDS)
            elif (relation := _relation(said, subject, target)) is None:
                _let_go(annotated, sentence, rule, found, Reason.DENIED)
            else:
                yield annotated.trace.made(relation, rule.where, said.place_of_number)


def _why_void(sentence: Slotted, rule: RelationRule, found: re.Match[str]) -> Reason | None:
    """What in and behind the rule's words makes them say something else; None where nothing does."""
    groups = found.groupdict()
    if groups.get("void"):
        return Reason.SOMEBODY_ELSES  # `X, its CEO, Y`: the role is X's
    if rule.verbal and _POSSESSED.match(sentence.text, found.end()):
        return Reason.POSSESSION  # `Acme bought Beta's office`
    if rule.predicate in _OWNERSHIP and groups.get("b") and RIVALRY.match(sentence.text, found.end("b")):
        return Reason.RIVAL  # `its ChatGPT competitor`
    return None


def _let_go(
    annotated: Annotated, sentence: Slotted, rule: RelationRule, found: re.Match[str], reason: Reason
) -> None:
    place = sentence.original(found.start(), found.end())
    annotated.trace.dropped(What.RELATION, reason, place, rule=rule.where, says=rule.predicate)


@dataclass(frozen=True, slots=True)
class _Said:
    """A rule's match in a sentence."""

    annotated: Annotated
    sentence: Slotted
    rule: RelationRule
    found: re.Match[str]
    confidence: float
    subjects: Sequence[EntityRef]
    objects: Sequence[EntityRef]

    @property
    def shares_sum(self) -> bool:
        """Whether the sum is that of several together, and so nobody's own."""
        invests = self.rule.predicate is RelationType.INVESTED_IN
        several = len(self.objects) > 1 or (invests and len(self.subjects) > 1)
        return several and not is_of_each(self.sentence, self.found)

    @property
    def place_of_number(self) -> tuple[int, int] | None:
        """Where the sum or share stands that the relation has with it."""
        return None if self.shares_sum else place_of_number(self.sentence, self.found.groupdict())


def is_allowed(predicate: RelationType, subject: EntityRef, target: EntityRef) -> bool:
    """Whether the predicate can stand between two of these types, and the two are not one."""
    spec = RELATIONS[predicate]
    alike = not spec.symmetric or subject.type == target.type
    return (
        alike
        and subject.type in spec.subjects
        and target.type in spec.objects
        and subject.name != target.name
    )


def _focus(
    annotated: Annotated,
    rule: RelationRule,
    position: int,
    subjects: Sequence[EntityRef],
    objects: Sequence[EntityRef],
) -> EntityRef | None:
    """The end that the words leave out: of whom or what the text speaks at this place."""
    if rule.predicate is RelationType.INVESTED_IN and subjects:
        firm, is_told = receiver(annotated, position, subjects)
        if is_told:
            return firm
    spec = RELATIONS[rule.predicate]
    types = spec.objects if subjects else spec.subjects
    if rule.sole and _several_around(annotated, position, sorted(types), {*subjects, *objects}):
        return None
    if spec.symmetric and (subjects or objects):
        types = frozenset([(subjects or objects)[0].type])
    return focus(annotated, position, sorted(types), [*subjects, *objects])


def _several_around(
    annotated: Annotated, position: int, types: Sequence[EntityType], ends: Set[EntityRef]
) -> bool:
    """Whether this sentence and the one before name more than one of these types beside the ends told."""
    sentence = annotated.sentence_at(position)
    before = annotated.sentence_before(sentence) or sentence
    return len({m.ref for m in annotated.mentions_in(before.start, sentence.end, *types)} - ends) > 1


def _ends(sentence: Slotted, groups: dict[str, str | None], name: str) -> list[EntityRef]:
    words = [groups.get(name), groups.get(name + "2")]
    return [mention.ref for group in words if group for mention in sentence.mentions(group)]


def _relation(said: _Said, subject: EntityRef, target: EntityRef) -> Relation | None:
    annotated, sentence, rule = said.annotated, said.sentence, said.rule
    place = sentence.original(said.found.start(), said.found.end())
    groups = said.found.groupdict()
    told = _told(said, place)
    if told is None:
        return None
    if groups.get("bid") and told is Modality.ASSERTED:
        told = Modality.PLANNED
    post = _post(said, place, told) if rule.predicate is RelationType.WORKS_FOR else Tenure(*place)
    share = sentence.quantity(groups.get("share"))
    return Relation(
        subject=subject,
        predicate=rule.predicate,
        object=target,
        role=post.role,
        status=post.status,
        valid_from=post.since,
        how=rule.how,
        amount=None if said.shares_sum else amount_in(sentence, groups),
        lead=True if rule.lead else None,
        share=share.value if share is not None and share.percent else None,
        modality=told,
        speaker=_speaker(annotated, place, subject) if rule.verbal else None,
        evidence=annotated.evidence(post.start, post.end),
        extractor=EXTRACTOR,
        confidence=said.confidence,
    )


def _post(said: _Said, place: tuple[int, int], told: Modality) -> Tenure:
    groups, text = said.found.groupdict(), said.sentence.text
    role, past = role_of(groups), status(groups, text[: said.found.start()], text[said.found.end() :])
    if past is not None or told is Modality.DENIED:
        return Tenure(*place, role=role, status=past)
    verb = (groups.get("link") if role else None) or said.found[0]
    since = tenure(said.annotated, *place, verb, alone=len(said.subjects) == 1)
    return replace(since, role=role or since.role)


def _speaker(annotated: Annotated, place: tuple[int, int], subject: EntityRef) -> Speaker | None:
    """Who says so; `says X, who heads Y` is the text's own word about X."""
    named = speaker(annotated, *place)
    return None if named is not None and named.name == subject.name else named


def _told(said: _Said, place: tuple[int, int]) -> Modality | None:
    """How the clause of the relation's own verb tells it; None for a verb whose denial says nothing.

    Who has not published a model may well have developed it.
    """
    groups, text = said.found.groupdict(), said.sentence.text
    if any(groups.get(end) and ends_in_denial(text[: said.found.start(end)]) for end in "ab"):
        return None if said.rule.predicate in _OWNERSHIP else Modality.DENIED
    if not said.rule.verbal:
        return appointment(groups)
    start, end = place
    if said.sentence.verb is not None:
        return told_by_clause(said.annotated, said.sentence, end)
    relative = [cut.end() for cut in _RELATIVE.finditer(said.annotated.text, start, end)]
    told = modality(said.annotated, relative[-1] if relative else start, end)
    if told in {Modality.ASSERTED, Modality.PLANNED} and _ATTEMPT.search(said.annotated.text, start, end):
        rest = said.annotated.text[end : said.annotated.sentence_at(start).end]
        told = Modality.DENIED if _REBUFFED.search(rest) else Modality.PLANNED
    return None if told is Modality.DENIED and said.rule.predicate in _OWNERSHIP else told
