"""The one query that is being made: its parameters, its names, and the time that it asks about."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Final, Self, cast

from kb.errors import UsageError
from kb.partial_date import PartialDate
from kb.surrogates import is_text
from schema.cursors import Cursors
from schema.planner.variables import apply

MAX_FILTERS: Final = 100
"""Filters of one field, those within filters included."""
MAX_FILTER_DEPTH: Final = 8
MOVED: Final = "moved"
"""The variable that holds pairs of an id that was merged and the one that stands for it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The moment that facts are asked about, as references to parameters."""

    now: bool = True
    moment: str = ""
    valid: bool = False
    known: str | None = None

    def visible(self, fact: str) -> list[str]:
        """Conditions under which a statement was known, and told of a time not after the moment.

        They use coalesce where OR would do: the database plans several ORs in one query for seconds.
        """
        if self.known is None:
            conditions = [f"{fact}.retracted_at IS NULL"]
        else:
            conditions = [
                f"{fact}.recorded_at <= {self.known}",
                f"coalesce({fact}.retracted_at > {self.known}, true)",
                # it was retracted and came back, pair by pair: known after an even number of these moments
                f"size([g IN coalesce({fact}.gaps, []) WHERE g <= {self.known}]) % 2 = 0",
            ]
        if self.valid:
            end = f"{fact}.valid_to"
            conditions += [
                f"coalesce({fact}.as_of_first, '') <= {self.moment}",
                f"coalesce({fact}.valid_from, '') <= {self.moment}",
                f"coalesce({end} >= substring({self.moment}, 0, size({end})), true)",
            ]
        return conditions


@dataclass(slots=True)
class _Counters:
    names: int = 0
    filters: int = 0
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Query:
    """Collects values that become parameters, in the order of their use, and hands out variables.

    Nested fields inherit the scope; `at` gives the same query with another one.
    """

    cursors: Cursors
    today: date
    scope: Scope = Scope()
    parameters: dict[str, object] = field(default_factory=dict[str, object])
    _counters: _Counters = field(default_factory=_Counters)
    _ids: list[str] = field(default_factory=list[str])
    _own: list[str] = field(default_factory=list[str])

    def parameter(self, value: object) -> str:
        """A reference to the value; the value itself never becomes part of the text.

        Raises:
            UsageError: when a text of it is none: half of a surrogate pair stands alone.
        """
        name = f"p{len(self.parameters)}"
        self.parameters[name] = apply(_whole, value)
        return f"${name}"

    def looked_up(self, value: object) -> str:
        """A reference to the value by which the root field finds the one thing that it gives."""
        bound = self.parameter(value)
        self._own.append(bound.removeprefix("$"))
        return bound

    @property
    def own(self) -> tuple[str, ...]:
        """The parameters by which the root field finds the one thing that it gives."""
        return tuple(self._own)

    def entity_id(self, value: object) -> str:
        """The id of the entity that answers to the value: of the one that it was merged into, if it was."""
        return self.answering(self.parameter(value))

    def answering(self, bound: str) -> str:
        """The id of the entity that answers to that of a parameter."""
        self._ids.append(f"[{bound}]")
        return f"coalesce(head([pair IN {MOVED} WHERE pair[0] = {bound} | pair[1]]), {bound})"

    def entity_ids(self, bound: str) -> str:
        """The ids of the entities that answer to those of a parameter."""
        self._ids.append(bound)
        return f"({bound} + [pair IN {MOVED} WHERE pair[0] IN {bound} | pair[1]])"

    @property
    def opening(self) -> str:
        """The clause that the query begins with: which of its ids lead to other entities, looked up once."""
        if not self._ids:
            return ""
        return (
            "WITH COLLECT { MATCH (m:MergedEntity)-[:MERGED_INTO]->(c:Entity) "
            f"WHERE m.id IN {' + '.join(self._ids)} RETURN [m.id, c.id] }} AS {MOVED} "
        )

    @property
    def outer(self) -> str:
        """The variable that `opening` binds, if it binds one: clauses and subqueries have to hand it on."""
        return MOVED if self._ids else ""

    def name(self, prefix: str) -> str:
        """A variable that no other part of the query uses."""
        self._counters.names += 1
        return f"{prefix}{self._counters.names}"

    @contextmanager
    def filter_level(self) -> Generator[None]:
        """One more filter is compiled, within those that are being compiled.

        Raises:
            UsageError: when there are too many in one field, or too many within each other: the database's
                planner runs out of stack on deep conditions.
        """
        self._counters.filters += 1
        self._counters.depth += 1
        if self._counters.filters > MAX_FILTERS:
            raise UsageError(f"A field takes at most {MAX_FILTERS} filters, those within filters included.")
        if self._counters.depth > MAX_FILTER_DEPTH:
            raise UsageError(f"Filters stand at most {MAX_FILTER_DEPTH} deep within each other.")
        yield
        self._counters.depth -= 1

    @property
    def moment(self) -> date:
        """The day that is asked about."""
        return date.fromisoformat(str(self.parameters[self.scope.moment.removeprefix("$")]))

    def begin(self, at: Mapping[str, Any] | None) -> Self:
        """The query of a root field, at its time or now."""
        return self.at(at) if _names_a_time(at) else self._now()

    def at(self, at: Mapping[str, Any] | None) -> Self:
        """The query at the time that an `at` argument names; unchanged when it names none."""
        if at is None or not _names_a_time(at):
            return self
        valid: PartialDate | None = at.get("valid")
        known: datetime | None = at.get("known")
        if known is not None and known.tzinfo is None:
            known = known.replace(tzinfo=UTC)
        scope = Scope(
            now=False,
            moment=self.parameter((self.today if valid is None else valid.last).isoformat()),
            valid=valid is not None,
            known=None if known is None else self.parameter(known),
        )
        return replace(self, scope=scope)

    def _now(self) -> Self:
        return replace(self, scope=Scope(moment=self.parameter(self.today.isoformat())))


def _names_a_time(at: Mapping[str, Any] | None) -> bool:
    return at is not None and (at.get("valid") is not None or at.get("known") is not None)


def _whole(value: object) -> object:
    for text in cast("list[object]", value) if isinstance(value, list) else (value,):
        if isinstance(text, str) and not is_text(text):
            raise UsageError("An argument holds half of a character (a lone surrogate): send whole text.")
    return value
