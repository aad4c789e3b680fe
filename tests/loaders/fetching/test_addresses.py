"""What is fetched from: public addresses, written in the usual way, on the usual ports."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.fetching.addresses import is_public, objection


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "0.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "203.0.113.5"),
        *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
        *(
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::808:808",
        ),
        *("64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::1", "2002:808:808::1", "3fff::1"),
        *("fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "5f00::1"),
        *("", "localhost", "1", "127.1", "0x7f.0.0.1", "1.1.1.1.1"),
    ],
)
def test_what_is_not_everybodys_is_not_public(address: str):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "192.0.1.1", "2606:4700::1111", "2a00:1450:4001::1"]
)
def test_what_everybody_reaches_is_public(address: str):
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_never_public_as_part_of_an_ipv6_address(address: ipaddress.IPv4Address):
    number = int(address)
    mapped, compatible = (0xFFFF << 32) | number, number
    nat64 = (0x64FF9B << 96) | number
    to4 = (0x2002 << 112) | (number << 80) | 1
    assert not any(is_public(str(ipaddress.IPv6Address(one))) for one in (mapped, compatible, nat64, to4))


@pytest.mark.parametrize(
    "url",
    [
        *(
            "file:///etc/passwd",
            "gopher://example.com/",
            "ftp://example.com/",
            "javascript:1",
            "data:,x",
            "//x.com",
        ),
        *("", "example.com", "http://", "http:///x", "http://[", "http://exa mple.com/", "http://x:99999/"),
        *("http://127.0.0.1/", "http://169.254.169.254/latest/meta-data", "http://10.1/", "http://0/"),
        *(
            "http://2130706433/",
            "http://017700000001/",
            "http://0x7f000001/",
            "http://0x7f.1/",
            "http://127.1/",
        ),
        *("http://0177.0.0.1/", "http://127.0.0.1./", "http://%31%32%37.0.0.1/", "http://127。0。0。1/"),
        *("http://１２７.0.0.1/", "http://①②⑦.0.0.1/", "http://[::1]/", "http://[::ffff:169.254.169.254]/"),
        *("http://[fe80::1%25eth0]/", "http://[64:ff9b::7f00:1]/", "http://localhost/", "http://LOCALHOST./"),
        *(
            "http://db.localhost/",
            "http://user@example.com/",
            "http://u:p@example.com/",
            "http://example.com@127.0.0.1/",
        ),
        *(
            "http://example.com\\@127.0.0.1/",
            "http://example.com:22/",
            "https://example.com:80/",
            "http://example.com:443/",
        ),
    ],
)
def test_a_url_that_leads_elsewhere_is_refused_before_anything_is_looked_up(url: str):
    assert objection(url)


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.com", "https://example.com/a?b=c#d", "HTTPS://EXAMPLE.COM:443/", "http://1.1.1.1/"),
        *(
            "https://[2606:4700::1111]/",
            "https://bücher.example/",
            "http://a1.b2c/",
            "http://example.com:80/",
        ),
    ],
)
def test_a_url_of_the_public_web_is_not_refused(url: str):
    assert objection(url) is None
