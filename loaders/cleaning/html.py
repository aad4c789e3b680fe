"""HTML: the main text and the metadata of a page, by trafilatura; nothing is ever fetched."""

import re
from typing import Final

import lxml.etree
import lxml.html
import trafilatura

from kb.documents import Metadata
from loaders.cleaning.dates import partial_date
from loaders.cleaning.urls import canonical_url

_MOST_TAGS: Final = 150_000
"""A page of more is read without its structure: trafilatura's time grows faster than such a page."""

_EMPHASIS: Final = re.compile(r"(\*\*|__|~~)(?=\S)([^*_~\n]{1,500}?)(?<=\S)\1")
_UNREAD: Final = frozenset(
    "script style noscript template nav header footer aside form button select svg iframe head".split()
)
_BLOCKS: Final = frozenset(
    "p div br li tr h1 h2 h3 h4 h5 h6 section article table ul ol blockquote pre dt dd".split()
)


def html_article(html: str, url: str | None) -> tuple[str, Metadata]:
    """The page's main text, with headings and tables as in Markdown, and what the page tells of itself."""
    tree = _tree(html)
    if tree is None:
        return "", Metadata()
    if html.count("<") > _MOST_TAGS:
        return _plain(tree), Metadata()
    known = _metadata(tree, url)
    found = trafilatura.extract(
        tree,
        url=url,
        output_format="markdown",
        include_formatting=True,
        include_tables=True,
        include_comments=False,
        include_links=False,
        include_images=False,
        with_metadata=False,
    )
    text = _EMPHASIS.sub(r"\2", found or "")
    return text, known


def _tree(html: str) -> lxml.html.HtmlElement | None:
    try:
        return trafilatura.load_html(re.sub(r"^\s{0,100}<\?xml[^>]{0,200}\?>", "", html))
    except (lxml.etree.LxmlError, ValueError):
        return None


def _metadata(tree: lxml.html.HtmlElement, url: str | None) -> Metadata:
    found = trafilatura.extract_metadata(
        tree, default_url=url, date_config={"original_date": True, "extensive_search": False}
    )
    return Metadata(
        title=found.title or None,
        publisher=found.sitename or None,
        authors=tuple(name.strip() for name in (found.author or "").split(";") if name.strip()),
        published=partial_date(found.date) if found.date else None,
        url=canonical_url(found.url) if found.url else None,
    )


def _plain(tree: lxml.html.HtmlElement) -> str:
    """The words between the tags in one go, each block on a line of its own."""
    parts: list[str] = []
    unread = 0
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end", "comment")):
        tag = element.tag if isinstance(element.tag, str) else "!"
        unread += (tag in _UNREAD) * (1 if event == "start" else -1 if event == "end" else 0)
        if tag in _BLOCKS:
            parts.append("\n")
        words = element.tail if event != "start" else element.text
        if words and not unread:
            parts.append(words)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)
