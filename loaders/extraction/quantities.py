"""Quantities in running text: numbers with magnitude, currency, comparator and range.

`find_quantities` reads `$40 billion`, `about 1.2bn euros`, `between 5 and 10 million`, `128K`, `5e24`,
`half a billion`, `18 %`, `1.2 亿`, `250,000+` and gives their values in base units.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from kb.ontology import Comparator

Number = int | float


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in the text, in base units.

    `start` and `end` cover comparator and currency, `number_start` is where the first digit or number
    word stands. A range has `low` and `high` and no `value`. `currency` is an ISO 4217 code; `percent`
    marks a percentage; `magnitude` is 1 where the text wrote the number out.
    """

    start: int
    end: int
    number_start: int
    value: Number | None
    low: Number | None = None
    high: Number | None = None
    comparator: Comparator = Comparator.EQ
    currency: str | None = None
    percent: bool = False
    magnitude: Number = 1

    @property
    def is_range(self) -> bool:
        """Whether it has two ends."""
        return self.value is None


_MAGNITUDES: Final[Mapping[str, int]] = MappingProxyType(
    {
        "hundred": 10**2,
        "hundred thousand": 10**5,
        "hundred million": 10**8,
        "thousand": 10**3,
        "k": 10**3,
        "million": 10**6,
        "mln": 10**6,
        "mn": 10**6,
        "m": 10**6,
        "billion": 10**9,
        "bln": 10**9,
        "bn": 10**9,
        "b": 10**9,
        "trillion": 10**12,
        "trn": 10**12,
        "tn": 10**12,
        "t": 10**12,
        "万": 10**4,
        "萬": 10**4,
        "百万": 10**6,
        "百萬": 10**6,
        "亿": 10**8,
        "億": 10**8,
        "万亿": 10**12,
        "兆": 10**12,
    }
)
_SYMBOLS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "US$": "USD",
        "$": "USD",
        "C$": "CAD",
        "CA$": "CAD",
        "A$": "AUD",
        "AU$": "AUD",
        "HK$": "HKD",
        "S$": "SGD",
        "NT$": "TWD",
        "NZ$": "NZD",
        "R$": "BRL",
        "€": "EUR",
        "£": "GBP",
        "¥": "JPY",
        "CN¥": "CNY",
        "RMB": "CNY",
        "₹": "INR",
        "₩": "KRW",
        "₽": "RUB",
        "₪": "ILS",
        "CHF": "CHF",
    }
)
_COMPARATORS: Final[Mapping[Comparator, str]] = MappingProxyType(
    {
        Comparator.GTE: "at least|no less than|no fewer than|not less than|a minimum of|as little as|≥|>=",
        Comparator.LTE: "up to|at most|no more than|not more than|as much as|as many as|a maximum of|≤|<=",
        Comparator.GT: "more than|well over|just over|over|above|greater than|exceeding|in excess of"
        "|upwards of|north of|well above|slightly more than|a little more than"
        "|well more than|a little over|a little above|a touch over|a bit over|a bit more than|slightly over"
        "|slightly above|well past|just past|just above|far more than|comfortably over"
        "|surpassing|topping|exceeds"
        "|exceeded|surpassed|topped|passed|>",
        Comparator.LT: "less than|just under|well under|under|well below|below|fewer than|south of|short of"
        "|a little less than|slightly less than|just shy of|shy of|a little under|a touch under|a bit under"
        "|slightly under|slightly below|just below|not quite|a bit less than|<",
        Comparator.ABOUT: "about|around|approximately|approx.|approx|roughly|some|nearly|almost|close to"
        "|circa|an estimated|estimated|somewhere in the region of|in the region of"
        "|in the neighborhood of|something like|on the order of|in the order of|close on"
        "|more or less|~|≈|约|約|大约|大約",
    }
)
_WORDS: Final = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBER_WORDS: Final[Mapping[str, int]] = MappingProxyType(
    {word: index for index, word in enumerate(_WORDS, start=1)}
    | {word: 10 * index for index, word in enumerate(_TENS, start=2)}
)

_CURRENCY_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "dollar": "USD",
        "dollars": "USD",
        "bucks": "USD",
        "cents": "USD",
        "us cents": "USD",
        "us dollars": "USD",
        "u.s. dollars": "USD",
        "canadian dollars": "CAD",
    }
    | {"australian dollars": "AUD", "singapore dollars": "SGD", "hong kong dollars": "HKD", "euro": "EUR"}
    | {
        "euros": "EUR",
        "pounds": "GBP",
        "pounds sterling": "GBP",
        "yuan": "CNY",
        "renminbi": "CNY",
        "yen": "JPY",
    }
    | {"rmb": "CNY", "rupees": "INR", "won": "KRW", "francs": "CHF", "swiss francs": "CHF", "shekels": "ILS"}
    | {
        "美元": "USD",
        "美金": "USD",
        "欧元": "EUR",
        "歐元": "EUR",
        "人民币": "CNY",
        "人民幣": "CNY",
        "元": "CNY",
    }
    | {
        code.casefold(): code
        for code in "USD EUR GBP CNY JPY CAD AUD CHF INR KRW SGD HKD ILS SEK NOK DKK AED SAR BRL TWD".split()
    }
)
"""Codes and names after a number; `list_currencies` of CLDR holds too many common words (ALL, TOP, TRY)."""


def _either(words: Iterable[str]) -> str:
    return "|".join(
        re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=lambda w: (-len(w), w))
    )


_POWER: Final = r"\s?[×x*]\s?10\s?(?:\^|\*\*)\s?\{?(?P<power#>\d{1,2})\}?"
_DIGITS: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,]\d)|\d+(?:\.\d+)?(?:[eE]\+?\d{1,2}(?!\w))?"
_LONG: Final = _either(word for word in _MAGNITUDES if len(word) > 1 and word.isascii())
_CJK: Final = _either(word for word in _MAGNITUDES if not word.isascii())
_MAGNITUDE: Final = rf"[\s-]?(?:{_LONG})(?![A-Za-z])|[KMBT](?![A-Za-z0-9])|\s?(?:{_CJK})"
_CORE: Final = rf"""
    (?P<sign#>(?<![A-Za-z])(?:{_either(_SYMBOLS)})\s?)?
    (?:(?P<digits#>(?<![A-Za-z0-9_.,])(?<![A-Za-z0-9_][-–—/:])(?:{_DIGITS})|(?<=RMB)(?:{_DIGITS})|(?<=CHF)(?:{_DIGITS}))
      |(?P<word#>(?<![\w-])(?:{_either(_TENS)})(?:-(?:{_either(_WORDS)}))?(?![\w])|(?<![\w-])(?:{_either(_WORDS)})(?!\w))
      |(?P<article#>(?<!\w)(?:half\sa|an?)\s)(?=(?:hundred|thousand|million|billion|trillion)\b))
    (?:{_POWER}|(?P<magnitude#>{_MAGNITUDE}))?
    (?P<after#>\s?(?:{_either(_CURRENCY_WORDS)})(?![A-Za-z]))?
"""
_FIRST: Final = re.compile(_CORE.replace("#", ""), re.VERBOSE | re.IGNORECASE)
_SECOND: Final = re.compile(
    rf"\s?(?P<join>-|–|—|to\b|and\b)\s?(?:{_CORE.replace('#', '').replace('(?<![A-Za-z0-9_][-–—/:])', '')})",
    re.VERBOSE | re.IGNORECASE,
)
_PERCENT: Final = re.compile(r"\s?(?:%|percent\b|per\scent\b|pct\b)", re.IGNORECASE)
_MORE: Final = re.compile(r"\s?\+(?!\d)|\s(?:or|and)\smore\b", re.IGNORECASE)
_OR_SO: Final = re.compile(r"\sor\sso\b", re.IGNORECASE)
_LEFT: Final = re.compile(
    "(?:"
    + "|".join(rf"(?P<{name}>{_either(words.split('|'))})" for name, words in _COMPARATORS.items())
    + r")\s*(?:the\s+)?$",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"(?<!\w)(between|from)\s+$", re.IGNORECASE)
_LOOK_BACK: Final = 30
_LARGEST: Final = Decimal("1.7e308")


def find_quantities(text: str) -> Iterator[Quantity]:
    """The quantities of the text in order, none overlapping another; one too large for a fact is none."""
    position = 0
    while (found := _FIRST.search(text, position)) is not None:
        quantity = _read(text, found)
        if all((end or 0) <= _LARGEST for end in (quantity.value, quantity.low, quantity.high)):
            yield quantity
        position = max(quantity.end, found.end())


def _read(text: str, first: re.Match[str]) -> Quantity:
    before = text[max(0, first.start() - _LOOK_BACK) : first.start()]
    between = _BETWEEN.search(before)
    second = _second(text, first, "" if between is None else between[1].lower())
    end = (first if second is None else second).end()
    percent = _PERCENT.match(text, end)
    end = end if percent is None else percent.end()
    comparator, start, end = _comparator(text, first.start(), end)
    sizes = _size(first), 1 if second is None else _size(second)
    magnitude = sizes[0] if second is None or sizes[0] != 1 else sizes[1]
    low = _value(first, magnitude)
    high = None if second is None else _value(second, sizes[1] if sizes[1] != 1 else magnitude)
    return Quantity(
        start=between.start() + first.start() - len(before) if between and second else start,
        end=end,
        number_start=first.start() + len(first["sign"] or ""),
        value=low if high is None else None,
        low=None if high is None else low,
        high=high,
        comparator=comparator,
        currency=_currency(first) if second is None else _currency(second) or _currency(first),
        percent=percent is not None,
        magnitude=magnitude,
    )


def _second(text: str, first: re.Match[str], opening: str) -> re.Match[str] | None:
    """The other end of a range; a change (`from 5 to 10`) and a list (`5 and 10`) are no ranges."""
    sign = _PERCENT.match(text, first.end())
    second = _SECOND.match(text, first.end() if sign is None else sign.end())
    if second is None or second["article"]:
        return None
    if sign is not None and not _PERCENT.match(text, second.end()):
        return None
    join = second["join"].lower()
    if (join == "and") != (opening == "between") or (join == "to" and opening == "from"):
        return None
    one_kind = bool(first["digits"]) == bool(second["digits"])
    sizes = _size(first), _size(second)
    magnitude = sizes[0] if sizes[0] != 1 else sizes[1]
    ordered = _value(first, magnitude) < _value(second, sizes[1] if sizes[1] != 1 else magnitude)
    return second if one_kind and ordered and (not second["sign"] or first["sign"]) else None


def _comparator(text: str, start: int, end: int) -> tuple[Comparator, int, int]:
    more = _MORE.match(text, end)
    if more is not None:
        return Comparator.GTE, start, more.end()
    vague = _OR_SO.match(text, end)
    if vague is not None:
        return Comparator.ABOUT, start, vague.end()
    before = text[max(0, start - _LOOK_BACK) : start]
    left = _LEFT.search(before)
    if left is None or left.lastgroup is None:
        return Comparator.EQ, start, end
    place = start - len(before) + left.start()
    inside_word = (
        left[0][0].isalnum() and place > 0 and text[place - 1].isalnum() and text[place - 1].isascii()
    )
    return (Comparator.EQ, start, end) if inside_word else (Comparator(left.lastgroup), place, end)


def _size(core: re.Match[str]) -> int:
    written = (core["magnitude"] or "").strip(" -\t\n\xa0").lower()
    return _MAGNITUDES.get(written, 1)


def _value(core: re.Match[str], magnitude: int) -> Number:
    if core["article"]:
        number = Decimal("0.5") if core["article"].lower().startswith("half") else Decimal(1)
    elif core["word"]:
        number = Decimal(sum(_NUMBER_WORDS[part] for part in core["word"].lower().split("-")))
    else:
        number = Decimal(core["digits"].replace(",", ""))
    value = min(number, 10 * _LARGEST) * magnitude * 10 ** int(core["power"] or 0)
    if (core["after"] or "").lower().endswith("cents"):
        value /= 100
    return int(value) if value == value.to_integral_value() else float(value)


def _currency(core: re.Match[str]) -> str | None:
    after = " ".join((core["after"] or "").lower().split())
    sign = (core["sign"] or "").strip().upper()
    if after and not (sign and after in {"dollar", "dollars"}):
        return _CURRENCY_WORDS[after]
    return _SYMBOLS[sign] if sign else None
