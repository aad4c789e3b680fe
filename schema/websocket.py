"""GraphQL over WebSockets (graphql-transport-ws): Strawberry's protocol, with strict messages and rates."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, cast

from graphql import GraphQLError
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler
from strawberry.subscriptions.protocols.graphql_transport_ws.types import Message

from kb.surrogates import is_text
from schema.context import Context
from schema.seats import NoSeatError, Seats

INIT_TIMEOUT: Final = timedelta(seconds=5)
MOST_AT_ONCE: Final = 10
"""Operations of one connection at a time."""
MOST_CONNECTIONS: Final = 200

_LONGEST_ID: Final = 128
_TRY_AGAIN_LATER: Final = 1013
_BAD_REQUEST: Final = 4400
_FORBIDDEN: Final = 4403


class Handler(BaseGraphQLTransportWSHandler[Context, None]):
    """One connection; it is closed at the first message that is not of the protocol."""

    async def handle(self) -> None:
        """Serve the connection, where there is a seat for it."""
        seats: Seats = cast("Any", self.view).connections
        try:
            with seats.taken():
                await super().handle()
        except NoSeatError:
            await self.websocket.close(_TRY_AGAIN_LATER, "Too many connections")

    async def handle_message(self, message: Message) -> None:
        """Take a message, if it is one."""
        wrong = _objection(message)
        if wrong is not None:
            await self.websocket.close(_BAD_REQUEST, wrong)
        elif message["type"] != "subscribe" or not self.connection_acknowledged:
            await super().handle_message(message)
        elif not self.context.visitor.may_read:
            await self.websocket.close(_FORBIDDEN, "Forbidden")
        elif not self.context.visitor.counts():
            refused = {"message": "Too many operations in a minute: wait a little."}
            errors = [{**refused, "extensions": {"code": "TOO_MANY_REQUESTS"}}]
            await self.send_message(
                cast("Message", {"type": "error", "id": message["id"], "payload": errors})
            )
        else:
            await super().handle_message(message)

    @staticmethod
    def _get_pre_execution_close_reason(error: GraphQLError) -> None:  # as in the base class
        """Close for no operation: what is wrong with one is told as an error of it."""


def admit(context: Context) -> None:
    """Let a connection in by the token of its first message, or as its handshake did.

    Raises:
        ConnectionRejectionError: when it may not read.
    """
    told = cast("Mapping[str, object]", context.connection_params or {})
    given = next((value for name, value in told.items() if name.lower() == "authorization"), None)
    if not context.visitor.admit(given):
        raise ConnectionRejectionError


def _objection(message: object) -> str | None:
    """Why something is no message of the protocol."""
    if not isinstance(message, dict):
        return "A message is an object"
    told = cast("dict[str, object]", message)
    if not isinstance(told.get("type"), str):
        return "A message has a type"
    if told["type"] in ("subscribe", "complete"):
        number = told.get("id")
        if not isinstance(number, str) or not 0 < len(number) <= _LONGEST_ID or not is_text(number):
            return "An operation has an id"
    return _objection_to(told.get("payload")) if told["type"] == "subscribe" else None


def _objection_to(payload: object) -> str | None:
    """Why something is no operation."""
    if not isinstance(payload, dict):
        return "An operation has a payload"
    told = cast("dict[str, object]", payload)
    sound = (
        isinstance(told.get("query"), str)
        and isinstance(told.get("variables"), dict | None)
        and isinstance(told.get("operationName"), str | None)
    )
    return None if sound else "An operation has a query, and may have variables and a name"
