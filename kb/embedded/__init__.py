"""The embedded Neo4j Community server: one child process per user and home, shared by all `kb` processes."""

from kb.embedded.home import cache_folder, default_home
from kb.embedded.progress import Bar, Progress, Quiet
from kb.embedded.server import Address, EmbeddedServer, ServerStatus, down, prepare, status

__all__ = [
    "Address",
    "Bar",
    "EmbeddedServer",
    "Progress",
    "Quiet",
    "ServerStatus",
    "cache_folder",
    "default_home",
    "down",
    "prepare",
    "status",
]
