"""Dates in running text, absolute and relative to the document's date, each at its own precision."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from kb.errors import ContractError
from kb.partial_date import PartialDate
from loaders.extraction.cover import Cover

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep"
        "|october oct|november nov|december dec".split("|"),
        start=1,
    )
    for name in names.split()
}
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS: Final = {
    w: n for n, w in enumerate("one two three four five six seven eight nine ten".split(), start=1)
}
_MONTH: Final = r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"  # noqa: E501
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)(?!\d|,\d|-\d)"
_PART: Final = (
    r"(?:early|mid|late|the\send\sof|the\sstart\sof|the\sbeginning\sof|(?:the\s)?(?:spring"
    r"|summer|autumn|fall|winter)(?:\sof)?)"
)
_ORDINAL: Final = r"(?:st|nd|rd|th)?"
_ORDINALS: Final = ("first", "second", "third", "fourth")
_COUNTED: Final = r"\s?(?:%|percent|per\scent|thousand|million|billion|trillion|[kmb]n?\b)"
"""A number before these is none of a date (`in May 5 million people`)."""


@dataclass(frozen=True, slots=True)
class DateMention:
    """Words that name a date; `future` marks one told as still to come (`next year`)."""

    start: int
    end: int
    date: PartialDate
    future: bool = False


Reader = Callable[[re.Match[str], date | None], PartialDate | None]


def find_dates(text: str, base: PartialDate | None) -> list[DateMention]:
    """The dates of the text in order; relative ones only where the document's date is known."""
    found: list[DateMention] = []
    taken = Cover(len(text))
    anchor = None if base is None or base.day is None else base.first
    for pattern, reader in _READERS:
        for match in pattern.finditer(text):
            if taken.touches(match.start(), match.end()):
                continue
            value = _safe(reader, match, anchor)
            if value is not None:
                future = match[0].lower().startswith("next")
                taken.take(match.start(), match.end())
                found.append(DateMention(match.start(), match.end(), value, future))
    return sorted(found, key=lambda d: d.start)


def _safe(reader: Reader, match: re.Match[str], base: date | None) -> PartialDate | None:
    try:
        return reader(match, base)
    except ContractError:
        return None


def _absolute(match: re.Match[str], base: date | None) -> PartialDate | None:
    del base
    parts = match.groupdict()
    month, day = parts.get("month"), parts.get("day")
    number = None if not month else int(month) if month.isdigit() else _MONTHS[month.lower().rstrip(".")]
    return PartialDate(int(parts["year"] or 0), number, int(day) if day and number else None)


def _part_of_year(match: re.Match[str], base: date | None) -> PartialDate | None:
    """The last month of a calendar quarter or half; those of a fiscal year begin somewhere else."""
    del base
    if match["fiscal"]:
        return PartialDate(int(match["year"]))
    word = (match["number"] or match["ordinal"] or "").lower()
    count = int(word) if word.isdigit() else _ORDINALS.index(word) + 1
    months = 6 if (match["kind"] or match["unit"]).lower() in {"h", "half"} else 3
    return PartialDate(int(match["year"]), count * months)


def _day_of_year(match: re.Match[str], base: date | None) -> PartialDate | None:
    """`March 3` or `March` without a year: the latest such that is not after the document's date."""
    if base is None:
        return None
    if match["month"].islower():
        return None  # the verb `may`, an army's `march`
    month = _MONTHS[match["month"].lower().rstrip(".")]
    day = match.groupdict().get("day")
    year = base.year if (month, int(day or 1)) <= (base.month, base.day) else base.year - 1
    if match[0].lower().startswith("last") and month == base.month:
        year = base.year - 1
    return PartialDate(year, month, int(day) if day else None)


def _weekday(match: re.Match[str], base: date | None) -> PartialDate | None:
    if base is None:
        return None
    back = (base.weekday() - _DAYS.index(match["day"].lower())) % 7
    return PartialDate.of(base - timedelta(days=back))


def _relative(match: re.Match[str], base: date | None) -> PartialDate | None:
    if base is None:
        return None
    which, unit = match["which"].lower(), match["unit"].lower()
    step = {"last": -1, "this": 0, "next": 1}[which]
    return _shift(base, step, unit)


def _ago(match: re.Match[str], base: date | None) -> PartialDate | None:
    if base is None:
        return None
    count = match["count"].lower()
    number = 1 if count in {"a", "an"} else _NUMBERS.get(count) or int(count)
    return _shift(base, -number, match["unit"].lower())


def shifted(
    anchor: PartialDate, count: str, unit: str, *, back: bool, same_month: bool = False
) -> PartialDate | None:
    """The date so many years, months and the like before or after another, at the coarser precision.

    `count` is a number in digits or words, or an article; None for other counts, and for a unit that is finer
    than the anchor. A quarter's date is its last month. `same_month` keeps a month over the years.
    """
    word = count.lower()
    number = 1 if word in {"a", "an"} else _NUMBERS.get(word) or (int(word) if word.isdigit() else None)
    if number is None:
        return None
    step, to_month = -number if back else number, anchor.month is not None and anchor.day is None
    if unit == "quarter":
        ends = to_month and anchor.first.month % 3 == 0
        return _shift(anchor.first, 3 * step, "month") if ends else None
    if unit == "year" and same_month and to_month:
        return _shift(anchor.first, 12 * step, "month")
    known = {"year": True, "month": anchor.month is not None}.get(unit, anchor.day is not None)
    return _shift(anchor.first, step, unit) if known else None


def _shift(base: date, step: int, unit: str) -> PartialDate | None:
    if unit == "year":
        return PartialDate(base.year + step)
    if unit == "month":
        months = base.year * 12 + base.month - 1 + step
        return PartialDate(months // 12, months % 12 + 1)
    days = {"week": 7, "day": 1}.get(unit)
    if days is None:
        return None
    day = base + timedelta(days=days * step)
    return PartialDate.of(day) if unit == "day" else PartialDate(day.year, day.month)


def _named_day(match: re.Match[str], base: date | None) -> PartialDate | None:
    if base is None:
        return None
    back = 1 if match[0].lower() == "yesterday" else 0
    return PartialDate.of(base - timedelta(days=back))


def _compile(source: str) -> re.Pattern[str]:
    return re.compile(r"(?<![\w])" + source, re.IGNORECASE)


def _readers() -> Iterator[tuple[re.Pattern[str], Reader]]:
    yield _compile(rf"{_MONTH}\s(?P<day>\d{{1,2}}){_ORDINAL},?\s{_YEAR}"), _absolute
    yield _compile(rf"(?P<day>\d{{1,2}}){_ORDINAL}\s{_MONTH},?\s{_YEAR}"), _absolute
    yield _compile(r"(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\w)"), _absolute
    yield (
        _compile(r"(?P<year>(?:19|20)\d\d)\.(?P<month>0[1-9]|1[0-2])\.(?P<day>[0-3]\d)(?![\w.]\d)"),
        _absolute,
    )
    yield _compile(r"(?P<month>\d\d)/(?P<day>\d\d)/(?P<year>(?:19|20)\d\d)(?!\w)"), _absolute
    yield _compile(r"(?P<year>(?:19|20)\d\d)[-/](?P<month>0[1-9]|1[0-2])(?![\w/-])"), _absolute
    cjk = r"(?P<year>(?:19|20)\d\d)\s?年\s?(?:(?P<month>\d{1,2})\s?月\s?(?:(?P<day>\d{1,2})\s?[日号號])?)?"
    yield re.compile(cjk), _absolute
    yield _compile(rf"(?:{_PART}[\s-])?{_MONTH},?\s(?:of\s)?{_YEAR}"), _absolute
    part = (
        rf"(?:(?P<kind>[QH])(?P<number>[1-4])|(?P<ordinal>{'|'.join(_ORDINALS)})[\s-](?P<unit>quarter|half))"
    )
    yield (
        _compile(
            rf"{part}(?:\sof)?,?\s(?P<fiscal>(?:the\s)?(?:fiscal|financial)\s(?:year\s)?|FY\s?)?{_YEAR}"
        ),
        _part_of_year,
    )
    yield _compile(rf"(?:(?:fiscal(?:\syear)?|FY|{_PART})[\s-])?{_YEAR}(?![\w-]*[A-Za-z])"), _absolute
    yield _compile(rf"(?:{_MONTH})\s(?P<day>\d{{1,2}}){_ORDINAL}(?![\w,]\d|\d|{_COUNTED})"), _day_of_year
    yield _compile(r"(?P<which>last|this|next)\s(?P<unit>year|month|week)"), _relative
    yield (
        _compile(
            rf"(?P<count>an?|\d{{1,2}}|{'|'.join(_NUMBERS)})\s(?P<unit>year|month|week|day)s?\s(?:ago"
            rf"|earlier)"
        ),
        _ago,
    )
    yield (
        re.compile(
            rf"(?:(?<=[Ii]n )|(?<=[Ll]ast )|(?<=[Ss]ince )|(?<=[Bb]y ){_PART}\s|(?<=[Ss]ince )"
            r"|(?<=[Aa]s of )|(?<=[Bb]y )|(?<=[Uu]ntil ))(?:"
            rf"(?:early|mid|late)[\s-])?{_MONTH}(?!\w)"
        ),
        _day_of_year,
    )
    yield _compile(rf"(?P<day>{'|'.join(_DAYS)})(?!\w)"), _weekday
    yield _compile(r"(?:today|yesterday)(?!\w)"), _named_day


_READERS: Final = tuple(_readers())
