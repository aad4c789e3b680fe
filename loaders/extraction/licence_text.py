"""Whose terms a clause states: the licence whose text this is, or what the sentence or the text is about."""

import re
from collections.abc import Sequence
from typing import Final

from kb.facts import EntityRef
from kb.ontology import EntityType
from loaders.extraction.annotations import Annotated, EntityMention, MentionKind, Span
from loaders.extraction.focus import focus

_LICENCE_TITLE: Final = re.compile(r"\b(?:licen[cs]e|agreement|terms of use|rail|openrail)\b", re.I)
_AGREEMENT: Final = re.compile(
    r"\bthis (?:licen[cs]e|agreement)\b|\byou (?:agree|may|shall|will not|must)\b|\bhereby\b|\blicensors?\b"
    r"|\b(?:licensees?|affiliates|derivatives?|warrant(?:y|ies)|liabilit(?:y|ies)|royalty-free|redistribute)\b"
    r"|\bsection \d",
    re.I,
)

_THE_LICENCE: Final = re.compile(r"\b(?:the|this|that|its) licen[cs]e\b", re.I)
_SAME: Final = re.compile(r"\b(?:same|such|this|that|these)\b", re.I)
_SEPARATOR: Final = re.compile(r",?\s(?:and|or|as well as)?\s?(?:the\s|under\s)*|\s?,\s?(?:the\s)?")
_VERSION: Final = re.compile(r",? (?:version|v\.?) ?\d+(?:\.\d+)*$", re.I)
_QUOTED: Final = re.compile(r"[“\"][^”\"]*$")
"""Before a name within words that are only cited: `"Built with X"`."""

_NEAR: Final = 400


def licence_of_text(annotated: Annotated) -> EntityRef | None:
    """The licence whose own text this is: named in its title, and told by its clauses."""
    text = annotated.text
    if len(_AGREEMENT.findall(text[:100_000])) < 4:
        return None
    title = (annotated.document.metadata.title or "").strip()
    named = _LICENCE_TITLE.search(title) is not None and len(title.split()) <= 12
    for mention in annotated.mentions_in(0, 600, EntityType.LICENCE):
        if named and mention.ref.id is not None and len(mention.ref.name) < 0.6 * len(_bare(title)):
            continue  # the name of a licence that this one changes
        line_start = text.rfind("\n", 0, mention.start) + 1
        line = text[line_start : mention.end] + text[mention.end : mention.end + _NEAR].split("\n", 1)[0]
        if len(line.split()) <= 14:
            return mention.ref
    return EntityRef(EntityType.LICENCE, _bare(title)) if named else None


def _bare(title: str) -> str:
    """The title without the version that it ends with."""
    return _VERSION.sub("", title)


def subjects_of(
    annotated: Annotated, sentence: Span, own: EntityRef | None, start: int, end: int
) -> list[EntityRef]:
    """Whose term the words are: the text's own licence, else what the sentence names nearest.

    Empty where nothing is named and the text is about no single model.
    """
    if own is not None:
        return [own]
    if _THE_LICENCE.search(annotated.text, sentence.start, sentence.end) and (
        before := annotated.mentions_in(max(0, sentence.start - _NEAR), end, EntityType.LICENCE)
    ):
        return [before[-1].ref]
    near = annotated.mentions_in(sentence.start, sentence.end, EntityType.LICENCE, EntityType.MODEL)
    listed = _listed(annotated, [m for m in near if m.type is EntityType.LICENCE and m.end <= start])
    if listed:
        return listed
    if (
        all(m.kind is not MentionKind.NAME for m in near)
        and _SAME.search(annotated.text, sentence.start, sentence.end)
        and (before := annotated.mentions_in(max(0, sentence.start - _NEAR), start, EntityType.LICENCE))
    ):
        return [before[-1].ref]
    named = sorted(
        near,
        key=lambda m: (
            m.kind is not MentionKind.NAME,
            _QUOTED.search(annotated.text, max(sentence.start, m.start - 40), m.start) is not None,
            _distance(start, end, m.start, m.end),
        ),
    )
    if named:
        return [named[0].ref]
    about = focus(annotated, start, (EntityType.MODEL,))
    return [] if about is None else [about]


def _listed(annotated: Annotated, licences: Sequence[EntityMention]) -> list[EntityRef]:
    """The licence nearest before the words, with those that stand in one list with it."""
    found: list[EntityRef] = []
    last = 0
    for mention in reversed(licences):
        if found and not _SEPARATOR.fullmatch(annotated.text, mention.end, last):
            break
        found.append(mention.ref)
        last = mention.start
    return list(dict.fromkeys(reversed(found)))


def _distance(start: int, end: int, other_start: int, other_end: int) -> int:
    return max(other_start - end, start - other_end, 0)
