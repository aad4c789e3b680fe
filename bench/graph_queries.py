"""The questions of the benchmark, as each server is asked, and the common form of the answers.

q1: a company by its id with six scalars. q2: a company with its models, people with roles and latest figures.
q3: 50 companies filtered by name, in the order of names, with five models each. q4: the top 20 by valuation
with the evidence's document; q4 tuned: the same, the peer with Cypher of its own for it. q5: count and sum of
the money raised by unit and scope. q6: person, companies, their investors, companies of these, 100 at most.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from bench.graph_data import Industry
from kb.resolution import Resolver

Variables = Mapping[str, Any]
Form = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Way:
    """How one server is asked, and how its answer becomes the common form."""

    text: str
    form: Form


@dataclass(frozen=True, slots=True)
class Question:
    """One shape of query with several values of its variables, the same for all who are asked."""

    name: str
    ours: Way
    peer: Way
    driver: Way
    variables: Sequence[Variables]


def questions(industry: Industry, number: int = 40) -> Sequence[Question]:
    """All questions, with so many values each, spread over the industry."""
    chance = Random("questions")
    resolver = Resolver(industry.registry)
    companies = [industry.company(chance.randrange(industry.companies)) for _ in range(number)]
    people = [industry.person(chance.randrange(2 * industry.companies)) for _ in range(number)]
    of_companies, of_people = (
        [{"id": resolver.resolve(ref).id} for ref in refs] for refs in (companies, people)
    )
    names = [{"name": name} for name in _NAMES]
    units = [{"unit": unit} for unit in ("USD", "EUR", "GBP", "CNY")]
    top = (_Q4_OURS, _Q4_DRIVER, units)
    return [
        Question("q1 look-up", _Q1_OURS, _Q1_PEER, _Q1_DRIVER, of_companies),
        Question("q2 three lists", _Q2_OURS, _Q2_PEER, _Q2_DRIVER, of_companies),
        Question("q3 page of 50", _Q3_OURS, _Q3_PEER, _Q3_DRIVER, names),
        Question("q4 top 20", top[0], _Q4_PEER, top[1], top[2]),
        Question("q4 top 20, tuned", top[0], _Q4_TUNED, top[1], top[2]),
        Question("q5 totals", _Q5_OURS, _Q5_PEER, _Q5_DRIVER, [{"metric": m} for m in _METRICS]),
        Question("q6 three hops", _Q6_OURS, _Q6_PEER, _Q6_DRIVER, of_people),
    ]


_NAMES: Final = ("robotics", "labs", "health", "capital", "vision", "ka", "zo", "mil", "Speech", "Games")
_METRICS: Final = ("FUNDING_RAISED", "VALUATION")


def _nodes(connection: Mapping[str, Any]) -> Sequence[Any]:
    return connection["nodes"]


def _same(value: Any) -> Any:  # noqa: ANN401
    return value


_Q1_OURS: Final = Way(
    """query Company($id: ID!) {
  entity(id: $id) { id name aliases qid type provisional }
}""",
    lambda data: data["entity"],
)
_Q1_PEER: Final = Way(
    """query Company($id: ID!) {
  companies(where: {id: {eq: $id}}) { id name aliases qid __typename provisional }
}""",
    lambda data: _typed(data["companies"][0]),
)
_Q1_DRIVER: Final = Way(
    """MATCH (c:Entity {id: $id})
RETURN c.id AS id, c.name AS name, c.aliases AS aliases, c.qid AS qid, labels(c) AS labels,
       c.provisional AS provisional""",
    lambda rows: {**_without(rows[0], "labels"), "type": "COMPANY"},
)


def _typed(company: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**_without(company, "__typename"), "type": company["__typename"].upper()}


def _without(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return {key: value for key, value in row.items() if key != name}


_Q2_OURS: Final = Way(
    """query Profile($id: ID!) {
  entity(id: $id) {
    name
    ... on Company {
      models(first: 10) { nodes { id name } }
      people(first: 10) { edges { node { id name } facts { role status } } }
      figures(first: 10) { nodes { metric value unit asOf } }
    }
  }
}""",
    lambda data: _profile_ours(data["entity"]),
)
_Q2_PEER: Final = Way(
    """query Profile($id: ID!) {
  companies(where: {id: {eq: $id}}) {
    name
    models(limit: 10, sort: [{name: ASC}, {id: ASC}]) { id name }
    peopleConnection(first: 10, sort: [{node: {name: ASC}}, {node: {id: ASC}}]) {
      edges { properties { role status } node { id name } }
    }
    figures(where: {rank: {eq: "BEST"}}, limit: 10, sort: [{as_of_last: DESC}, {id: ASC}]) {
      predicate value unit as_of
    }
  }
}""",
    lambda data: _profile_peer(data["companies"][0]),
)
_Q2_DRIVER: Final = Way(
    """MATCH (c:Entity {id: $id})
RETURN c.name AS name,
  COLLECT { MATCH (c)-[:DEVELOPS]->(m)
            RETURN {id: m.id, name: m.name} ORDER BY m.name, m.id LIMIT 10 } AS models,
  COLLECT { MATCH (c)<-[w:WORKS_FOR]-(p) WITH w, p ORDER BY p.name, p.id LIMIT 10
            RETURN {properties: {role: w.role, status: w.status}, node: {id: p.id, name: p.name}} } AS people,
  COLLECT { MATCH (c)<-[:SUBJECT]-(f:Figure) WHERE f.rank = 'BEST'
            WITH f ORDER BY f.as_of_last DESC, f.id LIMIT 10
            RETURN {predicate: f.predicate, value: f.value, unit: f.unit, as_of: f.as_of} } AS figures""",
    lambda rows: _profile_peer({**rows[0], "peopleConnection": {"edges": rows[0]["people"]}}),
)


def _profile_ours(company: Mapping[str, Any]) -> Any:  # noqa: ANN401
    edges = company["people"]["edges"]
    jobs = [(edge["node"]["id"], edge["node"]["name"], fact) for edge in edges for fact in edge["facts"]]
    return (
        company["name"],
        [(model["id"], model["name"]) for model in _nodes(company["models"])],
        sorted((key, name, fact["role"], fact["status"]) for key, name, fact in jobs),
        sorted((f["metric"], f["unit"], f["value"], f["asOf"] or "") for f in _nodes(company["figures"])),
    )


def _profile_peer(company: Mapping[str, Any]) -> Any:  # noqa: ANN401
    jobs = [(edge["node"], edge["properties"]) for edge in company["peopleConnection"]["edges"]]
    return (
        company["name"],
        [(model["id"], model["name"]) for model in company["models"]],
        sorted((node["id"], node["name"], job["role"], job["status"]) for node, job in jobs),
        sorted((f["predicate"], f["unit"], float(f["value"]), f["as_of"] or "") for f in company["figures"]),
    )


_Q3_OURS: Final = Way(
    """query Companies($name: String!) {
  entities(where: {type: [COMPANY], name: {contains: $name}}, first: 50) {
    nodes { id name ... on Company { models(first: 5) { nodes { id name } } } }
  }
}""",
    lambda data: [{**row, "models": _nodes(row["models"])} for row in _nodes(data["entities"])],
)
_Q3_PEER: Final = Way(
    """query Companies($name: String!) {
  companies(
    where: {name: {caseInsensitive: {contains: $name}}}
    limit: 50
    sort: [{name: ASC}, {id: ASC}]
  ) {
    id name models(limit: 5, sort: [{name: ASC}, {id: ASC}]) { id name }
  }
}""",
    lambda data: data["companies"],
)
_Q3_DRIVER: Final = Way(
    """MATCH (c:Company) WHERE toLower(c.name) CONTAINS toLower($name)
WITH c ORDER BY c.name, c.id LIMIT 50
RETURN c.id AS id, c.name AS name,
  COLLECT { MATCH (c)-[:DEVELOPS]->(m)
            RETURN {id: m.id, name: m.name} ORDER BY m.name, m.id LIMIT 5 } AS models""",
    _same,
)

_Q4_OURS: Final = Way(
    """query Top($unit: String!) {
  figures(
    where: {metric: [VALUATION], unit: [$unit]}
    orderBy: [{by: VALUE, descending: true}]
    first: 20
  ) {
    nodes { id value subject { id name } evidence { text document { id title publisher } } }
  }
}""",
    lambda data: _nodes(data["figures"]),
)
_FIGURE: Final = """id value subject { id name }
    documentsConnection { edges { properties { text } node { id title publisher } } }"""
_Q4_PEER: Final = Way(
    f"""query Top($unit: String!) {{
  figures(
    where: {{predicate: {{eq: "VALUATION"}}, unit: {{eq: $unit}}, rank: {{eq: "BEST"}}}}
    sort: [{{value: DESC}}, {{id: ASC}}]
    limit: 20
  ) {{
    {_FIGURE}
  }}
}}""",
    lambda data: [_figure(row) for row in data["figures"]],
)
_Q4_TUNED: Final = Way(
    f"""query Top($unit: String!) {{
  topFigures(metric: "VALUATION", unit: $unit, first: 20) {{
    {_FIGURE}
  }}
}}""",
    lambda data: [_figure(row) for row in data["topFigures"]],
)
_Q4_DRIVER: Final = Way(
    """MATCH (f:Figure)
WHERE f.predicate = 'VALUATION' AND f.value IS NOT NULL AND f.unit = $unit AND f.rank = 'BEST'
WITH f ORDER BY f.predicate DESC, f.value DESC, f.id LIMIT 20
MATCH (f)-[:SUBJECT]->(e:Entity), (f)-[v:EVIDENCED_BY]->(d:Document)
RETURN f.id AS id, toFloat(f.value) AS value, {id: e.id, name: e.name} AS subject,
  [{text: v.text, document: {id: d.id, title: d.title, publisher: d.publisher}}] AS evidence""",
    _same,
)


def _figure(row: Mapping[str, Any]) -> Mapping[str, Any]:
    edges = row["documentsConnection"]["edges"]
    return {
        "id": row["id"],
        "value": float(row["value"]),
        "subject": row["subject"][0],
        "evidence": [{"text": edge["properties"]["text"], "document": edge["node"]} for edge in edges],
    }


def _totals(rows: Sequence[Mapping[str, Any]]) -> Any:  # noqa: ANN401
    return sorted((row["unit"], row["scope"] or "", row["count"], float(row["sum"])) for row in rows)


_Q5_OURS: Final = Way(
    """query Totals($metric: Metric!) {
  stats(where: {metric: [$metric]}) { unit scope count sum }
}""",
    lambda data: _totals(data["stats"]),
)
_Q5_PEER: Final = Way(
    "query Totals($metric: String!) { totals(metric: $metric) { unit scope count sum } }",
    lambda data: _totals(data["totals"]),
)
_Q5_DRIVER: Final = Way(
    """MATCH (f:Figure) WHERE f.predicate = $metric AND f.value IS NOT NULL AND f.rank = 'BEST'
RETURN f.unit AS unit, f.scope AS scope, count(f) AS count, sum(f.value) AS sum""",
    _totals,
)


_Q6_OURS: Final = Way(
    """query Circle($id: ID!) {
  entity(id: $id) {
    name
    ... on Person {
      roles(first: 5, where: {modality: [ASSERTED]}) {
        nodes {
          object {
            id name
            ... on Company {
              investors(first: 4) {
                nodes { id name ... on Company { investments(first: 5) { nodes { id name } } } }
              }
            }
          }
        }
      }
    }
  }
}""",
    lambda data: (data["entity"]["name"], _circle_ours(data["entity"]["roles"])),
)
_Q6_PEER: Final = Way(
    """query Circle($id: ID!) {
  people(where: {id: {eq: $id}}) {
    name
    companies(limit: 5, sort: [{name: ASC}]) {
      id name
      investors(limit: 4, sort: [{name: ASC}, {id: ASC}]) {
        id name
        investments(limit: 5, sort: [{name: ASC}, {id: ASC}]) { id name }
      }
    }
  }
}""",
    lambda data: (data["people"][0]["name"], _by_id(data["people"][0]["companies"])),
)
_Q6_DRIVER: Final = Way(
    """MATCH (p:Entity {id: $id})
RETURN p.name AS name, COLLECT {
  MATCH (p)-[:WORKS_FOR]->(c) WITH DISTINCT c ORDER BY c.name LIMIT 5
  RETURN {id: c.id, name: c.name, investors: COLLECT {
    MATCH (c)<-[:INVESTED_IN]-(i) WITH DISTINCT i ORDER BY i.name, i.id LIMIT 4
    RETURN {id: i.id, name: i.name, investments: COLLECT {
      MATCH (i)-[:INVESTED_IN]->(o) WITH DISTINCT o ORDER BY o.name, o.id LIMIT 5
      RETURN {id: o.id, name: o.name} }} }} } AS companies""",
    lambda rows: (rows[0]["name"], _by_id(rows[0]["companies"])),
)


def _circle_ours(roles: Mapping[str, Any]) -> Any:  # noqa: ANN401
    companies = [
        {
            "id": company["id"],
            "name": company["name"],
            "investors": [
                {"id": one["id"], "name": one["name"], "investments": _nodes(one["investments"])}
                for one in _nodes(company["investors"])
            ],
        }
        for company in (role["object"] for role in _nodes(roles))
    ]
    return _by_id(companies)


def _by_id(companies: Sequence[Mapping[str, Any]]) -> Any:  # noqa: ANN401
    """Each company once: who held two jobs at one has two roles there."""
    return sorted({row["id"]: row for row in companies}.items())
