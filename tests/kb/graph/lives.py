"""A small world whose documents change: what is loaded, withdrawn and rejected, and what the graph shows."""

from dataclasses import dataclass, replace
from typing import Any, LiteralString

from kb.documents import Document, Standing
from kb.facts import Extraction, Fact
from kb.graph.connection import Graph
from kb.graph.corrections import Corrections
from kb.graph.export import export_statements
from kb.graph.writer import Writer
from kb.registry import Registry
from kb.statement_ids import statement_id
from tests import doors
from tests import facts as make

NO_REGISTRY = Registry({}, {})

FILLER = " ".join(f"word{number}" for number in range(80))
"""Words that make two texts alike, whatever else they say."""

Version = tuple[int, bool, bool]
"""A valuation in billions, whether Ann Lee is CEO in it, and whether the text is much like others."""

SEATED = 8
"""At this valuation a text says too where Acme sits."""


def paper(key: str, version: Version) -> tuple[Document, Extraction]:
    """A source's text in one of its versions, with its facts."""
    worth, led, common = version
    text = f"Acme is valued at ${worth} billion." + (" Ann Lee is CEO of Acme." if led else "")
    text += " Acme sits in FR." if worth == SEATED else ""
    own = FILLER if common else " ".join(f"{key}{worth}and{number}" for number in range(80))
    source = replace(make.document(f"{text} {own}", key), place=key)
    found: list[Fact] = [make.valuation(source, f"valued at ${worth} billion", worth * 10**9)]
    if led:
        found.append(make.works_for(source, "Ann Lee is CEO of Acme", "Ann Lee", "Acme", role="CEO"))
    if worth == SEATED:
        found.append(make.based_in(source, "Acme sits in FR", "Acme", "FR"))
    return source, make.extraction(source, *found)


@dataclass
class Desk:
    """Somebody who loads and corrects."""

    graph: Graph
    by: str = "ann"

    @property
    def writer(self) -> Writer:
        return Writer(self.graph.driver, self.graph.database, NO_REGISTRY)

    @property
    def corrections(self) -> Corrections:
        return Corrections(self.graph.driver, self.graph.database, self.by)

    def load(self, key: str, version: Version) -> Standing | None:
        """Load as an ingest run does; gives why nothing was done, if so."""
        source, found = paper(key, version)
        standing = self.writer.standing([source], make.EXTRACTOR).get(source.id)
        if standing is None:
            self.writer.write(source, found, "run")
        return standing

    def document(self, key: str) -> str:
        (found,) = self.corrections.find(key)
        return found.id

    def facts(self, key: str, version: Version) -> list[str]:
        return [statement_id(fact) for fact in paper(key, version)[1].facts]

    def wipe(self) -> None:
        self.graph.driver.execute_query(doors.WIPE, database_=self.graph.database)

    def ask(self, query: LiteralString, **parameters: object) -> list[Any]:
        answer = self.graph.driver.execute_query(query, parameters, database_=self.graph.database)
        return [record.data() for record in answer.records]

    def shown(self) -> dict[str, Any]:
        """All that the graph shows of what stands: statements, ranks, edges, and who is independent."""
        return {
            "lines": list(export_statements(self.graph.driver, self.graph.database, canonical=True)),
            "best": self.ask("MATCH (s:Statement {rank: 'BEST'}) RETURN s.id AS id ORDER BY id"),
            "edges": self.ask(
                "MATCH (a:Entity)-[e]->(b) WHERE e.id IS NOT NULL "
                "RETURN type(e) AS type, properties(e) AS told, a.id AS a, b.id AS b ORDER BY type, e.id"
            ),
            "entities": self.ask(
                "MATCH (e:Entity) WHERE e.facts > 0 "
                "RETURN e.id AS id, e.countries AS codes, e.facts AS facts ORDER BY id"
            ),
            "clusters": self.ask(
                "MATCH (d:Document) WHERE d.superseded_by IS NULL AND d.withdrawn_at IS NULL "
                "RETURN d.id AS id, d.cluster AS cluster ORDER BY id"
            ),
        }
