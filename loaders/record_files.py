"""Looking at files of records again that were read from URLs: one fetch for all records of a file.

What the graph holds of a file is its records, so they are the version that the file's answer is kept for, and
it is known only when all of them were taken in.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from typing import Final

import anyio

from kb.documents import Held, Metadata, sha256
from loaders.fetching.answers import Answers
from loaders.fetching.fetcher import Fetched, FetchError
from loaders.fetching.validators import Validators
from loaders.ingest import Outcome, State
from loaders.sources import Found, Options, Problem, Skipped, discover
from loaders.sources.found import Stated
from loaders.sources.records import Records
from loaders.sources.web import FetchingAgain, is_file

_MARK: Final = "#"
"""What stands between the key of a file and that of its record; no address of a page has it."""

NO_FILE: Final = "There is a page where a file of records was: look where the file is now, and load that."
_TOLD_TO_ALL: Final = ("publisher", "authors", "published", "licence")
"""What `kb load --meta` may tell of all records of a file."""


@dataclass(slots=True)
class _Reading:
    """What has come of a file so far."""

    validators: Validators | None
    loaded: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True)
class _Page:
    """A fetcher of the one page that is there already."""

    page: Fetched

    async def fetch(self, url: str) -> Fetched:
        """The page, under the address that its records are known by."""
        return Fetched(url, self.page.data, self.page.media_type)


class RecordFiles:
    """Files of records at URLs; what comes of their records is told to `note`."""

    def __init__(self, fetcher: FetchingAgain, answers: Answers, *, complete: bool) -> None:
        """Fetch with this fetcher; a file that is `complete` is read again to see what it has no more."""
        self._fetcher: Final = fetcher
        self._answers: Final = answers
        self._complete: Final = complete
        self._records: Final = Records()
        self._read: Final[dict[str, _Reading]] = {}
        self._as_they_were = 0

    @property
    def unchanged(self) -> int:
        """How many files gave nothing new and nothing that failed."""
        return self._as_they_were + sum(1 for one in self._read.values() if not (one.loaded or one.failed))

    @property
    def kept(self) -> Mapping[str, Set[str]]:
        """The keys of the records of each file that was read to its end without a failure."""
        return {file: keys for file, keys in self._records.kept.items() if not self._read[file].failed}

    def found(self, file: str, held: Sequence[Held]) -> Iterator[Found]:
        """The records of a file, of which these are held; nothing where it did not change."""
        before = self._answers.validators(file, self._version(held))
        try:
            page = anyio.run(partial(self._fetcher.fetch_changed, file, before))
        except FetchError as error:
            yield Problem(file, str(error), error.code)
            return
        if page is None:
            self._as_they_were += 1
        elif is_file(page):
            self._read[file] = _Reading(page.validators)
            yield from _not_poorer(
                file, held, discover([file], Options(fetcher=_Page(page), records=self._records))
            )
        else:
            yield Problem(file, NO_FILE)

    def note(self, outcome: Outcome) -> None:
        """Take what came of a record or of anything else."""
        reading = self._read.get(outcome.origin.partition(", ")[0])
        if reading is not None:
            reading.loaded |= outcome.state is State.LOADED
            reading.failed |= outcome.state is State.FAILED

    def keep(self, held: Iterable[Held]) -> None:
        """Keep what their servers told of the files, now that the graph holds this of all places."""
        records = records_of(held)
        for file, reading in self._read.items():
            if not reading.failed:
                self._answers.note(file, self._version(records.get(file, ())), reading.validators)

    def _version(self, held: Iterable[Held]) -> str:
        told = sorted((one.place, one.id, one.raw_hash, repr(one.metadata)) for one in held)
        return sha256(repr((self._complete, told)).encode())


def records_of(held: Iterable[Held]) -> Mapping[str, Sequence[Held]]:
    """What is held of records, by the addresses of their files."""
    records: dict[str, list[Held]] = {}
    for one in held:
        file, mark, _ = one.place.partition(_MARK)
        if mark and not one.place.startswith("file:"):
            records.setdefault(file, []).append(one)
    return records


def _not_poorer(file: str, held: Sequence[Held], items: Iterable[Found]) -> Iterator[Found]:
    """The items, unless they lack what is known of all held records: a load with --meta told it."""
    for item in items:
        if not isinstance(item, Problem | Skipped):
            known = item.document.metadata if isinstance(item, Stated) else item.metadata
            lost = [name for name in _told_to_all(held) if not getattr(known, name)]
            if lost:
                names = " and ".join(lost)
                reason = f"The {names} of its records is told by no field of it: load it again, with --meta."
                yield Problem(file, reason)
                return
        yield item


def _told_to_all(held: Sequence[Held]) -> Iterator[str]:
    for name in _TOLD_TO_ALL:
        values = {getattr(one.metadata, name) for one in held}
        if len(values) == 1 and values != {getattr(Metadata(), name)}:
            yield name
