"""Keys under which names are compared: two spellings of one name have one key."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final

LEGAL_FORMS: Final = frozenset(
    (
        "inc incorporated corp corporation co ltd limited llc llp lp plc pbc gmbh ag sa sas sarl bv nv oy ab "
        "as aps spa srl pte pty kk kg"
    ).split()
)
"""Legal forms that no two companies are told apart by; a name keeps its own when nothing else is left."""

BETWEEN: Final = "\x1f"
"""Stands between names that are kept as one text."""
ELSEWHERE: Final = "\x1e"
"""Stands there before a name that begins with other letters than the first of the names."""
HEAD: Final = 2
"""So many letters are a name's beginning."""
LONG: Final = "\x1d\x1d\x1d"
"""Stands behind the names of who has so many that an index of names cannot hold them."""
SHORT: Final = 1_000
"""So many characters of names an index can hold beside a name: a key of Neo4j's has 8,167 bytes at most."""
_FOLDED: Final = str.maketrans({"ς": "σ", BETWEEN: " ", ELSEWHERE: " ", LONG[0]: " "})
_SEPARATORS: Final = re.compile(r"[\s,]+")
_SLUG_GAPS: Final = re.compile(r"[^a-z0-9.]+")


def name_key(name: str) -> str:
    """The name in NFKC and case-folded, blanks collapsed, quotes and legal forms put aside.

    `OpenAI, Inc.` and `OPENAI` share the key `openai`.
    """
    folded = unicodedata.normalize("NFKC", name).casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    words = [word for word in _SEPARATORS.split(folded) if word]
    while len(words) > 1 and words[-1].strip(".").replace(".", "") in LEGAL_FORMS:
        words.pop()
    return " ".join(words)


def folded(name: str) -> str:
    """The name in small letters, as parts of names are looked for."""
    # small sigma is another letter at the end of a word, and a part of a name may end anywhere
    return name.lower().translate(_FOLDED)


def folded_forms(forms: Iterable[str]) -> str:
    """All names of an entity in one text, in small letters, with `BETWEEN` before and after each.

    A part of a name is a part of this text, and the beginning of a name is one with `BETWEEN` before it.
    Names whose first letters are not those of the first name stand there again, with `ELSEWHERE` before
    each: who looks for a beginning among the sorted first names finds by these what stands elsewhere. A text
    that is not `short` ends with `LONG`.
    """
    small = [folded(form) for form in forms]
    elsewhere = [ELSEWHERE + form for form in small if form[:HEAD] != small[0][:HEAD]]
    text = "".join((BETWEEN, *(form + BETWEEN for form in (*small, *elsewhere))))
    return short(text) or text + LONG


def short(forms: str) -> str | None:
    """The text of `folded_forms`, where an index can hold it beside the name."""
    return forms if len(forms) <= SHORT else None


def spellings(beginning: str) -> list[str]:
    """With what a name begins whose small letters begin with these, as far as `HEAD` goes.

    None of them is the beginning of another.
    """
    head = folded(beginning)[:HEAD]
    if not head:
        return [""]
    begin = _capitals().get(head[0], ())
    if len(head) == 1:
        return [head, *begin]
    first = [head[0], *(c for c in begin if folded(c) == head[0])]
    second = [head[1], *_capitals().get(head[1], ())]
    whole = [c for c in begin if folded(c).startswith(head)]
    return [*(one + other for one in first for other in second), *whole]


@cache
def _capitals() -> Mapping[str, Sequence[str]]:
    """The characters that are other ones in small letters, by the first of these; none is beyond plane 1."""
    found: dict[str, list[str]] = {}
    for character in map(chr, range(0x20000)):
        small = folded(character)
        if small != character:
            found.setdefault(small[0], []).append(character)
    return found


def slug(name: str) -> str:
    """The name as a part of an id: ASCII letters, digits, dots and hyphens.

    Accents on ASCII letters are put aside; letters of other scripts are spelled as their code points in
    hexadecimal, with their marks, so that two such names never share a slug.
    """
    key = name_key(name)
    ascii_form = "".join(_ascii_pieces(unicodedata.normalize("NFKD", key)))
    spelled = ascii_form.replace("+", " plus ").replace("&", " and ")
    return _SLUG_GAPS.sub("-", spelled).strip("-.") or "u" + key.encode().hex()


def _ascii_pieces(decomposed: str) -> Iterator[str]:
    on_ascii = False
    for c in decomposed:
        if not unicodedata.combining(c):
            on_ascii = c.isascii()
        elif on_ascii:
            continue
        yield c if c.isascii() else f"-u{ord(c):x}-"
