"""Values of the database as plain data that JSON can hold."""

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:  # the driver takes half a second to load, and commands that print need it not
    from neo4j.graph import Node, Path, Relationship

_TIME: Final = "iso_format"
"""The method of the driver's times, of which durations are tuples too."""


def plain(value: object) -> Any:  # noqa: ANN401 - any JSON value
    """What JSON can hold of a value: times as ISO text, numbers without end as text.

    A node is its labels and properties, a relationship its type, ends and properties, a path its nodes and
    relationships.
    """
    if isinstance(value, str | int | bool) or value is None:
        return value
    if hasattr(value, "element_id"):
        return _entity(cast("Node | Relationship", value))
    if hasattr(value, "relationships"):
        return _path(cast("Path", value))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, bytes | bytearray) and not hasattr(value, _TIME):
        return [plain(item) for item in value]
    return _scalar(value)


def _scalar(value: object) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, bytes | bytearray):
        return value.hex()
    iso_format = getattr(value, _TIME, None)
    return str(value) if iso_format is None else iso_format()


def _path(path: "Path") -> dict[str, Any]:
    return {"nodes": [plain(one) for one in path.nodes], "relationships": [plain(one) for one in path]}


def _entity(entity: "Node | Relationship") -> dict[str, Any]:
    properties = {str(key): plain(item) for key, item in entity.items()}
    if hasattr(entity, "labels"):
        labels = sorted(cast("Node", entity).labels)
        return {"element": entity.element_id, "labels": labels, "properties": properties}
    ends = cast("Relationship", entity).nodes
    start, end = (None if node is None else node.element_id for node in ends)
    kind = cast("Relationship", entity).type
    return {"element": entity.element_id, "type": kind, "start": start, "end": end, "properties": properties}
