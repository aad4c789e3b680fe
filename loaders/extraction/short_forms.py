"""Short forms that a text goes on with after the full name: `Acme Labs`, then `Acme`; `Foo-V4`, then `V4`."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from kb.facts import EntityRef
from kb.ontology import EntityType
from loaders.extraction.annotations import EntityMention
from loaders.extraction.cover import Cover
from loaders.extraction.phrases import places

_GENERIC: Final = frozenset(
    "AI Labs Lab Inc Corp Ltd LLC PBC Co Group Holdings Holding Technologies Technology Systems Networks"
    " Network Robotics Ventures Capital Partners Management Research Intelligence Computer Computing"
    " Software Semiconductor Semiconductors Therapeutics Health Studios Studio Bio Cloud Data Foundation"
    " Institute Company Solutions Security Analytics Interactive Media Games Platforms Electronics Motors"
    " Industries Machines".split()
)
"""Words that say only what kind of firm it is."""

_BROAD: Final = frozenset(
    "Open General Artificial Machine Deep Data Big New First Stanford National American Global Digital United"
    " International Advanced Applied Allen Tsinghua European Chinese Microsoft Google Meta Amazon Apple"
    " Nvidia Government University Bank Ministry Department Institute Center Centre Technology".split()
)
"""First words that alone mean something else."""

_REST: Final = re.compile(
    r"(?P<maker>[A-Z][A-Za-z]{2,})[ -](?P<rest>[A-Z]{1,3}\d+(?:\.\d+)?(?:[ -][A-Za-z0-9.]+)*)"
)
"""What remains of a model's name without its maker's: `R1` of `Acme-R1`."""

_LEAST: Final = 4
_ALONE: Final = re.compile(r"(?![\w-]|\.\w| [A-Z][a-z])")
_ACRONYM: Final = re.compile(r" \(([A-Z][A-Za-z0-9&-]{1,9})\)")


def short_forms(text: str, mentions: Sequence[EntityMention]) -> Iterator[EntityMention]:
    """Further mentions by a short form of a firm or model named in full, where only one can be meant."""
    owners: defaultdict[str, set[EntityRef]] = defaultdict(set)
    known = {text[m.start : m.end] for m in mentions}
    firms = {text[m.start : m.end] for m in mentions if m.type is EntityType.COMPANY}
    for mention in mentions:
        if mention.type is EntityType.COMPANY:
            for form in _forms(text, mention):
                owners[form].add(mention.ref)
        elif mention.type is EntityType.MODEL and (
            rest := _REST.fullmatch(text[mention.start : mention.end])
        ):
            owners[rest["rest"]].update({mention.ref} if rest["maker"] in firms else ())
    single = {form: next(iter(refs)) for form, refs in owners.items() if len(refs) == 1 and form not in known}
    if not single:
        return
    common = set(re.findall(r"(?<![\w-])[a-z]{4,}(?![\w-])", text))
    taken = Cover(len(text), ((m.start, m.end) for m in mentions))
    for form, start in places(text, (form for form in single if form.lower() not in common), _ALONE):
        end = start + len(form)
        if not taken.touches(start, end):
            yield EntityMention(start, end, single[form])


def adopted(text: str, mentions: Sequence[EntityMention]) -> list[EntityMention]:
    """The mentions, where letters in brackets behind a firm's name (`Acme Works (AW)`) mean that firm."""
    meant: dict[str, EntityRef] = {}
    for mention in mentions:
        letters = _ACRONYM.match(text, mention.end)
        if mention.type is EntityType.COMPANY and letters is not None:
            full = text[mention.start : mention.end]
            if letters[1] != full and _abbreviates(letters[1], full):
                meant.setdefault(letters[1], mention.ref)
    return [
        replace(m, ref=meant[form])
        if m.type is EntityType.COMPANY and m.ref.id is None and (form := text[m.start : m.end]) in meant
        else m
        for m in mentions
    ]


def _forms(text: str, mention: EntityMention) -> Iterator[str]:
    words = text[mention.start : mention.end].split()
    while len(words) > 1 and words[-1].strip(".,") in _GENERIC:
        words = words[:-1]
        form = " ".join(words).rstrip(",")
        if len(form) >= _LEAST and form[0].isupper() and form not in _BROAD:
            yield form
    acronym = _ACRONYM.match(text, mention.end)
    if acronym is not None and _abbreviates(acronym[1], text[mention.start : mention.end]):
        yield acronym[1]


def _abbreviates(short: str, name: str) -> bool:
    """Whether the letters of the short form begin words of the name, in order."""
    initials = iter(word[0].upper() for word in re.split(r"[\s-]+", name) if word)
    return all(any(letter == initial for initial in initials) for letter in short.upper() if letter.isalpha())
