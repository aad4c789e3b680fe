"""Which entities the text names: registry forms settled by context, model names, and plain new names."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from spacy.tokens import Doc

from kb.facts import EntityRef
from kb.names import name_key
from kb.ontology import EntityType, ModelLevel
from kb.registry import RegistryEntry
from loaders.extraction.annotations import EntityMention
from loaders.extraction.cover import Cover
from loaders.extraction.gazetteer import Gazetteer, Hit, squash
from loaders.extraction.listed_names import listed
from loaders.extraction.model_names import name_end
from loaders.extraction.provisional import Proposal, proposals, repeated
from loaders.extraction.short_forms import adopted, short_forms
from loaders.extraction.trace import NO_TRACE, Reason, Trace, What

_MODEL_AFTER: Final = re.compile(
    r"\s(?:language\s|foundation\s|AI\s|reasoning\s|image\s|base\s|open\s)*(?:models?|famil(?:y|ies)|series|weights"
    r"|LLMs?|checkpoints?|version|variants?)\b|,\s[A-Z]\w+['’]s\s(?:[\w-]+\s){0,3}(?:models?|family)\b|\s?\d+(?:\.\d+)?[BM]\b"
)
_MODEL_BEFORE: Final = re.compile(
    r"(?:models?\s(?:such\sas|like|called|including|from|family)|trained|fine-tun\w+|model,?|developed|LLMs?)\s(?:the\s)?$"
)
_PRODUCT_AFTER: Final = re.compile(
    r"(?:['’]s)?\s(?:(?:more than |over |about |nearly |almost )?[\d.,]+\s(?:million"
    r"|billion)\s)?(?:[a-z-]+\s){0,2}(?:users|subscribers)\b"
    r"|\s(?:app|chatbot|assistant|users?|subscribers?|subscriptions?|website|service|bot|agent|customers|Pro\splan"
    r"|browser|tool)\b|\s(?:has|had|have|(?i:reached|reaches|passed|passes|hits?|tops|topped|surpasse[sd]|crosse[sd]|counts))\s[^.;]{0,40}?\b(?i:users|subscribers)\b"
)
_PRODUCT_APPOSED: Final = re.compile(
    r", (?:the|an?|its|their) (?:[\w-]+ ){0,3}(?:assistant|chatbot|app|service|platform|tool|agent|browser)\b"
)
_PRODUCT_BEFORE: Final = re.compile(
    r"(?:chatbots?|assistants?|apps?|users\sof|uses?|using|via|service|offers|offered)\s(?:the\s)?$"
)
_COMPANY_AFTER: Final = re.compile(
    r"(?:['’]s?\s(?!\d)|\s(?:said|says|has|have|raised|announced|unveiled|released|plans|wants|CEO|founder|co-?founder"
    r"|employees|employs|executives|spokes|chief|Inc|Ltd|Corp|was\sfounded|is\sbased|acquired|and\sother\scompanies))\b"
)
_COMPANY_BEFORE: Final = re.compile(
    r"(?:start-?ups?|compan(?:y|ies)|firms?|labs?|maker|rivals?|competitors?|by|from|at|with|investors?|['’]s)\s(?:the\s)?$"
)
_JOINT: Final = re.compile(r",? (?:and|or) |, | & ")
_APPOSED: Final = re.compile(
    r", (?:(?:the|an?|its|their) (?:[\w'’-]+ ){0,5}(?:assistant|chatbot|app|model|family|service"
    r"|platform|tool|agent|browser"
    r"|start-?up|company|firm|lab|maker)\b|(?:from|by|made by|built by) (?=[A-Z]))"
)
_KEY_BEFORE: Final = re.compile(r"(?:^|\n)[ \t]*(?:[-•*+|]|\d{1,2}[.)])[ \t]+$")
_KEY_AFTER: Final = re.compile(r"(?: \([^()\n]{1,40}\))?(?::|\s[—–|])")
_SUBJECTS: Final = frozenset(("nsubj", "nsubjpass"))
_FINITE: Final = frozenset(("VBZ", "VBD", "VBN", "VB", "VBG"))
_OF_NOUNS: Final = frozenset(("det", "compound", "amod"))
_SHORT: Final = 3
_SHORTEST: Final = 2
"""Letters of the shortest surnames that stand alone."""
_ACTS: Final = re.compile(
    r"\s(?:has|had|said|says|raised|launched|released|announced|unveiled|bought|acquired|paid|plans|wants|offers)\s|['’]s\s"
)
_COUNTS: Final = re.compile(
    r"\s(?:(?:now|already|also|currently|reportedly)\s)?(?:employs|counts|serves|serving|generates|generated|earned|earns"
    r"|lost|burned|burnt|burns|hit|hits|reached|climbed|passed|topped|crossed|spent|spends|hopes|aims|expects|is|was|will"
    r"|used|uses|got|saw|combines|booked|made|makes|turned|secured|pocketed|tripled|doubled|boasts|boasted)\s"
    r"[^.;\n]{0,60}?(?:[$€£¥]\s?)?\d"
    r"|:\s[^.;\n]{0,30}?(?:[$€£¥]\s?)?\d|,\s(?:with|at|flush|which)\s[^.;\n]{0,25}?(?:[$€£¥]\s?)?\d"
)
"""What is said with a number of a firm or thing, at the beginning of a sentence."""

_SURNAME: Final = re.compile(r"(?<![\w-])[A-Z]\w*(?:[-'’][A-Z]\w*)*(?![\w-])")
_LONGER_NAME: Final = re.compile(
    r" (?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Janu|Febru)ary|March|April|May|June|July|August"
    r"|(?:Septem|Novem|Decem|Octo)ber)[A-Z][a-z]{2,}"
)
_LEGAL_FORM: Final = re.compile(
    r"(?:,?\s(?:Inc|Corp|Ltd|LLC|PBC|Co|plc|GmbH|Holdings?|Group Holding|PTE))+"
    r"(?:\.(?=\s[a-z(]|[,;:]|['’]s)|(?![\w.]))"
)
_MODEL_NOUN: Final = re.compile(r"(?<=\w)\s(?:language\s)?(?:models?|family)$")
_FUND_WORDS: Final = re.compile(
    r"(?:Ventures|Capital|Partners|Management|Bank|Fund|Investments?|Foundation|Institute|Studios)$"
)


_PART_OF: Final = re.compile(
    r",? (?:is )?(?:the|an?) (?:[\w-]+ ){0,3}(?:arm|unit|subsidiary|division) of (?=[A-Z])"
)


@dataclass(frozen=True, slots=True)
class _Named:
    start: int
    end: int
    type: EntityType
    entry: RegistryEntry | None
    level: ModelLevel | None = None


def find_mentions(doc: Doc, gazetteer: Gazetteer, trace: Trace = NO_TRACE) -> list[EntityMention]:
    """The names in the text, each with the entity that it means in this document.

    `trace` is told which names of the registry are taken for none here.
    """
    text = doc.text
    proposed = proposals(doc, gazetteer.first_names, gazetteer.variants, gazetteer.demonyms)
    bodies = {place: p.end for p in proposed if _is_body(text, p) for place in range(p.start, p.end)}
    hits = [hit for hit in gazetteer.hits(text) if hit.end >= bodies.get(hit.start, 0)]
    longer = Cover(len(text), ((p.start, p.end) for p in proposed if p.type is EntityType.MODEL))
    hits = [
        hit for hit in hits if not (_is_hyphened(text, hit) and longer.touches(hit.start - 2, hit.start - 1))
    ]
    people = _surnames_of(text, hits, proposed)
    plain = frozenset((p.start, p.end) for p in proposed if p.type is not EntityType.PERSON)
    named = _settle(doc, _without_surnames(text, hits, people, trace), gazetteer, plain, trace)
    taken = Cover(len(text), ((n.start, n.end) for n in named))
    known = {text[n.start : n.end] for n in named if n.type is EntityType.COMPANY}
    fresh = [
        p
        for p in _without_short_forms(text, proposed, known)
        if not taken.touches(p.start, p.end) and not _is_surname(text, p, people)
    ]
    named += [_provisional(p) for p in (*fresh, *repeated(text, fresh, taken))]
    taken = Cover(len(text), ((n.start, n.end) for n in named))
    doubted = Cover(len(text), ((h.start, h.end) for h in hits))
    beside = [
        p
        for p in listed(doc, named)
        if not (
            taken.touches(p.start, p.end) or doubted.touches(p.start, p.end) or _is_surname(text, p, people)
        )
    ]
    named += [_provisional(p) for p in (*beside, *repeated(text, beside, taken))]
    named.sort(key=lambda n: n.start)
    mentions = adopted(text, _refer(text, named))
    mentions += short_forms(text, mentions)
    return sorted([*mentions, *_surnames(text, mentions)], key=lambda m: m.start)


def _without_short_forms(text: str, proposed: Sequence[Proposal], known: Set[str]) -> Iterator[Proposal]:
    """The proposals without firms that only go on under the first words of a longer name in the text."""
    firms = {text[p.start : p.end] for p in proposed if p.type is EntityType.COMPANY} | known
    begun = {
        " ".join(words[:count]) for name in firms if (words := name.split()) for count in range(1, len(words))
    }
    for proposal in proposed:
        if proposal.type is not EntityType.COMPANY or text[proposal.start : proposal.end] not in begun:
            yield proposal


def _provisional(new: Proposal) -> _Named:
    level = ModelLevel.RELEASE if new.type is EntityType.MODEL else None
    return _Named(new.start, new.end, new.type, None, level)


def _is_hyphened(text: str, hit: Hit) -> bool:
    """Whether the form is but the end of a word with a capital before its hyphen (`K-Name`)."""
    return hit.start > 1 and text[hit.start - 1] == "-" and text[hit.start - 2].isalnum()


def _without_surnames(text: str, hits: Sequence[Hit], people: set[str], trace: Trace) -> list[Hit]:
    """The hits without those of one of these last names."""
    left: list[Hit] = []
    for hit in hits:
        if text[hit.start : hit.end] in people and _only_ambiguous(text, hit):
            trace.dropped(What.NAME, Reason.SURNAME, (hit.start, hit.end), says=_types_of(hit))
        else:
            left.append(hit)
    return left


def _surnames_of(text: str, hits: Sequence[Hit], proposed: Sequence[Proposal]) -> set[str]:
    """Last names of the people whom the text names in full: no firm is meant by them."""
    full = [text[h.start : h.end] for h in hits if _has(h, EntityType.PERSON)]
    full += [text[p.start : p.end] for p in proposed if p.type is EntityType.PERSON]
    return {name.split()[-1] for name in full if " " in name}


def _is_surname(text: str, proposal: Proposal, people: set[str]) -> bool:
    return proposal.type is EntityType.COMPANY and text[proposal.start : proposal.end] in people


def _only_ambiguous(text: str, hit: Hit) -> bool:
    return not any(_plain(text, hit, entry) or entry.type is EntityType.PERSON for entry in hit.entries)


def _is_body(text: str, proposal: Proposal) -> bool:
    """Whether a registry's name within only begins a fund's, body's or unit's (`Northwind Ventures`)."""
    return proposal.type is EntityType.COMPANY and (
        _FUND_WORDS.search(text[proposal.start : proposal.end]) is not None
        or _PART_OF.match(text, proposal.end) is not None
    )


def _types_of(hit: Hit) -> str:
    return " or ".join(sorted({entry.type for entry in hit.entries}))


def _settle(
    doc: Doc, hits: Sequence[Hit], gazetteer: Gazetteer, plain: Set[tuple[int, int]], trace: Trace
) -> list[_Named]:
    """The hits that are names; at the `plain` places the words around tell that one stands there."""
    text = doc.text
    sure = {e.id for hit in hits for e in hit.entries if len(hit.entries) == 1 and _plain(text, hit, e)}
    votes: defaultdict[str, Counter[EntityType]] = defaultdict(Counter)
    cued: list[tuple[Hit, EntityType | None, int]] = []
    for hit in hits:
        end = name_end(text, hit.end, gazetteer.variants) if _has(hit, EntityType.MODEL) else hit.end
        cue = EntityType.MODEL if end > hit.end and _has(hit, EntityType.MODEL) else _cue(text, hit)
        cued.append((hit, cue, end))
        if cue is not None:
            votes[text[hit.start : hit.end]][cue] += 1
    beside = _beside_sure(text, hits)
    accepted = {
        text[h.start : h.end]
        for h in hits
        if h.start in beside
        or (h.start, h.end) in plain
        or _mid_sentence_name(text, h)
        or _parsed_as_name(doc, h)
    }
    named: list[_Named] = []
    for hit, cue, end in cued:
        form = text[hit.start : hit.end]
        kind = cue or _majority(votes[form]) or _default(hit)
        entry = _choose(hit, kind, sure)
        if entry is None:
            continue
        reason = _why_no_name(text, hit, entry, sure=sure, accepted=accepted, maker=_maker(gazetteer, entry))
        if reason is not None:
            trace.dropped(What.NAME, reason, (hit.start, hit.end), says=_types_of(hit))
            continue
        named.append(_named(text, hit, entry, end, gazetteer))
    return named


def _maker(gazetteer: Gazetteer, entry: RegistryEntry) -> str:
    """The id of the firm whose model the entry is; empty where that is not known."""
    firm = gazetteer.makers.get(entry.id)
    return "" if firm is None else firm.id


def _beside_sure(text: str, hits: Sequence[Hit]) -> set[int]:
    """Where names stand that a list joins to one of the same type about which there is no doubt."""
    found: set[int] = set()
    for one, two in pairwise(hits):
        if _JOINT.fullmatch(text, one.end, two.start) is None:
            continue
        for hit, other in ((one, two), (two, one)):
            sure = other.entries[0]
            if len(other.entries) == 1 and _plain(text, other, sure) and _has(hit, sure.type):
                found.add(hit.start)
    return found


def _named(text: str, hit: Hit, entry: RegistryEntry, end: int, gazetteer: Gazetteer) -> _Named:
    if entry.type is not EntityType.MODEL or end == hit.end:
        legal = _LEGAL_FORM.match(text, hit.end) if entry.type is EntityType.COMPANY else None
        return _Named(hit.start, legal.end() if legal else hit.end, entry.type, entry, entry.level)
    known = gazetteer.model(text[hit.start : end])
    return _Named(hit.start, end, entry.type, known, known.level if known else ModelLevel.RELEASE)


def _has(hit: Hit, kind: EntityType) -> bool:
    return any(entry.type is kind for entry in hit.entries)


def _plain(text: str, hit: Hit, entry: RegistryEntry) -> bool:
    return text[hit.start : hit.end] not in entry.ambiguous


def _cue(text: str, hit: Hit) -> EntityType | None:
    """The type that the words next to the name ask for, among those that the name can have."""
    kinds = {entry.type for entry in hit.entries}
    if len(kinds) == 1:
        return next(iter(kinds))
    before = text[max(0, hit.start - 40) : hit.start]
    if EntityType.PRODUCT in kinds and _PRODUCT_APPOSED.match(text, hit.end):
        return EntityType.PRODUCT
    tests = (
        (EntityType.MODEL, _MODEL_AFTER, _MODEL_BEFORE),
        (EntityType.PRODUCT, _PRODUCT_AFTER, _PRODUCT_BEFORE),
        (EntityType.COMPANY, _COMPANY_AFTER, _COMPANY_BEFORE),
    )
    for kind, after, ahead in tests:
        if kind in kinds and (after.match(text, hit.end) or ahead.search(before)):
            return kind
    return None


def _majority(votes: Counter[EntityType]) -> EntityType | None:
    return min(votes, key=lambda kind: (-votes[kind], kind)) if votes else None


def _default(hit: Hit) -> EntityType:
    order = (EntityType.COMPANY, EntityType.MODEL, EntityType.PRODUCT)
    kinds = {entry.type for entry in hit.entries}
    return next((kind for kind in order if kind in kinds), hit.entries[0].type)


def _choose(hit: Hit, kind: EntityType, sure: set[str]) -> RegistryEntry | None:
    fitting = [entry for entry in hit.entries if entry.type is kind]
    fitting.sort(key=lambda entry: (entry.id not in sure, entry.id))
    return fitting[0] if fitting else None


def _mid_sentence_name(text: str, hit: Hit) -> bool:
    """Whether a capital marks the word as a name: it stands within a sentence, not beside other capitals."""
    form = text[hit.start : hit.end]
    before, after = text[max(0, hit.start - 2) : hit.start], text[hit.end : hit.end + 2]
    if len(form) <= _SHORT or not form[0].isupper():
        return False
    if before[-1:] == "(" and after[:1] == ")":
        return True
    if _APPOSED.match(text, hit.end):
        return True
    if _KEY_BEFORE.search(text[max(0, hit.start - 8) : hit.start]) and _KEY_AFTER.match(text, hit.end):
        return True
    inside = len(before) == 2 and before[1] == " " and (before[0].isalnum() or before[0] in ",;’'")
    if (_ACTS.match(text, hit.end) or _COUNTS.match(text, hit.end)) and not before.endswith("-"):
        return True
    previous = re.search(r"([A-Z][\w.’'-]*) $", text[max(0, hit.start - 25) : hit.start])
    part_of_longer = len(after) == 2 and after[0] == " " and after[1].isupper()
    beside = previous is not None and not re.search(r"['’]s$|-[a-z]+$", previous[1])
    return inside and not beside and not part_of_longer


def _parsed_as_name(doc: Doc, hit: Hit) -> bool:
    """Whether the parser takes the word, where a sentence begins with it, for a name that does something."""
    form = doc.text[hit.start : hit.end]
    span = doc.char_span(hit.start, hit.end)
    if span is None or len(form) <= _SHORT or not form[0].isupper():
        return False
    word = span.root
    alone = not any(c.dep_ in _OF_NOUNS for c in word.children)
    return word.pos_ == "PROPN" and word.dep_ in _SUBJECTS and word.head.tag_ in _FINITE and alone


def _why_no_name(
    text: str, hit: Hit, entry: RegistryEntry, *, sure: set[str], accepted: set[str], maker: str
) -> Reason | None:
    """Why the words do not mean the entry here; None where they do."""
    form = text[hit.start : hit.end]
    if entry.type is EntityType.PERSON and " " not in form and _LONGER_NAME.match(text, hit.end):
        return Reason.LONGER_NAME  # `Smith Holdings`
    if form not in entry.ambiguous:
        return None
    if entry.type is EntityType.PERSON:
        return None if entry.id in sure else Reason.PERSON_NOT_IN_FULL
    if " " in form and entry.type in {EntityType.MODEL, EntityType.PRODUCT} and len(hit.entries) > 1:
        return None  # `Acme Writer`, the model or the product, as the words around it settle
    if len(form) <= _SHORT or not form[0].isupper():
        fits = maker in sure or _short_fits(text, hit, entry, sure)
        return None if fits else Reason.COMMON_WORD
    return None if entry.id in sure or form in accepted else Reason.COMMON_WORD


def _short_fits(text: str, hit: Hit, entry: RegistryEntry, sure: set[str]) -> bool:
    """Whether a form of one to three letters (`o1`, `R1`, `X`) is meant as a name here."""
    before, after = text[max(0, hit.start - 30) : hit.start], text[hit.end : hit.end + 12]
    if entry.type is EntityType.MODEL:
        beside = re.search(
            r"['’]s (?:[a-z]+ ){0,2}$|models? (?:like |such as |called )?$|, $|\b(?:its|and|to) $", before
        )
        return bool(beside) or after.startswith(" model") or entry.id in sure
    return entry.id in sure and len(hit.entries) >= 1 and bool(re.match(r"['’]s\b", after))


def _refer(text: str, named: Sequence[_Named]) -> list[EntityMention]:
    """Give every mention the name of its entity in this document."""
    keys = [(_key(text, item), item.type) for item in named]
    forms: defaultdict[str, list[str]] = defaultdict(list)
    for item, (key, _) in zip(named, keys, strict=True):
        forms[key].append(text[item.start : item.end])
    names: dict[tuple[str, EntityType], str] = {}
    for item, key in zip(named, keys, strict=True):
        if key not in names:
            names[key] = _display(item, forms[key[0]])
    return [
        EntityMention(
            item.start,
            item.end,
            EntityRef(item.type, names[key], item.entry and item.entry.id),
            level=item.level,
        )
        for item, key in zip(named, keys, strict=True)
    ]


def _key(text: str, item: _Named) -> str:
    surface = text[item.start : item.end]
    if item.entry is None:
        return f"{item.type}:{name_key(surface)}"
    written, known = squash(surface), squash(item.entry.name)
    if item.type is EntityType.MODEL and len(written) > len(known) and not written.endswith(known):
        return f"{item.entry.id}:{written}"
    return item.entry.id


def _display(item: _Named, forms: Iterable[str]) -> str:
    """The registry's name where the text uses it or only a short form, else the text's own longest form."""
    written = [_MODEL_NOUN.sub("", _LEGAL_FORM.sub("", " ".join(form.split()))) for form in forms]
    longest = min(written, key=lambda form: (-len(form), form))
    if item.entry is None:
        return longest
    if item.type in {EntityType.PERSON, EntityType.COUNTRY, EntityType.LICENCE}:
        return item.entry.name
    short = longest in item.entry.ambiguous or item.type is not EntityType.COMPANY
    if item.entry.name in written or (short and squash(longest) in squash(item.entry.name)):
        return item.entry.name
    return longest


def _surnames(text: str, mentions: Sequence[EntityMention]) -> Iterable[EntityMention]:
    """Later mentions of a person by surname alone, where one person of the document has it."""
    owners: defaultdict[str, set[EntityRef]] = defaultdict(set)
    for mention in mentions:
        words = mention.ref.name.split()
        if mention.type is EntityType.PERSON and len(words) > 1:
            owners[words[-1]].add(mention.ref)
    taken = Cover(len(text), ((m.start, m.end) for m in mentions))
    single = {
        name: next(iter(refs)) for name, refs in owners.items() if len(refs) == 1 and len(name) >= _SHORTEST
    }
    for word in _SURNAME.finditer(text):
        ref = single.get(word[0])
        free = not taken.touches(word.start(), word.end()) and not _LONGER_NAME.match(text, word.end())
        if ref is not None and free:
            yield EntityMention(word.start(), word.end(), ref)
