"""Entities: companies, models, products, people, licences, countries."""

from typing import Annotated

import strawberry

from kb.ontology import EntityType, ModelLevel
from schema.arguments import AT, DOCUMENTS, FIGURES, KNOWN_RELATIONS, RELATIONS, TERM_TYPES
from schema.planned import FIRST, plain, planned
from schema.types.connections import DocumentConnection, FigureConnection, RelationConnection
from schema.types.documents import Node
from schema.types.facts import DateFact, LicenceTerm

CompanyRef = Annotated["Company", strawberry.lazy("schema.types.entities")]
ModelRef = Annotated["Model", strawberry.lazy("schema.types.entities")]
ProductRef = Annotated["Product", strawberry.lazy("schema.types.entities")]
PersonRef = Annotated["Person", strawberry.lazy("schema.types.entities")]
LicenceRef = Annotated["Licence", strawberry.lazy("schema.types.entities")]
CountryRef = Annotated["Country", strawberry.lazy("schema.types.entities")]


@strawberry.interface(description="Something that facts are about.")
class Entity(Node):
    """What every entity tells."""

    name: str = plain("The name that it goes by.")
    aliases: list[str] = plain("Its other names.")
    qid: str | None = plain("Its id in Wikidata.")
    type: EntityType = plain("What it is.")
    provisional: bool = plain("Whether it was met in a text and is not in the registry.")
    figures: FigureConnection = planned("Numbers about it.", *FIGURES)
    relations: RelationConnection = planned("Its relations to others.", *RELATIONS)
    dates: list[DateFact] = planned("When it was founded or released, and by whom this is told.", AT, FIRST)
    documents: DocumentConnection = planned("Documents that state something about it.", *DOCUMENTS)


@strawberry.type(description="A firm, lab, publisher, fund or public body that acts in the industry.")
class Company(Entity):
    """A company."""

    models: list[ModelRef] = planned("Models that it develops.", AT, FIRST)
    products: list[ProductRef] = planned("Products that it offers.", AT, FIRST)
    people: RelationConnection = planned("Who works there, in which role.", *KNOWN_RELATIONS)
    investors: RelationConnection = planned("Who put money in.", *KNOWN_RELATIONS)
    founders: list[PersonRef] = planned("Who founded it.", AT, FIRST)
    parents: list[CompanyRef] = planned("Companies that it belongs to.", AT, FIRST)
    subsidiaries: list[CompanyRef] = planned("Companies that belong to it.", AT, FIRST)
    countries: list[CountryRef] = planned("Where it has its seat.", AT, FIRST)


@strawberry.type(description="A model family, or one of its releases.")
class Model(Entity):
    """A model."""

    level: ModelLevel | None = plain("Family or release.")
    families: list[ModelRef] = planned("The family that the release belongs to.", AT, FIRST)
    releases: list[ModelRef] = planned("The family's releases.", AT, FIRST)
    developers: list[CompanyRef] = planned("Who makes, trains or releases it.", AT, FIRST)
    licences: list[LicenceRef] = planned("What it is released under.", AT, FIRST)
    products: list[ProductRef] = planned("Products that run on it.", AT, FIRST)
    derived_from: RelationConnection = planned("The models it was made from.", *KNOWN_RELATIONS)
    terms: list[LicenceTerm] = planned(
        "How open it is, and what using it demands, as told of the model.", TERM_TYPES, AT, FIRST
    )


@strawberry.type(description="What people use, built on models.")
class Product(Entity):
    """A product."""

    companies: list[CompanyRef] = planned("Who sells or runs it.", AT, FIRST)
    models: list[ModelRef] = planned("The models it runs on.", AT, FIRST)


@strawberry.type(description="A named person.")
class Person(Entity):
    """A person."""

    roles: RelationConnection = planned("Whom the person works for, in which role.", *KNOWN_RELATIONS)
    founded: list[CompanyRef] = planned("Companies that the person founded.", AT, FIRST)


@strawberry.type(description="The terms that models are released under.")
class Licence(Entity):
    """A licence."""

    models: list[ModelRef] = planned("Models released under it.", AT, FIRST)
    terms: list[LicenceTerm] = planned("What it demands and allows.", TERM_TYPES, AT, FIRST)


@strawberry.type(description="A country; its id ends in the ISO 3166-1 code.")
class Country(Entity):
    """A country."""

    companies: list[CompanyRef] = planned("Companies with their seat there.", AT, FIRST)
