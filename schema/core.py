"""graphql-core's schema within Strawberry's."""

from graphql import GraphQLSchema
from strawberry.schema.base import BaseSchema


def core_schema(schema: BaseSchema) -> GraphQLSchema:
    """What Strawberry made for graphql-core; it gives no public way to it."""
    return schema._schema  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
