"""The marks within a line of Markdown: links, emphasis, code, escapes. Their words stay as they are."""

import html
import re
from collections.abc import Collection
from typing import Final

_TARGET: Final = (
    r"\((?:<[^<>\n]{0,1000}>|(?:[^()\s]|\([^()\s]{0,200}\)){0,1000})"
    r"(?:\s{1,3}(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'))?\)"
)
_IMAGE: Final = re.compile(rf"!\[[^\[\]\n]{{0,300}}\]{_TARGET}")
_LINK: Final = re.compile(rf"(?<!\\)\[((?:[^\[\]\n]|\[[^\[\]\n]{{0,100}}\]){{0,300}})\]{_TARGET}")
_REFERENCE: Final = re.compile(r"(?<![!\\])\[([^\[\]\n]{1,300})\]\[([^\[\]\n]{0,100})\]")
_DEFINITION: Final = re.compile(
    r"^[ ]{0,3}\[([^\[\]\n]{1,100})\]:[ \t]{1,3}\S{1,1000}(?:[ \t].{0,300})?$", re.M
)
_CODE: Final = re.compile(r"(?<!`)(`{1,2})(?!`)([^\n]{1,300}?)(?<!`)\1(?!`)")
_STRONG: Final = re.compile(
    r"(?<!\\)(\*{2,3}|(?<!\w)_{2,3}|~~)(?=[^\s*_|])([^\n|]{1,500}?)(?<=[^\s\\|])\1(?!\*)"
)
_EMPHASIS: Final = re.compile(
    r"(?<![\w*\\])\*(?=[^\s*|])([^*\n|]{1,500}?)(?<=[^\s*\\|])\*(?![\w*])"
    r"|(?<![\w_\\/])_(?=[^\s_|])([^_\n|]{1,500}?)(?<=[^\s_\\|])_(?![\w_])"
)
_ESCAPE: Final = re.compile(r"\\([!#$%&'*+,./:;<=>?@\[\]^_`{}~\"()-])")
_ENTITY: Final = re.compile(r"&(?:[a-zA-Z]{2,10}|#\d{2,6}|#x[0-9a-fA-F]{2,5});")
_SIGNS: Final = re.compile(r"[\[*_~`\\&]")
_NESTED: Final = 3
"""Emphasis within emphasis within a link: more is not written."""


def definitions(text: str) -> frozenset[str]:
    """The labels of the link targets that the text defines on lines of their own, in lower case."""
    return (
        frozenset(found[1].casefold() for found in _DEFINITION.finditer(text))
        if "]:" in text
        else frozenset()
    )


def is_definition(line: str) -> bool:
    """Whether the line only says where links lead."""
    return "]:" in line and _DEFINITION.fullmatch(line) is not None


def without_images(line: str) -> str:
    """The line without pictures and what links them."""
    return _LINK.sub(_label_or_nothing, _IMAGE.sub("", line)) if "![" in line else line


def unmarked(line: str, defined: Collection[str] = ()) -> str:
    """The words of a line as a reader sees them; `defined` are the labels that reference links may use."""
    if _SIGNS.search(line) is None:
        return line
    line = without_images(line)
    line = _CODE.sub(r"\2", line)
    for _ in range(_NESTED):
        before = line
        line = _LINK.sub(r"\1", line)
        if defined:
            line = _REFERENCE.sub(lambda found: _referred(found, defined), line)
        line = _EMPHASIS.sub(_first_group, _STRONG.sub(r"\2", line))
        if line == before:
            break
    return _ENTITY.sub(lambda found: html.unescape(found[0]), _ESCAPE.sub(r"\1", line))


def _label_or_nothing(found: re.Match[str]) -> str:
    return found[0] if found[1].strip() else ""


def _referred(found: re.Match[str], defined: Collection[str]) -> str:
    return found[1] if (found[2] or found[1]).casefold() in defined else found[0]


def _first_group(found: re.Match[str]) -> str:
    return found[1] or found[2]
