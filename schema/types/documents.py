"""Documents, and the words in them that carry a fact."""

from datetime import datetime
from typing import Annotated

import strawberry

from kb.partial_date import PartialDate
from schema.arguments import LENGTH, START
from schema.planned import plain, planned
from schema.rows import Row


@strawberry.interface(description="Everything that has an id of its own.")
class Node:
    """What `node(id:)` gives."""

    id: strawberry.ID = plain("The id; it stays the same.")

    @classmethod
    def is_type_of(cls, obj: Row, _info: object) -> bool:
        """Whether the row is of this type."""
        return obj.type_name == cls.__name__

    @classmethod
    def resolve_type(cls, obj: Row, *_: object) -> str:
        """The row's own type."""
        return obj.type_name


@strawberry.type(description="A source that was read, and its cleaned text, which all offsets refer to.")
class Document(Node):
    """A document."""

    title: str = plain("Its title, else the key of its source.")
    url: str | None = plain("Where it was found.")
    publisher: str | None = plain("Who published it.")
    authors: list[str] = plain("Who wrote it.")
    published: PartialDate | None = plain("When it was published.")
    retrieved: PartialDate | None = plain("When it was fetched.")
    recorded_at: datetime | None = plain("When it was loaded.")
    media_type: str = plain("What the raw file was, such as text/html.")
    source_key: str = plain("What stays the same when the source changes.")
    sha256: str = plain("Hash of the cleaned text.")
    cleaner: str = plain("Name and version of what cleaned the text.")
    superseded_by: strawberry.ID | None = plain(
        "The id of the version that took its place; none where its source has it no more."
    )
    superseded_at: datetime | None = plain(
        "When that version was loaded, or the source was seen to have it no more."
    )
    withdrawn_at: datetime | None = plain("When it was withdrawn.")
    withdrawn_why: str | None = plain("Why it was withdrawn.")
    text: str = planned("A part of the cleaned text.", START, LENGTH)


@strawberry.type(description="The words of a document that carry a fact.")
class Evidence:
    """A place in a document."""

    document: Annotated["Document", strawberry.lazy("schema.types.documents")] = planned("The document.")
    sentence: str = planned("The sentence that the words stand in.")
    text: str = plain("The words themselves.")
    start: int = plain("Offset of the first code point in the document's text.")
    end: int = plain("Offset after the last code point.")
    verified: bool = planned("Whether the document's text holds exactly these words at these offsets.")
