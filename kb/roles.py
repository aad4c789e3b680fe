"""Folding of job titles: many wordings, one code to filter by."""

import re
from typing import Final

_CODES: Final = (
    (r"chief executive( officer)?|c\.?e\.?o\.?", "CEO"),
    (r"chief technology officer|chief technical officer|c\.?t\.?o\.?", "CTO"),
    (r"chief financial officer|c\.?f\.?o\.?", "CFO"),
    (r"chief operating officer|c\.?o\.?o\.?", "COO"),
    (r"chief product officer|c\.?p\.?o\.?", "CPO"),
    (r"chief scientific officer|chief scientist|c\.?s\.?o\.?", "CHIEF_SCIENTIST"),
    (r"chief [\w ]*officer", "CHIEF_OFFICER"),
    (r"(executive |senior )?vice[ -]president|[es]?vp", "VP"),
    (r"president", "PRESIDENT"),
    (r"chair(man|woman|person)?", "CHAIR"),
    (r"(board|non-executive) (member|director)|member of the board", "BOARD_MEMBER"),
    (r"(managing |general )?partner", "PARTNER"),
    (r"managing director|director", "DIRECTOR"),
    (r"head", "HEAD"),
    (r"analyst", "ANALYST"),
    (r"professor", "PROFESSOR"),
    (r"researcher|scientist", "RESEARCHER"),
    (r"engineer", "ENGINEER"),
    (r"co-?founder|founder", "FOUNDER"),
)
_OTHER: Final = "CHIEF_OFFICER"
"""The one code for offices that have none of their own."""
_PATTERNS: Final = tuple(
    (re.compile(rf"(?<!\w)({pattern})(?!\w)", re.IGNORECASE), code) for pattern, code in _CODES
)


def role_code(title: str) -> str | None:
    """The code of a title as written, such as `CEO` for "co-founder and chief executive".

    The first code of the table that the title names wins, so an office comes before a description of
    it; none when the title names no known office.
    """
    return next((code for pattern, code in _PATTERNS if pattern.search(title) is not None), None)


def whole_code(title: str) -> str | None:
    """The code that says all that a title does, such as `VP` for "vice president".

    None for "vice president of research" or "chief revenue officer", which say more than their codes, and
    for what is no title.
    """
    code = next((code for pattern, code in _PATTERNS if pattern.fullmatch(title.strip()) is not None), None)
    return None if code == _OTHER else code
