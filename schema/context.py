"""What a request brings along: the graph, the cursors' secret, the day, who asks and what he may reach."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Protocol

from strawberry.fastapi import BaseContext

from kb.protocols import Arrivals, GraphReader, Ingestor
from schema.cursors import Cursors
from schema.seats import Seats


def _today() -> date:
    return datetime.now(UTC).date()


class Visitor(Protocol):
    """Who asks."""

    @property
    def may_read(self) -> bool:
        """Whether he may still read; a token can be revoked while its holder listens."""
        ...

    @property
    def may_ingest(self) -> bool:
        """Whether he may hand documents over and follow what becomes of them."""
        ...

    def admit(self, authorization: object) -> bool:
        """Whether he may read, given what a WebSocket's client says of itself; none when it says nothing."""
        ...

    def counts(self) -> bool:
        """Count one more operation of a WebSocket; false when there were too many."""
        ...


class Anybody:
    """A visitor where nobody stands at the door: he may read."""

    may_read = True
    may_ingest = False

    def admit(self, authorization: object) -> bool:
        """Let everybody in."""
        return authorization is None

    def counts(self) -> bool:
        """Count nothing."""
        return True


@dataclass
class Context(BaseContext):
    """One per request, over what lives as long as the application.

    `ingestor` and `arrivals` are there where a server runs that takes documents in and tells of new facts.
    """

    reader: GraphReader
    cursors: Cursors = field(default_factory=Cursors)
    today: Callable[[], date] = _today
    visitor: Visitor = field(default_factory=Anybody)
    ingestor: Ingestor | None = None
    arrivals: Arrivals | None = None
    seats: Seats = field(default_factory=Seats)

    def __post_init__(self) -> None:
        """Let the base class hold request and response."""
        super().__init__()
