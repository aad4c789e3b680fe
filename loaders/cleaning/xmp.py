"""XMP: the licence that a PDF tells of itself, as Creative Commons and Adobe have it written.

`cc:license` and `xmpRights:WebStatement` are addresses and come first; two that differ tell nothing. Where
there is neither, the words of `dc:rights` are taken. What a file tells of its parts, such as the pictures
that it was made of, stands deeper and is no licence of the file.
"""

from collections.abc import Iterator
from typing import Final
from xml.dom.minidom import Element

from kb.licences import licence_id

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_ADDRESSES: Final = (
    ("http://creativecommons.org/ns#", "license"),
    ("http://web.resource.org/cc/", "license"),
    ("http://ns.adobe.com/xap/1.0/rights/", "WebStatement"),
)
_RIGHTS: Final = ("http://purl.org/dc/elements/1.1/", "rights")
_LONGEST: Final = 200
"""Characters of what a file says of its rights."""


def licence_of(rdf: Element) -> str | None:
    """The licence that the descriptions in an element `rdf:RDF` give to what they describe."""
    addresses = {licence_id(told[:_LONGEST]) for name in _ADDRESSES for told in _told(rdf, *name)}
    if addresses:
        return addresses.pop() if len(addresses) == 1 else None
    return next((told[:_LONGEST] for told in _told(rdf, *_RIGHTS)), None)


def _told(rdf: Element, namespace: str, name: str) -> Iterator[str]:
    """The values of a property, which stands as an attribute or as an element."""
    for description in _children(rdf, _RDF, "Description"):
        values = [description.getAttributeNS(namespace, name)]
        for element in _children(description, namespace, name):
            values += [element.getAttributeNS(_RDF, "resource"), _text(element)]
        yield from (words for value in values if (words := " ".join(value.split())))


def _text(element: Element) -> str:
    """The words of an element; of several languages, those for all."""
    items = [
        item
        for kind in ("Alt", "Bag", "Seq")
        for one in _children(element, _RDF, kind)
        for item in _children(one, _RDF, "li")
    ]
    items.sort(key=lambda item: item.getAttributeNS(_XML, "lang") != "x-default")
    node = items[0] if items else element
    return "".join(child.data for child in node.childNodes if child.nodeType == child.TEXT_NODE)


def _children(element: Element, namespace: str, name: str) -> Iterator[Element]:
    for child in element.childNodes:
        if isinstance(child, Element) and (child.namespaceURI, child.localName) == (namespace, name):
            yield child
