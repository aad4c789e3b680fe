"""Why something was not read: a code for programs beside the sentence for people."""

from enum import StrEnum
from typing import Final

from kb.errors import InputError, KbError


class Code(StrEnum):
    """What stood in the way of reading a file, a page or a row."""

    NOT_READ = "NOT_READ"
    TOO_LARGE = "TOO_LARGE"
    TOO_SLOW = "TOO_SLOW"
    OUT_OF_MEMORY = "OUT_OF_MEMORY"
    DIED = "DIED"
    DAMAGED = "DAMAGED"
    LOCKED = "LOCKED"
    UNKNOWN_FORM = "UNKNOWN_FORM"
    BAD_ROW = "BAD_ROW"
    FAULT = "FAULT"


class ReadError(InputError):
    """Something that was not read."""

    def __init__(self, code: str, sentence: str) -> None:
        """A code for programs, a sentence for people."""
        super().__init__(sentence)
        self.code: Final = code


def code_of(error: KbError) -> str:
    """The error's own code, else the one of all that was not read."""
    code: object = getattr(error, "code", None)
    return Code.NOT_READ.value if code is None else str(code)
