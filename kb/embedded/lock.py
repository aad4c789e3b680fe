"""Makes `jars.lock` again: `python -m kb.embedded.lock` (needs mvn; run it after changing the version below).

1. mvn resolves the roots with everything that they pull in, into a folder laid out like a repository.
2. What only the web server, the bulk importer's Parquet reader and process listing need is left out (Bolt
   only).
3. Each jar's coordinates, sha256 and size go into the lock, one a line, sorted.

The roots give other versions of some libraries than either root alone; the lock pins the set that was started
and queried. A lock made again must be proven the same way: `pytest tests/kb/embedded`.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from kb.embedded.jars import LOCK_FILE, Jar, pom, sha256_of

NEO4J_VERSION = "5.26.30"
ROOTS = (
    Jar("org.neo4j", "neo4j", NEO4J_VERSION),
    Jar("org.neo4j.app", "neo4j-server", NEO4J_VERSION),
)
LEFT_OUT = (
    "blue.strategic.parquet",
    "com.fasterxml.jackson.jaxrs",
    "com.fasterxml.jackson.module",
    "com.profesorfalken",
    "com.sun.istack",
    "com.sun.xml.fastinfoset",
    "jakarta.activation",
    "jakarta.annotation",
    "jakarta.validation",
    "jakarta.xml.bind",
    "javax.annotation",
    "javax.xml.bind",
    "org.apache.hadoop",
    "org.apache.parquet",
    "org.eclipse.jetty",
    "org.glassfish",
    "org.javassist",
    "org.jprocesses",
    "org.jvnet.staxex",
    "org.locationtech.jts",
    "org.xerial.snappy",
)
HEADER = """\
# The jars of the embedded Neo4j Community server, Bolt only.
# group:artifact:version[:classifier], sha256, bytes. Made by `python -m kb.embedded.lock`; do not edit.
"""


def jar_at(path: Path, root: Path) -> Jar:
    """The jar that lies at `path` in the repository layout under `root`."""
    *group, artifact, version, name = path.relative_to(root).parts
    classifier = name.removesuffix(".jar").removeprefix(f"{artifact}-{version}").removeprefix("-")
    return Jar(".".join(group), artifact, version, classifier, sha256_of(path), path.stat().st_size)


def resolve(folder: Path) -> list[Jar]:
    """What mvn resolves for the roots, less what Bolt does not need."""
    (folder / "pom.xml").write_text(pom(ROOTS, transitive=True), encoding="utf-8")
    repository = folder / "repository"
    command = ["mvn", "-B", "-ntp", "dependency:copy-dependencies", "-DincludeScope=runtime"]
    layout = ["-Dmdep.useRepositoryLayout=true", f"-DoutputDirectory={repository}"]
    subprocess.run([*command, *layout], cwd=folder, check=True, stdout=sys.stderr)
    jars = (jar_at(path, repository) for path in repository.rglob("*.jar"))
    return sorted(jar for jar in jars if not is_left_out(jar.group))


def is_left_out(group: str) -> bool:
    """Whether a group belongs to what a Bolt-only server never loads."""
    return any(group == prefix or group.startswith(f"{prefix}.") for prefix in LEFT_OUT)


def main() -> None:
    """Write `jars.lock` beside this module and say how large the set is."""
    with tempfile.TemporaryDirectory() as folder:
        jars = resolve(Path(folder))
    lines = (f"{jar.coordinates}\t{jar.sha256}\t{jar.size}\n" for jar in jars)
    LOCK_FILE.write_text(HEADER + "".join(lines), encoding="utf-8")
    size = sum(jar.size for jar in jars)
    sys.stderr.write(f"{len(jars)} jars, {size / 2**20:.0f} MiB in {LOCK_FILE}\n")


if __name__ == "__main__":
    main()
