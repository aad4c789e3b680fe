"""Answers one operation, where it is one that is answered here."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, GraphQLSchema
from graphql.execution.values import VariableValues, get_variable_values

from schema.context import Context
from schema.errors import shown
from schema.execution.lru import Lru
from schema.execution.plans import Plans, RootPlan
from schema.execution.prepared import Prepared, Texts
from schema.execution.shaper import Errors, Nulled, failed
from schema.execution.sharing import Sharing
from schema.execution.totals import Totals
from schema.planner.variables import used_with


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation gives: `data` is what JSON holds, none where a field that must be has no value."""

    data: Mapping[str, object] | None
    errors: tuple[GraphQLError, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """A valid query with values for its variables."""

    prepared: Prepared
    values: Mapping[str, Any]
    cost: int


class Executor:
    """Answers queries over one schema; one per application, in one event loop."""

    def __init__(self, schema: GraphQLSchema) -> None:
        """Begin with nothing kept."""
        self._schema = schema
        self._texts = Texts(schema)
        self._plans = Plans()
        self._totals = Totals()
        self._sharing = Sharing()

    @property
    def kept(self) -> Mapping[str, Lru[Any, Any]]:
        """What is kept of earlier operations, by name."""
        return {"texts": self._texts.held, "plans": self._plans.held, "totals": self._totals.held}

    async def answer(
        self, text: str, name: str | None, variables: Mapping[str, Any], context: Context
    ) -> Answer | None:
        """The answer; none where `bind` gives none."""
        bound = self.bind(text, name, variables)
        return None if bound is None else await self.run(bound, context)

    def bind(self, text: str, name: str | None, variables: Mapping[str, Any]) -> Bound | None:
        """The operation with its variables; none where it is for Strawberry to execute or to refuse.

        Those are introspection, mutations, subscriptions, and whatever is not valid or too large.
        """
        prepared = self._texts.prepare(text, name, variables)
        cost = None if prepared is None else prepared.cost(variables)
        if prepared is None or cost is None:
            return None
        definitions = prepared.operation.variable_definitions or ()
        coerced = get_variable_values(self._schema, definitions, dict(variables))
        return Bound(prepared, coerced.coerced, cost) if isinstance(coerced, VariableValues) else None

    async def run(self, bound: Bound, context: Context) -> Answer:
        """The answer to an operation of this executor."""
        roots = self._plans.of(bound.prepared, bound.values, context.cursors, context.today())
        errors: Errors = []
        written = await self._all(roots, bound, context, errors)
        return Answer(written, tuple(shown(error) for error in errors))

    async def _all(
        self, roots: tuple[RootPlan, ...], bound: Bound, context: Context, errors: Errors
    ) -> Mapping[str, object] | None:
        """The values of the root fields, asked for at once."""
        if len(roots) == 1:
            values = [await self._value(roots[0], bound, context, errors)]
        else:
            values = await asyncio.gather(*(self._value(root, bound, context, errors) for root in roots))
        if any(value is Nulled for value in values):
            return None
        return {root.field.key: value for root, value in zip(roots, values, strict=True)}

    async def _value(self, root: RootPlan, bound: Bound, context: Context, errors: Errors) -> object:
        """What JSON holds of a root field; `Nulled` where it has no value and must have one."""
        field, plan = root.field, root.plan
        path = ((), field.key)
        try:
            if plan is None:
                return root.type_name
            if isinstance(plan, Exception):
                raise plan
            asked = plan.bound(bound.values)
            if plan.kept:
                value = await self._totals.value(context.reader, plan, asked)
            else:
                value = await self._sharing.value(context.reader, plan, asked, bound.cost)
            with used_with(bound.values):
                return field.write(plan.read(value), path, errors)
        except Exception as error:  # noqa: BLE001  # whatever a field raises is an entry of the answer's errors
            if not isinstance(error, Nulled):
                errors.append(failed(error, field.nodes, path))
            return None if field.nullable else Nulled
