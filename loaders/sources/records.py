"""Which records files have: their keys, as the files are read."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set

from kb.documents import RawDocument
from loaders.sources.found import Found, Linked, Stated


class Records:
    """The keys of the records that were read, by the keys of their files."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: defaultdict[str, set[str]] = defaultdict(set)

    @property
    def kept(self) -> Mapping[str, Set[str]]:
        """The keys of the records of each file; one that was not read to its end may lack some, or all."""
        return self._kept

    def noted(self, file: str, items: Iterable[Found | Linked]) -> Iterator[Found | Linked]:
        """The same items; those that are records of the file have its key, `#`, and one of their own."""
        for item in items:
            key = _key(item)
            if key.startswith(f"{file}#"):
                self._kept[file].add(key)
            yield item
        self._kept.setdefault(file, set())


def _key(item: Found | Linked) -> str:
    if isinstance(item, Stated):
        return item.document.source_key
    return item.source_key if isinstance(item, RawDocument) else ""
