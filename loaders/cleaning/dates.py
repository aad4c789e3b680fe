"""Dates as pages write them above an article, without the text around them."""

import re
from typing import Final

from kb.errors import ContractError
from kb.partial_date import PartialDate

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero",
            "february feb februar février febrero",
            "march mar märz mars marzo",
            "april apr avril abril",
            "may mai mayo",
            "june jun juni juin junio",
            "july jul juli juillet julio",
            "august aug août agosto",
            "september sept sep septembre septiembre",
            "october oct oktober octobre octubre",
            "november nov novembre noviembre",
            "december dec dezember décembre diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH: Final = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR: Final = r"(?:19|20)\d\d"
DATE: Final = re.compile(
    rf"(?P<y1>{_YEAR})[-/.](?P<m1>\d\d?)[-/.](?P<d1>\d\d?)(?!\d)(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?"
    rf"|(?P<y2>{_YEAR})\s?年\s?(?P<m2>\d\d?)\s?月\s?(?P<d2>\d\d?)\s?日"
    rf"|\b(?P<M3>{_MONTH})\s(?P<d3>\d\d?)(?:st|nd|rd|th)?,?\s(?P<y3>{_YEAR})\b"
    rf"|\b(?P<d4>\d\d?)(?:st|nd|rd|th|\.)?\s(?:de\s)?(?P<M4>{_MONTH}),?\s(?:de\s)?(?P<y4>{_YEAR})\b",
    re.I,
)
"""A full date in the forms of news pages; `9/4/2025` is left alone, for nobody knows its month."""


def date_in(text: str) -> PartialDate | None:
    """The first full date in the text that a calendar has."""
    for found in DATE.finditer(text):
        if (date := _date(found)) is not None:
            return date
    return None


def partial_date(value: object) -> PartialDate | None:
    """The date that a metadata field tells: ISO forms at any precision, or a date in words."""
    text = str(value).strip()
    iso = re.match(r"\d{4}(?:-\d\d(?:-\d\d)?)?(?![\d-])", text)
    try:
        return PartialDate.parse(iso[0]) if iso else date_in(text)
    except ContractError:
        return None


def _date(found: re.Match[str]) -> PartialDate | None:
    group = found.groupdict()
    for form in "1234":
        if (year := group.get(f"y{form}")) is None:
            continue
        word = group.get(f"M{form}")
        month = _MONTHS[word.rstrip(".").casefold()] if word else int(group[f"m{form}"] or 0)
        try:
            return PartialDate(int(year), month, int(group[f"d{form}"] or 0))
        except ContractError:
            return None
    return None
