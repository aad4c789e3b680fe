"""What speaks for or against a relation between two ends of a sentence, as strings.

The features of the sentence, of each end in each part and of the pair are asked for apart: a linear
classifier adds up what each brings, so that each is looked at once.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from loaders.extraction.learnt.ends import End
from loaders.extraction.pairs.routes import route
from loaders.extraction.pairs.words import Words

_STEM: Final = 6
_WINDOW: Final = 3
_NEAR: Final = 12
_NEXT: Final = 5
_LONGEST_WAY: Final = 7
SUBJECT: Final = "s"
OBJECT: Final = "o"


class Described:
    """One sentence and its ends; between them stand words, cut to their first letters."""

    def __init__(self, words: Words, first: int, last: int, ends: Sequence[End]) -> None:
        """Write the sentence from token `first` up to `last` with a slot in each end's place."""
        self._words: Final = words
        self._ends: Final = ends
        self._sequence: Final[list[str]] = []
        self._places: Final[dict[End, int]] = {}
        self._fill(first, last)
        self._said: Final = sorted({w for w in self._sequence if w[0] != "<" and w.isalpha() and len(w) > 2})

    def _fill(self, first: int, last: int) -> None:
        starts: dict[int, End] = {}
        for end in self._ends:
            if end.is_named:
                starts.setdefault(end.first, end)
        index = first
        while index < last:
            end = starts.get(index)
            if end is not None:
                self._places[end] = len(self._sequence)
                self._sequence.append(f"<{end.letter}>")
                index = max(end.last, index + 1)
                continue
            if self._words.lower[index].strip():
                self._sequence.append(_stem(self._words.lower[index]))
            index += 1

    def sentence(self) -> Iterator[str]:
        """What the sentence says, whatever the pair."""
        yield "b"
        yield from (f"bag={word}" for word in self._said)

    def end(self, end: End, part: str) -> Iterator[str]:
        """What stands around an end in this part, `SUBJECT` or `OBJECT`."""
        alike = sum(1 for e in self._ends if e.letter == end.letter and e.ref != end.ref)
        yield f"n{part}={min(alike, 3)}"
        place = self._places.get(end)
        if place is None:
            return
        left = self._sequence[max(0, place - _WINDOW) : place]
        right = self._sequence[place + 1 : place + 1 + _WINDOW]
        yield from (f"{part}L={word}" for word in left)
        yield from (f"{part}R={word}" for word in right)
        yield f"{part}L1={left[-1] if left else '^'}"
        yield f"{part}R1={right[0] if right else '$'}"
        for count in (2, 3):
            yield f"{part}L{count}={' '.join(left[-count:])}"
            yield f"{part}R{count}={' '.join(right[:count])}"
        yield f"{part}first={place == 0}"
        yield from self._governors(end, part)

    def _governors(self, end: End, part: str) -> Iterator[str]:
        words = self._words
        relation, head = words.dep[end.root], words.head[end.root]
        governor = _stem(words.lower[head])
        yield f"{part}dep={relation}"
        yield f"{part}h={governor}"
        yield f"{part}hd={relation}_{governor}"
        yield f"{part}hh={relation}_{words.dep[head]}_{_stem(words.lower[words.head[head]])}"

    def pair(self, one: End, other: End) -> Iterator[str]:
        """How the two stand to each other."""
        types = one.letter + other.letter
        yield f"ty={types}"
        yield f"ki={one.kind}{other.kind}"
        yield f"tk={types}{one.kind}{other.kind}"
        here, there = self._places.get(one), self._places.get(other)
        if here is not None and there is not None:
            yield from self._between(here, there, types)
            yield from self._way(one, other, types)
        elif not (one.is_named and other.is_named):
            yield from (f"fb={types}{word}" for word in self._said)

    def _between(self, here: int, there: int, types: str) -> Iterator[str]:
        order = ">" if here < there else "<"
        middle = self._sequence[min(here, there) + 1 : max(here, there)]
        yield f"o={order}"
        yield f"d={order}{_bucket(len(middle))}"
        yield f"to={types}{order}"
        if len(middle) <= _NEAR:
            yield from (f"m={order}{word}" for word in set(middle))
            framed = ["^", *middle, "$"]
            yield from (f"mm={order}{x} {y}" for x, y in pairwise(framed))
            yield from (
                f"mmm={order}{x} {y} {z}" for x, y, z in zip(framed, framed[1:], framed[2:], strict=False)
            )
        if len(middle) <= _NEXT:
            yield f"mid={order}{' '.join(middle)}|{types}"
        alike = [min(middle.count(f"<{letter}>"), 2) for letter in types]
        yield f"ms={order}{alike[0]}{alike[1]}"
        yield f"semi={order}{';' in middle}{'.' in middle}"

    def _way(self, one: End, other: End, types: str) -> Iterator[str]:
        words = self._words
        way = route(words, one.root, other.root)
        if way is None:
            yield "nopath"
            return
        labels = way.labels(words)
        nodes = [_stem(words.lower[node]) for node in way.nodes(one.root, other.root)]
        if len(labels) <= _LONGEST_WAY:
            path = " ".join(labels)
            yield f"p={path}"
            yield f"pw={path}|{' '.join(nodes)}"
            yield f"pn={types}{' '.join(nodes)}"
        yield f"pl={len(labels)}"
        for node in nodes:
            yield f"pi={node}"
            yield f"pit={types}{node}"
        top = _stem(words.lower[way.top])
        yield f"top={top}|{labels[0] if labels else ''}|{labels[-1] if labels else ''}"
        yield f"topt={top}|{types}"


def _stem(word: str) -> str:
    return word[:_STEM]


def _bucket(count: int) -> str:
    if count < 4:
        return str(count)
    return next((name for bound, name in ((7, "4-6"), (12, "7-11"), (20, "12-19")) if count < bound), "20+")
