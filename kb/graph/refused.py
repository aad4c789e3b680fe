"""What the database refuses for a document's own sake, told as the document's fault."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from neo4j.exceptions import AuthError, ClientError, DatabaseError, Forbidden, Neo4jError

from kb.errors import InputError, TooLargeError

OUT_OF_MEMORY: Final = "Neo.TransientError.General.MemoryPoolOutOfMemoryError"
"""What the server answers to a transaction that would hold more than it may."""
_OWN_LIMIT: Final = "db.memory.transaction.max"
"""Stands in the server's message where the limit is that of one transaction, not that of all together."""
_EXECUTION_FAILED: Final = "Neo.DatabaseError.Statement.ExecutionFailed"
"""What the server answers, among others, to a value that is too long for an index."""


@contextmanager
def too_large_alone() -> Generator[None]:
    """Around a transaction: tell when it is too large by itself.

    The driver takes the server's answer for a passing one, which would be tried again for minutes, though the
    same work needs the same memory each time. Where all transactions together held too much, that is right.

    Raises:
        TooLargeError: in place of the server's answer.
    """
    try:
        yield
    except Neo4jError as error:
        if error.code == OUT_OF_MEMORY and _OWN_LIMIT in (error.message or ""):
            raise TooLargeError(
                "This needs more memory than Neo4j gives one transaction: "
                f"do it in smaller parts, or raise {_OWN_LIMIT} in its configuration."
            ) from error
        raise


@contextmanager
def fault_of_documents(facts: int) -> Generator[None]:
    """Around the writing of documents with so many facts: tell what is the fault of what they say.

    Raises:
        InputError: in place of what the server or the driver answered to that; other errors pass.
    """
    try:
        yield
    except TooLargeError as error:
        raise _too_large(facts) from error
    except (AuthError, Forbidden):
        raise
    except (Neo4jError, ValueError, OverflowError) as error:
        if isinstance(error, Neo4jError) and error.code == OUT_OF_MEMORY:
            raise _too_large(facts) from error
        if isinstance(error, Neo4jError) and not _says_of_values(error):
            raise
        raise InputError(f"The database cannot hold this document ({_short(error)}).") from error


def _too_large(facts: int) -> TooLargeError:
    return TooLargeError(
        f"Its {facts:,} facts need more memory than Neo4j gives one transaction: split the document, "
        f"or raise {_OWN_LIMIT} in Neo4j's configuration (docs/embedded-neo4j.md)."
    )


def _says_of_values(error: Neo4jError) -> bool:
    """Whether the server refused what was to be written, rather than to write."""
    return isinstance(error, ClientError) or (
        isinstance(error, DatabaseError) and error.code == _EXECUTION_FAILED
    )


def _short(error: Exception) -> str:
    message = error.message if isinstance(error, Neo4jError) else str(error)
    return (message or type(error).__name__)[:160]
