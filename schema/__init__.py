"""The GraphQL layer: types made from the ontology, and a planner that asks the graph once per root field."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from schema.context import Context
from schema.rows import read_scalar
from schema.scalars import SCALARS
from schema.types.entities import Company, Country, Licence, Model, Person, Product
from schema.types.facts import DateFact, Figure, LicenceTerm, Relation
from schema.types.root import Query

__all__ = ["Context", "build_schema"]

_IMPLEMENTATIONS = (
    *(Company, Model, Product, Person, Licence, Country),
    *(Figure, Relation, DateFact, LicenceTerm),
)


def build_schema() -> strawberry.Schema:
    """The schema; `Context` is what its operations are executed with."""
    return strawberry.Schema(
        query=Query,
        types=_IMPLEMENTATIONS,
        config=StrawberryConfig(default_resolver=read_scalar, scalar_map=SCALARS),
    )
