"""The schema's file: whether it is what the code says, and what a new one would break for clients."""

from dataclasses import dataclass

from graphql import build_schema, find_breaking_changes
from strawberry import Schema


@dataclass(frozen=True, slots=True)
class Drift:
    """How the code's schema differs from the file's; `breaking` says what clients of the file would lose."""

    differs: bool
    breaking: tuple[str, ...]


def drift(file: str, schema: Schema) -> Drift:
    """Compare the schema with the text of its file, which is empty where there is none yet."""
    text = schema.as_str()
    if not file or file == text:
        return Drift(file != text, ())
    changes = find_breaking_changes(build_schema(file), build_schema(text))
    return Drift(differs=True, breaking=tuple(sorted(change.description for change in changes)))
