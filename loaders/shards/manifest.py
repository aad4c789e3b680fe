"""The manifest: what a load has found, in shards, each named by its documents' content and who reads them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from kb.documents import RawDocument, sha256
from loaders.sources.found import Found

USUAL: Final = 32
"""Items of a shard: a few seconds of work, which is what a worker that dies takes with it."""
MOST: Final = 4 * USUAL
LARGEST: Final = 16 * 2**20
"""Bytes of a shard, unless one document has more."""


@dataclass(frozen=True, slots=True)
class Shard:
    """What was found one after the other; its name is the same wherever its documents lie."""

    name: str
    items: tuple[Found, ...]

    @property
    def documents(self) -> tuple[RawDocument, ...]:
        """Those that have to be read, in their order."""
        return tuple(item for item in self.items if isinstance(item, RawDocument))

    def emptied(self) -> "Shard":
        """The same shard, whose documents' bytes are let go."""
        return replace(
            self,
            items=tuple(
                replace(item, data=b"") if isinstance(item, RawDocument) else item for item in self.items
            ),
        )


def shards(items: Iterable[Found], edition: str) -> Iterator[Shard]:
    """All items in their order, in shards.

    A shard ends with a document whose own hash says so: one that is new or changed makes one shard another
    one, and those behind it keep their names. `edition` says who reads, so that another reader gives other
    names.
    """
    taken: list[Found] = []
    digests: list[str] = []
    size = 0
    for item in items:
        weight, digest = _weighed(item)
        if taken and size + weight > LARGEST:
            yield _shard(taken, digests, edition)
            taken, digests, size = [], [], 0
        taken.append(item)
        size += weight
        if digest is not None:
            digests.append(digest)
        if len(taken) >= MOST or (digest is not None and int(digest[-8:], 16) % USUAL == 0):
            yield _shard(taken, digests, edition)
            taken, digests, size = [], [], 0
    if taken:
        yield _shard(taken, digests, edition)


def _weighed(item: Found) -> tuple[int, str | None]:
    """An item's bytes, and the hash of all that its reading depends on, if it has to be read."""
    if not isinstance(item, RawDocument):
        return 0, None
    told = (item.source_key, item.media_type, sha256(item.data), item.metadata)
    return len(item.data), sha256(repr(told).encode())


def _shard(items: Iterable[Found], digests: Iterable[str], edition: str) -> Shard:
    name = sha256("\n".join((edition, *digests)).encode()).removeprefix("sha256:")
    return Shard(name, tuple(items))
