"""A document's own licence, and whether it lets everybody hand the document's text on.

The rule: a text may be handed on where its licence is one of `FREE`, by SPDX id: dedicated to the public, or
free for all to copy for any purpose, if only its author is named and the licence kept. Whatever is not
recognised for certain, does not allow commerce, or allows no changes (a cleaned text is one) is not.
"""

import re
from typing import Final

FREE: Final = frozenset(
    {
        *("CC0-1.0", "CC-PDDC", "PDDL-1.0", "Unlicense", "0BSD", "MIT-0"),
        *(f"CC-BY-{version}" for version in ("1.0", "2.0", "2.5", "3.0", "4.0")),
        *(f"CC-BY-SA-{version}" for version in ("1.0", "2.0", "2.5", "3.0", "4.0")),
        *("ODC-By-1.0", "ODbL-1.0", "CDLA-Permissive-1.0", "CDLA-Permissive-2.0", "etalab-2.0"),
        *("OGL-UK-1.0", "OGL-UK-2.0", "OGL-UK-3.0", "FAL-1.3"),
        *("Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Zlib", "PostgreSQL", "UPL-1.0"),
        *("MPL-2.0", "EPL-2.0", "EUPL-1.2", "OFL-1.1", "BSL-1.0", "BlueOak-1.0.0"),
    }
)

_FREE_BY_FORM: Final = {one.casefold(): one for one in FREE}
_CREATIVE_COMMONS: Final = re.compile(
    r"(?:https?://)?(?:www\.)?creativecommons\.org/licenses/([a-z-]{2,8})/([1-4]\.[05])(?:/.{0,40})?", re.I
)
_ZERO: Final = re.compile(
    r"(?:https?://)?(?:www\.)?creativecommons\.org/publicdomain/zero/1\.0(?:/.{0,40})?", re.I
)
_PAGE: Final = re.compile(
    r"(?:https?://)?(?:www\.)?(?:spdx\.org/licenses|opensource\.org/licenses?)/([\w.+-]{2,40}?)(?:\.html)?/?",
    re.I,
)
_WORDS: Final = re.compile(
    r"(CC)[ -](BY(?:-(?:NC|ND|SA))*)[ -]([1-4]\.[05])(?: (?:International|Unported))?", re.I
)


def licence_id(told: str) -> str:
    """The SPDX id of a licence told by its id, its page or a Creative Commons name; else its own words.

    What this gives is given again when it is asked.
    """
    words = " ".join(told.split())
    if found := _CREATIVE_COMMONS.fullmatch(words):
        return f"CC-{found[1].upper()}-{found[2]}"
    if _ZERO.fullmatch(words):
        return "CC0-1.0"
    if found := _PAGE.fullmatch(words):
        words = found[1]
    if found := _WORDS.fullmatch(words):
        return "-".join(part.upper() for part in found.groups())
    return _FREE_BY_FORM.get(words.casefold(), words)


def may_be_handed_on(licence: str | None) -> bool:
    """Whether a licence, as `licence_id` gives it, lets everybody hand the text on."""
    return licence in FREE
