"""Whether a role is held now, was held before, or is to be held: by the words around it."""

import re
from collections.abc import Mapping
from typing import Final

from kb.ontology import EmploymentStatus, Modality

_FORMER_ROLE: Final = re.compile(r"^(?:former|ex-|previous|then-)\s?", re.IGNORECASE)
_NEW: Final = re.compile(r"^(?:new|incoming|outgoing|longtime|long-time|current) ")
_PAST: Final = re.compile(
    r"\b(?:was|were|had been|had also been|served|worked|acted|formerly|previously|once)\b"
)
_APPOINTED: Final = re.compile(r"\b(?:named|appointed|now|still)\b")
_AHEAD: Final = re.compile(r"\b(?:will|is set to|is to|are to|would)\b")
_REPORTED_SPEECH: Final = re.compile(
    r"\b(?:said|says|told [^.;]{1,30}|added|announced|thought|believed|knew)(?: that)?(?: then)? ?$"
)
_GONE: Final = re.compile(
    r",? (?:who )?(?:has |have |had )?(?:now |also |just |recently |since |then )?(?:left\b|quit\b|resigned\b"
    r"|stepped down\b|stood down\b|departed\b|was (?:fired|dismissed|ousted)\b|retired\b)(?! to )"
)
_STAYS: Final = re.compile(r"(?:worked|led|headed|ran|run)\b")
_SINCE: Final = re.compile(r"\s(?:ever )?since\b")
_UNTIL_NOW: Final = re.compile(r"\bever since\b|\bto this day\b|\bsince then\b")


def role_of(groups: Mapping[str, str | None]) -> str | None:
    """The title without the word that makes it a past one."""
    role = groups.get("role")
    return _NEW.sub("", _FORMER_ROLE.sub("", role)) if role else None


def status(groups: Mapping[str, str | None], before: str, after: str) -> EmploymentStatus | None:
    """FORMER where the words tell of the past; nothing is said of what is simply so.

    `before` and `after` are the sentence's words around those matched: `he said that she was chief` tells
    of the present, `Ada, the chief of Acme, has left` of the past.
    """
    marks = [groups.get(name) or "" for name in ("former", "former2", "former3")]
    marked = any(mark for mark in marks if not still_so(mark, after))
    if marked or _FORMER_ROLE.match(groups.get("role") or ""):
        return EmploymentStatus.FORMER
    link = groups.get("link") or ""
    past = _PAST.search(link) and not _APPOINTED.search(link) and not _AHEAD.search(link)
    if past and not _REPORTED_SPEECH.search(before) and not _UNTIL_NOW.search(after):
        return EmploymentStatus.FORMER
    return EmploymentStatus.FORMER if groups.get("role") and _GONE.match(after) else None


def still_so(verb: str, after: str) -> bool:
    """Whether a verb of the past tells of what goes on: `has worked at Acme since 2019`."""
    return _STAYS.match(verb) is not None and _SINCE.match(after) is not None


def appointment(groups: Mapping[str, str | None]) -> Modality:
    """PLANNED for a role that somebody is still to take."""
    return Modality.PLANNED if _AHEAD.search(groups.get("link") or "") else Modality.ASSERTED
