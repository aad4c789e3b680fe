"""RDF as N-Triples, which are Turtle too, line by line."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from app.rdf import PREFIXES, Iri, Literal, Resource, text_of

_ESCAPED: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
_SPECIAL: Final = re.compile(r'[\\"\n\r]')


def n_triples(resources: Iterable[Resource]) -> Iterator[str]:
    """The triples of resources, a line each."""
    for resource in resources:
        subject = _iri(resource.iri.text)
        for term, target in resource.told:
            told = _iri(target.text) if isinstance(target, Iri) else _literal(target)
            yield f"{subject} {_iri(term)} {told} ."


def _iri(text: str) -> str:
    prefix, _, name = text.partition(":")
    return f"<{PREFIXES[prefix]}{name}>" if prefix in PREFIXES else f"<{text}>"


def _literal(value: Literal) -> str:
    """A literal with its type."""
    match value:
        case bool():
            return f'"{str(value).lower()}"^^{_iri("xsd:boolean")}'
        case int():
            return f'"{value}"^^{_iri("xsd:integer")}'
        case float():
            return f'"{value!r}"^^{_iri("xsd:double")}'
        case _:
            return f'"{_SPECIAL.sub(lambda found: _ESCAPED[found[0]], text_of(value))}"'
