"""The plans of an operation's root fields, kept by what they depend on."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from schema.cursors import Cursors
from schema.execution.lru import Lru
from schema.execution.prepared import LONGEST, Prepared
from schema.execution.shaper import RootField, root_fields
from schema.planner.roots import Plan, plan
from schema.planner.selection import Operation
from schema.planner.variables import Steering, ValueNeeded, form, opened, steered

PLANS: Final = 512


@dataclass(frozen=True, slots=True)
class RootPlan:
    """A root field with its plan; with why there is none, or with nothing where it asks for no data."""

    field: RootField
    type_name: str
    plan: Plan | Exception | None


@dataclass(frozen=True, slots=True)
class _Moment:
    """What plans depend on beside the operation."""

    cursors: Cursors
    today: date


class Plans:
    """Plans that were made before, and those that have to be made."""

    def __init__(self) -> None:
        """Hold none."""
        self._steering = Lru[Hashable, Steering](PLANS)
        self.held = Lru[Hashable, tuple[RootPlan, ...]](PLANS)

    def of(
        self, prepared: Prepared, variables: Mapping[str, Any], cursors: Cursors, today: date
    ) -> tuple[RootPlan, ...]:
        """The plans of an operation for these values of its variables."""
        shape = (prepared, form(dict(variables)), _Moment(cursors, today))
        steering = self._steering.get(shape) or frozenset()
        found = self.held.get((shape, steered(variables, steering)))
        if found is None:
            found, steering = _made(prepared, variables, steering, shape[2])
            refused = any(isinstance(root.plan, Exception) for root in found)
            if not refused and prepared.size <= LONGEST:
                self._steering.put(shape, steering)
                self.held.put((shape, steered(variables, steering)), found)
        return found


def _made(
    prepared: Prepared, variables: Mapping[str, Any], steering: Steering, moment: _Moment
) -> tuple[tuple[RootPlan, ...], Steering]:
    """The plans, and the variables that they were found to depend on."""
    while True:
        known = opened(variables, steering)
        operation = Operation(prepared.schema, prepared.operation, prepared.fragments, known)
        try:
            roots = tuple(
                RootPlan(field, prepared.root.name, _planned(operation, prepared, field, moment))
                for field in root_fields(operation, prepared.root)
            )
        except ValueNeeded as needed:
            steering |= needed.paths
        else:
            return roots, steering


def _planned(
    operation: Operation, prepared: Prepared, field: RootField, moment: _Moment
) -> Plan | Exception | None:
    if field.name == "__typename":
        return None
    try:
        return plan(operation, prepared.root, field.nodes, moment.cursors, moment.today)
    except ValueNeeded:
        raise
    except Exception as error:  # noqa: BLE001  # it is the field's error, beside what the other fields give
        return error
