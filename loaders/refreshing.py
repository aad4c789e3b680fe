"""Looking at sources again: files and URLs that hold other bytes than when they were read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

import anyio

from kb.documents import Held, Metadata, RawDocument, sha256
from kb.partial_date import PartialDate
from loaders.fetching.answers import Answers
from loaders.fetching.fetcher import FetchError
from loaders.fetching.validators import Validators
from loaders.ingest import Outcome, State
from loaders.record_files import RecordFiles, records_of
from loaders.sources import Found, Problem, discover
from loaders.sources.web import FetchingAgain


@dataclass(frozen=True, slots=True)
class _Changed:
    """A page that has other bytes than the document that is held, and by what it will be told."""

    held: Held
    raw_hash: str
    validators: Validators | None


class Refresh:
    """Looks at places one after the other; `found` gives what changed, and the text of it counts the rest.

    A URL whose server told by what to know its document is asked for it only if it has changed, where the
    graph holds what that answer gave. What comes of a changed page is known from its outcome alone, so
    outcomes go through `noted`: a page that could not be read is fetched whole the next time.
    """

    def __init__(self, fetcher: FetchingAgain, answers: Answers, *, complete: bool = False) -> None:
        """Fetch URLs with this fetcher, and keep there what their servers told.

        Files of records that are `complete` are read again to see what they have no more.
        """
        self.files: Final = RecordFiles(fetcher, answers, complete=complete)
        self._fetcher: Final = fetcher
        self._answers: Final = answers
        self._changed: Final[dict[str, _Changed]] = {}
        self._unchanged = 0
        self._looked = 0

    def __str__(self) -> str:
        """What was looked at so far, for people; all records of a file are one place."""
        unchanged = self._unchanged + self.files.unchanged
        return f"{self._looked} places looked at, {unchanged} as they were."

    def found(self, places: Iterable[Held]) -> Iterator[Found]:
        """What is at the places now where it is other than before; a `Problem` where nothing is there."""
        all_held = list(places)
        files = records_of(all_held)
        records = {one for some in files.values() for one in some}
        yield from self._documents(one for one in all_held if one not in records)
        for file, held in files.items():
            self._looked += 1
            yield from self.files.found(file, held)

    def _documents(self, places: Iterable[Held]) -> Iterator[Found]:
        for held in places:
            self._looked += 1
            now = _file(held) if held.place.startswith("file:") else self._page(held)
            if now is None or (isinstance(now, RawDocument) and sha256(now.data) == held.raw_hash):
                self._unchanged += 1
            else:
                yield now

    def noted(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """The same outcomes; the version that the graph holds by then is what the page's answer is kept for.

        A page whose text did not change leaves the document as it is, with the hash of its older bytes.
        """
        for outcome in outcomes:
            self.files.note(outcome)
            page = self._changed.pop(outcome.origin, None)
            if page is not None and outcome.state is State.LOADED:
                self._answers.note(page.held.place, page.raw_hash, page.validators)
            elif page is not None and outcome.state is State.UNCHANGED and outcome.document == page.held.id:
                self._answers.note(page.held.place, page.held.raw_hash, page.validators)
            yield outcome

    def _page(self, held: Held) -> Found | None:
        before = self._answers.validators(held.place, held.raw_hash)
        try:
            page = anyio.run(partial(self._fetcher.fetch_changed, held.place, before))
        except FetchError as error:
            return Problem(held.place, str(error), error.code)
        if page is None:
            return None
        raw_hash = sha256(page.data)
        if raw_hash == held.raw_hash:
            self._answers.note(held.place, raw_hash, page.validators)
        else:
            self._changed[held.place] = _Changed(held, raw_hash, page.validators)
        now = datetime.now(UTC)
        known = Metadata(retrieved=PartialDate.parse(now.date().isoformat()), url=held.place)
        return RawDocument(
            held.source_key, page.data, page.media_type, known, held.place, now, place=held.place
        )


def _file(held: Held) -> Found:
    (found,) = discover([Path(url2pathname(urlsplit(held.place).path))])
    return replace(found, source_key=held.source_key) if isinstance(found, RawDocument) else found
