"""Example queries: the `.graphql` files of this folder, in the order of their names."""

from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Example:
    """A query with a name; its comments say what it asks."""

    name: str
    query: str


@cache
def examples() -> tuple[Example, ...]:
    """All examples, first to last."""
    folder = resources.files(__name__)
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".graphql")), key=lambda f: f.name
    )
    return tuple(Example(file.name.removesuffix(".graphql"), file.read_text("utf-8")) for file in files)
