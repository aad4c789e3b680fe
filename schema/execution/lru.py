"""A map that forgets what was not asked for the longest time."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(slots=True)
class Lru(Generic[K, V]):
    """Holds at most `size` values, and counts how often one was there when it was asked for.

    It is used by one event loop, and never awaits between two steps.
    """

    size: int
    hits: int = 0
    misses: int = 0
    _held: OrderedDict[K, V] = field(default_factory=OrderedDict[K, V])

    def get(self, key: K) -> V | None:
        """The value, which is then the newest."""
        value = self._held.get(key)
        if value is None:
            self.misses += 1
        else:
            self.hits += 1
            self._held.move_to_end(key)
        return value

    def put(self, key: K, value: V) -> None:
        """Hold a value, and let go of the oldest beyond the size."""
        self._held[key] = value
        self._held.move_to_end(key)
        if len(self._held) > self.size:
            self._held.popitem(last=False)

    def __len__(self) -> int:
        """How many are held."""
        return len(self._held)
