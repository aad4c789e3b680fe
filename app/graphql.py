"""GraphQL over one Neo4j: the context that requests run in, and execution without a server."""

import hmac
from collections.abc import Mapping
from functools import cache
from typing import Any

from strawberry.schema.exceptions import InvalidOperationTypeError

from kb.embedded import Address
from kb.errors import UsageError
from kb.graph.reader import AsyncReader
from kb.protocols import GraphReader
from schema import Context, build_schema
from schema.cursors import Cursors


def make_context(address: Address, reader: GraphReader) -> Context:
    """A request's context; cursors are signed by a key that all processes of one database share."""
    return Context(reader=reader, cursors=_cursors(address.password))


@cache
def _cursors(password: str) -> Cursors:
    return Cursors(hmac.digest(password.encode(), b"cursors", "sha256"))


async def execute(address: Address, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    """Run one operation; the answer as a GraphQL server gives it, `data` and `errors`."""
    reader = AsyncReader(address)
    try:
        result = await build_schema().execute(
            query, variable_values=dict(variables), context_value=make_context(address, reader)
        )
    except InvalidOperationTypeError as error:
        raise UsageError("A subscription is followed at a running server; ask a query here.") from error
    finally:
        await reader.close()
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer["errors"] = [error.formatted for error in result.errors]
    return answer
