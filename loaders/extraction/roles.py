"""The words for what people do at a firm, as one regular expression."""

from typing import Final

_CHIEF: Final = (
    r"chief\s(?:[a-z]+(?:\s(?:and\s)?[a-z]+){0,2}\sofficer|executive(?:\sofficer)?|scientist|economist|of\sstaff"
    r"|architect|technologist|analyst|strategist|AI\sscientist|AI\sofficer)"
)
_HEAD: Final = (
    r"(?:(?:technology|product|finance|operating|policy|science|research|AI|marketing|security|design|legal)\s)(?:chief|boss)"
    r"|CEO|CTO|CFO|COO|CPO|CMO|CRO|CIO|CSO|CISO|EVP|SVP|VP|vice[\s-]president|president|chairman|chairwoman|chair"
    r"|managing\sdirector|managing\spartner|general\spartner|general\scounsel|general\smanager|partner|director"
    r"|board\smember|head|leader|lead|boss|executive"
    r"|(?:Executive\s|Senior\s)?Vice\s(?:Chairman|Chairwoman|Chair|President)|Executive\sChair(?:man|woman)?|Chair(?:man|woman)"
    r"|Managing\s(?:Director|Partner)|General\s(?:Partner|Counsel|Manager)"
)
_WORKER: Final = (
    r"(?:AI\s|research\s|software\s|machine[\s-]learning\s|data\s|product\s|principal\s|staff\s|policy\s)?"
    r"(?:researcher|scientist|engineer|analyst|investor|spokesperson|spokesman|spokeswoman|manager|designer"
    r"|developer|reporter|editor|professor|economist|strategist|adviser|advisor|counsel|fellow|evangelist"
    r"|columnist|journalist|correspondent|writer|lecturer|lawyer|mathematician|physicist|consultant)"
)
_ADJECTIVE: Final = (
    r"(?:senior|interim|acting|former|current|deputy|executive|global|regional|founding|associate|assistant|junior"
    r"|principal|lead|co-|joint|incoming|outgoing|longtime|vice|new|then-|group|general|ex-)[\s-]?"
)
_PLAIN: Final = (
    r"(?!(?:of|at|for|in|with|from|who|which|since|before|when|until|after|as|to|on|by|while|was|is|has|and)\b)"
    r"[a-z][\w-]+"
)
_DEPARTMENT: Final = (
    r"Applications?|Research|Engineering|Product|Marketing|Sales|Operations|Strategy|Policy|Infrastructure|Safety"
    r"|Communications|Design|Finance|Science|Data|Security|Growth|Partnerships|Machine\sLearning|Hardware|Software"
    r"|Corporate\sDevelopment|Global\sAffairs|Public\sPolicy|Human\sResources|Revenue|Technology"
)
ROLE: Final = (
    rf"(?:{_ADJECTIVE}){{0,6}}(?:(?i:{_CHIEF})|{_HEAD}|{_WORKER}|Chief\s[A-Z][a-z]+(?:\s[A-Z][a-z]+)?\sOfficer)"
    rf"(?:\sand\s(?:co-)?(?:(?i:{_CHIEF})|{_HEAD}))?"
    rf"(?:\s(?:of|for)\s(?!(?:the|an?|one|two|three|four|five|six|seven|eight|nine|ten|several|many|some|almost|nearly|more|over|years|months)\b)(?:AI|[a-z][\w-]+)(?:\s(?:and\s)?{_PLAIN}){{0,3}}"
    rf"|\s(?:of|for)\s(?:(?:{_DEPARTMENT})(?:\s(?:and\s|&\s)?(?:{_DEPARTMENT}))?)(?![\w-]))?"
)
"""A title such as `VP of artificial intelligence`, without the firm."""
FOUNDER: Final = r"(?:co-?\s?founder|founder|founding\spartner)"
