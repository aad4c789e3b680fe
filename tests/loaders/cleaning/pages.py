"""Pages of our own making, with the chrome of real sites around an article."""

from kb.documents import Document, Metadata, RawDocument
from loaders.cleaning import clean

FIRST = (
    "Quillon Labs, a start-up from Lyon, said on Tuesday that it had raised 20 million euros for its "
    "models. The round was led by two funds."
)
SECOND = (
    "Its chief executive, Jeanne Morel, expects to hire fifty people before the end of the year, most of "
    "them in research and in sales."
)


def cleaned(text: str, media_type: str = "text/plain", **known: object) -> Document:
    """The cleaned document of a text in UTF-8."""
    metadata = Metadata(**known)  # type: ignore[arg-type]
    return clean(RawDocument("page", text.encode(), media_type, metadata))


def page(*, head: str = "", between: str = "", tail: str = "") -> str:
    """The article with lines above, between its paragraphs and below."""
    return f"{head}\nQuillon raises money for its models\n\n{FIRST}\n\n{between}\n\n{SECOND}\n\n{tail}\n"
