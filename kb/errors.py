"""The errors that a user can cause or must hear of: one plain sentence each, with an exit code.

KbError
 +- UsageError            what was asked cannot be understood (exit 2)
 +- InputError            a document or record that cannot be read (exit 1)
 |   +- ContractError     a fact that breaks the ontology
 |   +- TooLargeError     more than the database takes in one transaction
 +- DatabaseError         Neo4j cannot be reached, or refused (exit 3)
 |   +- SchemaVersionError  the graph and this program are of different versions
 +- SetupError            something that the machine lacks (exit 4)
"""


class KbError(Exception):
    """Base of all errors that are shown to people; `str(error)` is the whole message.

    The message says what was wrong, where, and what to do about it.
    """

    exit_code = 1


class UsageError(KbError):
    """A command, option or query that cannot be understood."""

    exit_code = 2


class InputError(KbError):
    """A document or record that cannot be read; the rest of the batch goes on."""


class ContractError(InputError):
    """A fact that the ontology does not allow."""


class TooLargeError(InputError):
    """More than the database takes in one transaction; `code` is for programs."""

    code = "TOO_LARGE"


class DatabaseError(KbError):
    """Neo4j cannot be reached, or refused what was asked."""

    exit_code = 3


class SchemaVersionError(DatabaseError):
    """The graph was written by another version of this program than the one that runs."""


class SetupError(KbError):
    """Something is missing on this machine: a network, a Java, disk space, a free port."""

    exit_code = 4
