"""As what and since when somebody is at a firm, where a verb tells that it begins."""

import re
from dataclasses import dataclass
from typing import Final

from kb.ontology import EmploymentStatus, EntityType
from kb.partial_date import PartialDate
from loaders.extraction.annotations import Annotated
from loaders.extraction.dates import DateMention
from loaders.extraction.roles import ROLE


def _words(source: str) -> re.Pattern[str]:
    """The pattern in which a blank stands for any: a text may be wrapped within the phrase."""
    return re.compile(source.replace(" ", r"\s+"))


_VERBS: Final = (
    r"(?:(?:re)?join(?:s|ed|ing)?|(?:re)?hire[sd]?|recruit(?:s|ed)?|poache[sd]|lure[sd]|appoint(?:s|ed)?|name[sd]?"
    r"|promote[sd]|elected|becomes?|became|succeed(?:s|ed)|replace[sd]|took (?:over|charge)|tapped|made)"
)
"""Verbs that tell of the day on which somebody takes a place."""
_BEGINS: Final = _words(rf"\b{_VERBS}\b")
_TITLED: Final = re.compile(r"\b(?:appoint(?:s|ed)|name[sd]|made|elected|promoted)\b")
"""Verbs that a title may follow without `as`: `appointed her president`."""
_AS: Final = _words(r",? (?:(?:back|again|full-time) )?(?:as|to be|to become) ")
_ARTICLE: Final = _words(r"(?:(?:its|the|their|an?) )?(?:(?:new|next|first) )?")
_TITLE: Final = re.compile(
    rf"({ROLE})(?![\w-])(?=\s*(?:$|[,.;:!?()\"”—–]|(?:in|on|at|of|for|and|to|from|by|last|this|earlier|late"
    r"|early|two|three|a|after|before|when|while|with|since|where|who|but|today|yesterday|effective)\b))"
)
"""A title that ends where its phrase does: `as CEO Ada Moreau left` names nobody's new post."""
_WHEN: Final = _words(
    r",? (?:(?:back|effective|starting|earlier|late|early) )?(?:(?:in|on|from|since|this|at) )?(?:the )?"
)
_SINCE: Final = _words(r",? (?:ever )?since ")
_FROM: Final = _words(r",? (?:away )?from ")
_AT: Final = _words(r" (?:of|at|for) (?:the )?")
_ASIDE: Final = _words(r", (?:an?|the|its|which|where|whose|formerly)\b [^,;.]{2,70},(?= (?:as|in|on) )")
_OPENING: Final = _words(r"(?:(?:[Bb]ack |[Ee]arly |[Ll]ate )?(?:[Ii]n|[Oo]n|[Ss]ince) )?")
_COMMA: Final = _words(r",? ")
_BEFORE_VERB: Final = _words(rf",? (?:(?:she|he|they|had|has|have|was|were) )*(?={_VERBS}\b)")
_AFTER_VERB: Final = _words(rf"\b{_VERBS}(?: (?:back|in|on|this|late|early))* $")
_MOST_PARTS: Final = 4


@dataclass(frozen=True, slots=True)
class Tenure:
    """What the words tell of a post: its title, its first day, whether it is past; and where they stand."""

    start: int
    end: int
    role: str | None = None
    since: PartialDate | None = None
    status: EmploymentStatus | None = None


def tenure(annotated: Annotated, start: int, end: int, verb: str, *, alone: bool) -> Tenure:
    """What stands around the words of a WORKS_FOR, from the first of its ends to the last.

    `verb` are the words that tell of the relation. A title is that of one person: without `alone` it is left
    to nobody.
    """
    begins = _BEGINS.search(verb) is not None
    read = _Reader(annotated, annotated.sentence_at(start).end, end)
    for _ in range(_MOST_PARTS if begins else 0):
        if not (read.title(bare=_TITLED.search(verb) is not None) or read.date() or read.passes()):
            break
    if not begins:
        read.date(only=_SINCE)
    first, since = start, read.since
    date = _date_before(annotated, start) or _date_inside(annotated, start, end) if begins else None
    if since is None and date is not None:
        first, since = min(date.start, start), date.date
    return Tenure(first, read.told, read.role if alone else None, since)


class _Reader:
    """Goes on behind the relation's words, part by part; `told` is the end of what says something."""

    def __init__(self, annotated: Annotated, limit: int, position: int) -> None:
        self._annotated: Final = annotated
        self._limit: Final = limit
        self._position = position
        self.told = position
        self.role: str | None = None
        self.since: PartialDate | None = None

    def title(self, *, bare: bool) -> bool:
        """Whether a title comes next, with `as` before it or, where `bare`, with a blank."""
        text, here = self._annotated.text, self._position
        opening = _AS.match(text, here, self._limit)
        if self.role is not None or (opening is None and not (bare and text[here : here + 1].isspace())):
            return False
        begin = opening.end() if opening else here + 1
        article = _ARTICLE.match(text, begin)
        title = _TITLE.match(text, article.end() if article else begin, self._limit)
        if title is None or self._is_of_another(title.end(1)):
            return False
        self.role = title[1]
        self.told = self._position = title.end(1)
        return True

    def date(self, only: re.Pattern[str] = _WHEN) -> bool:
        """Whether a date comes next."""
        opening = only.match(self._annotated.text, self._position, self._limit)
        date = None if opening is None else _date_at(self._annotated, self._position + 1, opening.end())
        if date is None or self.since is not None or date.end > self._limit:
            return False
        self.since = date.date
        self.told = self._position = date.end
        return True

    def passes(self) -> bool:
        """Whether words come next that may stand between: whence, or what the firm is."""
        text = self._annotated.text
        whence = _FROM.match(text, self._position, self._limit)
        mention = self._annotated.mention_at(whence.end()) if whence else None
        aside = _ASIDE.match(text, self._position, self._limit)
        if mention is None and aside is None:
            return False
        self._position = mention.end if mention else aside.end() - 1 if aside else self._position
        return True

    def _is_of_another(self, position: int) -> bool:
        """Whether the title is one at a firm named after it: `as head of Acme Research`."""
        after = _AT.match(self._annotated.text, position)
        mention = self._annotated.mention_at(after.end()) if after else None
        return mention is not None and mention.type in {EntityType.COMPANY, EntityType.PRODUCT}


def _date_at(annotated: Annotated, start: int, latest: int) -> DateMention | None:
    """The date that begins between the two places."""
    dates = annotated.dates_in(start, latest + 1)
    return next((date for date in dates if start <= date.start <= latest), None)


def _date_before(annotated: Annotated, start: int) -> DateMention | None:
    """The date that opens the sentence: `In May 2024, Ada Moreau …`."""
    sentence = annotated.sentence_at(start)
    opening = _OPENING.match(annotated.text, sentence.start)
    date = _date_at(annotated, sentence.start, opening.end() if opening else sentence.start)
    comma = None if date is None else _COMMA.fullmatch(annotated.text, date.end, start)
    return date if comma else None


def _date_inside(annotated: Annotated, start: int, end: int) -> DateMention | None:
    """The date beside the verb: `Ada Moreau, who in 2021 joined …`, `was appointed in May as …`."""
    for date in annotated.dates_in(start, end):
        ahead = _BEFORE_VERB.match(annotated.text, date.end, end)
        if ahead or _AFTER_VERB.search(annotated.text[start : date.start]):
            return date
    return None
