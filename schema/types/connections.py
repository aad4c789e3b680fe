"""Pages of lists, as the Relay specification of cursor connections has them."""

from typing import Annotated, Generic, TypeVar

import strawberry

from schema.arguments import FACETS, SHOWN_FACTS
from schema.planned import plain, planned
from schema.types.documents import Document

Entity = Annotated["Entity", strawberry.lazy("schema.types.entities")]
Figure = Annotated["Figure", strawberry.lazy("schema.types.facts")]
Relation = Annotated["Relation", strawberry.lazy("schema.types.facts")]

T = TypeVar("T")


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """The page's ends."""

    has_next_page: bool = plain("Whether more follow.")
    has_previous_page: bool = plain("Whether some come before.")
    start_cursor: str | None = plain("Cursor of the first edge.")
    end_cursor: str | None = plain("Cursor of the last edge: the next page's `after`.")


@strawberry.type(description="How many there are in all, whatever the page.")
class Count:
    """A count."""

    value: int = plain("The number.")
    exact: bool = plain("Whether it was counted to the end.")


@strawberry.type(description="A place in a list of entities.")
class EntityEdge:
    """An edge."""

    cursor: str = plain("Names this place in this list.")
    node: Entity = planned("The entity.")


@strawberry.type(description="How many entities of a list have one thing in common.")
class Facet:
    """A value of a facet."""

    value: str = plain("Their type as in `EntityType`, their country's ISO 3166-1 code, or the publisher.")
    name: str | None = plain("What the value is called, where that is another thing.")
    count: int = plain("How many of the list's entities have it.")


@strawberry.type(description="A page of entities.")
class EntityConnection:
    """A page."""

    edges: list[EntityEdge] = planned("The entities with their cursors.")
    nodes: list[Entity] = planned("The entities.")
    page_info: PageInfo = planned("Where the page lies.")
    total: Count = planned("How many there are in all; counted only when asked for.")
    facets: list[Facet] = planned(
        "How many there are of each type, country or publisher of documents that tell of them.", *FACETS
    )


@strawberry.type(description="A place in a list of figures.")
class FigureEdge:
    """An edge."""

    cursor: str = plain("Names this place in this list.")
    node: Figure = planned("The figure.")


@strawberry.type(description="A page of figures.")
class FigureConnection:
    """A page."""

    edges: list[FigureEdge] = planned("The figures with their cursors.")
    nodes: list[Figure] = planned("The figures.")
    page_info: PageInfo = planned("Where the page lies.")
    total: Count = planned("How many there are in all; counted only when asked for.")


@strawberry.type(description="A place in a list of relations.")
class RelationEdge:
    """An edge."""

    cursor: str = plain("Names this place in this list.")
    node: Relation = planned("The relation.")


@strawberry.type(description="A page of relations.")
class RelationConnection:
    """A page."""

    edges: list[RelationEdge] = planned("The relations with their cursors.")
    nodes: list[Relation] = planned("The relations.")
    page_info: PageInfo = planned("Where the page lies.")
    total: Count = planned("How many there are in all; counted only when asked for.")


@strawberry.type(description="A place in a list of documents.")
class DocumentEdge:
    """An edge."""

    cursor: str = plain("Names this place in this list.")
    node: Document = planned("The document.")


@strawberry.type(description="A page of documents.")
class DocumentConnection:
    """A page."""

    edges: list[DocumentEdge] = planned("The documents with their cursors.")
    nodes: list[Document] = planned("The documents.")
    page_info: PageInfo = planned("Where the page lies.")
    total: Count = planned("How many there are in all; counted only when asked for.")


@strawberry.type(description="A neighbour, and the facts by which it is one.")
class NeighbourEdge(Generic[T]):
    """An edge that says why it is there."""

    cursor: str = plain("Names this place in this list.")
    node: T = planned("The neighbour.")
    facts: list[Relation] = planned(
        "The relations that lead to it, with their evidence: of each role the one that the ranking rule "
        "shows first, or with `pick: ALL` every one that passes the list's filter.",
        *SHOWN_FACTS,
    )


@strawberry.type(description="A page of neighbours, each of them once.")
class NeighbourConnection(Generic[T]):
    """A page."""

    edges: list[NeighbourEdge[T]] = planned("The neighbours with cursors and facts.")
    nodes: list[T] = planned("The neighbours.")
    page_info: PageInfo = planned("Where the page lies.")
    total: Count = planned("How many there are in all; counted only when asked for.")
