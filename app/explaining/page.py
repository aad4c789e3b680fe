"""An explanation as one HTML page that needs nothing else: no script, no font, no picture, no network.

Spans of a text overlap, so each row is cut at every end of one into segments, and each segment carries the
marks of all that cover it. Within a row facts have lanes: the lines under the words, one above the other.
Every word of the document goes through the template's escaping, and the page's policy forbids whatever
would be left.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from app.explaining.inert import inert
from app.explaining.rows import LetGo, Numbered, Row, entities, rows
from app.explaining.wording import Told, told, told_origin, told_reason
from kb.documents import Document
from kb.facts import Fact
from kb.ontology import Kind
from loaders.cleaning.cuts import Cut
from loaders.extraction.annotations import EntityMention, MentionKind
from loaders.extraction.explanation import Explanation

_LANES: Final = 3
"""So many lines are drawn under a word; a fact beyond them is listed all the same."""

_LINKED: Final = 12
"""So many facts of a row light up their words when pointed at; the style sheet counts them out."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Words that the same spans cover, the marks that they carry, and what is written behind them."""

    text: str
    classes: str
    mention: str = ""
    numbers: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A fact beside its words; `place` counts the facts of its row."""

    number: int
    place: int
    kind: str
    told: Told
    evidence: str
    origin: str
    confidence: float
    prior: float
    also: str


@dataclass(frozen=True, slots=True)
class Note:
    """Words that became nothing, and why."""

    words: str
    often: int
    says: str
    reason: str
    origins: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as the template takes it."""

    opens: bool
    is_table: bool
    segments: tuple[Segment, ...]
    cards: tuple[Card, ...]
    notes: tuple[Note, ...]
    bare: tuple[Note, ...]


def page(explanation: Explanation, cuts: Sequence[Cut]) -> str:
    """The page."""
    document = explanation.document
    style, digest = _style()
    return _template().render(
        title=document.metadata.title or document.source_key,
        facts=_facts_of_document(document),
        kinds=[kind.value for kind in Kind],
        counts={
            "facts": len(explanation.findings),
            "let_go": len(explanation.candidates),
            "entities": len(explanation.extraction.entities),
            "cuts": len(cuts),
        },
        rows=_shown(explanation),
        entities=[(one, one.forms(document)) for one in entities(explanation)],
        cuts=cuts,
        style=style,
        digest=digest,
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("app.explaining"),
        autoescape=True,
        finalize=_shown_safely,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html")


def _shown_safely(value: object) -> object:
    """Every value before it is escaped."""
    return inert(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _style() -> tuple[Markup, str]:
    """The style sheet, and the hash by which the page's policy lets it and nothing else in."""
    text = files("app.explaining").joinpath("templates/page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(text), digest  # noqa: S704 - our own file


def _facts_of_document(document: Document) -> list[tuple[str, str]]:
    known = document.metadata
    pairs = (
        ("publisher", known.publisher),
        ("published", known.published),
        ("authors", ", ".join(known.authors)),
        ("address", known.url),
        ("source", document.source_key),
    )
    return [(name, str(value)) for name, value in pairs if value]


def _shown(explanation: Explanation) -> Iterator[Shown]:
    text = explanation.document.text
    mentions = list(explanation.mentions)
    first = 0
    for row in rows(explanation):
        while first < len(mentions) and mentions[first].end <= row.start:
            first += 1
        last = first
        while last < len(mentions) and mentions[last].start < row.end:
            last += 1
        yield Shown(
            opens=row.opens,
            is_table=text.startswith("|", row.start),
            segments=tuple(_segments(text, row, mentions[first:last])),
            cards=tuple(_card(one, place, row) for place, one in enumerate(row.findings)),
            notes=tuple(_note(one) for one in row.let_go),
            bare=tuple(_note(one) for one in row.bare),
        )


def _card(one: Numbered, place: int, row: Row) -> Card:
    finding = one.finding
    words = finding.fact.evidence
    return Card(
        number=one.number,
        place=place,
        kind=finding.fact.kind.value,
        told=told(finding.fact),
        evidence="" if (words.start, words.end) == (row.start, row.end) else words.text,
        origin=told_origin(finding.origin),
        confidence=finding.fact.confidence,
        prior=finding.origin.prior,
        also="; ".join(told_origin(origin) for origin in finding.also),
    )


def _note(one: LetGo) -> Note:
    return Note(one.words, len(one.places), ", ".join(one.says), told_reason(one), "; ".join(one.origins))


@dataclass(frozen=True, slots=True)
class _Mark:
    """A class that the words of a span carry."""

    start: int
    end: int
    name: str


def _segments(text: str, row: Row, mentions: Sequence[EntityMention]) -> Iterator[Segment]:
    """The row cut where any mark begins or ends."""
    marks = [*_fact_marks(row), *(_Mark(*place, "let-go") for one in row.let_go for place in one.places)]
    marks += [_Mark(m.start, m.end, f"mention {m.type.value.lower()}") for m in mentions]
    behind = {m.end: m for m in mentions}
    numbers: dict[int, list[tuple[int, str]]] = {}
    for one in row.findings:
        end = min(one.finding.fact.evidence.end, row.end)
        numbers.setdefault(end, []).append((one.number, one.finding.fact.kind.value))
    cuts = (
        {row.start, row.end} | {place for mark in marks for place in (mark.start, mark.end)} | numbers.keys()
    )
    inside = sorted(place for place in cuts if row.start <= place <= row.end)
    for start, end in pairwise(inside):
        names = [mark.name for mark in marks if mark.start <= start and end <= mark.end]
        yield Segment(
            text[start:end],
            " ".join(dict.fromkeys(names)),
            _label(behind[end]) if end in behind else "",
            tuple(numbers.get(end, ())),
        )


def _fact_marks(row: Row) -> Iterator[_Mark]:
    """The evidence of each fact with its lane, and the words that it hangs on."""
    lanes: dict[tuple[int, int, Kind], int] = {}
    for place, one in enumerate(row.findings):
        fact, at = one.finding.fact, one.finding.origin.at
        span = fact.evidence.start, fact.evidence.end, fact.kind
        lane = lanes.setdefault(span, _free_lane(lanes, fact))
        if lane < _LANES:
            yield _Mark(*span[:2], f"lane-{lane}-{fact.kind.value}")
        if place < _LINKED:
            yield _Mark(*span[:2], f"words-{place}")
        if at is not None:
            yield _Mark(*at, f"key {fact.kind.value}")


def _free_lane(lanes: dict[tuple[int, int, Kind], int], fact: Fact) -> int:
    """The lowest line that no overlapping evidence has taken."""
    words = fact.evidence
    taken = {lane for (start, end, _), lane in lanes.items() if start < words.end and words.start < end}
    return next(lane for lane in range(len(lanes) + 1) if lane not in taken)


def _label(mention: EntityMention) -> str:
    """What stands behind a mention: its type, or for words that refer back whom they mean."""
    return mention.type.value if mention.kind is MentionKind.NAME else f"→ {mention.ref.name}"
