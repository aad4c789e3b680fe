"""What a request brings along: the graph, the cursors' secret, the day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from strawberry.fastapi import BaseContext

from kb.protocols import GraphReader
from schema.cursors import Cursors


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass
class Context(BaseContext):
    """One per request, over a reader and a secret that live as long as the application."""

    reader: GraphReader
    cursors: Cursors = field(default_factory=Cursors)
    today: Callable[[], date] = _today

    def __post_init__(self) -> None:
        """Let the base class hold request and response."""
        super().__init__()
