"""The article within text that was copied from a page, line by line.

1. A legal text is left whole: its short lines, lists and notices of rights are its content.
2. Hard-wrapped paragraphs are joined.
3. Paragraphs are found. What stands before the first is the head (menus, title, byline, date), what
   stands after the last is the tail (teasers, footers); rules are stricter there than in between.
4. Lines are put aside by what they are (`chrome.py`) and by what surrounds them: boxes of links under a
   heading such as `Most popular` end at the next paragraph, lists of short labels in head and tail go.

Each step looks at each line a bounded number of times.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kb.partial_date import PartialDate
from loaders.cleaning import chrome
from loaders.cleaning.byline import authors_in, is_byline, is_dateline, is_role, is_time_ago, reading_time
from loaders.cleaning.cuts import Cut, Why
from loaders.cleaning.dates import date_in
from loaders.cleaning.head import groups_of, is_title, title_group
from loaders.cleaning.wrapping import unwrapped

_LEGAL: Final = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"\bhereby\b",
        r"\blicens(?:or|ee)s?\b",
        r"\bwarrant(?:y|ies)\b",
        r"\bthis (?:licen[cs]e|agreement)\b",
        r"\bwithout limitation\b",
        r"\bliab(?:le|ility)\b",
        r"\bsublicen[cs]e\b",
        r"\bterms and conditions\b",
        r"\bpermission\b.{0,40}\bgranted\b",
        r"\bcopyright (?:notice|holder|owner)",
    )
)
_LEGAL_TITLE: Final = re.compile(
    r"\b(?:licen[cs]e|agreement|terms|policy|openrail|rail)(?:[-\s]?[mds])?\b", re.I
)
_MEASURED: Final = re.compile(r"[$€£¥%:]|\d[.,]?\d* ?(?:million|billion|bn|percent|[kmb]\b)", re.I)
_DOES: Final = re.compile(
    r",? (?:is an? |was an? |covers|writes|reports|has written|has covered|joined)", re.I
)
_LABEL: Final = re.compile(r"\A[^\d:：|$€£¥%=`\u3040-\u9fff\uac00-\ud7af]+\Z")
_LABELS: Final = 300
_PASSES: Final = 8


@dataclass(frozen=True, slots=True)
class Article:
    """The article's text, what the lines around it tell, and the lines that were left out."""

    text: str
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: PartialDate | None = None
    cuts: tuple[Cut, ...] = ()


def article(text: str) -> Article:
    """The article in a page's text, which is in the form that `normalise` gives."""
    if is_legal(text):
        return Article(_joined(text.split("\n")), title=_legal_title(text))
    first = _one_pass(unwrapped(text.split("\n")))
    kept, before = first, None
    cuts = list(first.cuts)
    for _ in range(_PASSES):  # what goes can lay bare what stood beside it; two passes are common
        if kept.text == before:
            break
        before = kept.text
        kept = _one_pass(kept.text.split("\n"))
        cuts += kept.cuts
    return Article(kept.text, first.title or kept.title, first.authors, first.published, tuple(cuts))


def is_menu(text: str, kept: str) -> bool:
    """Whether what is kept of a page of several lines is only labels: no sentence, number or table."""
    lines = [line for line in kept.split("\n", _LABELS) if line.strip()]
    labels = all(
        chrome.count(line) <= 4 and not chrome.is_sentence(line) and _LABEL.search(line) is not None
        for line in lines
    )
    return labels and len(lines) < _LABELS and text.count("\n") >= 2


def is_legal(text: str) -> bool:
    """Whether the text is a licence, an agreement or a policy, told by its phrases and its title."""
    sample = text[:200_000]
    return sum(1 for phrase in _LEGAL if phrase.search(sample)) >= 4 and _legal_title(text) is not None


def _legal_title(text: str) -> str | None:
    lines = [line.strip() for line in text[:5000].split("\n") if line.strip()][:12]
    for line in lines:
        if (
            _LEGAL_TITLE.search(line)
            and chrome.count(line) <= 14
            and _is_capitalised(line)
            and not re.match(r"copyright|©", line, re.I)
        ):
            return line.strip("# *")
    return None


def _is_capitalised(line: str) -> bool:
    """Whether the longer words of the line begin with capitals, as those of a title do."""
    words = re.findall(r"[^\W\d_]{4,}", line)
    return 2 * sum(1 for word in words if word[0].isupper()) > len(words)


def _joined(lines: list[str]) -> str:
    """The lines with at most one blank one between them, and none at the ends."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _one_pass(lines: list[str]) -> Article:
    page = _Page(lines)
    page.drop_boxes()
    page.drop_lines()
    page.drop_label_lists()
    title = page.read_head()
    page.drop_cards()
    page.drop_stubs()
    return Article(page.text(), title, tuple(page.authors), page.published, tuple(page.cuts()))


class _Page:
    """The lines of a page, and which of them are put aside, and why."""

    def __init__(self, lines: list[str]) -> None:
        self.raw = [re.sub(r"\s{0,3}\[edit\]$", "", line) for line in lines]
        self.marked = [line.endswith("[edit]") for line in lines]
        self.lines = [line.strip().lstrip("#").strip() for line in self.raw]
        self.dropped: list[Why | None] = [None] * len(lines)
        self.authors: list[str] = []
        self.published: PartialDate | None = None
        prose = [chrome.is_prose(line) and not chrome.why_chrome(line) for line in self.lines]
        self.prose = prose
        self.first = prose.index(True) if True in prose else len(lines)
        self.last = len(prose) - 1 - prose[::-1].index(True) if True in prose else -1

    def text(self) -> str:
        """What is left."""
        return _joined([line for line, gone in zip(self.raw, self.dropped, strict=True) if not gone])

    def cuts(self) -> Iterator[Cut]:
        """What is put aside."""
        for line, why in zip(self.lines, self.dropped, strict=True):
            if why is not None and line:
                yield Cut(line, why)

    def drop_lines(self) -> None:
        """Put aside what betrays itself without its neighbours, single menu lines, and credits."""
        for i, line in enumerate(self.lines):
            if not line or self._is_table(i):
                continue
            if reading_time(line):
                self._date(line)
                self.dropped[i] = Why.READING_TIME
            elif not self.prose[i] and (why := self._why_chrome(i)):
                self.dropped[i] = why
                if chrome.is_call(line):
                    self._drop_offer(i)
            elif chrome.is_credit(line):
                self._drop_picture(i)
            elif is_time_ago(line):
                self.dropped[i] = Why.AGE

    def drop_boxes(self) -> None:
        """Put aside headings of link boxes with what they head."""
        i = 0
        while i < len(self.lines):
            line = self.lines[i]
            if line and not self.dropped[i] and chrome.is_section(line):
                i = self._drop_box(i)
            else:
                i += 1

    def drop_label_lists(self) -> None:
        """Put aside bulleted menus in head and tail, with the short line that heads them."""
        i = 0
        while i < len(self.lines):
            end = self._bullets_end(i)
            if end == i:
                i += 1
                continue
            run = [j for j in range(i, end) if self.lines[j]]
            if (end <= self.first or i > self.last) and self._are_labels(run):
                self._drop(i, end, Why.LABEL_LIST)
                if i > 0 and 0 < chrome.count(self.lines[i - 1]) <= 4:
                    self.dropped[i - 1] = Why.LABEL_LIST
            i = end

    def read_head(self) -> str | None:
        """Take byline and date out of the head into metadata, and find the title there."""
        candidates: list[int] = []
        expects_author = False
        mark = next((i for i in range(min(self.first, 80)) if self._is_mark(i)), None)
        for i in range(min(self.first, 80)):
            line = self.lines[i]
            if not line or self.dropped[i]:
                continue
            if expects_author and (names := authors_in(line)):
                expects_author = False
                self._by(i, names)
            elif is_byline(line):
                expects_author = line.casefold().rstrip(":") in {"by", "written by"}
                self._by(i, () if expects_author else authors_in(line))
            elif line in self.authors or (self.authors and is_role(line)):
                self.dropped[i] = Why.AUTHOR
            elif is_dateline(line):
                self._date(line)
                self.dropped[i] = Why.DATELINE
            elif len(chrome.columns(line)) == 1 and not chrome.BULLET.match(line):
                candidates.append(i)
        for i in [i for i in candidates if self.lines[i] in self.authors]:
            candidates.remove(i)
            self.dropped[i] = Why.AUTHOR
        title = self._title(candidates, mark)
        self._drop_repeats(title)
        return None if title is None else self.lines[title]

    def _is_mark(self, i: int) -> bool:
        """Whether the line is a byline, a date or a reading time."""
        line = self.lines[i]
        return is_byline(line) or is_dateline(line) or reading_time(line)

    def drop_cards(self) -> None:
        """Put aside bylines anywhere, and whole stretches of teaser cards: headline, byline, date."""
        zones = ((self.last + 1, len(self.lines)),) if self.last >= 0 else ((0, len(self.lines)),)
        for start, end in zones:
            signs = [i for i in range(start, end) if is_byline(self.lines[i]) or is_time_ago(self.lines[i])]
            if len(signs) >= 3:
                self._drop(start, end, Why.CARD)
        for i, line in enumerate(self.lines):
            if i > self.first and self._is_biography(line):
                self.dropped[i] = Why.AUTHOR
            elif is_byline(line) and authors_in(line):
                self.dropped[i] = Why.BYLINE

    def drop_stubs(self) -> None:
        """Put aside lines of a few words after the last paragraph, save headings of a list or table."""
        last = max(
            (i for i, is_prose in enumerate(self.prose) if is_prose and not self.dropped[i]), default=-1
        )
        if last < 0:
            return
        below = ""
        for i in range(len(self.lines) - 1, last, -1):
            line = self.lines[i]
            if not line or self.dropped[i]:
                continue
            is_stub = chrome.count(line) <= 4 and not chrome.is_sentence(line) and not _MEASURED.search(line)
            is_listed = chrome.BULLET.match(self.raw[i]) or self._is_table(i) or len(chrome.columns(line)) > 1
            heads = chrome.BULLET.match(below) or below.startswith("|") or len(chrome.columns(below)) > 1
            if is_stub and not is_listed and not heads:
                self.dropped[i] = Why.STUB
            else:
                below = self.raw[i]

    def _drop(self, start: int, end: int, why: Why) -> None:
        for i in range(start, end):
            self.dropped[i] = self.dropped[i] or why

    def _date(self, line: str) -> None:
        self.published = self.published or date_in(line)

    def _by(self, index: int, names: tuple[str, ...]) -> None:
        self.dropped[index] = Why.BYLINE
        self.authors.extend(name for name in names if name not in self.authors)

    def _why_chrome(self, i: int) -> Why | None:
        """Between paragraphs a line such as `Pricing` heads a part; elsewhere it belongs to a menu."""
        line = self.lines[i]
        within = self.first < i < self.last
        if (why := chrome.why_chrome(line)) is not None:
            return why
        if chrome.is_navigation(line, with_button=within):
            return Why.NAVIGATION
        return Why.LABELS if self._is_lone_menu(i) else None

    def _is_table(self, i: int) -> bool:
        return self.lines[i].startswith("|")

    def _is_lone_menu(self, i: int) -> bool:
        """Labels side by side are a menu; with others like them above or below they are a table."""
        if not chrome.is_menu(self.lines[i]):
            return False
        beside = [j for j in (i - 1, i + 1) if 0 <= j < len(self.lines)]
        return not any(len(re.split(r"\s{3,}|\t", self.lines[j])) > 1 for j in beside)

    def _drop_picture(self, i: int) -> None:
        """A credit goes with the alternative text above it, which no sentence is."""
        self.dropped[i] = Why.CREDIT
        above = self.lines[i - 1] if i > 0 else ""
        if i >= 2 and above and self.lines[i - 2] and not chrome.is_sentence(above) and not self.prose[i - 1]:
            is_mark = is_dateline(above) or is_byline(above)
            self.dropped[i - 1] = None if is_mark else Why.CREDIT

    def _drop_offer(self, i: int) -> None:
        """A button such as `Register now` goes with the lines that it closes."""
        i -= 1
        while i >= 0 and self.lines[i] and not (self.dropped[i] or self.prose[i] or self._is_table(i)):
            self.dropped[i] = Why.OFFER
            i -= 1

    def _drop_box(self, start: int) -> int:
        """Drop the heading and its list, else all up to the next paragraph; give where reading goes on."""
        label = self.lines[start].casefold()
        self.dropped[start] = Why.BOX
        if (
            start < self.first < len(self.lines) and "contents" not in label
        ):  # a menu's word; the title is still to come
            return max(start + 1, self._bullets_end(start + 1))
        i = start + 1
        while i < len(self.lines) and not self.lines[i]:
            i += 1
        if (end := self._bullets_end(i)) > i:
            self._drop(i, end, Why.BOX)
            return end
        if "contents" in label:
            while i < len(self.lines) and self.lines[i]:
                i += 1
        elif label.startswith(("about the", "meet the")):
            while i < len(self.lines) and not self.prose[i]:
                i += 1
            i = min(i + 1, len(self.lines))
        else:
            while i < len(self.lines) and (not self._goes_on(i) or self._is_teaser(i)):
                i += 1
        self._drop(start, i, Why.BOX)
        return i

    def _is_teaser(self, i: int) -> bool:
        """Whether the paragraph is a card's text: a label stands right under it, and soon a card's age."""
        below = self.lines[i + 1 : i + 6]
        return (
            self.prose[i]
            and bool(below)
            and bool(below[0])
            and not self.prose[i + 1]
            and any(is_time_ago(line) for line in below)
        )

    def _goes_on(self, i: int) -> bool:
        """Whether the article is back: a paragraph, a table, or a heading that can be edited or is marked."""
        return self.prose[i] or self._is_table(i) or self.marked[i] or self.raw[i].startswith("#")

    def _bullets_end(self, i: int) -> int:
        """Where the run of bulleted or numbered lines that begins at `i` ends; `i` when there is none."""
        end = i
        while i < len(self.lines):
            if chrome.BULLET.match(self.raw[i]):
                end = i + 1
            elif self.lines[i]:
                break
            i += 1
            if i - end > 1:
                break
        return end

    def _are_labels(self, run: list[int]) -> bool:
        labels = [
            j
            for j in run
            if chrome.count(self.lines[j]) <= 6
            and not chrome.is_sentence(self.lines[j])
            and not _MEASURED.search(self.lines[j])
        ]
        return len(run) >= 3 and len(labels) >= 0.7 * len(run)

    def _title(self, candidates: list[int], mark: int | None) -> int | None:
        """The title's line; what stands above it in other runs is a menu or the name of a site."""
        group = title_group(groups_of(candidates, self.dropped), self.lines, mark)
        if not group:
            return None
        for i in candidates:
            if i < group[0]:
                self.dropped[i] = Why.ABOVE_TITLE
        body = " ".join(self.lines[self.first :])[:200_000].casefold()
        title = next((i for i in group if is_title(self.lines[i])), group[0])
        for i in group[: group.index(title)]:
            if self.lines[i].casefold() in body:
                return i
            self.dropped[i] = Why.ABOVE_TITLE
        self._drop_names(group[group.index(title) + 1 :], mark)
        return title

    def _drop_names(self, below: list[int], mark: int | None) -> None:
        """A name alone between the title and a date or button is the author's."""
        if mark is None:
            return
        for i in below:
            if i < mark and len(names := authors_in(self.lines[i])) == 1 and names[0] == self.lines[i]:
                self._by(i, names)

    def _drop_repeats(self, title: int | None) -> None:
        """A title that stands twice above the article is kept once."""
        if title is None:
            return
        for i in range(title + 1, self.first):
            if self.lines[i] == self.lines[title]:
                self.dropped[i] = Why.REPEAT

    def _is_biography(self, line: str) -> bool:
        """Whether a paragraph introduces the author: `Jane Roe is a reporter at …`."""
        return any(line.startswith(name) and _DOES.match(line, len(name)) for name in self.authors)
