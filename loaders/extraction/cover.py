"""Which stretches of a text are taken already, in time that does not grow with their number."""

from collections.abc import Iterable


class Cover:
    """A text's code points, each taken or free."""

    def __init__(self, length: int, spans: Iterable[tuple[int, int]] = ()) -> None:
        """Begin with these stretches taken."""
        self._taken = bytearray(length)
        for start, end in spans:
            self.take(start, end)

    def take(self, start: int, end: int) -> None:
        """Mark a stretch as taken."""
        self._taken[start:end] = b"\1" * (end - start)

    def touches(self, start: int, end: int) -> bool:
        """Whether some code point of the stretch is taken."""
        return 1 in self._taken[start:end]
