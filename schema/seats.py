"""Bounds on what stays open: as many as there are seats, and one more is refused."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from kb.errors import UsageError

MOST: int = 500


class NoSeatError(UsageError):
    """There are as many as there may be."""


class Seats:
    """Counts what is open; `told` hears of each new count."""

    def __init__(self, most: int = MOST, told: Callable[[int], object] = lambda _count: None) -> None:
        """Have this many seats."""
        self._most = most
        self._told = told
        self._taken = 0

    @contextmanager
    def taken(self) -> Generator[None]:
        """Hold a seat while the block runs.

        Raises:
            NoSeatError: when all are taken.
        """
        if self._taken >= self._most:
            raise NoSeatError(f"{self._most} are open already, which is as many as may be: try again later.")
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def _count(self, change: int) -> None:
        self._taken += change
        self._told(self._taken)
