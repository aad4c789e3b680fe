"""A document's words as they can be shown: what would steer a terminal or turn the line is written out."""

import re
from typing import Final

_STEERING: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|[\ud800-\udfff]"
)


def inert(text: str) -> str:
    """The text with control characters, and those that change the direction of reading, as `⟨U+202E⟩`."""
    return _STEERING.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)
