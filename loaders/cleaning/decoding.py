"""From bytes to text: encodings, line ends, mojibake, control characters, NFC.

`decode` decides what the bytes say, `normalise` gives the one form that all offsets count in.
"""

import codecs
import html as entities
import re
import unicodedata
from typing import Final

from kb.errors import InputError

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY_BEGINNINGS: Final = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"SQLite format 3", "a database"),
)
_META_CHARSET: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}["']?([\w.:-]{2,30})""", re.I)
_XML_ENCODING: Final = re.compile(rb"""^\s{0,20}<\?xml[^>]{0,100}encoding=["']([\w.:-]{2,30})""")
_SAMPLE: Final = 65_536
_MEANT_AS_UTF8: Final = 4
"""So many well-formed sequences for each broken one, and the text was meant as UTF-8."""

_ON_THE_WEB: Final = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r", "koi8_u", "iso8859_2"),
    *("cp932", "euc_jp", "gb18030", "big5", "euc_kr"),
]
"""Where UTF-8 is out, text comes in one of these; guesses beyond them were wrong on short texts."""

_LINE_END: Final = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\ufffd\ufffe\uffff\ud800-\udfff]"
)


_BLANKS: Final = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_GROUPED: Final = re.compile(
    r"(?<![\d.,])\d{1,3}(?:(?:[\u2007\u2009\u202f]\d{3})+|(?:\u00a0\d{3})+)(?![\d\u2007\u2009\u202f\u00a0])"
)
"""Thousands set apart by blanks that do not break: `10 000 000`."""

_ENTITIES: Final = re.compile(r"&(?:nbsp|thinsp|numsp|#160|#xa0|#8199|#8201|#8239|#x200[79]|#x202f);", re.I)


def decode(data: bytes, *, html: bool = False) -> str:
    """The text of the bytes: by byte order mark, by what an HTML page declares, as UTF-8, else by guess.

    Raises:
        InputError: when the bytes are empty or no text.
    """
    if not data.strip():
        raise InputError("The file is empty.")
    for beginning, what in _BINARY_BEGINNINGS:
        if data.startswith(beginning):
            raise InputError(f"The file is {what}, not text; save its text first.")
    text = _decoded(data, html=html)
    _refuse_binary(text)
    return text


def normalise(text: str) -> str:
    """The text with `\\n` line ends, in NFC, without mojibake, control characters or trailing blanks.

    Blanks of every width become plain ones; those that group the digits of a number go.
    """
    for _ in range(4):  # a repaired line can hold new control characters; more than twice was never seen
        before = text
        text = _UNSEEN.sub("", _LINE_END.sub("\n", text))
        text = _BLANKS.sub(" ", with_joined_digits(text))
        text = unicodedata.normalize("NFC", "\n".join(_repaired(line.rstrip()) for line in text.split("\n")))
        if text == before:
            break
    return text


def with_joined_digits(text: str, *, html: bool = False) -> str:
    """The text without the blanks that group the digits of its numbers, written as entities in HTML."""
    if html:
        text = _ENTITIES.sub(lambda found: entities.unescape(found[0]), text)
    return _GROUPED.sub(lambda number: _BLANKS.sub("", number[0]), text)


def _decoded(data: bytes, *, html: bool) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if (wide := _utf16_without_mark(data)) is not None:
        return data.decode(wide, errors="replace")
    declared = _declared(data) if html else None
    if declared not in (None, "utf-8"):
        return data.decode(declared, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _lenient(data)


def _lenient(data: bytes) -> str:
    """The text of bytes that are no valid UTF-8: UTF-8 with some damage, else another encoding."""
    text = data.decode("utf-8", errors="replace")
    sample = text[:_SAMPLE]
    broken = sample.count("\ufffd")
    cut_off = text.count("\ufffd") == 1 and text.endswith("\ufffd")
    if cut_off or sum(map(_is_wide, sample)) >= _MEANT_AS_UTF8 * broken:
        return text
    import charset_normalizer  # noqa: PLC0415 - needed for old encodings alone

    found = charset_normalizer.from_bytes(data[:_SAMPLE], cp_isolation=_ON_THE_WEB).best()
    return data.decode("cp1252" if found is None else found.encoding, errors="replace")


def _is_wide(character: str) -> bool:
    return character > "\x7f" and character != "\ufffd"


def _utf16_without_mark(data: bytes) -> str | None:
    sample = data[:_SAMPLE]
    half = max(len(sample) // 2, 1)
    if sample[1::2].count(0) > 0.4 * half and sample[::2].count(0) < 0.05 * half:
        return "utf-16-le"
    if sample[::2].count(0) > 0.4 * half and sample[1::2].count(0) < 0.05 * half:
        return "utf-16-be"
    return None


def _declared(data: bytes) -> str | None:
    head = data[:4096]
    found = _META_CHARSET.search(head) or _XML_ENCODING.search(head)
    if found is None:
        return None
    try:
        name = codecs.lookup(found[1].decode("ascii")).name
    except (LookupError, UnicodeDecodeError):
        return None
    # Pages that say Latin-1 mean Windows-1252; one that says UTF-16 in ASCII letters is not in UTF-16.
    return {"iso8859-1": "cp1252", "ascii": "cp1252"}.get(name, None if name.startswith("utf-16") else name)


def _refuse_binary(text: str) -> None:
    sample = text[:_SAMPLE]
    unseen = sum(1 for c in sample if (c < " " and c not in "\t\n\r\x0b\x0c\x1b") or c == "\ufffd")
    if unseen > 0.05 * len(sample):
        raise InputError("The file holds binary data, not text.")
    if not _UNSEEN.sub("", sample).strip() and len(text) <= _SAMPLE:
        raise InputError("The file is empty.")


def _repaired(line: str) -> str:
    """Undo UTF-8 that was read as another encoding; quotes, ligatures and widths stay as they are."""
    if line.isascii():
        return line
    import ftfy  # noqa: PLC0415 - its tables take long to make, and ASCII needs none of them
    from ftfy.badness import is_bad  # noqa: PLC0415

    return ftfy.fix_encoding(line) if is_bad(line) else line
