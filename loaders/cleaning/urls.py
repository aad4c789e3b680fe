"""The one form of a web address that a source is known by."""

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_TRACKING: Final = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|ref|ref_src|igshid|cmpid|smid|ncid", re.I)


def canonical_url(url: str) -> str | None:
    """The address in lower-case host, without fragment and tracking parameters; None when it is none."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return None
    place = host if port in (None, 80, 443) else f"{host}:{port}"
    query = urlencode([pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0])])
    return urlunsplit((parts.scheme.lower(), place, parts.path or "/", query, ""))
