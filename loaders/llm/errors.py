"""Why a language model gave no facts for a document, with one code for each reason."""

from enum import StrEnum
from typing import Final

from kb.errors import InputError


class Code(StrEnum):
    """The reasons, stable for scripts; each message ends in its code."""

    BUDGET = "LLM_BUDGET"
    KEY = "LLM_KEY"
    QUOTA = "LLM_QUOTA"
    REFUSED = "LLM_REFUSED"
    REDIRECT = "LLM_REDIRECT"
    BUSY = "LLM_BUSY"
    UNREACHABLE = "LLM_UNREACHABLE"
    TIMEOUT = "LLM_TIMEOUT"
    REJECTED = "LLM_REJECTED"
    MALFORMED = "LLM_MALFORMED"
    TRUNCATED = "LLM_TRUNCATED"
    TOO_LARGE = "LLM_TOO_LARGE"


BILLED: Final = frozenset({Code.TIMEOUT, Code.TOO_LARGE, Code.MALFORMED})
"""After these the server may well have worked, and its bill cannot be read."""


class LlmError(InputError):
    """No facts for this document, for the reason in `code`; other documents go on."""

    def __init__(self, code: Code, sentence: str) -> None:
        """A sentence for people, and the code for scripts."""
        super().__init__(f"{sentence} ({code})")
        self.code: Final = code
        self.sentence: Final = sentence
