"""Dates that keep their precision: a year, a year and month, or a day."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from kb.errors import ContractError

_FORM = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """`2015`, `2025-04` or `2025-04-01`; `str()` gives that text back, `first` and `last` its bounds."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """Refuse what no calendar has.

        Raises:
            ContractError: for a month, a day or a combination that does not exist.
        """
        if self.day is not None and self.month is None:
            raise ContractError(f"A date with day {self.day} lacks its month.")
        try:
            date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)
        except ValueError as error:
            raise ContractError(f"'{self}' is no date: {error}.") from error

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.

        Raises:
            ContractError: when the text has another form or names a day that does not exist.
        """
        found = _FORM.fullmatch(text)
        if found is None:
            raise ContractError(f"'{text}' is no date: write 2015, 2025-04 or 2025-04-01.")
        year, month, day = found.groups()
        return cls(int(year), int(month) if month else None, int(day) if day else None)

    @classmethod
    def of(cls, day: date) -> Self:
        """The full date of a calendar day."""
        return cls(day.year, day.month, day.day)

    @property
    def first(self) -> date:
        """The first day that the date covers."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The last day that the date covers; a partial date ranks by it."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def overlaps(self, other: "PartialDate") -> bool:
        """Whether some day is covered by both."""
        return self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        """The form that `parse` reads."""
        parts = [f"{self.year:04d}"]
        if self.month is not None:
            parts.append(f"{self.month:02d}")
        if self.day is not None:
            parts.append(f"{self.day:02d}")
        return "-".join(parts)
