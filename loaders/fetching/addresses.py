"""Which addresses and URLs are fetched from: those of the public internet, written in the usual way."""

import ipaddress
import re
from typing import Final

import httpx

PORTS: Final = {"http": 80, "https": 443}

_NOT_PUBLIC: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # for protocols of the IETF
        "192.88.99.0/24",  # the relays of 6to4
        "224.0.0.0/4",  # multicast, which Python takes for global
        "2001::/23",  # for protocols of the IETF; Teredo is among them
        "2001:db8::/32",
        "2002::/16",  # 6to4: leads to the IPv4 address within
        "3fff::/20",
    )
)
_UNICAST: Final = ipaddress.ip_network("2000::/3")
"""All that is given out of IPv6. Addresses that hold one of IPv4 (mapped, compatible, NAT64) are outside."""

_ENDS_IN_NUMBER: Final = re.compile(r"(?:^|\.)(?:\d+|0x[0-9a-f]*)\Z", re.IGNORECASE)


def is_public(address: str) -> bool:
    """Whether an IP address is one that everybody on the internet reaches, and nobody else."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if found.version == 6 and (found not in _UNICAST or found.scope_id is not None):
        return False
    return found.is_global and not any(
        found in network for network in _NOT_PUBLIC if network.version == found.version
    )


def objection(url: str, extra_ports: frozenset[int] = frozenset()) -> str | None:
    """Why a URL is not fetched, as far as it can be told from the URL itself; one sentence for people.

    A host of digits in another form than four decimal numbers is refused, since programs differ on what
    it means.
    """
    try:
        parsed = httpx.URL(url)
        host, port = parsed.host.rstrip(".").lower(), parsed.port
    except (httpx.InvalidURL, ValueError):
        return "It is no URL that can be understood."
    if parsed.scheme not in PORTS:
        return "Only http and https URLs are fetched."
    if parsed.userinfo or "@" in parsed.netloc.decode("ascii", "replace"):
        return "A URL with a user name or password is not fetched."
    if port is not None and port != PORTS[parsed.scheme] and port not in extra_ports:
        return "Only the usual ports, 80 for http and 443 for https, are fetched from."
    if not host:
        return "The URL names no host."
    return _objection_to(host)


def _objection_to(host: str) -> str | None:
    if host == "localhost" or host.endswith(".localhost"):
        return NOT_PUBLIC
    if ":" in host or "%" in host:
        return None if is_public(host) else NOT_PUBLIC
    if _ENDS_IN_NUMBER.search(host):
        try:
            ipaddress.IPv4Address(host)
        except ValueError:
            return "Write the host as a name, or as an address of four decimal numbers."
        return None if is_public(host) else NOT_PUBLIC
    return None


NOT_PUBLIC: Final = "Its host has an address that is not public, which is not fetched from."
