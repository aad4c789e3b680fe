"""Statements as GraphML: entities are nodes, relations are edges; figures, dates and terms are nodes too.

An edge leads from each of those to whom it is about. The lines come in one pass; only the ids of entities are
kept in memory.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from app.facts_table import columns, values
from app.rights import RIGHTS, made_by
from kb.ontology import Kind, kind_of
from schema.tables import Kind as Cell
from schema.tables import Value

_TYPES: Final = {Cell.NUMBER: "double", Cell.WHOLE: "long", Cell.TRUTH: "boolean"}
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENDS: Final = frozenset(("subject_id", "subject_name", "object_id", "object_name"))
"""Columns of a statement that its edge tells by where it leads."""


def graphml(lines: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The lines of a GraphML file of exported statements."""
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    yield f"<desc>{_text(made_by())}. {_text(RIGHTS)}</desc>"
    yield from _keys()
    yield '<graph id="facts" edgedefault="directed">'
    seen: set[str] = set()
    for line in lines:
        for end in ("subject", "object"):
            if end in line and line[end]["id"] not in seen:
                seen.add(line[end]["id"])
                yield _node(line[end]["id"], {"label": line[end]["name"], "kind": "entity"})
        yield from _statement(line)
    yield "</graph>"
    yield "</graphml>"


def _keys() -> Iterator[str]:
    """What nodes and edges can say; one declaration for both."""
    told = {column.name: column.kind for kind in Kind for column in columns(kind)}
    for name in ("label", "kind", "predicate", *(name for name in told if name not in _ENDS)):
        type_ = _TYPES.get(told.get(name, Cell.TEXT), "string")
        yield f'<key id="{name}" for="all" attr.name="{name}" attr.type="{type_}"/>'


def _statement(line: Mapping[str, Any]) -> Iterator[str]:
    kind = kind_of[line["predicate"]]
    cells = columns(kind)
    told: dict[str, Value] = {"label": line["predicate"], "kind": kind.value, "predicate": line["predicate"]}
    named = zip((column.name for column in cells), values(line, cells), strict=True)
    told |= {name: value for name, value in named if name not in _ENDS and value is not None}
    subject = line["subject"]["id"]
    if kind is Kind.RELATION:
        yield _element("edge", {"id": line["id"], "source": subject, "target": line["object"]["id"]}, told)
        return
    yield _node(line["id"], told)
    ends = {"id": f"{line['id']}/subject", "source": subject, "target": line["id"]}
    yield _element("edge", ends, {"label": line["predicate"]})


def _node(id_: str, told: Mapping[str, Value]) -> str:
    return _element("node", {"id": id_}, told)


def _element(name: str, attributes: Mapping[str, str], told: Mapping[str, Value]) -> str:
    own = "".join(f" {key}={quoteattr(_legal(value))}" for key, value in attributes.items())
    data = "".join(f'<data key="{key}">{_text(_told(value))}</data>' for key, value in told.items())
    return f"<{name}{own}>{data}</{name}>"


def _told(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _text(text: str) -> str:
    return escape(_legal(text))


def _legal(text: str) -> str:
    """What XML cannot hold, such as control characters, is shown as missing."""
    return _NO_XML.sub("\ufffd", text)
