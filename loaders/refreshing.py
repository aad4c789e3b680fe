"""Looking at sources again: files and URLs that hold other bytes than when they were read."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import anyio

from kb.documents import Metadata, RawDocument, sha256
from kb.partial_date import PartialDate
from loaders.fetching.fetcher import FetchError
from loaders.sources import Found, Problem, discover
from loaders.sources.web import Fetching

Place = tuple[str, str, str]
"""Where a document was found, its source's key, and the hash of its bytes then."""


class Refresh:
    """Looks at places one after the other; `found` gives what changed, `unchanged` counts the rest."""

    def __init__(self, fetcher: Fetching) -> None:
        """Fetch URLs with this fetcher."""
        self._fetcher = fetcher
        self.unchanged = 0

    def found(self, places: Iterable[Place]) -> Iterator[Found]:
        """What is at the places now where it is other than before; a `Problem` where nothing is there."""
        for place, key, before in places:
            now = self._at(place, key)
            if isinstance(now, RawDocument) and sha256(now.data) == before:
                self.unchanged += 1
            else:
                yield now

    def _at(self, place: str, key: str) -> Found:
        if place.startswith("file:"):
            path = Path(url2pathname(urlsplit(place).path))
            (found,) = discover([path])
            return replace(found, source_key=key) if isinstance(found, RawDocument) else found
        try:
            fetched = anyio.run(self._fetcher.fetch, place)
        except FetchError as error:
            return Problem(place, str(error))
        now = datetime.now(UTC)
        known = Metadata(retrieved=PartialDate.parse(now.date().isoformat()), url=place)
        return RawDocument(key, fetched.data, fetched.media_type, known, place, now, place)
