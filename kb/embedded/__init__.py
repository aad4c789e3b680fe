"""The embedded Neo4j Community server: one child process per user and home, shared by all `kb` processes.

The names are loaded at their first use: the supervisor lives as long as the server, and has no need of the
driver.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.embedded.address import Address
    from kb.embedded.backup import back_up, restore
    from kb.embedded.home import cache_folder, default_home
    from kb.embedded.offline import import_offline
    from kb.embedded.progress import Bar, Progress, Quiet
    from kb.embedded.server import EmbeddedServer, ServerStatus, down, prepare, status

_HOMES = {
    "address": ("Address",),
    "backup": ("back_up", "restore"),
    "home": ("cache_folder", "default_home"),
    "offline": ("import_offline",),
    "progress": ("Bar", "Progress", "Quiet"),
    "server": ("EmbeddedServer", "ServerStatus", "down", "prepare", "status"),
}

__all__ = [
    "Address",
    "Bar",
    "EmbeddedServer",
    "Progress",
    "Quiet",
    "ServerStatus",
    "back_up",
    "cache_folder",
    "default_home",
    "down",
    "import_offline",
    "prepare",
    "restore",
    "status",
]


def __getattr__(name: str) -> object:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
