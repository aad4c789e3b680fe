"""The one query that is being made: its parameters, its names, and the time that it asks about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

from kb.errors import UsageError
from kb.partial_date import PartialDate
from schema.cursors import Cursors


MAX_FILTERS: Final = 100
"""Filters within filters, in all; more are refused."""


@dataclass(slots=True)
class Query:
    """Collects values that become parameters, in the order of their use, and hands out variables."""

    cursors: Cursors
    today: date
    parameters: dict[str, object] = field(default_factory=dict[str, object])
    _names: int = 0
    _filters: int = 0

    def parameter(self, value: object) -> str:
        """A reference to the value; the value itself never becomes part of the text."""
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f"${name}"

    def name(self, prefix: str) -> str:
        """A variable that no other part of the query uses."""
        self._names += 1
        return f"{prefix}{self._names}"

    def count_filter(self) -> None:
        """One more filter is compiled.

        Raises:
            UsageError: when there are too many in one field.
        """
        self._filters += 1
        if self._filters > MAX_FILTERS:
            raise UsageError(f"A field takes at most {MAX_FILTERS} filters, those within filters included.")

    def scope(self, at: Mapping[str, Any] | None) -> "Scope":
        """The time that an `at` argument names; now when there is none."""
        if not at or (at.get("valid") is None and at.get("known") is None):
            return Scope(now=True, moment=self.parameter(self.today.isoformat()))
        valid: PartialDate | None = at.get("valid")
        known: datetime | None = at.get("known")
        if known is not None and known.tzinfo is None:
            known = known.replace(tzinfo=UTC)
        moment = self.today if valid is None else valid.last
        return Scope(
            now=False,
            moment=self.parameter(moment.isoformat()),
            valid=valid is not None,
            known=None if known is None else self.parameter(known),
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """The moment that facts are asked about, as parameters; nested fields inherit it."""

    now: bool
    moment: str
    valid: bool = False
    known: str | None = None

    def visible(self, fact: str) -> list[str]:
        """Conditions under which a statement was known, and told of a time not after the moment."""
        if self.known is None:
            conditions = [f"{fact}.retracted_at IS NULL"]
        else:
            conditions = [
                f"{fact}.recorded_at <= {self.known}",
                f"({fact}.retracted_at IS NULL OR {fact}.retracted_at > {self.known})",
            ]
        if self.valid:
            conditions += [
                f"({fact}.as_of_first IS NULL OR {fact}.as_of_first <= {self.moment})",
                f"({fact}.valid_from IS NULL OR {fact}.valid_from <= {self.moment})",
                f"({fact}.valid_to IS NULL OR {fact}.valid_to >= substring({self.moment}, 0, size({fact}.valid_to)))",
            ]
        return conditions
