"""Markdown: front matter to metadata, the words of the body as they are, without what no reader sees."""

import re
from typing import Final

from kb.documents import Metadata
from loaders.cleaning.front_matter import front_matter

_COMMENT: Final = re.compile(r"^[ \t]{0,20}<!--.{0,50000}?-->[ \t]{0,20}$", re.S | re.M)
_TAG: Final = re.compile(
    r"</?(?:p|div|br|hr|img|a|figure|figcaption|center|span|sub|sup|b|i|em|strong|details|summary|picture|source"
    r"|video|h[1-6]|table|tr|td|th|thead|tbody|ul|ol|li|kbd|font)(?:\s[^<>]{0,2000})?/?>",
    re.I,
)
_IMAGE: Final = re.compile(
    r"\[?!\[[^\[\]]{0,300}\]\([^()\s]{0,1000}(?:\s\"[^\"]{0,300}\")?\)(?:\]\([^()\s]{0,1000}\))?"
)
_HEADING: Final = re.compile(r"#{1,3}\s+(\S.{0,300})")
_LINK: Final = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,1000}\)")
_FENCE: Final = re.compile(r"^\s{0,3}(?:```|~~~)")


def markdown_article(text: str) -> tuple[str, Metadata]:
    """The body and what its front matter and first heading tell.

    Comments, pictures and HTML tags go; tables, headings, links and code stay. The front matter of a
    model card stays too, for it states the model's licence and base.
    """
    front = front_matter(text)
    known = Metadata() if front is None else front.metadata()
    kept = text[: front.end] if front is not None and front.is_model_card else ""
    body = _visible(text[front.end :] if front is not None else text)
    title = _first_heading(body)
    body = re.sub(r"\n{3,}", "\n\n", body).strip("\n")
    return (kept + body if kept else body), known.or_else(Metadata(title=title))


def _first_heading(body: str) -> str | None:
    for line in body.split("```", maxsplit=1)[0].split("\n"):
        if found := _HEADING.fullmatch(line):
            return _LINK.sub(r"\1", found[1]).strip("# *")
    return None


def _visible(text: str) -> str:
    """The text without comments, pictures and tags that fill their lines, fenced code apart.

    Within a line of words only tags go, and none where a link's target could be taken for one.
    """
    text = _COMMENT.sub("", text) if text.count("<!--") <= 10_000 else text
    result: list[str] = []
    in_code = False
    for line in text.split("\n"):
        if _FENCE.match(line):
            in_code = not in_code
        if in_code or not ("<" in line or "![" in line):
            result.append(line)
        elif _TAG.sub("", _IMAGE.sub("", line)).strip():
            result.append(line if "](" in line else _TAG.sub("", line).rstrip())
    return "\n".join(result)
