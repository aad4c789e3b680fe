"""Markdown: front matter to metadata, the words of the body as a reader sees them."""

import re
from collections.abc import Iterator
from typing import Final

from kb.documents import Metadata
from loaders.cleaning import chrome
from loaders.cleaning.cuts import Cut, Why
from loaders.cleaning.front_matter import front_matter
from loaders.cleaning.html_tables import with_plain_tables
from loaders.cleaning.inline import definitions, is_definition, unmarked, without_images

_COMMENT: Final = re.compile(r"<!--.{0,50000}?-->", re.S)
_UNREAD: Final = re.compile(r"<(script|style|iframe|svg)\b[^<>]{0,2000}>.{0,20000}?</\1\s*>", re.I | re.S)
_MOST: Final = 10_000
"""Comments or scripts in one text; where there are more, they stay, for the search would take too long."""

_TAG: Final = re.compile(
    r"</?(?:p|div|br|hr|img|a|abbr|blockquote|button|caption|center|code|del|details|em|figcaption|figure|font|b|i"
    r"|h[1-6]|ins|kbd|label|li|mark|nobr|ol|picture|pre|s|section|small|source|span|strike|strong|sub|summary|sup"
    r"|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|video)(?:\s[^<>]{0,2000})?/?>",
    re.I,
)
_BREAK: Final = re.compile(r"<br\s{0,3}/?>", re.I)
_HEADING: Final = re.compile(r"#{1,3}\s+(\S.{0,300})")
_FENCE: Final = re.compile(r"^\s{0,3}(?:```|~~~)")
_TEMPLATE: Final = re.compile(r"\s{0,8}(?:\{%.{0,300}%\}|\{\{.{0,300}\}\}|\[\[?_?TOC_?\]?\])\s{0,8}", re.I)
_ONLY_LINK: Final = re.compile(
    r"\s{0,40}(?:[-*+•]|\d{1,3}[.)])\s{1,4}\[[^\[\]\n]{1,200}\]\((#?)[^()\s]{0,500}\)\s*"
)
_ONLY_LINKS: Final = re.compile(r"[\s|•·/]*(?:\[[^\[\]\n]{1,100}\]\([^()\s]{0,500}\)[\s|•·/-]*){2,40}")
_MENU: Final = 3


def markdown_article(text: str) -> tuple[str, Metadata, tuple[Cut, ...]]:
    """The body, what its front matter and first heading tell, and the lines that were left out.

    Comments, pictures, HTML tags, the targets of links, the marks of emphasis, tables of contents and
    menus at both ends go; tables, headings and code blocks stay. The front matter of a model card stays
    too, for it states the model's licence and base.
    """
    front = front_matter(text)
    known = Metadata() if front is None else front.metadata()
    kept = text[: front.end] if front is not None and front.is_model_card else ""
    lines = list(_visible(text[front.end :] if front is not None else text))
    body = "\n".join(line for line in lines if not isinstance(line, Cut))
    title = _first_heading(body)
    body = re.sub(r"\n{3,}", "\n\n", body).strip("\n")
    cuts = tuple(line for line in lines if isinstance(line, Cut))
    return (kept + body if kept else body), known.or_else(Metadata(title=title)), cuts


def _first_heading(body: str) -> str | None:
    for line in body.split("```", maxsplit=1)[0].split("\n"):
        if found := _HEADING.fullmatch(line):
            return found[1].strip("# *")
    return None


def _visible(text: str) -> Iterator[str | Cut]:
    """The lines as they are read, those that no reader sees and menus as cuts; fenced code stays as it is."""
    if text.count("<!--") <= _MOST:
        text = _COMMENT.sub("", text)
    if text.count("<script") + text.count("<style") + text.count("<iframe") <= _MOST:
        text = _UNREAD.sub("", text)
    defined = definitions(text)
    lines = with_plain_tables(text).split("\n")
    dropped = _menus(lines)
    in_code = False
    for i, line in enumerate(lines):
        if _FENCE.match(line):
            in_code = not in_code
            yield line
        elif in_code:
            yield line
        elif i in dropped:
            yield Cut(line.strip(), dropped[i])
        elif is_definition(line) or _TEMPLATE.fullmatch(line):
            yield Cut(line.strip(), Why.MARKUP)
        else:
            yield _words(line, defined)


def _words(line: str, defined: frozenset[str]) -> str | Cut:
    """The line as it is read; one that holds only pictures and tags is cut."""
    if not ("<" in line or "![" in line):
        return unmarked(line, defined)
    plain = _TAG.sub("", _BREAK.sub(" ", without_images(line)))
    return unmarked(plain.rstrip(), defined) if plain.strip() else Cut(line.strip(), Why.MARKUP)


def _menus(lines: list[str]) -> dict[int, Why]:
    """Tables of contents, and lists of nothing but links before the first paragraph and after the last."""
    prose = [i for i, line in enumerate(lines) if chrome.is_prose(line) or line.startswith("|")]
    first, last = (prose[0], prose[-1]) if prose else (len(lines), -1)
    dropped: dict[int, Why] = {}
    run: list[int] = []
    for i, line in enumerate([*lines, "end"]):
        found = _ONLY_LINK.fullmatch(line)
        if found is not None and found[1]:
            dropped[i] = Why.CONTENTS
        elif found is not None or _ONLY_LINKS.fullmatch(line):
            run.append(i)
        elif line.strip():
            if len(run) >= _MENU and (run[-1] < first or run[0] > last):
                dropped |= dict.fromkeys(run, Why.LINKS)
            run = []
    return dropped
