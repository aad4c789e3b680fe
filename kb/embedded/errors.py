"""What can go wrong with the embedded server, each as one sentence that says what to do.

KbError
 +- SetupError
 |   +- PlatformError     the embedded server does not run on this system
 |   +- JavaError         no Java 17 or 21, and none could be installed
 |   +- JarError          a jar could not be fetched, or is not the one that the lock names
 |   +- StorageError      no space, or a folder that cannot be written
 +- DatabaseError
     +- StartError        the server ended, or did not answer, while starting
     +- StopError         the server did not stop in time
     +- PasswordError     the server does not know the password that lies beside its data
"""

from kb.errors import DatabaseError, SetupError


class PlatformError(SetupError):
    """The embedded server does not run on this operating system."""


class JavaError(SetupError):
    """No fit Java was found, or it could not be installed."""


class JarError(SetupError):
    """A jar of the server could not be fetched, or is not what the lock names."""


class StorageError(SetupError):
    """A folder cannot be written, or the disk is full."""


class StartError(DatabaseError):
    """The server ended, or did not answer, while starting."""


class StopError(DatabaseError):
    """The server did not stop in the time given."""


class PasswordError(DatabaseError):
    """The server refuses the password that lies beside its data."""
