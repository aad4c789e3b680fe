"""For which date a number is told: the sentence's own, that of the sentence before, or the document's."""

import re
from collections.abc import Sequence
from typing import Final

from spacy.tokens import Token

from kb.partial_date import PartialDate
from loaders.extraction.annotations import Annotated, Span
from loaders.extraction.circumstances import clause_around
from loaders.extraction.date_series import date_in_series
from loaders.extraction.dates import DateMention
from loaders.extraction.former_values import is_former, is_of_former, own_words
from loaders.extraction.steps import Step, steps_around

_NOW: Final = re.compile(
    r"\b(?:now|just|currently|today|to date|so far|at present|these days)\b", re.IGNORECASE
)
_THAT_TIME: Final = re.compile(
    r"\b(?:at (?:that|the same|the) time|(?:in|during|for|by) (?:that|the same) (?:month|quarter|year"
    r"|week|period)"
    r"|on (?:that|the same) day|(?:that|the same) (?:month|quarter|year))\b",
    re.IGNORECASE,
)
_EARLIER: Final = re.compile(
    r"\b(?:before|earlier|previously|once|formerly|until then|originally|by then|then|at (?:its"
    r"|the) (?:launch|start"
    r"|peak|height|beginning)|last been|used to)\b",
    re.IGNORECASE,
)
_COMPARED: Final = re.compile(
    r"\b(?:than|from|against|versus|over|compared (?:with|to)|as|in)\b[^,;.]{0,30}\b(?:before|earlier|ago)\b",
    re.IGNORECASE,
)
_AFTERWARDS: Final = re.compile(
    r"[,.;](?!\d)|\b(?:more|less|fewer|higher|lower|times|up|down|as (?:many|much)) "
)
_OPENS: Final = re.compile(
    r"(?:In|On|At|By|During|As of|Since)(?: (?:the|end|start|middle|of|early|late|mid))*\s+"
)
_BREAK: Final = re.compile(r"[,;:]|\b(?:and|but|while|from|against|compared)\b")
_SINCE: Final = re.compile(
    r"[,;][^,;]*\b(?:since|compared|than|twice|double|times|doubling|tripling)\b[^,;]*$"
)
_GOES_ON: Final = re.compile(
    r"(?:It|That|This|The (?:round|deal|financing|investment|funding|transaction|purchase)) (?=[a-z])"
)
_FISCAL: Final = re.compile(r"\b(?:fiscal|financial|FY)", re.IGNORECASE)
_EARLIER_IN: Final = re.compile(
    r"\bearlier (?:in |this year$)(?:the )?$|\bearlier in (?:this|that) year$", re.IGNORECASE
)
_SERIES: Final = 3
_DEEPEST: Final = 3
_LAST_DATES: Final = 3
_STATES: Final = frozenset(("was", "were", "had", "stood", "amounted"))
_PAST_HELPERS: Final = frozenset(("was", "were", "had"))
_TOLD: Final = frozenset(
    "said told announced added wrote noted confirmed disclosed reported revealed claimed stated"
    " estimated".split()
)
_CLIMB: Final = 12


def as_of(annotated: Annotated, start: int, end: int, *, depth: int = 0) -> PartialDate | None:
    """The date of the words' own verb, nearest first; else the document's for what is told as current.

    None where the words point to a time that they do not name (`before that`), or tell of a state past, and
    for a number that another has taken the place of (`up from $5`). `depth` counts the numbers by whose dates
    this one's is told.
    """
    sentence = annotated.sentence_at(start)
    whole = Span(sentence.start, max(sentence.end, end))
    clause = clause_around(annotated.text, sentence, start, end)
    known = annotated.document_date
    former = is_former(annotated, whole, start, end)
    if not former and known and _NOW.search(annotated.text, max(clause.start, start - 40), end):
        return known
    dates, steps = _told_near(annotated, whole, start, end, former=former)
    nearest = min((*dates, *steps), key=lambda d: _distance(annotated, d, start, end), default=None)
    if isinstance(nearest, Step):
        return nearest.from_date(_anchor(annotated, nearest, start, depth))
    if nearest is not None:
        return None if _only_bounds(annotated, nearest, whole) else nearest.date
    return None if former else _unstated(annotated, clause, start, end)


def _told_near(
    annotated: Annotated, sentence: Span, start: int, end: int, *, former: bool
) -> tuple[list[DateMention], list[Step]]:
    """The dates and steps of the sentence that can be the number's; of a former one those right behind it."""
    steps = list(steps_around(annotated, sentence, start, end, past=_is_over(annotated, start, end)))
    if former:
        own = own_words(annotated, sentence, end)
        dates = annotated.dates_in(own.start, own.end)
        steps = [step for step in steps if own.start <= step.start < own.end]
    else:
        clause = clause_around(annotated.text, sentence, start, end)
        dates = _near(annotated, clause, start, end) or _near(annotated, sentence, start, end)
    return [d for d in dates if not _is_step(annotated, d, steps)], steps


def _unstated(annotated: Annotated, clause: Span, start: int, end: int) -> PartialDate | None:
    """The date where the number's own sentence names none."""
    sentence = annotated.sentence_at(start)
    placed = date_in_series(annotated, sentence, start)
    if placed is not None:
        return placed
    words = _COMPARED.sub("", annotated.text[max(clause.start, start - 120) : _close(annotated, clause, end)])
    if _THAT_TIME.search(words):
        return _date_before(annotated, sentence, start)
    return None if _EARLIER.search(words) else _undated(annotated, sentence, start, end)


def _is_step(annotated: Annotated, found: DateMention, steps: Sequence[Step]) -> bool:
    """Whether the words are a step's, or a fiscal year's beside one: that need not be the calendar's."""
    words = annotated.text[found.start : found.end]
    return any(
        (s.start <= found.start < s.end) or (_FISCAL.search(words) is not None and not s.compared)
        for s in steps
    )


def _only_bounds(annotated: Annotated, found: DateMention, sentence: Span) -> bool:
    """`earlier in 2025` in a text of that year: all that is known is that it was before."""
    around = annotated.text[max(found.start - 25, sentence.start) : found.start]
    if _EARLIER_IN.search(around) is None and not _EARLIER_IN.search(
        around + annotated.text[found.start : found.end]
    ):
        return False
    told = [d.date for d in annotated.dates_in(0, sentence.start)[-_LAST_DATES:]]
    known = annotated.document_date
    return any(
        found.date.first <= date.first and date.last <= found.date.last and date != found.date
        for date in (*told, *(() if known is None else (known,)))
    )


def _anchor(annotated: Annotated, step: Step, start: int, depth: int) -> PartialDate | None:
    """The date from which a step counts: that of the number before, else the last one told.

    `earlier` counts from the document's date where the text has told none.
    """
    if depth >= _DEEPEST or not step.exact:
        return None
    sentence = annotated.sentence_at(start)
    stretch = Span(sentence.start, start if step.compared else step.start)
    for _ in range(_SERIES):
        numbers = [q for q in annotated.quantities_in(stretch.start, stretch.end) if not q.percent]
        if numbers:
            return as_of(annotated, numbers[-1].start, numbers[-1].end, depth=depth + 1)
        dates = annotated.dates_in(stretch.start, stretch.end)
        if dates:
            return dates[-1].date
        before = annotated.sentence_before(sentence)
        if before is None:
            break
        sentence = stretch = before
    words = annotated.text[step.start : step.end].lower()
    return annotated.document_date if words.endswith("earlier") else None


def _undated(annotated: Annotated, sentence: Span, start: int, end: int) -> PartialDate | None:
    """For which date words without one are told: past ones go on from a date before, others are current."""
    if _is_past(annotated, start, end):
        return _carried_on(annotated, sentence)
    if _GOES_ON.match(annotated.text, sentence.start) and _happened(annotated, start, end):
        return _carried_on(annotated, sentence) or annotated.document_date
    return annotated.document_date


def _close(annotated: Annotated, clause: Span, end: int) -> int:
    """Where what is said right after the words ends: a comma or a comparison begins something else."""
    stop = _AFTERWARDS.search(annotated.text, end, min(clause.end, end + 80))
    return min(clause.end, end + 80) if stop is None else stop.start()


def _carried_on(annotated: Annotated, sentence: Span) -> PartialDate | None:
    """The date that opens one of the sentences before, where all from there on only go on with numbers."""
    for _ in range(_SERIES):
        before = annotated.sentence_before(sentence)
        if before is None or not annotated.quantities_in(before.start, before.end):
            return None
        dates = annotated.dates_in(before.start, before.end)
        if dates:
            opens = _OPENS.fullmatch(annotated.text, before.start, dates[0].start) is not None
            return dates[0].date if len(dates) == 1 and opens else None
        sentence = before
    return None


def _near(annotated: Annotated, stretch: Span, start: int, end: int) -> list[DateMention]:
    return [
        d
        for d in annotated.dates_in(stretch.start, stretch.end)
        if (d.start < start or not _is_apart(annotated, end, d.start))
        and _belongs(annotated, d, start, end)
        and not _only_begins(annotated, d, end)
        and not is_of_former(annotated, stretch, d.start, start)
    ]


def _only_begins(annotated: Annotated, found: DateMention, end: int) -> bool:
    """`…, more than twice what it was since March`: the date from which the number has grown."""
    return found.start > end and _SINCE.search(annotated.text, end, found.start) is not None


def _is_apart(annotated: Annotated, end: int, date: int) -> bool:
    """Whether another number between has the date for itself, not beside this one (`$9 at a $90"
    " valuation in May`)."""
    between = annotated.quantities_in(end, date)
    return bool(between) and (len(between) > 1 or _BREAK.search(annotated.text, end, date) is not None)


def _belongs(annotated: Annotated, found: DateMention, start: int, end: int) -> bool:
    """Whether the date is that of the number's verb, not of another verb beside it or of the subject."""
    date_verb = _verb(annotated, found.start, found.end)
    verb = _verb(annotated, start, end)
    if date_verb is None or verb is None or date_verb == verb:
        return True
    above = list(_above(verb))
    if date_verb in above:
        joined = any(token.dep_ == "conj" and token.head == date_verb for token in [verb, *above])
        return not joined or found.start < date_verb.idx or found.start > end
    if verb not in _above(date_verb):
        return True
    branch = next(token for token in [date_verb, *_above(date_verb)] if verb in (token.head, token))
    clause = any(t.dep_ in {"relcl", "acl"} for t in [date_verb, *_above(date_verb)][:3])
    return not (clause and branch.dep_ in {"nsubj", "nsubjpass"} and date_verb.i < verb.i)


def _verb(annotated: Annotated, start: int, end: int) -> Token | None:
    words = annotated.tokens(start, end)
    if not len(words):
        return None
    token = words.root
    return next((t for t in [token, *_above(token)] if t.pos_ in {"VERB", "AUX"}), None)


def _above(token: Token) -> Sequence[Token]:
    found: list[Token] = []
    while token.head.i != token.i and len(found) < _CLIMB:
        token = token.head
        found.append(token)
    return found


def _is_past(annotated: Annotated, start: int, end: int) -> bool:
    """A state that is over (`had been valued at`, `was $3 billion`); what somebody said it was is current."""
    verb = _verb(annotated, start, end)
    if verb is None or any(t.lower_ in _TOLD for t in _above(verb)):
        return False
    helpers = {child.lower_ for child in verb.children if child.dep_ in {"aux", "auxpass"}}
    return "had" in helpers or (verb.lower_ in _STATES and not helpers)


def _happened(annotated: Annotated, start: int, end: int) -> bool:
    """Whether the verb over the words tells what happened, not what is so."""
    verb = _verb(annotated, start, end)
    return verb is not None and verb.tag_ == "VBD"


def _is_over(annotated: Annotated, start: int, end: int) -> bool:
    """Whether the verb over the words is in the past, of whatever voice."""
    verb = _verb(annotated, start, end)
    helpers = () if verb is None else [c.lower_ for c in verb.children if c.dep_ in {"aux", "auxpass"}]
    return _happened(annotated, start, end) or any(word in _PAST_HELPERS for word in helpers)


def _date_before(annotated: Annotated, sentence: Span, start: int) -> PartialDate | None:
    """The last date before the words, in their sentence or the two before it."""
    opening = sentence
    for _ in range(2):
        opening = annotated.sentence_before(opening) or opening
    dates = annotated.dates_in(opening.start, start)
    return dates[-1].date if dates else None


def _distance(annotated: Annotated, found: DateMention | Step, start: int, end: int) -> tuple[int, int]:
    """Dates after the words come before those ahead of them; another quantity between costs."""
    if found.start >= end:
        between = annotated.quantities_in(end, found.start)
        return len(between), found.start - end
    between = annotated.quantities_in(found.end, start)
    return len(between), start - found.end + 10
