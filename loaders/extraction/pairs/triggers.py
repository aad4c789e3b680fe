"""Words that tell of founding, leading, working, owning and sitting, as classes."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

_CLASSES: Final[Mapping[str, str]] = {
    "FOUNDER": r"(?:co-?)?founders?|creators?|founding|brainchild|originators?",
    "FOUND": r"(?:co-?)?founded|establish\w*|creat(?:ed|ing|es)|start(?:ed|ing|s)|launch(?:ed|ing|es)"
    r"|form(?:ed|ing)|set|setting|incorporat\w*|began|begun|begin|organi[sz]ed|opened|chartered"
    r"|pioneered|built|conceived|founds|est|co-?creat\w+",
    "ORIGIN": r"inception|formation|foundation|since|origins?|born|beginnings?|history|establishment"
    r"|creation",
    "CEO": r"(?:co-?)?ceo|(?:chief-)?executive|md",
    "CHIEF": r"chief|managing",
    "HEAD": r"president|chair(?:man|woman|person)?|director|head(?:ed|s)?|leads?|led|chancellor"
    r"|principal|boss|chairs|heading|leading|dean|rector|provost|governor|secretary-general"
    r"|leader|leaders|leadership|run|runs|running"
    r"|oversees|manages|managed|helm|spearhead\w*",
    "JOB": r"professor\w*|lecturer|fellow|scientist|engineer|researcher|manager|officer|vice|vp|analyst"
    r"|consultant|partner|teacher|player|editor|reporter|writer|columnist|minister|secretary"
    r"|senator|representative"
    r"|congressman|ambassador|captain|coach|guitarist|drummer|singer|bassist|vocalist|attorney"
    r"|lawyer|developer"
    r"|designer|producer|spokes\w+|correspondent|advis[eo]r|counsel|instructor|employee|candidate"
    r"|mp|officer|trustee|cto|cfo|coo|evangelist|architect|specialist|associate|intern|chair"
    r"|owner|co-?owner|shareholder|investor|agent|footballer|midfielder|goalkeeper|striker"
    r"|pitcher|quarterback|general|commander|pilot|soldier|officer",
    "BODY": r"members?|faculty|staff|board|team|crew|department|committee|council|membership|squad|band",
    "LEARN": r"stud(?:ied|ent|ents|ies|y|ying)|graduat\w+|degree|bachelor\w*|master\w*|phd|ph\.d"
    r"|ph\.d\.|doctora\w+|b\.a\.|b\.s\.|m\.a\.|mba|alumn\w+"
    r"|educated|attended|enrolled|thesis|diploma|ba|bs|ma|bsc|msc|school",
    "WORK": r"work(?:ed|s|ing)?|join(?:ed|s|ing)?|serv(?:ed|es|ing|e)|employ\w*|taught|teach(?:es|ing)?"
    r"|played|plays|playing|career|position|positions|role|tenure|held|holds|spent|stint"
    r"|experience|post|job|tour|stationed",
    "NAMED": r"appoint\w*|hired?|hiring|signed|elected|named|became|becoming|becomes|promoted|moved"
    r"|nominated|inducted|recruited|enlisted|drafted|commissioned|selected|assigned"
    r"|transferred",
    "PAST": r"retired|resigned|left|prior|previously|formerly|former|ex|until|before|late|ousted|fired"
    r"|stepped|departed|leaving",
    "SUB": r"subsidiar\w*|divisions?|unit|arm|imprint|affiliat\w*|branch|wholly|wholly-owned|sister"
    r"|label|brand|brands",
    "PARENT": r"parent|conglomerate|holding|group|owner|umbrella",
    "OWN": r"own(?:ed|s|ership|ing)|acqui\w+|bought|purchas\w+|merg\w+|sold|controlled|takeover|stake"
    r"|operat(?:ed|es|ing)|part|spun|spin-off|absorbed|consist\w*|includ\w+|compris\w+",
    "SEAT": r"headquarter\w*|hq|based",
    "PLACE": r"locat\w+|offices?|seat|resid(?:es|ing)|home|situated|campus|centered|centred|moved"
    r"|relocat\w+|operates|operating|largest|premises|plant|facilit\w+",
}
_PATTERNS: Final = tuple((name, re.compile(pattern)) for name, pattern in _CLASSES.items())


@cache
def trigger(word: str) -> tuple[str, ...]:
    """The classes that a lower-cased word belongs to."""
    return tuple(name for name, pattern in _PATTERNS if pattern.fullmatch(word))
