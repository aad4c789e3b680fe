"""Entities: companies, models, products, people, licences, countries."""

from typing import Annotated, Final

import strawberry

from kb.ontology import EntityType, ModelLevel
from schema.arguments import (
    AT,
    DOCUMENTS,
    FIGURES,
    KNOWN_RELATIONS,
    METRIC,
    NEIGHBOURS,
    PERIOD,
    PICK,
    RELATIONS,
    ROLE,
    STATUS,
    TERM_TYPES,
    UNIT,
)
from schema.planned import FIRST, plain, planned
from schema.types.connections import (
    DocumentConnection,
    FigureConnection,
    NeighbourConnection,
    RelationConnection,
)
from schema.types.documents import Node
from schema.types.facts import DateFact, Figure, LicenceTerm

EntityRef = Annotated["Entity", strawberry.lazy("schema.types.entities")]
CompanyRef = Annotated["Company", strawberry.lazy("schema.types.entities")]
ModelRef = Annotated["Model", strawberry.lazy("schema.types.entities")]
ProductRef = Annotated["Product", strawberry.lazy("schema.types.entities")]
PersonRef = Annotated["Person", strawberry.lazy("schema.types.entities")]
LicenceRef = Annotated["Licence", strawberry.lazy("schema.types.entities")]
CountryRef = Annotated["Country", strawberry.lazy("schema.types.entities")]

_MOST_TOLD: Final = "of several the one that most facts tell of."


@strawberry.interface(description="Something that facts are about.")
class Entity(Node):
    """What every entity tells."""

    name: str = plain("The name that it goes by.")
    aliases: list[str] = plain("Its other names.")
    qid: str | None = plain("Its id in Wikidata.")
    type: EntityType = plain("What it is.")
    provisional: bool = plain("Whether it was met in a text and is not in the registry.")
    figures: FigureConnection = planned("Numbers about it.", *FIGURES)
    figure: Figure | None = planned(
        "Of the figures of this metric that the ranking rule shows, the newest. Of a metric with several "
        "units, name one; without `period`, figures of any period and none are looked at.",
        METRIC,
        UNIT,
        PERIOD,
        AT,
    )
    relations: RelationConnection = planned("Its relations to others.", *RELATIONS)
    dates: list[DateFact] = planned(
        "When it was founded or released, and by whom this is told.", AT, PICK, FIRST
    )
    documents: DocumentConnection = planned("Documents that state something about it.", *DOCUMENTS)


@strawberry.type(description="A firm, lab, publisher, fund or public body that acts in the industry.")
class Company(Entity):
    """A company."""

    models: NeighbourConnection[ModelRef] = planned("Models that it develops.", *NEIGHBOURS)
    products: NeighbourConnection[ProductRef] = planned("Products that it offers.", *NEIGHBOURS)
    people: NeighbourConnection[PersonRef] = planned(
        "Who works or worked there, in which roles.", ROLE, STATUS, *NEIGHBOURS
    )
    founders: NeighbourConnection[PersonRef] = planned("Who founded it.", *NEIGHBOURS)
    investors: NeighbourConnection[EntityRef] = planned("Who put money in.", *NEIGHBOURS)
    investments: NeighbourConnection[CompanyRef] = planned("Companies that it put money in.", *NEIGHBOURS)
    acquisitions: NeighbourConnection[EntityRef] = planned("What it bought.", *NEIGHBOURS)
    acquirers: NeighbourConnection[CompanyRef] = planned("Who bought it.", *NEIGHBOURS)
    partners: NeighbourConnection[CompanyRef] = planned("Whom it works together with.", *NEIGHBOURS)
    competitors: NeighbourConnection[EntityRef] = planned("Whom it competes with.", *NEIGHBOURS)
    parent: CompanyRef | None = planned(f"The company that it belongs to: {_MOST_TOLD}", AT)
    parents: NeighbourConnection[CompanyRef] = planned("Companies that it belongs to.", *NEIGHBOURS)
    subsidiaries: NeighbourConnection[CompanyRef] = planned("Companies that belong to it.", *NEIGHBOURS)
    country: CountryRef | None = planned(f"Where it has its seat: {_MOST_TOLD}", AT)
    countries: NeighbourConnection[CountryRef] = planned("Where it has its seats.", *NEIGHBOURS)


@strawberry.type(description="A model family, or one of its releases.")
class Model(Entity):
    """A model."""

    level: ModelLevel | None = plain("Family or release.")
    family: ModelRef | None = planned(f"The family that the release belongs to: {_MOST_TOLD}", AT)
    families: NeighbourConnection[ModelRef] = planned(
        "Families that the release is said to belong to.", *NEIGHBOURS
    )
    releases: NeighbourConnection[ModelRef] = planned("The family's releases.", *NEIGHBOURS)
    developer: CompanyRef | None = planned(f"Who makes, trains or releases it: {_MOST_TOLD}", AT)
    developers: NeighbourConnection[CompanyRef] = planned("Who makes, trains or releases it.", *NEIGHBOURS)
    licence: LicenceRef | None = planned(f"What it is released under: {_MOST_TOLD}", AT)
    licences: NeighbourConnection[LicenceRef] = planned("What it is released under.", *NEIGHBOURS)
    products: NeighbourConnection[ProductRef] = planned("Products that run on it.", *NEIGHBOURS)
    derived_from: NeighbourConnection[ModelRef] = planned("The models it was made from.", *NEIGHBOURS)
    derivatives: NeighbourConnection[ModelRef] = planned("The models made from it.", *NEIGHBOURS)
    terms: list[LicenceTerm] = planned(
        "How open it is, and what using it demands, as told of the model.", TERM_TYPES, AT, PICK, FIRST
    )


@strawberry.type(description="What people use, built on models.")
class Product(Entity):
    """A product."""

    company: CompanyRef | None = planned(f"Who sells or runs it: {_MOST_TOLD}", AT)
    companies: NeighbourConnection[CompanyRef] = planned("Who sells or runs it.", *NEIGHBOURS)
    models: NeighbourConnection[ModelRef] = planned("The models it runs on.", *NEIGHBOURS)
    users: FigureConnection = planned("How many people use it, by day, week, month or in all.", *FIGURES)
    acquirers: NeighbourConnection[CompanyRef] = planned("Who bought it.", *NEIGHBOURS)
    competitors: NeighbourConnection[EntityRef] = planned("What it competes with.", *NEIGHBOURS)


@strawberry.type(description="A named person.")
class Person(Entity):
    """A person."""

    roles: RelationConnection = planned(
        "Whom the person works or worked for, one relation for each role.", *KNOWN_RELATIONS
    )
    founded: NeighbourConnection[CompanyRef] = planned("Companies that the person founded.", *NEIGHBOURS)
    investments: NeighbourConnection[CompanyRef] = planned(
        "Companies that the person put money in.", *NEIGHBOURS
    )


@strawberry.type(description="The terms that models are released under.")
class Licence(Entity):
    """A licence."""

    models: NeighbourConnection[ModelRef] = planned("Models released under it.", *NEIGHBOURS)
    terms: list[LicenceTerm] = planned("What it demands and allows.", TERM_TYPES, AT, PICK, FIRST)


@strawberry.type(description="A country; its id ends in the ISO 3166-1 code.")
class Country(Entity):
    """A country."""

    companies: NeighbourConnection[CompanyRef] = planned("Companies with their seat there.", *NEIGHBOURS)
