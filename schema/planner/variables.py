"""Plans that many values of variables share.

A plan is made once for a form of the variables: which are given, which fields their objects have, and the
values of enums and booleans. The other values are unknown while it is made: they can be handed on, to become
parameters, or to a function by `apply`, which then runs when the plan is used. Anything else that is done to
an unknown value raises `ValueNeeded`; the plan is then made again with this value, which becomes part of what
the plan is kept under. So a plan cannot depend on a value that it is not kept under.
"""

from collections.abc import Callable, Generator, Hashable, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Final, NoReturn, cast

from kb.partial_date import PartialDate

Path = tuple[str | int, ...]
Steering = frozenset[Path]
"""The places of the values that a plan depends on."""

Variables = Mapping[str, Any]
_OPEN: Final = frozenset({str, int, float, PartialDate, datetime})
"""Types that can stay unknown. Enums and booleans are compared by identity, which goes unnoticed."""

_NOTICED: Final = (
    "__add__ __and__ __bool__ __bytes__ __call__ __contains__ __divmod__ __eq__ __float__ __floordiv__ "
    "__format__ __ge__ __getitem__ __gt__ __hash__ __index__ __int__ __iter__ __le__ __len__ __lt__ "
    "__mod__ __mul__ __ne__ __neg__ __next__ __or__ __pos__ __pow__ __radd__ __rand__ __repr__ "
    "__reversed__ __rfloordiv__ __rmod__ __rmul__ __ror__ __round__ __rpow__ __rsub__ __rtruediv__ "
    "__str__ __sub__ __truediv__ __xor__"
).split()


class ValueNeeded(Exception):  # noqa: N818  # it is an answer of the value, and no error
    """Making a plan took more than handing the values at these paths on."""

    def __init__(self, paths: Steering) -> None:
        """Hold the paths."""
        super().__init__(paths)
        self.paths = paths


class Unknown:
    """A value that is computed of the variables when the plan is used."""

    __slots__ = ("_compute", "_paths")

    def __init__(self, compute: Callable[[Variables], object], paths: Steering) -> None:
        """Hold how it is computed, and of what."""
        object.__setattr__(self, "_compute", compute)
        object.__setattr__(self, "_paths", paths)

    def __getattribute__(self, name: str) -> NoReturn:
        """Whoever looks closer needs the value; `isinstance` looks at `__class__`."""
        raise ValueNeeded(_paths(self))


def _noticed(self: Unknown, *_: object) -> NoReturn:
    raise ValueNeeded(_paths(self))


for _name in _NOTICED:
    setattr(Unknown, _name, _noticed)


def _compute(value: Unknown) -> Callable[[Variables], object]:
    return cast("Callable[[Variables], object]", object.__getattribute__(value, "_compute"))


def _paths(value: Unknown) -> Steering:
    return cast("Steering", object.__getattribute__(value, "_paths"))


def apply(function: Callable[..., object], *values: object) -> Any:  # noqa: ANN401  # what the function gives
    """What the function gives for the values: now where they are known, else when the plan is used."""
    paths = frozenset[Path]().union(*(_within(value) for value in values))
    if not paths:
        return function(*values)
    return Unknown(lambda variables: function(*(settled(value, variables) for value in values)), paths)


def _within(value: object) -> Steering:
    """The paths of all that is unknown in lists and maps of a value."""
    if type(value) is Unknown:
        return _paths(value)
    if isinstance(value, list | tuple):
        return frozenset[Path]().union(*(_within(one) for one in cast("list[object]", value)))
    if isinstance(value, dict):
        return frozenset[Path]().union(*(_within(one) for one in cast("dict[str, object]", value).values()))
    return frozenset()


def settled(value: object, variables: Variables) -> Any:  # noqa: ANN401  # a value of any kind
    """The value, with everything unknown in it computed."""
    kind = type(value)
    if kind is Unknown:
        return _compute(cast("Unknown", value))(variables)
    if kind is list or kind is tuple:
        return cast("type[list[object]]", kind)(
            settled(one, variables) for one in cast("list[object]", value)
        )
    if kind is dict:
        return {key: settled(one, variables) for key, one in cast("dict[str, object]", value).items()}
    return value


_USED: Final[ContextVar[Variables]] = ContextVar("variables of the request that a plan is used for")


@contextmanager
def used_with(variables: Variables) -> Generator[None]:
    """Records are read for these variables."""
    token = _USED.set(variables)
    try:
        yield
    finally:
        _USED.reset(token)


def known(value: object) -> Any:  # noqa: ANN401  # a value of any kind
    """The value of the request that a record is read for."""
    return settled(value, _USED.get()) if type(value) is Unknown else value


def form(value: object) -> Hashable:
    """What a plan always depends on: which values there are, and those of enums and booleans."""
    kind = type(value)
    if kind in _OPEN:
        return kind
    if kind is list:
        items = cast("list[object]", value)
        return list if all(type(one) in _OPEN for one in items) else tuple(form(one) for one in items)
    if kind is dict:
        return tuple((key, form(one)) for key, one in cast("dict[str, object]", value).items())
    return cast("Hashable", value)


def opened(variables: Variables, steering: Steering) -> Variables:
    """The variables, unknown but for those that steer."""
    return {name: _opened(value, (name,), steering) for name, value in variables.items()}


def _opened(value: object, path: Path, steering: Steering) -> object:
    kind = type(value)
    items = cast("list[object]", value)
    if kind in _OPEN or (kind is list and all(type(one) in _OPEN for one in items)):
        return (
            value if path in steering else Unknown(lambda variables: _at(variables, path), frozenset({path}))
        )
    if kind is list:
        return [_opened(one, (*path, index), steering) for index, one in enumerate(items)]
    if kind is dict:
        fields = cast("dict[str, object]", value)
        return {key: _opened(one, (*path, key), steering) for key, one in fields.items()}
    return value


def steered(variables: Variables, steering: Steering) -> Hashable:
    """The values that steer, beside the places where they stand."""
    return frozenset((path, _hashable(_at(variables, path))) for path in steering)


def _hashable(value: object) -> Hashable:
    return (list, *cast("list[Hashable]", value)) if isinstance(value, list) else cast("Hashable", value)


def _at(variables: Variables, path: Path) -> object:
    found: Any = variables
    for step in path:
        found = found[step]
    return found
