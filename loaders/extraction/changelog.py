"""What came out when, in lists of news whose dates stand on lines of their own above the entries."""

import re
from collections.abc import Iterator
from typing import Final

from kb.facts import DateFact, Fact
from kb.ontology import DATES, DateEvent
from loaders.extraction.annotations import EXTRACTOR, Annotated, Span
from loaders.extraction.dates import DateMention
from loaders.extraction.slots import pattern, slotted

_MARKS: Final = re.compile(r"[\s#*_\[\]():•-]*")
_ENTRY: Final = re.compile(r"[-*•+] ")
_RELEASED: Final = pattern(
    r"^[-*•+] (?:[*_]+)?(?:We |we )?(?:have )?(?:[Rr]eleased?|[Ll]aunched|[Ii]ntroduced|[Uu]nveiled"
    r"|[Pp]ublished|[Oo]pen-sourced)(?: of)? (?:(?!that|a blog|how|paper|report|code)[\w-]+ ){0,5}?{a:MDs}"
)
_CONFIDENCE: Final = 0.88
_INDENT: Final = 200


class ChangelogFinder:
    """Reads `- Released Foo 2` under a line that holds nothing but a date."""

    def find(self, annotated: Annotated) -> Iterator[Fact]:
        """The releases that dated lists tell."""
        heading: DateMention | None = None
        for sentence in annotated.sentences():
            dated = _only_a_date(annotated, sentence)
            if dated is not None:
                heading = dated
            elif heading is not None and _starts_line(annotated.text, sentence.start):
                if _ENTRY.match(annotated.text, sentence.start) is None:
                    heading = None
                else:
                    yield from _releases(annotated, sentence, heading)


def _only_a_date(annotated: Annotated, sentence: Span) -> DateMention | None:
    found = annotated.dates_in(sentence.start, sentence.end)
    if len(found) != 1:
        return None
    around = (sentence.start, found[0].start), (found[0].end, sentence.end)
    return found[0] if all(_MARKS.fullmatch(annotated.text, *stretch) for stretch in around) else None


def _starts_line(text: str, start: int) -> bool:
    return not text[max(start - _INDENT, 0) : start].rpartition("\n")[2].strip()


def _releases(annotated: Annotated, sentence: Span, heading: DateMention) -> Iterator[Fact]:
    words = slotted(annotated, sentence)
    found = _RELEASED.match(words.text)
    if found is None or annotated.dates_in(sentence.start, sentence.end):
        return
    _, end = words.original(found.start(), found.end())
    for mention in words.mentions(found["a"]):
        if mention.ref.type in DATES[DateEvent.RELEASED_ON].subjects:
            fact = DateFact(
                subject=mention.ref,
                predicate=DateEvent.RELEASED_ON,
                date=heading.date,
                evidence=annotated.evidence(heading.start, end),
                extractor=EXTRACTOR,
                confidence=_CONFIDENCE,
            )
            yield annotated.trace.made(fact, "an entry below its date", (heading.start, heading.end))
