"""What every file for others says of itself: what made it, and whose words are in it."""

from importlib import metadata
from typing import Final

PROGRAM: Final = "ai-industry-kb"
RIGHTS: Final = (
    "The words of each fact are quoted from its document, whose publisher holds the rights in them: the "
    "documents' own terms decide what may be done with the words. Name the document beside the fact."
)


def made_by() -> str:
    """The program and its version."""
    return f"{PROGRAM} {metadata.version(PROGRAM)}"
