"""The version of the data: another one after every write, so that what was answered under one can be kept."""

from typing import Final

from neo4j.exceptions import DriverError, Neo4jError

from kb.errors import UsageError
from kb.protocols import GraphReader

DATA_VERSION: Final = "MATCH (l:Lease {id: 'writer'}) RETURN l.version AS version"


async def data_version(reader: GraphReader) -> str | None:
    """The version of what is committed now; none when the database does not tell.

    The same version means the same data, also after another process wrote or the database was replaced.
    What is read after it may be newer than it says, never older.
    """
    try:
        rows = await reader.fetch(DATA_VERSION, {})
    except (DriverError, Neo4jError, UsageError, OSError):
        return None
    return next((row["version"] for row in rows), None)
