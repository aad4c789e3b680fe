"""Likeness of texts: copies of one article are found by MinHash, however each paper headed and cut it.

A signature is made of a text's runs of five words. Two texts are alike when their signatures share one of
25 bands and agree in three fifths of their values, which depends on the two texts alone.
"""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2s
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS: Final = 5
"""Words of one run: shorter ones are common to texts that have nothing to do with each other."""
ALIKE: Final = 0.6
"""The share of runs that copies have in common at least, as far as signatures tell."""
_BANDS: Final = 25
_ROWS: Final = 5
_WIDTH: Final = 4
"""Bytes of one value."""
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Signature:
    """What is compared in place of a text: 125 values of four bytes."""

    data: bytes

    @classmethod
    def decoded(cls, text: str) -> "Signature":
        """The signature that was kept as this text."""
        return cls(b64decode(text))

    @property
    def encoded(self) -> str:
        """The signature as a text to keep."""
        return b64encode(self.data).decode()

    @property
    def bands(self) -> tuple[str, ...]:
        """The parts of which alike texts share one, each with its place."""
        return tuple(
            f"{number}x{blake2s(part, digest_size=6).hexdigest()}" for number, part in enumerate(self._parts)
        )

    @property
    def _parts(self) -> list[bytes]:
        size = _ROWS * _WIDTH
        return [self.data[start : start + size] for start in range(0, len(self.data), size)]

    def is_like(self, other: "Signature") -> bool:
        """Whether the two texts are copies of one."""
        if self == other:
            return True
        if not any(part == its for part, its in zip(self._parts, other._parts, strict=True)):
            return False
        mine, theirs = memoryview(self.data).cast("I"), memoryview(other.data).cast("I")
        same = sum(one == two for one, two in zip(mine, theirs, strict=True))
        return same >= ALIKE * len(mine)


def signature(text: str) -> Signature:
    """The signature of a text, the same on every machine."""
    words = _WORD.findall(text.casefold())
    runs = {" ".join(words[i : i + WORDS]) for i in range(max(1, len(words) - WORDS + 1))}
    sketch = _sketch()()
    sketch.update_batch([run.encode() for run in sorted(runs)])
    return Signature(sketch.hashvalues.astype("<u4").tobytes())


@lru_cache(maxsize=1)
def _sketch() -> "Callable[[], Any]":
    """How an empty sketch is made; the library is loaded at the first text, since that takes a second."""
    from datasketch import MinHash  # noqa: PLC0415

    first: Any = MinHash(num_perm=_BANDS * _ROWS, seed=1)
    return first.copy  # its permutations are made once
