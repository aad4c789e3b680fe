"""An explanation sentence by sentence: each with the facts that its words state and what became none."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kb.documents import Document
from kb.facts import EntityRef, Fact
from loaders.extraction.annotations import EntityMention, MentionKind, Span
from loaders.extraction.explanation import Explanation, Finding
from loaders.extraction.trace import Candidate, Reason

_LEAST_WEIGHT: Final = frozenset((Reason.NO_ENDS,))
"""Words that could name a relation stand in every sentence; without an end, few readers ask about them."""

_LONGEST_LINE: Final = 20_000


@dataclass(frozen=True, slots=True)
class Numbered:
    """A finding with its number on the page."""

    number: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class LetGo:
    """Candidates of the same words that became nothing for the same reason, and all that would be said."""

    words: str
    places: tuple[tuple[int, int], ...]
    reason: Reason
    origins: tuple[str, ...]
    says: tuple[str, ...]
    instead: Fact | None


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence, or a line of a table. `opens` tells whether a paragraph begins with it."""

    start: int
    end: int
    opens: bool
    findings: tuple[Numbered, ...]
    let_go: tuple[LetGo, ...]
    bare: tuple[LetGo, ...]


def rows(explanation: Explanation) -> Iterator[Row]:
    """The sentences of the text in order."""
    text = explanation.document.text
    spans = list(_spans(text, explanation.sentences))
    starts = [span.start for span in spans]
    findings: defaultdict[int, list[Numbered]] = defaultdict(list)
    for number, finding in enumerate(explanation.findings, start=1):
        findings[_row(starts, finding.fact.evidence.end - 1)].append(Numbered(number, finding))
    candidates: defaultdict[int, list[Candidate]] = defaultdict(list)
    for candidate in explanation.candidates:
        candidates[_row(starts, candidate.start)].append(candidate)
    end = 0
    for index, span in enumerate(spans):
        let_go = _joined(text, candidates[index])
        yield Row(
            span.start,
            span.end,
            opens=index == 0 or "\n\n" in text[end : span.start],
            findings=tuple(findings[index]),
            let_go=tuple(one for one in let_go if one.reason not in _LEAST_WEIGHT),
            bare=tuple(one for one in let_go if one.reason in _LEAST_WEIGHT),
        )
        end = span.end


def _row(starts: Sequence[int], offset: int) -> int:
    return max(bisect_right(starts, offset) - 1, 0)


def _spans(text: str, sentences: Iterable[Span]) -> Iterator[Span]:
    """The sentences, those on one line of a table as one."""
    last: Span | None = None
    for sentence in sentences:
        if last is not None and _on_one_line(text, last, sentence):
            last = Span(last.start, sentence.end)
            continue
        if last is not None:
            yield last
        last = sentence
    if last is not None:
        yield last


def _on_one_line(text: str, row: Span, sentence: Span) -> bool:
    in_table = text.startswith("|", row.start) and sentence.end - row.start <= _LONGEST_LINE
    return in_table and "\n" not in text[row.end : sentence.start]


def _joined(text: str, candidates: Iterable[Candidate]) -> list[LetGo]:
    alike: defaultdict[tuple[object, ...], list[Candidate]] = defaultdict(list)
    for one in candidates:
        words = " ".join(text[one.start : one.end].split())
        alike[words, one.what, one.reason, one.instead].append(one)
    return [
        LetGo(
            words=" ".join(text[group[0].start : group[0].end].split()),
            places=tuple(dict.fromkeys((one.start, one.end) for one in group)),
            reason=group[0].reason,
            origins=_once(f"{one.component}, {one.rule}" if one.rule else one.component for one in group),
            says=_once(one.says for one in group if one.says),
            instead=group[0].instead,
        )
        for group in alike.values()
    ]


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity with its mentions in the text's order: names, and words that refer back to it."""

    ref: EntityRef
    names: tuple[EntityMention, ...]
    anaphors: tuple[EntityMention, ...]

    @property
    def resolved(self) -> str:
        """What the entity is known as."""
        return self.ref.id or "provisional: in no registry"

    def forms(self, document: Document) -> list[tuple[str, int]]:
        """The words by which the text speaks of it, names first, each with how often."""
        words = [" ".join(document.text[m.start : m.end].split()) for m in (*self.names, *self.anaphors)]
        return list(Counter(words).items())


def entities(explanation: Explanation) -> list[Entity]:
    """The entities of the extraction with their mentions, by type and name."""
    mentions: defaultdict[EntityRef, list[EntityMention]] = defaultdict(list)
    for mention in explanation.mentions:
        mentions[mention.ref].append(mention)
    return [
        Entity(
            record.ref,
            tuple(m for m in mentions[record.ref] if m.kind is MentionKind.NAME),
            tuple(m for m in mentions[record.ref] if m.kind is not MentionKind.NAME),
        )
        for record in explanation.extraction.entities
    ]
