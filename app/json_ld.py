"""RDF as JSON-LD: one object with a line for each resource."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.rdf import PREFIXES, TYPE, Iri, Literal, Resource, text_of


def json_ld(resources: Iterable[Resource]) -> Iterator[str]:
    """The lines of the object; a resource of which more is said later has more than one."""
    yield f'{{"@context": {_text(PREFIXES)}, "@graph": ['
    before = ""
    for resource in resources:
        yield before + _text(_object(resource))
        before = ","
    yield "]}"


def _object(resource: Resource) -> dict[str, Any]:
    found: dict[str, list[Any]] = {"@id": [resource.iri.text]}
    for term, target in resource.told:
        if term == TYPE and isinstance(target, Iri):
            found.setdefault("@type", []).append(target.text)
        else:
            found.setdefault(term, []).append(_value(target))
    return {term: told[0] if len(told) == 1 else told for term, told in found.items()}


def _value(target: Iri | Literal) -> Mapping[str, str] | str | bool:
    """Numbers are texts with their type: of a bare one, a reader makes an integer where it is whole."""
    match target:
        case Iri():
            return {"@id": target.text}
        case bool():
            return target
        case int():
            return {"@value": str(target), "@type": "xsd:integer"}
        case float():
            return {"@value": repr(target), "@type": "xsd:double"}
        case _:
            return text_of(target)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
