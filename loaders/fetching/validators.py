"""By what a server tells whether a document is still the one that it gave: RFC 9110, 8.8 and 13.1."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final, Self

_ETAG: Final = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{1,200}"')
_DATE: Final = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", re.ASCII)
_SETTLED: Final = timedelta(seconds=60)
"""What was changed so shortly before it was given may be changed once more with the same date."""


@dataclass(frozen=True, slots=True)
class Validators:
    """The validators of one answer, and the URL that gave it: they say nothing about another URL.

    A weak ETag serves as well as a strong one, since whole documents are asked for.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None

    def __post_init__(self) -> None:
        """Refuse what could not stand in a request.

        Raises:
            ValueError: when it is neither an ETag nor a date as RFC 9110 has them, or there is nothing.
        """
        if self.etag is None and self.last_modified is None:
            raise ValueError("no validator")
        if self.etag is not None and not _ETAG.fullmatch(self.etag):
            raise ValueError("no ETag")
        if self.last_modified is not None and _date(self.last_modified) is None:
            raise ValueError("no date")

    @classmethod
    def of(cls, url: str, headers: Mapping[str, str]) -> Self | None:
        """The validators among the headers of an answer that are of use; None where there are none."""
        etag, changed = headers.get("etag", ""), headers.get("last-modified", "")
        date, given = _date(changed), _date(headers.get("date", ""))
        settled = date is not None and given is not None and given - date >= _SETTLED
        try:
            return cls(url, etag if _ETAG.fullmatch(etag) else None, changed if settled else None)
        except ValueError:
            return None

    @property
    def headers(self) -> Mapping[str, str]:
        """What asks for the document only if it is another one by now."""
        told = {"if-none-match": self.etag, "if-modified-since": self.last_modified}
        return {name: value for name, value in told.items() if value is not None}

    def fit(self, headers: Mapping[str, str]) -> bool:
        """Whether an answer that nothing has changed is about the document that was asked about."""
        etag = headers.get("etag")
        return None in (etag, self.etag) or _opaque(etag) == _opaque(self.etag)


def _opaque(etag: str | None) -> str:
    return (etag or "").removeprefix("W/")


def _date(text: str) -> datetime | None:
    """A date in the one form that is written today, which it has again when it is written."""
    if not _DATE.fullmatch(text):
        return None
    try:
        date = parsedate_to_datetime(text)
        return date if format_datetime(date, usegmt=True) == text else None
    except ValueError:
        return None
