"""Errors as clients see them: our own sentences pass, anything else becomes an incident."""

import logging
from collections.abc import Iterator
from typing import Final

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.execution import StreamExecutionResult

from kb.errors import InputError, UsageError
from kb.incidents import log_incident

_LOG: Final = logging.getLogger(__name__)


class Masked(SchemaExtension):
    """Leaves in a result what a client may read."""

    def on_operation(self) -> Iterator[None]:
        """Mask the errors of the result."""
        yield
        result = self.execution_context.result
        errors: list[GraphQLError] | None = getattr(result, "errors", None)
        if errors:
            result.errors = [shown(error) for error in errors]  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]  # it has errors

    def on_stream_result(self, result: StreamExecutionResult) -> Iterator[None]:
        """Mask the errors of one result of a subscription."""
        if isinstance(result, ExecutionResult) and result.errors:
            result.errors = [shown(error) for error in result.errors]
        yield


def shown(error: GraphQLError) -> GraphQLError:
    """The error itself where it is of the client's making, else a sentence with an incident's id.

    The incident's id stands in the log beside what really happened.
    """
    cause = _cause(error)
    if cause is None:
        return error
    if isinstance(cause, UsageError | InputError | CannotGetOperationTypeError | InvalidOperationTypeError):
        error.extensions = {"code": "BAD_INPUT", **(error.extensions or {})}
        return error
    incident = log_incident(_LOG, f"path={error.path}", cause)
    return GraphQLError(
        f"Something went wrong in here; the log tells more under incident {incident}.",
        nodes=error.nodes,
        path=error.path,
        extensions={"code": "INTERNAL", "incident": incident},
    )


def _cause(error: GraphQLError) -> Exception | None:
    """What the error was raised from; nothing when it is GraphQL's own."""
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause
