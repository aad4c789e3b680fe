"""Where a server answers, and whether it does."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from neo4j import GraphDatabase
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from kb.embedded.errors import PasswordError
from kb.embedded.state import is_listening


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server answers, and as whom to ask it."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str = "neo4j"


def answers(address: Address) -> bool:
    """Whether the server answers a query with this address's password.

    Raises PasswordError when it refuses the password.
    """
    parts = urlsplit(address.uri)
    if not is_listening(parts.port or 0):
        return False
    login = (address.user, address.password)
    try:
        with GraphDatabase.driver(
            address.uri, auth=login, connection_timeout=5, max_transaction_retry_time=0
        ) as driver:
            driver.execute_query("RETURN 1", database_=address.database)
    except AuthError as error:
        raise PasswordError(
            "The Neo4j server refuses the password in the file `secret` beside its data: put the file "
            "back from a "
            "backup, or move the whole folder away to begin with an empty graph."
        ) from error
    except (DriverError, Neo4jError):
        return False
    return True
