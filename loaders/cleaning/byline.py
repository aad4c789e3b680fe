"""Bylines, datelines and the small print between a title and its article."""

import re
from typing import Final

from loaders.cleaning.chrome import NAVIGATION, count, is_sentence
from loaders.cleaning.dates import DATE

_BY: Final = re.compile(
    r"(?:(?:written |words |story )?by|von|por|par|door|author|autor|作者|文)(?:\s?[:：/]\s?|\s|$)", re.I
)
_NAME: Final = re.compile(
    r"[^\W\d_][\w.’'-]*(?:\s(?:de|van|von|der|den|la|le|bin|al|el|da|di|[^\W\d_][\w.’'-]*)){1,4}"
)
_ROLE: Final = re.compile(
    r"(?:[\w&’'-]+,? ){0,5}(?:reporter|editor|correspondent|writer|contributor|columnist|staff|journalist"
    r"|bureau chief|producer|fellow|author|analyst)s?(?:, .{1,40})?",
    re.I,
)
_AGO: Final = re.compile(
    r"(?:updated |published |posted )?(?:an?|\d{1,3}) ?(?:s|secs?|m|mins?|minutes?|h|hrs?|hours?|d|days?"
    r"|w|weeks?|months?|years?) ago|yesterday|just now|\d{1,3} ?(?:分钟|分鐘|小时|小時|天|日)前",
    re.I,
)
_READING: Final = re.compile(
    r"(?:\b(?:\d{1,3}|one|two|three|four|five|ten)[ -]?min(?:ute)?s?\.?(?: to)?[ -]read)\W{0,3}$", re.I
)
_AROUND_DATES: Final = NAVIGATION | frozenset(
    "published publish updated posted date dated last change changed modified first created edited pm "
    "am et est edt pt pst pdt gmt utc bst cet cest ist jst p.m a.m mon monday tue tues tuesday wed "
    "wednesday thu thur thurs thursday fri friday sat saturday sun sunday paid exclusive min mins "
    "minute minutes read ago by le il am um uhr opinion analysis".split()
)
_TOKEN: Final = re.compile(r"[^\W\d_][\w.+-]*")


def is_byline(line: str) -> bool:
    """Whether the line names who wrote the article: `By Jane Roe`, `Author: …`, or `By` alone."""
    return len(line) <= 160 and _BY.match(line) is not None and count(line) <= 16 and not _ends_sentence(line)


def authors_in(line: str) -> tuple[str, ...]:
    """The persons that a byline names; a desk or an agency is no person."""
    rest = DATE.sub("", _BY.sub("", line, count=1))
    rest = re.split(r"\s[|·•∙–—]\s|\s{2,}|\bfor\b|\bupdated\b|\bpublished\b", rest)[0]
    parts = [part.strip(" ,.") for part in re.split(r",\s|\sand\s|\s&\s|;\s?", rest)]
    return tuple(part for part in parts if _is_name(part))


def is_role(line: str) -> bool:
    """Whether the line is an author's office, such as `Senior AI Reporter`."""
    return len(line) <= 80 and _ROLE.fullmatch(line) is not None


def is_time_ago(line: str) -> bool:
    """Whether the line is an age such as `4 hours ago`."""
    return len(line) <= 40 and _AGO.fullmatch(line) is not None


def reading_time(line: str) -> bool:
    """Whether the line ends with the time that reading takes: `5 min read`."""
    return len(line) <= 200 and count(line) <= 22 and _READING.search(line) is not None


def is_dateline(line: str) -> bool:
    """Whether the line is a date with nothing but words such as `published`, a weekday or a time."""
    if len(line) > 120 or DATE.search(line) is None:
        return False
    rest = _TOKEN.findall(DATE.sub(" ", line))
    return all(word.strip(".").casefold() in _AROUND_DATES for word in rest)


def _ends_sentence(line: str) -> bool:
    return is_sentence(line) and not re.search(r"\b(?:[A-Z]|Jr|Sr|Dr)\.$", line) and not line.endswith(":")


def _is_name(text: str) -> bool:
    words = text.split()
    capital = sum(1 for word in words if word[:1].isupper())
    return _NAME.fullmatch(text) is not None and capital >= 2 and not is_role(text)
