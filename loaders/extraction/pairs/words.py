"""The tokens of a parsed document as plain lists: what the pair classifier reads of each, looked up once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from spacy.attrs import DEP, HEAD, IDX, LENGTH, LOWER, POS, TAG
from spacy.tokens import Doc

_ATTRIBUTES: Final = [LOWER, POS, TAG, DEP, HEAD, IDX, LENGTH]


@dataclass(frozen=True, slots=True)
class Words:
    """By token: lower-cased form, part of speech, tag, relation to its head, the head, place in the text."""

    text: str
    lower: Sequence[str]
    pos: Sequence[str]
    tag: Sequence[str]
    dep: Sequence[str]
    head: Sequence[int]
    start: Sequence[int]
    end: Sequence[int]
    children: Mapping[int, Sequence[int]]

    @classmethod
    def of(cls, doc: Doc) -> Self:
        """The tokens of this document."""
        rows = doc.to_array(_ATTRIBUTES).astype("int64")
        names = doc.vocab.strings
        low, pos, tag, dep = ([names[int(key) % 2**64] for key in rows[:, column]] for column in range(4))
        heads = [index + step for index, step in enumerate(rows[:, 4].tolist())]
        starts = rows[:, 5].tolist()
        ends = [start + length for start, length in zip(starts, rows[:, 6].tolist(), strict=True)]
        children: defaultdict[int, list[int]] = defaultdict(list)
        for index, head in enumerate(heads):
            if head != index:
                children[head].append(index)
        return cls(doc.text, low, pos, tag, dep, heads, starts, ends, dict(children))

    def root(self, first: int, last: int) -> int:
        """The token of the stretch that hangs on one outside it, or the last one."""
        for index in range(first, last):
            head = self.head[index]
            if head == index or not first <= head < last:
                return index
        return last - 1
