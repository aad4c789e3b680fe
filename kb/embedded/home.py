"""The folder of one embedded server: where everything lies in it, its password and its configuration.

HOME/secret            the password of user `neo4j`, readable by its owner alone
HOME/conf/neo4j.conf   written at every start
HOME/conf/local.conf   the user's own settings beside ours, where there are any
HOME/data/             Neo4j's own: the store and its transaction logs
HOME/log/              server.log (what the JVM prints), supervisor.log, and Neo4j's debug.log
HOME/run/              the locks and the address of the running server
"""

import hashlib
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from kb.embedded.errors import StorageError

APPLICATION = "ai-industry-kb"
USER = "neo4j"
DATABASE = "neo4j"
GRAPH = (f"databases/{DATABASE}", f"transactions/{DATABASE}")  # what a graph is, in data/
HASH_ROUNDS = 1024
LOG_SIZE = 10 * 2**20  # bytes after which a log of ours is put aside
FREE_SPACE = 100 * 2**20  # bytes that a server must find free to start

# Loopback Bolt only; no web server, no usage report, no files or addresses reachable from Cypher.
# The two shutdown settings take a clean stop from more than 10 s to less than 1 s.
SETTINGS = """\
server.bolt.enabled=true
server.http.enabled=false
server.https.enabled=false
server.default_listen_address=127.0.0.1
server.directories.logs=log
server.memory.pagecache.size=512m
server.config.strict_validation.enabled=false
db.memory.transaction.max=256m
db.tx_log.preallocate=false
db.tx_log.rotation.retention_policy=256m size
dbms.usage_report.enabled=false
dbms.security.auth_enabled=true
dbms.security.allow_csv_import_from_file_urls=false
internal.dbms.cypher_ip_blocklist=0.0.0.0/0,::/0
internal.server.bolt.thread_pool_shutdown_wait_time=0s
internal.dbms.bolt.netty_server_shutdown_quiet_period=0
"""


@dataclass(frozen=True, slots=True)
class Home:
    """The folders and files of one embedded server."""

    path: Path

    @property
    def data(self) -> Path:
        """Neo4j's data."""
        return self.path / "data"

    @property
    def conf(self) -> Path:
        """The configuration folder."""
        return self.path / "conf"

    @property
    def log(self) -> Path:
        """The log files."""
        return self.path / "log"

    @property
    def run(self) -> Path:
        """Locks and the running server's address."""
        return self.path / "run"

    @property
    def server_log(self) -> Path:
        """What the JVM prints."""
        return self.log / "server.log"

    @property
    def supervisor_log(self) -> Path:
        """What the supervisor and its background work print."""
        return self.log / "supervisor.log"

    @property
    def local_settings(self) -> Path:
        """Settings of the user's own, which come beside those that are written at every start."""
        return self.conf / "local.conf"

    @property
    def secret(self) -> Path:
        """The password file."""
        return self.path / "secret"

    def make(self) -> None:
        """Make the folders, for their owner alone.

        Raises StorageError when they cannot be made, or not be written to.
        """
        folders = (self.path, self.data, self.conf, self.log, self.run)
        try:
            for folder in folders:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(
                f"The folder {self.path} cannot be made ({error.strerror}): free some space, or set "
                "KB_HOME to a folder that you can write to."
            ) from error
        if not all(os.access(folder, os.W_OK) for folder in folders):
            raise StorageError(
                f"The folder {self.path} cannot be written to: see to its rights and its disk, or set "
                "KB_HOME to a folder that you can write to."
            )
        if shutil.disk_usage(self.path).free < FREE_SPACE:
            raise StorageError(
                f"The disk of {self.path} is full: free at least {FREE_SPACE // 2**20} MB, or set KB_HOME "
                "to a folder on another disk."
            )

    def put_logs_aside(self) -> None:
        """Begin new logs where the old ones have grown large; for a server that does not run."""
        for log in (self.server_log, self.supervisor_log):
            if log.exists() and log.stat().st_size > LOG_SIZE:
                log.replace(log.with_suffix(".old.log"))

    def password(self) -> str:
        """The server's password, made at random at the first call."""
        try:
            return self.secret.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            write_private(self.secret, secrets.token_urlsafe(24) + "\n")
            return self.secret.read_text(encoding="ascii").strip()

    def write_login(self) -> None:
        """Give a server that never ran its password, without starting a second JVM for it."""
        file = self.data / "dbms" / "auth.ini"
        if not (self.data / "databases").exists():
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(file, login_line(self.password()))

    def write_configuration(self, port: int) -> None:
        """Write neo4j.conf for a server on this port of loopback, with the user's own settings."""
        address = f"127.0.0.1:{port}"
        ports = f"server.bolt.listen_address={address}\nserver.bolt.advertised_address={address}\n"
        own = self.local_settings.read_text(encoding="utf-8") if self.local_settings.exists() else ""
        write_private(self.conf / "neo4j.conf", SETTINGS + ports + own)


def login_line(password: str) -> str:
    """The line of Neo4j's auth.ini that lets `neo4j` in: salted sha256, hashed again for every round.

    The format is internal to Neo4j, and therefore has a test that logs a real driver in.
    """
    salt = secrets.token_bytes(32)
    digest = hashlib.sha256(salt + password.encode()).digest()
    for _ in range(HASH_ROUNDS - 1):
        digest = hashlib.sha256(digest).digest()
    return f"{USER}:SHA-256,{digest.hex().upper()},{salt.hex().upper()},{HASH_ROUNDS}:\n"


def write_private(path: Path, text: str) -> None:
    """Replace a file at once, readable by its owner alone."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with os.fdopen(
        os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
    part.replace(path)


def cache_folder() -> Path:
    """Where jars and the start-up archive are kept: `KB_CACHE`, or the user's cache folder."""
    override = os.environ.get("KB_CACHE")
    return Path(override).expanduser() if override else platformdirs.user_cache_path(APPLICATION)


def default_home() -> Path:
    """Where the data lies: `KB_HOME` or the user's data folder."""
    override = os.environ.get("KB_HOME")
    return Path(override).expanduser() if override else platformdirs.user_data_path(APPLICATION)
