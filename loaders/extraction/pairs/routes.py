"""The way from one word to another through the tree of dependencies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from loaders.extraction.pairs.words import Words

_LONGEST: Final = 25


@dataclass(frozen=True, slots=True)
class Route:
    """Words up from one end, `top` where the way turns, and words up from the other end."""

    up: Sequence[int]
    down: Sequence[int]
    top: int

    def labels(self, words: Words) -> list[str]:
        """The relations on the way, each with its direction."""
        return [words.dep[t] + "^" for t in self.up] + [words.dep[t] + "v" for t in reversed(self.down)]

    def nodes(self, one: int, other: int) -> list[int]:
        """The words between the two ends."""
        turn = [self.top] if self.top not in (one, other) else []
        return [*self.up[1:], *turn, *reversed(self.down[1:])]


def route(words: Words, one: int, other: int) -> Route | None:
    """The way, or None where the two stand in different trees or far apart."""
    ups = [one]
    while words.head[ups[-1]] != ups[-1] and len(ups) < _LONGEST:
        ups.append(words.head[ups[-1]])
    place = {token: index for index, token in enumerate(ups)}
    downs: list[int] = []
    token = other
    while token not in place:
        downs.append(token)
        head = words.head[token]
        if head == token or len(downs) > _LONGEST:
            return None
        token = head
    return Route(ups[: place[token]], downs, token)
