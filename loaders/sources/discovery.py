"""Finding documents: files, folders and URLs to documents and records, with a reason for each failure."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kb.documents import Metadata, RawDocument
from kb.errors import InputError
from kb.surrogates import is_text
from loaders.cleaning import MEDIA_TYPES
from loaders.parsing import Parser, parser
from loaders.refusals import Code, code_of
from loaders.sources import forms
from loaders.sources.found import LARGEST, Form, Found, Given, Linked, Problem, Skipped, is_url
from loaders.sources.mapping import Mapping
from loaders.sources.naming import told
from loaders.sources.records import Records

if TYPE_CHECKING:
    from loaders.fetching.answers import Answers
    from loaders.sources import web

_READ: Final = ", ".join(sorted(MEDIA_TYPES))


@dataclass(frozen=True)
class Options:
    """How sources are read: what the columns of tables mean, what is known of all documents, who fetches.

    `records` is told which records were read of which file, `answers` what URLs gave.
    """

    mapping: Mapping | None = None
    known: Metadata = field(default_factory=Metadata)
    fetcher: "web.Fetching | None" = None
    records: Records = field(default_factory=Records)
    answers: "Answers | None" = None

    @cached_property
    def fetching(self) -> "web.Fetching":
        """The fetcher that is given, else the usual one."""
        from loaders.sources import web  # noqa: PLC0415 - HTTP is loaded only where something is fetched

        fetcher = self.fetcher or web.usual()
        return fetcher if self.answers is None else web.Noting(fetcher, self.answers)


@dataclass(frozen=True, slots=True)
class _Search:
    options: Options = field(default_factory=Options)
    parser: Parser = field(default_factory=parser)

    def source(self, source: Path | str) -> Iterator[Found]:
        if not is_text(str(source)):
            yield _unnamed(source)
        elif isinstance(source, str) and is_url(source):
            yield from self.link(Linked(source))
        elif Path(source).is_dir():
            yield from self.folder(Path(source))
        else:
            yield from self.named(Path(source))

    def folder(self, folder: Path) -> Iterator[Found]:
        refused: list[OSError] = []
        for here, folders, files in os.walk(folder, onerror=refused.append):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for error in refused:
                yield Problem(told(error.filename), _refusal(error, "folder"))
            refused.clear()
            for name in sorted(files):
                if not name.startswith("."):
                    file = Path(here, name)
                    yield from self.in_folder(file, file.relative_to(folder).as_posix())
        for error in refused:
            yield Problem(told(error.filename), _refusal(error, "folder"))

    def in_folder(self, file: Path, key: str) -> Iterator[Found]:
        """A file that nobody named: one whose form is not known is skipped."""
        if not is_text(str(file)):
            yield Skipped(told(file)) if _form(file) is None else _unnamed(file)
            return
        form = _form(file)
        if isinstance(form, str):
            yield self.document(file, key, form)
            return
        if not isinstance(form, Form):
            yield Skipped(str(file))
            return
        found = self.records(form, self.given(file, key))
        first = next(found, None)
        if isinstance(first, Problem) and first.code == Code.UNKNOWN_FORM and first.origin == str(file):
            yield Skipped(str(file))
        elif first is not None:
            yield first
            yield from found

    def named(self, file: Path) -> Iterator[Found]:
        if not file.exists():
            yield Problem(str(file), "There is no such file or folder; check the path.")
            return
        form = _form(file)
        if isinstance(form, Problem):
            yield form
        elif form is None:
            reason = f"Files like this are not read; give one of {_READ}, or {forms.NAMES}."
            yield Problem(str(file), reason, Code.UNKNOWN_FORM)
        elif isinstance(form, str):
            yield self.document(file, file.name, form)
        else:
            yield from self.records(form, self.given(file, file.name))

    def document(self, file: Path, key: str, media_type: str) -> RawDocument | Problem:
        try:
            found = file.stat()
            if not stat.S_ISREG(found.st_mode):
                return Problem(str(file), "This is no regular file, so it is not read.")
            if found.st_size > LARGEST:
                size = found.st_size / 1024 / 1024
                reason = f"The file has {size:.0f} MB; split what is over 20 MB."
                return Problem(str(file), reason, Code.TOO_LARGE)
            data = file.read_bytes()
        except OSError as error:
            return Problem(str(file), _refusal(error, "file"))
        return RawDocument(
            source_key=key,
            data=data,
            media_type=media_type,
            metadata=self.options.known,
            origin=str(file),
            retrieved=datetime.fromtimestamp(found.st_mtime, tz=UTC),
            place=file.resolve().as_uri(),
        )

    def given(self, file: Path, key: str, origin: str | None = None) -> Given:
        return Given(file, key, origin or str(file), self.options.mapping, self.options.known)

    def records(self, form: Form, given: Given) -> Iterator[Found]:
        """The records of a file; what ends its reading is a problem of the file."""
        try:
            read = self.parser.records(forms.records, (form.name, given))
            for item in self.options.records.noted(given.key, read):
                if isinstance(item, Linked):
                    yield from self.link(item)
                else:
                    yield item
        except InputError as error:
            yield Problem(given.origin, str(error), code_of(error))
        except OSError as error:
            yield Problem(given.origin, _refusal(error, "file"))

    def link(self, link: Linked) -> Iterator[Found]:
        """What a URL leads to: a document, or a file of records."""
        from loaders.sources import web  # noqa: PLC0415 - HTTP is loaded only where something is fetched

        page = web.fetched(self.options.fetching.fetch, link.url)
        if isinstance(page, Problem):
            yield page
            return
        document = web.as_document(page, Linked(link.url, self.options.known.or_else(link.metadata)))
        if document is not None:
            yield document
            return
        with web.as_file(page) as file:
            form = forms.recognised(forms.glance(file))
            if isinstance(form, Form):
                yield from self.records(form, self.given(file, page.url, page.url))
            else:
                reason = f"What is there is none of the forms that are read: {forms.NAMES}."
                yield Problem(page.url, reason, Code.UNKNOWN_FORM)


def discover(sources: Iterable[Path | str], options: Options | None = None) -> Iterator[Found]:
    """The documents and records of files, folders and URLs, in the order that they are given.

    A folder is searched to its depth, sorted within each folder; hidden files are passed over without a word,
    those of no known form are `Skipped`. A file named outright that is not read is a `Problem`, as is what
    cannot be opened or is too large, and each record that cannot be read; the others go on. The key of a
    source is its URL, else its path relative to the folder or the file's name, and for a record its own key
    within that.
    """
    search = _Search(options or Options())
    for source in sources:
        yield from search.source(source)


def _unnamed(source: Path | str) -> Problem:
    """A name of bytes that are no text, by which neither people nor the graph could know a document."""
    return Problem(told(source), "Its name is not UTF-8; rename it, or the folder whose name is not.")


def _form(file: Path) -> str | Form | Problem | None:
    """What the file is; files that are none are not opened."""
    suffix = file.suffix.lower()
    if suffix in MEDIA_TYPES:
        return MEDIA_TYPES[suffix]
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            return Problem(str(file), "This is no regular file, so it is not read.")
        return forms.recognised(forms.glance(file))
    except OSError as error:
        return Problem(str(file), _refusal(error, "file"))


def _refusal(error: OSError, what: str) -> str:
    if isinstance(error, PermissionError):
        return f"The {what} may not be read by you; change its permissions."
    return f"The {what} cannot be read: {error.strerror or error}."
