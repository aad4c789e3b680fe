"""Market shares told one after the other: `Acme has 56 %, Beta 20 % and Gamma, from Delta, 9 %`.

The rules of figures ask each number for words of its own; in such a series only the text around says what
is shared out. A percentage belongs to the entity last named before it in its clause, or to the one that
takes it (`1 % goes to Acme`); `down from 12 % in April` goes on with the same one.
"""

import re
from collections.abc import Iterator
from typing import Final

from kb.facts import EntityRef, Fact, Figure
from kb.ontology import EntityType, Metric
from loaders.extraction.annotations import EXTRACTOR, Annotated, EntityMention, Span
from loaders.extraction.circumstances import modality, speaker
from loaders.extraction.quantities import Quantity
from loaders.extraction.slots import Slotted, slotted
from loaders.extraction.told_dates import as_of

_ABOUT: Final = re.compile(
    r"\bmarket share|\bshares? of (?:the |all )?(?:[\w-]+ ){0,3}(?:market|traffic|visits|usage|use"
    r"|spend|spending"
    r"|money|searches|referrals|queries|downloads|workloads)\b|\b(?:percent|%|per cent) of (?:the "
    r"|all )?(?:[\w-]+ ){0,3}"
    r"(?:market|traffic|visits|usage|spend|spending|money|clicks|searches|referrals|queries|workloads)\b",
    re.IGNORECASE,
)
_NO_SHARE: Final = re.compile(
    r"^ (?:(?:more|less|fewer|higher|lower|faster|cheaper|larger|smaller|above|below|up|down|growth|increase"
    r"|decline|points?|discount|stake)\b|of (?:(?:its|their|his|her|the company|all)\b|<[CDMP]\d+>)"
    r"|of (?:(?!the market)[\w<>-]+ ){0,3}(?:staff|employees|revenues?|users|respondents|companies|firms"
    r"|developers|people|adults|teens|customers|businesses|those|them|executives|workers|students)\b)"
)
_CHANGED: Final = re.compile(
    r"\b(?:grew|grown|rose|risen|fell|fallen|dropped|up|down|increased|decreased|jumped|climbed|shrank|gained|lost)"
    r"(?: by| another| nearly| about| almost| some)* ?$"
)
_OWNED: Final = re.compile(
    r"\b(?:invest(?:s|ed|ing|ment|or|ors)?|stakes?|shareholders?|equity)\b", re.IGNORECASE
)
"""Signs that a share is one of a firm, where its sentence names no market."""

_AGAIN: Final = re.compile(r"^[^<>.;]{0,25}\b(?:from|to|against|versus|after)\b[^<>.;]{0,20}$")
_GAP: Final = re.compile(
    r"^(?:'s)?(?:,? (?:which|that|who) )?(?:,? ?(?:from|by|of) <[CN]\d+>(?: of \w+)?,?)?[^<>.;]{0,50}$"
)
_ASIDE: Final = re.compile(r"^, (?:which|who|where|whose) [^;]*, ?[^<>.;]{0,40}$")
_TAKEN: Final = re.compile(
    r"^[^<>.;]{0,60}(?:goes to|went to|going to|you'll find|belongs? to|for) (?:<C\d+>'s )?<([CDM])(\d+)>"
)
_EACH: Final = re.compile(
    r"<[CDM](\d+)>(?:, <[CDM](\d+)>)?,? and <[CDM](\d+)> (?:at|with|on|have|had|hold) $"
)
_SUBJECTS: Final = (EntityType.COMPANY, EntityType.PRODUCT, EntityType.MODEL)
_REACH: Final = 3
_CONFIDENCE: Final = 0.8


class ShareFinder:
    """Reads the percentages of sentences in a part of the text that tells how a market is shared out."""

    def find(self, annotated: Annotated) -> Iterator[Fact]:
        """The shares, each of the entity that the series names for it."""
        about = _REACH + 1
        for sentence in annotated.sentences():
            words = annotated.text[sentence.start : sentence.end]
            about = (
                0
                if _ABOUT.search(words)
                else about + (1 if "%" not in words and "ercent" not in words else 0)
            )
            if about and _OWNED.search(words):
                continue
            if about <= _REACH and annotated.quantities_in(sentence.start, sentence.end):
                yield from _shares(annotated, slotted(annotated, sentence))


def _shares(annotated: Annotated, sentence: Slotted) -> Iterator[Fact]:
    last: list[EntityRef] = []
    end = 0
    for index, filler in enumerate(sentence.fillers):
        if not isinstance(filler, Quantity) or not _is_share(sentence, index, filler):
            continue
        start = sentence.starts[index]
        between = sentence.text[end:start]
        if not (last and _AGAIN.match(between)):
            last = _owners(sentence, index, end)
        end = sentence.ends[index]
        for ref in last:
            yield _share(annotated, ref, filler, sentence.sentence)


def _is_share(sentence: Slotted, index: int, quantity: Quantity) -> bool:
    """A percentage, or a bare number that goes on a series of percentages (`follows at 4.6`)."""
    right, left = sentence.text[sentence.ends[index] :], sentence.text[: sentence.starts[index]]
    if quantity.value is None and not quantity.percent:
        return False
    bare = (
        not quantity.percent
        and quantity.currency is None
        and quantity.magnitude == 1
        and isinstance(quantity.value, float)
        and re.match(r"[.,;]|$| and\b", right) is not None
    )
    return (quantity.percent or bare) and not _NO_SHARE.match(right) and not _CHANGED.search(left)


def _owners(sentence: Slotted, index: int, since: int) -> list[EntityRef]:
    left, right = sentence.text[: sentence.starts[index]], sentence.text[sentence.ends[index] :]
    each = _EACH.search(left) if re.match(r" (?:each|apiece)\b", right) else None
    if each is not None:
        numbers = [int(group) for group in each.groups() if group]
        return [f.ref for n in numbers if isinstance(f := sentence.fillers[n], EntityMention)]
    for position in range(index - 1, -1, -1):
        filler = sentence.fillers[position]
        if sentence.starts[position] < since:
            break
        if isinstance(filler, EntityMention) and filler.type in _SUBJECTS:
            words = sentence.text[sentence.ends[position] : sentence.starts[index]]
            maker = re.search(r"\b(?:from|by|of) (?:the )?$", sentence.text[: sentence.starts[position]])
            if not maker and (_GAP.match(words) or _ASIDE.match(words)):
                return [filler.ref]
            if filler.type is not EntityType.COMPANY:
                break
    taken = _TAKEN.match(right)
    filler = sentence.fillers[int(taken[2])] if taken else None
    return [filler.ref] if isinstance(filler, EntityMention) else []


def _share(annotated: Annotated, owner: EntityRef, quantity: Quantity, sentence: Span) -> Figure:
    # A share is a product's where its name is its model's, too.
    ref = EntityRef(EntityType.PRODUCT, owner.name) if owner.type is EntityType.MODEL else owner
    return Figure(
        subject=ref,
        predicate=Metric.MARKET_SHARE,
        unit="%",
        value=quantity.value,
        low=quantity.low,
        high=quantity.high,
        comparator=quantity.comparator,
        as_of=as_of(annotated, quantity.start, quantity.end),
        modality=modality(annotated, quantity.start, quantity.end),
        speaker=speaker(annotated, quantity.start, quantity.end),
        evidence=annotated.evidence(sentence.start, max(sentence.end, quantity.end)),
        extractor=EXTRACTOR,
        confidence=_CONFIDENCE,
    )
