"""What is said to people goes to stderr, so that stdout holds data alone."""

from functools import cache
from typing import TYPE_CHECKING

from kb.surrogates import escaped

if TYPE_CHECKING:
    from rich.console import Console


@cache
def console() -> "Console":
    """The console on stderr; names and titles are shown as they are, without markup or emoji codes."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True, emoji=False, markup=False)


def say(text: str, style: str | None = None) -> None:
    """Print one line for people."""
    console().print(printable(text), style=style)


def printable(text: str) -> str:
    """The text without control characters, which a terminal would obey; line ends and tabs stay.

    Halves of characters, which no terminal takes, are escaped.
    """
    return "".join(c for c in escaped(text) if c in "\n\t" or c.isprintable() or ord(c) > 0x9F)
