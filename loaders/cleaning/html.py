"""HTML: the main text and the metadata of a page, by trafilatura; nothing is ever fetched."""

import html as entities
import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

import lxml.etree
import lxml.html
import trafilatura

from kb.documents import Metadata
from kb.licences import licence_id
from loaders.cleaning import chrome
from loaders.cleaning.cuts import Cut, Why
from loaders.cleaning.dates import partial_date
from loaders.cleaning.inline import unmarked
from loaders.cleaning.urls import canonical_url

_MOST_TAGS: Final = 150_000
"""A page of more is read without its structure: trafilatura's time grows faster than such a page."""

_DEEPEST: Final = 200
"""Elements within each other, above which the parser loses the text."""

_TOKEN: Final = re.compile(
    r"<!--|<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})((?:[^<>\"']|\"[^\"]{0,5000}\"|'[^']{0,5000}')*)>"
)
_DOCTYPE: Final = re.compile(r"^\s{0,1000}<!doctype[^<>]{0,1000}>", re.I)
_VOID: Final = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_RAW: Final = {tag: re.compile(f"</{tag}", re.I) for tag in ("script", "style", "textarea", "title")}
"""Elements within which no tag is one."""

_CLOSED_BY_NEXT: Final = frozenset("p li dt dd td th tr option thead tbody".split())
_NEAR: Final = 4_000
_TELLING: Final = 20
"""So many letters of a line are found by chance in no other."""

_RUN: Final = 3
"""So many links below each other are a menu, within an article, too."""

_UNREAD: Final = frozenset(
    "script style noscript template nav header footer aside button select svg iframe head".split()
)
_WORDLESS: Final = frozenset("script style noscript template svg iframe head".split())
"""Elements whose words no reader of the page sees."""

_BLOCKS: Final = frozenset(
    (
        "p div br li tr h1 h2 h3 h4 h5 h6 section article table ul ol blockquote pre dt dd nav header footer "
        "aside"
    ).split()
)


def html_article(html: str, url: str | None) -> tuple[str, Metadata, tuple[Cut, ...]]:
    """The page's main text, with headings and tables as in Markdown, what the page tells of itself, and the
    menus that were left out of that text.

    A page that nests too deep or has too many tags is read as plain words, block by block; one of
    nothing but links has no text.
    """
    tree = _tree(html)
    if html.count("<") > _MOST_TAGS:
        return _plain(html), Metadata(), ()
    known = Metadata() if tree is None else _metadata(tree, url)
    if tree is None or _depth(html) > _DEEPEST:
        return _plain(html), known, ()
    links = _link_texts(tree)
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
    lines = _without_menus([unmarked(line) for line in (found or "").split("\n")], links)
    kept = "\n".join(line for line in lines if not isinstance(line, Cut))
    return kept, known, tuple(line for line in lines if isinstance(line, Cut))


def plain_words(html: str) -> str:
    """All words of a page that a reader sees, block by block."""
    return _plain(html)


def outside(html: str, text: str) -> Iterator[Cut]:
    """The lines of a page that are not in its main text.

    A line is looked for where the one before it was found, so that the work stays linear.
    """
    lines = [_squashed(line) for line in text.split("\n")]
    places = dict(zip(lines, accumulate(map(len, lines), initial=0), strict=False))
    whole = "".join(lines)
    position = 0
    for line in _plain(html, _WORDLESS).split("\n"):
        words = _squashed(line)
        place = places.get(words, whole.find(words, max(0, position - _NEAR), position + _NEAR))
        if place < 0:
            yield Cut(line, Why.OUTSIDE)
        elif len(words) >= _TELLING:
            position = place + len(words)


def _squashed(line: str) -> str:
    return "".join(c for c in line.casefold() if c.isalnum())


def _link_texts(tree: lxml.html.HtmlElement) -> frozenset[str]:
    """The words of all links, each with single blanks."""
    return frozenset(" ".join(str(link.text_content()).split()) for link in tree.iter("a"))


def _without_menus(lines: list[str], links: frozenset[str]) -> list[str | Cut]:
    """The lines, runs of links as cuts; a page without a paragraph or table loses every link on its own."""
    is_link = [chrome.BULLET.sub("", line, count=1).strip() in links for line in lines]
    has_text = any(chrome.is_prose(line) or line.startswith("|") for line in lines)
    least = _RUN if has_text else 1
    kept: list[str | Cut] = []
    run: list[str] = []
    for line, linked in zip([*lines, "end"], [*is_link, False], strict=True):
        if linked or (run and not line.strip()):
            run.append(line)
            continue
        if sum(1 for one in run if one.strip()) < least:
            kept += run
        else:
            kept += [Cut(one.strip(), Why.LINKS) for one in run if one.strip()]
        run = []
        kept.append(line)
    return kept[:-1]


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
        licence=_licence(tree),
    )


def _licence(tree: lxml.html.HtmlElement) -> str | None:
    """The one licence that the page's links call its own; of several, some may be of pictures."""
    told = {
        licence_id(str(link.get("href")))
        for link in tree.iter("a", "link")
        if "license" in (link.get("rel") or "").lower().split()
        and link.get("href")
        and next(link.iterancestors("figure", "figcaption"), None) is None
    }
    return told.pop() if len(told) == 1 else None


def _tokens(html: str) -> Iterator[tuple[str, str, bool]]:
    """The page as words and tags in order: the words before a tag, its name, and whether it closes."""
    position = 0
    while (found := _TOKEN.search(html, position)) is not None:
        if found[0] == "<!--":
            end = html.find("-->", found.end())
            yield html[position : found.start()], "!", False
            position = len(html) if end < 0 else end + 3
            continue
        tag, closes = found[2].lower(), found[1] == "/"
        yield html[position : found.start()], tag, closes
        position = found.end()
        if tag in _RAW and not closes:
            ended = _RAW[tag].search(html, position)
            position = len(html) if ended is None else ended.start()
    yield html[position:], "!", False


def _depth(html: str) -> int:
    """How deep elements stand within each other at most."""
    depth = deepest = 0
    for _, tag, closes in _tokens(html):
        if tag == "!" or tag in _VOID or tag in _CLOSED_BY_NEXT:
            continue
        depth = max(0, depth - 1) if closes else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _plain(html: str, unread: frozenset[str] = _UNREAD) -> str:
    """The words between the tags in one go, each block on a line of its own, none of `unread` elements."""
    parts: list[str] = []
    hidden: list[str] = []
    for words, tag, closes in _tokens(_DOCTYPE.sub("", html)):
        if not hidden:
            parts.append(entities.unescape(words))
        if tag in _BLOCKS:
            parts.append("\n")
        if tag == "body":
            hidden = []  # a head need not be closed
        elif tag in unread and not closes:
            hidden.append(tag)
        elif closes and tag in hidden:
            del hidden[len(hidden) - 1 - hidden[::-1].index(tag) :]
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)
