"""The GraphQL layer: types made from the ontology, and a planner that asks the graph once per root field."""

from collections.abc import Iterable
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import DisableIntrospection, SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.graphql import OperationType

from schema.context import Context
from schema.errors import Masked
from schema.limits import Limited
from schema.rows import read_scalar
from schema.scalars import SCALARS
from schema.types.entities import Company, Country, Licence, Model, Person, Product
from schema.types.facts import DateFact, Figure, LicenceTerm, Relation
from schema.types.ingest import Mutation, Subscription
from schema.types.root import Query

__all__ = ["Context", "build_schema"]

_IMPLEMENTATIONS = (
    *(Company, Model, Product, Person, Licence, Country),
    *(Figure, Relation, DateFact, LicenceTerm),
)


class _Schema(strawberry.Schema):
    async def execute(  # noqa: PLR0917  # as in the base class
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any = None,  # noqa: ANN401  # as in the base class
        root_value: Any = None,  # noqa: ANN401  # as in the base class
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        """Execute a query or a mutation; a subscription has no one answer."""
        allowed = frozenset(OperationType if allowed_operation_types is None else allowed_operation_types)
        return await super().execute(
            query,
            variable_values,
            context_value,
            root_value,
            operation_name,
            allowed - {OperationType.SUBSCRIPTION},
            operation_extensions,
        )

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Log nothing here: `schema.errors` logs what is not the client's, with its incident."""


def build_schema(guard: type[SchemaExtension] | None = None) -> strawberry.Schema:
    """The schema; `Context` is what its operations are executed with.

    Where a guard refuses operations, nothing tells of the schema either: no introspection, no suggestions.
    """
    guards = () if guard is None else (guard, DisableIntrospection)
    return _Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=_IMPLEMENTATIONS,
        extensions=[Masked, *guards, Limited],
        config=StrawberryConfig(
            default_resolver=read_scalar,
            scalar_map=SCALARS,
            disable_field_suggestions=guard is not None,
        ),
    )
