"""Migrations: numbered files of Cypher that bring a graph to this program's form.

Each file `NNNN_name.cypher` runs once, statement by statement; every statement may be repeated
without harm, so a migration that was interrupted is run again from its start. The graph records the
number, name and checksum of each. What changes all that a graph holds does so in transactions of its
own, since one alone would outgrow the memory that a transaction may have.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from typing import Any, Final, LiteralString, cast

import neo4j
from neo4j.exceptions import ClientError

from kb.errors import SchemaVersionError
from kb.graph.transactions import patiently, transaction

APPLIED: Final = """
MATCH (m:Migration) RETURN m.version AS version, m.name AS name, m.checksum AS checksum ORDER BY version
"""
RECORD: Final = """
MERGE (m:Migration {version: $version})
ON CREATE SET m.name = $name, m.checksum = $checksum, m.applied_at = $now
"""
AWAIT_INDEXES: Final = "CALL db.awaitIndexes(3600)"
"""An index of millions of nodes takes minutes; one that fails is told at once."""
_MADE_MEANWHILE: Final = "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists"
"""What `IF NOT EXISTS` answers when another process made the same rule at the same moment."""
_FILE: Final = re.compile(r"(\d{4})_(\w+)\.cypher")
_EARLIER: Final = re.compile(r"^// Also applied as ([0-9a-f]{64})$", re.MULTILINE)
_IN_TRANSACTIONS: Final = re.compile(r"\} IN TRANSACTIONS OF \d+ ROWS$")


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered step."""

    version: int
    name: str
    text: str

    @property
    def checksum(self) -> str:
        """Hash of the file's text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def checksums(self) -> frozenset[str]:
        """Its own, and those of earlier texts that leave the same graph: a line of the file names each."""
        return frozenset({self.checksum, *_EARLIER.findall(self.text)})

    @property
    def statements(self) -> Sequence[str]:
        """The statements, comments left out."""
        lines = [line for line in self.text.splitlines() if not line.startswith("//")]
        parts = (part.strip(" \n;") for part in "\n".join(lines).split(";\n"))
        return [part for part in parts if part]


def migrations() -> Sequence[Migration]:
    """All steps that this program knows, in order."""
    folder = resources.files("kb.graph") / "migrations"
    found = ((_FILE.fullmatch(file.name), file) for file in folder.iterdir())
    steps = [
        Migration(int(match[1]), match[2], file.read_text("utf-8"))
        for match, file in found
        if match is not None
    ]
    return sorted(steps, key=lambda step: step.version)


def migrate(driver: neo4j.Driver, database: str, steps: Sequence[Migration] | None = None) -> int:
    """Apply what the graph lacks, and give the number of steps applied.

    Raises:
        SchemaVersionError: when the graph is newer than this program, or a step that was applied has
            another text now.
    """
    known = migrations() if steps is None else steps
    with driver.session(database=database) as session:
        applied = [record.data() for record in session.run(APPLIED)]
        _refuse_strangers(applied, known)
        done = {row["version"] for row in applied}
    pending = [step for step in known if step.version not in done]
    for step in pending:
        _apply(driver, database, step)
    return len(pending)


def _refuse_strangers(applied: Sequence[dict[str, Any]], known: Sequence[Migration]) -> None:
    by_version = {step.version: step for step in known}
    for row in applied:
        step = by_version.get(row["version"])
        if step is None:
            newest = max(by_version, default=0)
            raise SchemaVersionError(
                f"The graph is of schema version {row['version']}, this program knows versions "
                f"up to {newest}: update ai-industry-kb, or use another database."
            )
        if row["checksum"] not in step.checksums:
            raise SchemaVersionError(
                f"Migration {step.version} ({step.name}) was applied with another text than this program's: "
                "use the program's version that wrote the graph, or another database."
            )


def _apply(driver: neo4j.Driver, database: str, step: Migration) -> None:
    """Run the step statement by statement, each again where another process was in its way."""
    for statement in step.statements:
        try:
            _run(driver, database, statement)
        except ClientError as error:
            if error.code != _MADE_MEANWHILE:
                raise
    _run(driver, database, AWAIT_INDEXES)
    record = {
        "version": step.version,
        "name": step.name,
        "checksum": step.checksum,
        "now": datetime.now(UTC),
    }
    _run(driver, database, RECORD, record)


def _run(driver: neo4j.Driver, database: str, text: str, parameters: Mapping[str, Any] | None = None) -> None:
    query, given = cast("LiteralString", text), dict(parameters or {})

    def once() -> None:
        if _IN_TRANSACTIONS.search(text):
            with driver.session(database=database) as session:
                session.run(query, given).consume()
        else:
            with transaction(driver, database) as tx:
                tx.run(query, given).consume()

    patiently(once)
