"""What a server's log tells of its troubles: why it died, and that it has to be started again."""

import re
from pathlib import Path

from kb.embedded.home import Home

# what Neo4j prints to whoever asks a database that it has given up, such as after a write that failed
GIVEN_UP = (
    b"[Neo.DatabaseError.Transaction.TransactionStartFailed]: "
    b"The database has encountered a critical error, and needs to be restarted"
)

# what the JVM or Neo4j prints, and what to tell; the first that is found is told
CAUSES = (
    (r"No space left on device|Disk quota exceeded", "the disk is full: free some space and start again"),
    (
        r"Read-only file system|AccessDeniedException",
        "its folder cannot be written: check the rights of {home}",
    ),
    (r"Address already in use", "its port was taken by another program at that moment: start again"),
    (r"FileLockException", "another Neo4j works on the same data: stop that one first"),
    (
        r"Could not reserve enough space|Cannot allocate memory",
        "the machine has too little free memory: free some",
    ),
    (r"OutOfMemoryError", "its memory was not enough: see {log}"),
    (r"UnsupportedClassVersionError", "the Java is too old: install Java 17 or 21"),
    (
        r"Unrecognized (?:VM )?option|Unrecognized option",
        "the Java does not know the options it was given: see {log}",
    ),
)


def why(home: Home, log_start: int) -> str:
    """Why the server ended while starting, from what it wrote since `log_start`."""
    with home.server_log.open("rb") as file:
        file.seek(log_start)
        text = file.read().decode("utf-8", errors="replace")
    for pattern, cause in CAUSES:
        if re.search(pattern, text):
            return f"Neo4j could not start: {cause.format(home=home.path, log=home.server_log)}."
    return f"Neo4j ended while starting; {home.server_log} says why."


class LogWatch:
    """Follows a server's log for the word that its database takes no more transactions."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._seen = log.stat().st_size if log.exists() else 0

    def given_up(self) -> bool:
        """Whether that was written since the last look."""
        if not self._log.exists() or self._log.stat().st_size == self._seen:
            return False
        with self._log.open("rb") as file:
            file.seek(max(self._seen - len(GIVEN_UP), 0))
            text = file.read()
            self._seen = file.tell()
        return GIVEN_UP in text
