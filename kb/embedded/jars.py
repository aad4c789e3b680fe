"""The server's jars: what the lock names, where they lie, and that they are what the lock says.

`ensure_jars` gives the class path. Jars that are missing or damaged are fetched (`kb.embedded.fetch`), each
is checked against its sha256 and only then moved into the cache, by one atomic rename. So the cache never
holds half a jar, an interrupted fetch goes on with the jars that are still missing, and several processes
may share it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

LOCK_FILE = Path(__file__).with_name("jars.lock")


@dataclass(frozen=True, slots=True, order=True)
class Jar:
    """One line of the lock: Maven coordinates, sha256 in hex and size in bytes."""

    group: str
    artifact: str
    version: str
    classifier: str = ""
    sha256: str = ""
    size: int = 0

    @property
    def coordinates(self) -> str:
        """`group:artifact:version`, with `:classifier` where there is one."""
        parts = (self.group, self.artifact, self.version, self.classifier)
        return ":".join(part for part in parts if part)

    @property
    def filename(self) -> str:
        """The name that Maven gives the file."""
        classifier = f"-{self.classifier}" if self.classifier else ""
        return f"{self.artifact}-{self.version}{classifier}.jar"

    @property
    def repository_path(self) -> Path:
        """Where a Maven repository keeps the file."""
        return Path(*self.group.split("."), self.artifact, self.version, self.filename)


def parse_lock(text: str) -> tuple[Jar, ...]:
    """The jars that a lock's text names."""
    lines = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(Jar(*_four(name), sha256, int(size)) for name, sha256, size in lines)


def _four(coordinates: str) -> tuple[str, str, str, str]:
    group, artifact, version, *classifier = coordinates.split(":")
    return group, artifact, version, classifier[0] if classifier else ""


@cache
def locked_jars() -> tuple[Jar, ...]:
    """The jars of the embedded server."""
    return parse_lock(LOCK_FILE.read_text(encoding="utf-8"))


def lock_hash() -> str:
    """Twelve hex digits that change with the set of jars."""
    return hashlib.sha256(LOCK_FILE.read_bytes()).hexdigest()[:12]


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_intact(path: Path, jar: Jar) -> bool:
    """Whether the file is there and is the jar that the lock names."""
    return path.is_file() and path.stat().st_size == jar.size and sha256_of(path) == jar.sha256


def pom(jars: Iterable[Jar], *, transitive: bool) -> str:
    """A pom that depends on each jar directly, and on what those need only where `transitive`."""
    exclusions = (
        ""
        if transitive
        else (
            "<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>"
        )
    )
    dependencies = "\n".join(_dependency(jar, exclusions) for jar in jars)
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>\n'
        "<groupId>kb</groupId><artifactId>embedded-neo4j</artifactId><version>1</version>"
        f"<packaging>pom</packaging>\n<dependencies>\n{dependencies}\n</dependencies></project>\n"
    )


def _dependency(jar: Jar, exclusions: str) -> str:
    fields = {"groupId": jar.group, "artifactId": jar.artifact, "version": jar.version}
    if jar.classifier:
        fields["classifier"] = jar.classifier
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
    return f"<dependency>{inner}{exclusions}</dependency>"


def missing_jars(folder: Path, jars: Sequence[Jar]) -> list[Jar]:
    """The jars that are not in the folder, or not as the lock names them; reads every jar."""
    return [jar for jar in jars if not is_intact(folder / jar.filename, jar)]
